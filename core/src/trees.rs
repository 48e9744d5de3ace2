//! Boosted oblivious trees.
//!
//! In an oblivious tree all nodes of one level ask the same question (CatBoost: Prokhorenkova et al., 2018), so a row's
//! leaf is a number whose bits are the answers. Most questions have one answer for all rows of a page: by the least and
//! the greatest number of each column half of the levels fall away before a row is looked at. What is left of a tree is
//! asked of all rows at once, column by column, and a leaf is chosen among up to sixteen without a look-up.

use std::ops::Add;

use crate::arrays::Arrays;
use crate::types::Matrix;

/// Rows looked at at once: their columns stay within a processor's cache.
const ROWS: usize = 128;
/// Rows taken at once from a matrix.
const TILE: usize = 8;
/// Trees whose leaves are added at once.
const TREES: usize = 4;
/// Numbers of a leaf, filled up with zeros: of few outputs, and of the most.
const FEW: usize = 8;
const MOST: usize = 32;
/// The deepest trees.
const DEEPEST: usize = 8;

/// An ensemble.
pub struct Trees {
    depth: usize,
    outputs: usize,
    /// The columns that are asked about, in order.
    columns: Vec<usize>,
    /// For each tree and level: which of `columns` is asked about, and above what its bit is set. The first level has
    /// the lowest bit.
    slots: Vec<u16>,
    borders: Vec<f32>,
    leaves: Leaves,
    bias: Vec<f32>,
}

/// For each tree and leaf its number; where there are several outputs one for each, filled up with zeros.
enum Leaves {
    One(Vec<f32>),
    Few(Vec<[f32; FEW]>),
    /// In units, the smallest with which no sum overflows: eight are added at once, and it is half the memory.
    Many(Vec<[i16; MOST]>, f32),
}

/// Rows to be judged: a matrix, and columns right of it.
pub struct Rows<'a> {
    pub matrix: &'a Matrix,
    /// Columns with one number for all rows.
    pub shared: &'a [f32],
    /// The last column, a number a row; empty where there is none.
    pub own: &'a [bool],
}

impl<'a> From<&'a Matrix> for Rows<'a> {
    fn from(matrix: &'a Matrix) -> Self {
        Rows { matrix, shared: &[], own: &[] }
    }
}

/// Some rows, column by column, and the least and the greatest number of each column.
struct Part {
    rows: usize,
    data: Vec<f32>,
    ranges: Vec<(f32, f32)>,
}

/// What is left of a tree: its leaf where all open questions are answered with no, and those questions.
struct Cut<'p> {
    part: &'p Part,
    base: usize,
    open: usize,
    bits: [usize; DEEPEST],
    borders: [f32; DEEPEST],
    slots: [u16; DEEPEST],
}

impl Trees {
    /// Reads an ensemble from its arrays. Err says what is wrong with them.
    pub fn load(arrays: &Arrays<'_>, name: &str) -> Result<Self, String> {
        let (features, [count, depth]) = arrays.shorts(&format!("{name}/feature"))?;
        let (borders, of_borders) = arrays.floats::<2>(&format!("{name}/border"))?;
        let (leaves, of_leaves) = arrays.floats::<3>(&format!("{name}/leaves"))?;
        let (bias, [outputs]) = arrays.floats(&format!("{name}/bias"))?;
        if depth == 0 || depth > DEEPEST || outputs == 0 || outputs > MOST {
            return Err(format!("{name} has trees of {depth} levels and {outputs} outputs"));
        }
        if of_borders != [count, depth] || of_leaves != [count, 1 << depth, outputs] {
            let trees = format!("{count} trees of {depth} levels");
            return Err(format!("{name} has {trees}, borders {of_borders:?}, leaves {of_leaves:?}"));
        }
        if features.iter().any(|&column| column < 0) {
            return Err(format!("{name} asks about a column before the first"));
        }
        let mut columns: Vec<usize> = features.iter().map(|&column| column as usize).collect();
        columns.sort_unstable();
        columns.dedup();
        let slot = |&column: &i16| columns.binary_search(&(column as usize)).unwrap_or(0) as u16;
        let slots = features.iter().map(slot).collect();
        let leaves = match outputs {
            1 => Leaves::One(leaves),
            ..=FEW => Leaves::Few(filled_up(&leaves, outputs, |number| number)),
            _ => {
                let unit = unit_of(&leaves, outputs << depth);
                Leaves::Many(filled_up(&leaves, outputs, |number| (number / unit).round() as i16), unit)
            }
        };
        Ok(Trees { depth, outputs, columns, slots, borders, leaves, bias })
    }

