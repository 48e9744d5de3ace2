//! A fastText classifier, quantised and with a hierarchical softmax, as `lid.176.ftz` is (Joulin et al.: Bag of Tricks
//! for Efficient Text Classification, 2016, and FastText.zip, 2016; the file is fastText 0.9's).

use crate::hash::Map;

const MAGIC: i32 = 793_712_314;
const VERSION: i32 = 12;
const HIERARCHICAL_SOFTMAX: i32 = 1;
/// Of a product quantiser: a byte tells which.
const CENTROIDS: usize = 256;
/// Numbers of a piece.
const PIECE: usize = 2;
/// What stands for the end of a line, which each text has.
const LINE_END: &[u8] = b"</s>";
const LABEL: &str = "__label__";

/// The classifier.
pub struct FastText {
    /// Letters of the parts of words that are looked up, at least and at most.
    parts: (usize, usize),
    buckets: u32,
    /// Word -> its row.
    words: Map<Box<[u8]>, u32>,
    /// Bucket of a part -> its row; those that quantising left.
    kept: Map<u32, u32>,
    labels: Vec<String>,
    rows: Quantised,
    tree: Vec<Node>,
    /// A row a node of the tree that is no label.
    nodes: Vec<f32>,
    dimensions: usize,
}

/// Rows of a matrix, each as the numbers of its pieces' centroids and its length.
struct Quantised {
    pieces: usize,
    codes: Vec<u8>,
    /// Of each piece the centroids.
    centroids: Vec<[f32; PIECE]>,
    norms: Vec<u8>,
    lengths: Vec<f32>,
}

/// A node of the tree: its children, or a label.
#[derive(Clone, Copy)]
struct Node {
    children: Option<(usize, usize)>,
    count: i64,
}

/// The numbers of a product quantiser's centroids; Err where its pieces are not of this size.
fn quantiser(from: &mut Reader<'_>, size: usize) -> Result<(usize, Vec<f32>), String> {
    let dimensions = from.size()?;
    let (pieces, of_each, of_last) = (from.size()?, from.size()?, from.size()?);
    if of_each != size || of_last != size || pieces.checked_mul(size) != Some(dimensions) {
        return Err(format!("it is quantised in pieces of {of_each} and {of_last} numbers, not {size}"));
    }
    Ok((pieces, from.floats(dimensions.checked_mul(CENTROIDS).ok_or("it is cut short")?)?))
}

impl Quantised {
    fn read(from: &mut Reader<'_>) -> Result<Self, String> {
        if from.byte()? == 0 {
            return Err("its rows' lengths do not stand apart".to_owned());
        }
        let rows = from.long()? as usize;
        from.long()?;
        let size = from.size()?;
        let codes = from.bytes(size)?.to_vec();
        let (pieces, centroids) = quantiser(from, PIECE)?;
        if rows.checked_mul(pieces) != Some(size) {
            return Err(format!("it has {rows} rows and {size} codes"));
        }
        let norms = from.bytes(rows)?.to_vec();
        let (_, lengths) = quantiser(from, 1)?;
        Ok(Quantised { pieces, codes, centroids: centroids.as_chunks().0.to_vec(), norms, lengths })
    }

    #[inline]
    fn add(&self, row: usize, to: &mut [f32]) {
        let norm = self.lengths[usize::from(self.norms[row])];
        let codes = &self.codes[row * self.pieces..(row + 1) * self.pieces];
        let of_pieces = self.centroids.chunks_exact(CENTROIDS);
        for ((code, centroids), to) in codes.iter().zip(of_pieces).zip(to.as_chunks_mut::<PIECE>().0) {
            let centroid = &centroids[usize::from(*code)];
            for (sum, number) in to.iter_mut().zip(centroid) {
                *sum += norm * number;
            }
        }
    }
}

impl FastText {
    /// Reads a model. Err where it is none, or of another kind.
    pub fn read(blob: &[u8]) -> Result<Self, String> {
        let mut from = Reader(blob);
        if from.int()? != MAGIC || from.int()? != VERSION {
            return Err("it is no file of fastText of version 12".to_owned());
        }
        let args: Vec<i32> = (0..12).map(|_| from.int()).collect::<Result<_, _>>()?;
        let (dimensions, loss, buckets, parts) = (args[0] as usize, args[6], args[8], (args[9], args[10]));
        from.bytes(8)?;
        if loss != HIERARCHICAL_SOFTMAX {
            return Err("its loss is no hierarchical softmax".to_owned());
        }
        let (all, of_words) = (from.size()?, from.size()?);
        from.size()?;
        from.long()?;
        let kept = from.long()?.max(0);
        let (mut words, mut labels, mut counts) = (Map::default(), Vec::new(), Vec::new());
        for number in 0..all {
            let entry = from.text()?;
            let count = from.long()?;
            from.byte()?;
            if number < of_words {
                words.insert(entry.into(), number as u32);
            } else {
                labels.push(String::from_utf8_lossy(entry).trim_start_matches(LABEL).to_owned());
                counts.push(count);
            }
        }
        let pair = |from: &mut Reader<'_>| Ok::<_, String>((from.int()? as u32, of_words as u32 + from.int()? as u32));
        let kept = (0..kept).map(|_| pair(&mut from)).collect::<Result<_, _>>()?;
        if from.byte()? == 0 {
            return Err("it is not quantised".to_owned());
        }
        let rows = Quantised::read(&mut from)?;
        if from.byte()? != 0 {
            return Err("its output is quantised".to_owned());
        }
        let size = from.long()? * from.long()?;
        let nodes = from.floats(size as usize)?;
        let parts = (parts.0 as usize, parts.1 as usize);
        Ok(FastText { parts, buckets: buckets as u32, words, kept, labels, rows, tree: tree(&counts), nodes, dimensions })
    }

