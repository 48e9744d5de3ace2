//! Words that tell what a line is: function words, words that ask the reader for something, and that credit.

use std::sync::LazyLock;

use crate::hash::Map;

use crate::phrases::{ASKING, CREDITING};

/// Function words of the languages that most pages are in: sentences have them, menus do not.
const FUNCTION_WORDS: &str = "\
    the of and to in a is that it for was on are as with be this at by not or from have an they you we i but \
    what which when there can if his her has had were been will would their your our its so than then them these \
    those der die das und ist nicht ein eine zu den von mit auf für dem sich im des auch es an werden aus er hat \
    dass sie nach wird bei einer um am sind noch wie einem über so zum war haben nur oder aber vor zur bis mehr \
    durch le la les de du des et un une est que qui dans pour pas au sur ne se ce il sont avec par plus nous \
    vous el los las y en del se por con una su para como al lo o più di che è per non del della un sono da i gli \
    e o os as um uma não em do da na no com que se i w na z się do nie to jest że";
// What a word is, as bits.
const FUNCTION: u8 = 1;
const ASKS_FOR: u8 = 2;
const CREDITS: u8 = 4;

/// What words are.
struct Words {
    /// Those of at most eight bytes, by these as a number: each at a place that the number gives, or at the next that is
    /// free.
    short: Vec<(u64, u8)>,
    long: Map<&'static str, u8>,
    longest: usize,
}

const SHORT: usize = 8;
// Four times as many as there are short words.
const PLACES: usize = 2048;

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words = Words { short: vec![(0, 0); PLACES], long: Map::default(), longest: 0 };
    for (kind, some) in [(FUNCTION, FUNCTION_WORDS), (ASKS_FOR, ASKING), (CREDITS, CREDITING)] {
        for word in some.split(' ') {
            words.longest = words.longest.max(word.len());
            if word.len() <= SHORT {
                let place = words.place(key_of(word));
                words.short[place].0 = key_of(word);
                words.short[place].1 |= kind;
            } else {
                *words.long.entry(word).or_default() |= kind;
            }
        }
    }
    words
});

/// The last eight bytes of a word as a number.
const fn key_of(word: &str) -> u64 {
    let bytes = word.as_bytes();
    let (mut key, mut at) = (0, 0);
    while at < bytes.len() {
        key = key << 8 | bytes[at] as u64;
        at += 1;
    }
    key
}

/// What is found in a line on the way.
#[derive(Default)]
pub struct Said {
    pub function: u32,
    pub asking: u32,
    pub crediting: u32,
    /// Whether it may say when, or who has the rights.
    pub ago: bool,
    pub copyright: bool,
}

impl Words {
    /// Where a short word is, or would be.
    #[inline]
    fn place(&self, key: u64) -> usize {
        let mut place = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 53) as usize;
        while self.short[place % PLACES].0 != key && self.short[place % PLACES].0 != 0 {
            place += 1;
        }
        place % PLACES
    }

    /// What a word is; `key`: what `key_of` says of it.
    #[inline]
    fn kind_of(&self, word: &str, key: u64) -> u8 {
        match word.len() {
            0..=SHORT => self.short[self.place(key)].1,
            size if size <= self.longest => self.long.get(word).copied().unwrap_or(0),
            _ => 0,
        }
    }

    /// The same of a word that may have a mark before or after it: so do those that ask or credit.
    fn kind_of_marked(&self, word: &str) -> u8 {
        let look = |word: &str| self.kind_of(word, key_of(word));
        let begun = word.strip_prefix(['(', '„', '“']);
        let ended = word.strip_suffix(['.', ',', ':', '!', '?', ')']);
        let both = begun.and_then(|word| word.strip_suffix(['.', ',', ':', '!', '?', ')']));
        let less = [begun, ended, both].into_iter().flatten();
        less.fold(look(word), |kind, word| kind | look(word) & !FUNCTION)
    }

    /// Looks at a line's words.
    fn said(&self, line: &str) -> Said {
        const AGO: u64 = key_of("ago");
        const COPYRIGHT: u64 = key_of("opyright");
        let mut said = Said::default();
        let (mut begin, mut key) = (0, 0u64);
        for (at, byte) in line.bytes().chain([b' ']).enumerate() {
            if byte != b' ' {
                key = key << 8 | u64::from(byte);
                said.ago |= key & 0xff_ffff == AGO;
                said.copyright |= key == COPYRIGHT;
                continue;
            }
            let word = &line[begin..at];
            let is_marked = matches!(key as u8, b'.' | b',' | b':' | b'!' | b'?' | b')')
                || matches!(word.as_bytes().first(), Some(b'(' | 0xe2));
            let kind = if is_marked { self.kind_of_marked(word) } else { self.kind_of(word, key) };
            said.function += u32::from(kind & FUNCTION);
            said.asking += u32::from((kind / ASKS_FOR) & 1);
            said.crediting += u32::from((kind / CREDITS) & 1);
            (begin, key) = (at + 1, 0);
        }
        said.copyright = said.copyright && line.contains("copyright");
        said
    }
}

/// Looks at the words between the spaces of a line in lower case.
pub fn said(line: &str) -> Said {
    WORDS.said(line)
}