    /// How many columns rows must have.
    pub fn width(&self) -> usize {
        self.columns.last().map_or(0, |last| last + 1)
    }

    /// How many numbers come of a row.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// The sums of leaves: rows x outputs.
    pub fn raw(&self, rows: &Rows<'_>) -> Matrix {
        let count = rows.matrix.rows;
        let mut found = Matrix::zeros(count, self.outputs);
        let mut part = Part { rows: 0, data: Vec::new(), ranges: Vec::new() };
        for begin in (0..count).step_by(ROWS) {
            let end = count.min(begin + ROWS);
            part.fill(rows, &self.columns, begin, end);
            let sums = &mut found.data[begin * self.outputs..end * self.outputs];
            match &self.leaves {
                Leaves::One(leaves) => self.add_one(leaves, &part, sums),
                Leaves::Few(leaves) => self.add_several(leaves, 1.0, &part, sums),
                Leaves::Many(leaves, unit) => self.add_several(leaves, *unit, &part, sums),
            }
        }
        for row in found.data.chunks_exact_mut(self.outputs) {
            row.iter_mut().zip(&self.bias).for_each(|(sum, bias)| *sum += bias);
        }
        found
    }

    /// Of one output: the probability of yes for each row.
    pub fn probability<'a>(&self, rows: impl Into<Rows<'a>>) -> Vec<f32> {
        let raw = self.raw(&rows.into());
        raw.data.iter().step_by(self.outputs).map(|&sum| 1.0 / (1.0 + (-sum).exp())).collect()
    }

    /// Of several outputs: the probability of each, rows x outputs.
    pub fn probabilities<'a>(&self, rows: impl Into<Rows<'a>>) -> Matrix {
        let mut found = self.raw(&rows.into());
        for row in found.data.chunks_exact_mut(self.outputs) {
            let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            row.iter_mut().for_each(|sum| *sum = (*sum - most).exp());
            let total: f32 = row.iter().sum();
            row.iter_mut().for_each(|grown| *grown /= total);
        }
        found
    }

    /// What is left of a tree for some rows. Which questions are open is as good as chance: no branch depends on it.
    fn cut<'p>(&self, tree: usize, part: &'p Part) -> Cut<'p> {
        let mut cut = Cut { part, base: 0, open: 0, bits: [0; DEEPEST], borders: [0.0; DEEPEST], slots: [0; DEEPEST] };
        let levels = tree * self.depth..(tree + 1) * self.depth;
        for (level, (&slot, &border)) in self.slots[levels.clone()].iter().zip(&self.borders[levels]).enumerate() {
            let (least, greatest) = part.ranges[slot as usize];
            let always = least > border;
            let open = cut.open & (DEEPEST - 1);
            cut.bits[open] = 1 << level;
            cut.borders[open] = border;
            cut.slots[open] = slot;
            cut.open += usize::from(!always & (greatest > border));
            cut.base |= usize::from(always) << level;
        }
        cut
    }

    /// Adds all trees' leaves, of one output.
    fn add_one(&self, leaves: &[f32], part: &Part, sums: &mut [f32]) {
        let size = 1 << self.depth;
        let mut leaf = [0u8; ROWS];
        for (tree, leaves) in leaves.chunks_exact(size).enumerate() {
            let cut = self.cut(tree, part);
            match cut.open {
                0 => {
                    let only = leaves[cut.base & (size - 1)];
                    sums.iter_mut().for_each(|sum| *sum += only);
                }
                1 => choose::<1, 2>(&cut, cut.left(leaves), sums),
                2 => choose::<2, 4>(&cut, cut.left(leaves), sums),
                3 => choose::<3, 8>(&cut, cut.left(leaves), sums),
                4 => choose::<4, 16>(&cut, cut.left(leaves), sums),
                _ => {
                    let leaf = &mut leaf[..sums.len()];
                    cut.leaves(leaf);
                    for (sum, &leaf) in sums.iter_mut().zip(&*leaf) {
                        *sum += leaves[leaf as usize & (size - 1)];
                    }
                }
            }
        }
    }

    /// Adds all trees' leaves, of several outputs: some trees at once, so that a row's sums are read and written less.
    fn add_several<N, const WIDE: usize>(&self, leaves: &[[N; WIDE]], unit: f32, part: &Part, sums: &mut [f32])
    where
        N: Copy + Default + Add<Output = N> + Into<f32>,
    {
        let size = 1 << self.depth;
        let mut all = vec![[N::default(); WIDE]; part.rows];
        let mut leaf = [[0u8; ROWS]; TREES];
        for (group, leaves) in leaves.chunks(size * TREES).enumerate() {
            let trees = leaves.len() / size;
            for (n, leaf) in leaf.iter_mut().enumerate().take(trees) {
                self.cut(group * TREES + n, part).leaves(&mut leaf[..part.rows]);
            }
            let of = |n: usize, row: usize| &leaves[n * size + usize::from(leaf[n][row])];
            for (row, sum) in all.iter_mut().enumerate() {
                if trees == TREES {
                    let [a, b, c, d] = std::array::from_fn(|n| of(n, row));
                    for at in 0..WIDE {
                        sum[at] = sum[at] + a[at] + b[at] + c[at] + d[at];
                    }
                } else {
                    for n in 0..trees {
                        sum.iter_mut().zip(of(n, row)).for_each(|(sum, more)| *sum = *sum + *more);
                    }
                }
            }
        }
        for (to, all) in sums.chunks_exact_mut(self.outputs).zip(&all) {
            to.iter_mut().zip(all).for_each(|(to, &sum)| *to = sum.into() * unit);
        }
    }
}