    /// The labels that are likelier than `least`, at most so many, the likeliest first. `text`: words between spaces.
    pub fn guesses(&self, text: &str, most: usize, least: f32) -> Vec<(&str, f32)> {
        let mut hidden = vec![0.0; self.dimensions];
        let mut count = 0usize;
        let mut word = Vec::with_capacity(64);
        for each in text.split(' ').filter(|w| !w.is_empty()).map(str::as_bytes).chain([LINE_END]) {
            if let Some(&row) = self.words.get(each) {
                self.rows.add(row as usize, &mut hidden);
                count += 1;
            }
            if each != LINE_END {
                word.clear();
                word.push(b'<');
                word.extend_from_slice(each);
                word.push(b'>');
                count += self.add_parts(&word, &mut hidden);
            }
        }
        if count == 0 {
            return Vec::new();
        }
        let share = 1.0 / count as f32;
        hidden.iter_mut().for_each(|sum| *sum *= share);
        self.best(&hidden, most, least)
    }

    /// Adds the rows of a word's parts; how many there are.
    fn add_parts(&self, word: &[u8], hidden: &mut [f32]) -> usize {
        let (least, most) = self.parts;
        let mut count = 0;
        let begins = (0..word.len()).filter(|&at| word[at] & 0xc0 != 0x80);
        for begin in begins {
            // FNV-1a; bytes are signed, as fastText's are.
            let (mut hash, mut at) = (2_166_136_261u32, begin);
            for letters in 1..=most {
                if at == word.len() {
                    break;
                }
                loop {
                    hash = (hash ^ (word[at] as i8 as u32)).wrapping_mul(16_777_619);
                    at += 1;
                    if at == word.len() || word[at] & 0xc0 != 0x80 {
                        break;
                    }
                }
                if letters >= least && !(letters == 1 && (begin == 0 || at == word.len())) {
                    if let Some(&row) = self.kept.get(&(hash % self.buckets)) {
                        self.rows.add(row as usize, hidden);
                        count += 1;
                    }
                }
            }
        }
        count
    }

    /// The likeliest leaves: branches that are no likelier than `least` are left out.
    fn best(&self, hidden: &[f32], most: usize, least: f32) -> Vec<(&str, f32)> {
        let leaves = self.labels.len();
        let log = |x: f32| (f64::from(x) + 1e-5).ln() as f32;
        let least = log(least);
        let mut found: Vec<(f32, usize)> = Vec::new();
        let mut open = vec![(self.tree.len() - 1, 0.0f32)];
        while let Some((at, score)) = open.pop() {
            if score < least || (found.len() == most && score < found[most - 1].0) {
                continue;
            }
            match self.tree[at].children {
                None => {
                    let place = found.partition_point(|(other, _)| *other >= score);
                    found.insert(place, (score, at));
                    found.truncate(most);
                }
                Some((left, right)) => {
                    let row = &self.nodes[(at - leaves) * self.dimensions..][..self.dimensions];
                    let sum: f32 = row.iter().zip(hidden).map(|(a, b)| a * b).sum();
                    let yes = 1.0 / (1.0 + (-sum).exp());
                    open.push((right, score + log(yes)));
                    open.push((left, score + log(1.0 - yes)));
                }
            }
        }
        found.into_iter().map(|(score, at)| (self.labels[at].as_str(), score.exp())).collect()
    }
}

/// Huffman's tree of the labels: first the leaves, by falling count, then what joins the two rarest each.
fn tree(counts: &[i64]) -> Vec<Node> {
    let leaves = counts.len();
    let none = Node { children: None, count: 1_000_000_000_000_000 };
    let mut tree = vec![none; (2 * leaves).saturating_sub(1)];
    tree.iter_mut().zip(counts).for_each(|(node, &count)| node.count = count);
    let (mut leaf, mut joined) = (leaves as i64 - 1, leaves);
    for at in leaves..tree.len() {
        let mut rarest = [0; 2];
        for each in &mut rarest {
            *each = if leaf >= 0 && tree[leaf as usize].count < tree[joined].count {
                leaf -= 1;
                (leaf + 1) as usize
            } else {
                joined += 1;
                joined - 1
            };
        }
        tree[at].children = Some((rarest[0], rarest[1]));
        tree[at].count = tree[rarest[0]].count + tree[rarest[1]].count;
    }
    tree
}

/// What is left to read.
struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    fn bytes(&mut self, size: usize) -> Result<&'b [u8], String> {
        let (now, then) = self.0.split_at_checked(size).ok_or("it is cut short")?;
        self.0 = then;
        Ok(now)
    }

    fn byte(&mut self) -> Result<u8, String> {
        Ok(self.bytes(1)?[0])
    }

    fn int(&mut self) -> Result<i32, String> {
        Ok(i32::from_le_bytes(self.bytes(4)?.try_into().unwrap_or_default()))
    }

    fn size(&mut self) -> Result<usize, String> {
        usize::try_from(self.int()?).map_err(|_| "it has a size below nothing".to_owned())
    }

    fn long(&mut self) -> Result<i64, String> {
        Ok(i64::from_le_bytes(self.bytes(8)?.try_into().unwrap_or_default()))
    }

    fn floats(&mut self, count: usize) -> Result<Vec<f32>, String> {
        let bytes = self.bytes(count.checked_mul(4).ok_or("it is cut short")?)?;
        Ok(bytes.as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect())
    }

    /// Up to a NUL.
    fn text(&mut self) -> Result<&'b [u8], String> {
        let size = memchr::memchr(0, self.0).ok_or("it is cut short")?;
        let text = self.bytes(size)?;
        self.byte()?;
        Ok(text)
    }
}
