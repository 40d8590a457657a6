//! A text that must not be seen.

use zeroize::Zeroizing;

/// A text that must not be seen: a password, or the JSON it is kept in.
///
/// It has no `Debug`, no `Display`, no `Serialize` and no `Clone`, so that it cannot reach a log,
/// an error, a report or a panic message by accident, and it is overwritten when it is dropped.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Hides `text`.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text. Whoever asks for it says so by this name, which a reader can look for.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// A second one with the same text.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self::new(self.expose())
    }

    /// Whether both hide the same text.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

#[cfg(test)]
mod tests {
    use zeroize::ZeroizeOnDrop;

    use super::*;

    /// That it is overwritten cannot be seen from safe code; that its only field is of a type that
    /// overwrites itself, the compiler can tell.
    #[test]
    fn a_secret_is_overwritten_when_it_is_dropped() {
        fn overwrites_itself<T: ZeroizeOnDrop>(_: &T) {}
        let Secret(text) = &Secret::new("night");
        overwrites_itself(text);
    }

    #[test]
    fn a_secret_gives_its_text_to_whoever_asks_for_it() {
        let secret = Secret::new("night");
        assert_eq!(secret.expose(), "night");
        assert!(secret.same_as(&secret.copy()));
        assert!(!secret.same_as(&Secret::new("nighT")));
    }
}
