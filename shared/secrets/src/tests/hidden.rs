//! What is secret never shows itself.

use std::marker::PhantomData;

use crate::{Credential, Secret, Version};

/// Asks for the traits of `T`: a method of its own is taken before a trait's, and it is there only
/// if `T` has the trait.
struct Probe<T>(PhantomData<T>);

trait Lacks {
    fn debug(&self) -> bool {
        false
    }
    fn display(&self) -> bool {
        false
    }
    fn clone_of(&self) -> bool {
        false
    }
    fn serialize(&self) -> bool {
        false
    }
    fn text(&self) -> bool {
        false
    }
}

impl<T> Lacks for Probe<T> {}

macro_rules! has {
    ($($method:ident: $trait:path),+ $(,)?) => { $(
        impl<T: $trait> Probe<T> {
            #[allow(clippy::unused_self)]
            const fn $method(&self) -> bool {
                true
            }
        }
    )+ };
}

has! {
    debug: std::fmt::Debug,
    display: std::fmt::Display,
    clone_of: Clone,
    serialize: serde::Serialize,
    text: AsRef<str>,
}

macro_rules! shown_by {
    ($type:ty) => {{
        let probe = Probe::<$type>(PhantomData);
        let traits = [
            ("Debug", probe.debug()),
            ("Display", probe.display()),
            ("Clone", probe.clone_of()),
            ("Serialize", probe.serialize()),
            ("AsRef<str>", probe.text()),
        ];
        let shown = traits.into_iter().filter(|(_, has)| *has);
        shown.map(|(name, _)| name).collect::<Vec<_>>()
    }};
}

#[test]
fn nothing_with_a_secret_in_it_can_be_printed_copied_by_accident_or_serialised() {
    assert!(shown_by!(Secret).is_empty());
    assert!(shown_by!(Credential).is_empty());
    assert!(shown_by!(Version).is_empty());
    let text = ["Debug", "Display", "Clone", "Serialize", "AsRef<str>"];
    assert_eq!(shown_by!(String), text, "the probe sees what is there");
}
