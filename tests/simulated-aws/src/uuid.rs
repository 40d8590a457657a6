//! Identifiers as AWS gives them, drawn from the seed.

use fastrand::Rng;

/// A random UUID of version 4. <https://www.rfc-editor.org/rfc/rfc9562#section-5.4>
pub(crate) fn uuid(rng: &mut Rng) -> String {
    let (high, low) = (rng.u64(..), rng.u64(..));
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_identifiers_and_never_one_twice() {
        let of = |seed| {
            let mut rng = Rng::with_seed(seed);
            [uuid(&mut rng), uuid(&mut rng)]
        };
        assert_eq!(of(1), of(1));
        assert_ne!(of(1)[0], of(1)[1]);
        let [id, _] = of(2);
        let parts: Vec<usize> = id.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12]);
        assert!(id.as_bytes()[14] == b'4' && b"89ab".contains(&id.as_bytes()[19]));
    }
}
