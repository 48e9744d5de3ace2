//! Sums and logarithms of single floats, rounded as the models' training had them.

use std::sync::LazyLock;

/// The sums of the first 0, 1, 2 … numbers, each added to the one before as single floats.
pub fn running_sums(numbers: &[f32]) -> Vec<f32> {
    let mut sums = Vec::with_capacity(numbers.len() + 1);
    let mut sum = 0.0;
    sums.push(sum);
    for &number in numbers {
        sum += number;
        sums.push(sum);
    }
    sums
}

// Numbers that are added one after the other; of more the sums of two halves are.
const BLOCK: usize = 128;

/// The sum of numbers added in pairs, so that what is rounded away is little: as numpy does.
pub fn sum(numbers: &[f32]) -> f32 {
    let count = numbers.len();
    if count > BLOCK {
        let half = count / 2 / 8 * 8;
        return sum(&numbers[..half]) + sum(&numbers[half..]);
    }
    let mut eights = numbers.chunks_exact(8);
    let first = eights.next().map(|eight| {
        let mut sums = [0.0f32; 8];
        sums.copy_from_slice(eight);
        for eight in &mut eights {
            sums.iter_mut().zip(eight).for_each(|(sum, number)| *sum += number);
        }
        let [a, b, c, d, e, f, g, h] = sums;
        ((a + b) + (c + d)) + ((e + f) + (g + h))
    });
    eights.remainder().iter().fold(first.unwrap_or(0.0), |sum, number| sum + number)
}

/// Logarithms of small whole numbers: sizes and counts, which most are.
const SMALL: usize = 2048;
static LOGARITHMS: LazyLock<Box<[f32]>> = LazyLock::new(|| (0..SMALL).map(|n| (n as f64).ln_1p() as f32).collect());

/// The logarithm of a number and one. By way of double floats it is the same on every machine.
#[inline]
pub fn log1p(x: f32) -> f32 {
    let whole = x as u32;
    match LOGARITHMS.get(whole as usize) {
        Some(&found) if whole as f32 == x => found,
        _ => f64::from(x).ln_1p() as f32,
    }
}

/// What `log1p` was taken of.
#[inline]
pub fn expm1(x: f32) -> f32 {
    f64::from(x).exp_m1() as f32
}
