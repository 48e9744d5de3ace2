//! Several patterns asked of one text, each only where one of the ways in which it may begin stands in it: a set of
//! patterns as one automaton has more states than can be kept.

use aho_corasick::AhoCorasick;
use regex::Regex;
use regex_syntax::hir::literal::Extractor;

/// Ways to begin of one pattern at most, and letters that each of them has at least.
const MOST_BEGINNINGS: usize = 2000;
const LEAST_LETTERS: usize = 2;

/// At most 64 patterns.
pub struct PatternSet {
    patterns: Vec<Regex>,
    beginnings: AhoCorasick,
    /// Of each beginning the bit of its pattern.
    of: Vec<u64>,
    /// The patterns that may begin in any way, as bits.
    always: u64,
    /// Those that are there where one of their beginnings is: words and nothing else.
    words: u64,
}

impl PatternSet {
    /// Patterns of the program's own.
    pub fn new(patterns: impl IntoIterator<Item = String>) -> Self {
        let (mut compiled, mut beginnings, mut of, mut always, mut words) = (Vec::new(), Vec::new(), Vec::new(), 0, 0);
        for (n, pattern) in patterns.into_iter().enumerate() {
            let parsed = regex_syntax::parse(&pattern).expect("the program's own pattern");
            let begun = Extractor::new().limit_total(MOST_BEGINNINGS).extract(&parsed);
            if begun.is_exact() && parsed.properties().look_set().is_empty() {
                words |= 1 << n;
            }
            match begun.literals().filter(|all| all.iter().all(|one| one.len() >= LEAST_LETTERS)) {
                Some(all) => {
                    of.resize(of.len() + all.len(), 1 << n);
                    beginnings.extend(all.iter().map(|one| one.as_bytes().to_vec()));
                }
                None => always |= 1 << n,
            }
            compiled.push(Regex::new(&pattern).expect("the program's own pattern"));
        }
        let beginnings = AhoCorasick::new(beginnings).expect("a few thousand at most");
        PatternSet { patterns: compiled, beginnings, of, always, words: words & !always }
    }

    /// The numbers of the patterns that are in a text, in order.
    pub fn matches<'t>(&'t self, text: &'t str) -> impl Iterator<Item = usize> + 't {
        let begun = self.beginnings.find_overlapping_iter(text).map(|found| self.of[found.pattern().as_usize()]);
        let bits = begun.fold(self.always, |bits, bit| bits | bit);
        let may = move |n: &usize| bits >> n & 1 == 1;
        (0..self.patterns.len()).filter(may).filter(|&n| self.words >> n & 1 == 1 || self.patterns[n].is_match(text))
    }
}
