//! Maps and sets by a hash with a seed of its own in each instance, so that no page can be made for it whose names all
//! fall into one place. What comes out must not depend on their order.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};

use foldhash::fast::FixedState;

pub type Map<K, V> = HashMap<K, V, Seeded>;
pub type Set<K> = HashSet<K, Seeded>;

static SEED: AtomicU64 = AtomicU64::new(0);

/// Hashes from now on by this seed, which is right only before there is a map.
pub fn seed(with: u64) {
    SEED.store(with, Ordering::Relaxed);
}

/// What makes the hashers.
#[derive(Clone, Copy, Default)]
pub struct Seeded;

impl BuildHasher for Seeded {
    type Hasher = <FixedState as BuildHasher>::Hasher;

    #[inline]
    fn build_hasher(&self) -> Self::Hasher {
        FixedState::with_seed(SEED.load(Ordering::Relaxed)).build_hasher()
    }
}