/// The numbers of each leaf, and zeros behind them.
fn filled_up<N: Copy + Default, const WIDE: usize>(
    leaves: &[f32],
    outputs: usize,
    number: impl Fn(f32) -> N,
) -> Vec<[N; WIDE]> {
    let wide = |leaf: &[f32]| std::array::from_fn(|n| leaf.get(n).map_or(N::default(), |&leaf| number(leaf)));
    leaves.chunks_exact(outputs).map(wide).collect()
}

/// The smallest unit in whole numbers of which no sum of one leaf of each tree overflows 16 bits.
fn unit_of(leaves: &[f32], size: usize) -> f32 {
    let trees = leaves.chunks_exact(size);
    // Each tree's number is rounded by half at most.
    let units = f32::from(i16::MAX) - trees.len() as f32;
    let sum: f32 = trees.map(|tree| tree.iter().fold(0.0f32, |most, leaf| leaf.abs().max(most))).sum();
    f32::max(sum / units, f32::MIN_POSITIVE)
}

impl Part {
    /// Takes the columns asked about of these rows.
    fn fill(&mut self, rows: &Rows<'_>, columns: &[usize], begin: usize, end: usize) {
        let count = end - begin;
        let width = rows.matrix.columns;
        self.rows = count;
        self.data.clear();
        self.data.resize(columns.len() * count, 0.0);
        // Those of the matrix come first; some rows at once, which are near one another in either layout.
        let own = columns.partition_point(|&column| column < width);
        let (of_matrix, others) = self.data.split_at_mut(own * count);
        let data = &rows.matrix.data[begin * width..end * width];
        for (n, some) in data.chunks((width * TILE).max(1)).enumerate() {
            if some.len() == width * TILE {
                let tile: [&[f32]; TILE] = std::array::from_fn(|k| &some[k * width..(k + 1) * width]);
                for (&column, to) in columns.iter().zip(of_matrix.chunks_exact_mut(count)) {
                    to[n * TILE..(n + 1) * TILE].copy_from_slice(&tile.map(|row| row[column]));
                }
            } else {
                for (&column, to) in columns.iter().zip(of_matrix.chunks_exact_mut(count)) {
                    let rest = some.chunks_exact(width).zip(&mut to[n * TILE..]);
                    rest.for_each(|(row, to)| *to = row[column]);
                }
            }
        }
        let (least, greatest) = ranges(data, width);
        self.ranges.clear();
        self.ranges.extend(columns[..own].iter().map(|&column| (least[column], greatest[column])));
        for (&column, to) in columns[own..].iter().zip(others.chunks_exact_mut(count)) {
            if let Some(&shared) = rows.shared.get(column - width) {
                to.fill(shared);
                self.ranges.push((shared, shared));
            } else {
                let own = rows.own.get(begin..end).unwrap_or_default();
                to.iter_mut().zip(own).for_each(|(to, &own)| *to = f32::from(u8::from(own)));
                self.ranges.push((f32::NEG_INFINITY, f32::INFINITY));
            }
        }
    }

