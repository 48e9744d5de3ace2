//! Answers that are remembered between pages: what is asked of names and short texts comes again and again.

use std::borrow::Borrow;
use std::cell::RefCell;
use std::hash::Hash;

use crate::hash::Map;

/// The answers of one function, at most so many; forgotten all at once when they are more.
pub struct Memo<K, V> {
    most: usize,
    known: RefCell<Map<K, V>>,
}

impl<K: Hash + Eq, V: Clone> Memo<K, V> {
    pub fn new(most: usize) -> Self {
        Memo { most, known: RefCell::new(Map::default()) }
    }

    /// The answer for a key, made by `make` where it is not known. `make` may ask this memo for others.
    pub fn get<Q>(&self, key: &Q, make: impl FnOnce() -> V) -> V
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ToOwned<Owned = K> + ?Sized,
    {
        if let Some(found) = self.known.borrow().get(key) {
            return found.clone();
        }
        let made = make();
        let mut known = self.known.borrow_mut();
        if known.len() >= self.most {
            known.clear();
        }
        known.insert(key.to_owned(), made.clone());
        made
    }
}

/// Ids and classes of one element, as they are written.
pub const NAMES: usize = 4096;
/// Single classes and the words in them.
pub const WORDS: usize = 16384;
/// Headings, dates and other short texts.
pub const TEXTS: usize = 4096;

/// Longer texts are not remembered: a page may have megabytes in one name, and the next page another.
pub const LONGEST: usize = 1000;

/// A function's memo: `memo!(NAMES, name, str => Option<Kind>, { work(name) })`. The key is borrowed, the value cloned.
#[macro_export]
macro_rules! memo {
    ($most:expr, $key:expr, str => $value:ty, $make:expr) => {{
        thread_local! {
            static MEMO: $crate::memo::Memo<String, $value> = $crate::memo::Memo::new($most);
        }
        let key: &str = $key;
        let make = || $make;
        if key.len() > $crate::memo::LONGEST {
            make()
        } else {
            MEMO.with(|memo| memo.get(key, make))
        }
    }};
}