    #[inline]
    fn column(&self, slot: usize) -> &[f32] {
        &self.data[slot * self.rows..(slot + 1) * self.rows]
    }
}

/// The least and the greatest number of each column. What is no number is above nothing.
fn ranges(data: &[f32], width: usize) -> (Vec<f32>, Vec<f32>) {
    let mut least = vec![f32::INFINITY; width];
    let mut greatest = vec![f32::NEG_INFINITY; width];
    for row in data.chunks_exact(width.max(1)) {
        for ((&number, least), greatest) in row.iter().zip(&mut least).zip(&mut greatest) {
            *least = if (number < *least) | number.is_nan() { number } else { *least };
            *greatest = if number > *greatest { number } else { *greatest };
        }
    }
    (least, greatest)
}

impl Cut<'_> {
    /// The column that an open question is about.
    #[inline]
    fn column(&self, open: usize) -> &[f32] {
        self.part.column(self.slots[open] as usize)
    }

    /// The leaves that are left, by the answers to the open questions.
    #[inline]
    fn left<const LEAVES: usize>(&self, leaves: &[f32]) -> [f32; LEAVES] {
        let mut places = [self.base; LEAVES];
        let mut known = 1;
        for bit in self.bits {
            for k in 0..known.min(LEAVES - known) {
                places[known + k] = places[k] + bit;
            }
            known = (known * 2).min(LEAVES);
        }
        places.map(|place| leaves[place & (leaves.len() - 1)])
    }

    /// Each row's leaf.
    fn leaves(&self, found: &mut [u8]) {
        found.fill(self.base as u8);
        for open in 0..self.open.min(DEEPEST) {
            let (bit, border) = (self.bits[open] as u8, self.borders[open]);
            for (leaf, &number) in found.iter_mut().zip(self.column(open)) {
                *leaf |= if number > border { bit } else { 0 };
            }
        }
    }
}

/// Adds each row's leaf to its sum; of the leaves every question halves those that are left.
#[inline]
fn choose<const OPEN: usize, const LEAVES: usize>(cut: &Cut<'_>, leaves: [f32; LEAVES], sums: &mut [f32]) {
    let columns: [&[f32]; OPEN] = std::array::from_fn(|open| &cut.column(open)[..sums.len()]);
    let borders: [f32; OPEN] = std::array::from_fn(|open| cut.borders[open]);
    for (n, sum) in sums.iter_mut().enumerate() {
        let mut left = leaves;
        for open in 0..OPEN {
            let above = columns[open][n] > borders[open];
            for k in 0..LEAVES >> (open + 1) {
                left[k] = if above { left[2 * k + 1] } else { left[2 * k] };
            }
        }
        *sum += left[0];
    }
}
