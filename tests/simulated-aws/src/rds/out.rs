//! An answer, written down as it goes over the wire.
//!
//! A listing of some dozen snapshots has a thousand elements; a tree of them would cost ten times
//! what the text costs.

use std::fmt::{Display, Write};

use serde_json::Value;

use crate::xml;

/// The inside of an answer.
#[derive(Debug)]
pub(crate) struct Out(String);

impl Default for Out {
    fn default() -> Self {
        Self(xml::WRITTEN.into())
    }
}

impl Out {
    /// An answer that `write` writes.
    pub(crate) fn of(write: impl FnOnce(&mut Self)) -> Self {
        let mut out = Self::default();
        write(&mut out);
        out
    }

    /// A list with one item.
    pub(crate) fn one((name, item): (&str, &str), write: impl FnOnce(&mut Self)) -> Self {
        Self::of(|out| out.element(name, |out| out.element(item, write)))
    }

    /// `<name>…</name>`.
    pub(crate) fn element(&mut self, name: &str, inner: impl FnOnce(&mut Self)) {
        for part in ["<", name, ">"] {
            self.0.push_str(part);
        }
        inner(self);
        for part in ["</", name, ">"] {
            self.0.push_str(part);
        }
    }

    /// A text.
    pub(crate) fn text(&mut self, name: &str, text: &str) {
        self.element(name, |out| {
            if text.bytes().any(|byte| matches!(byte, b'&' | b'<' | b'>')) {
                xml::escaped(&mut out.0, text);
            } else {
                out.0.push_str(text);
            }
        });
    }

    /// Something whose text needs no escaping: a number, a boolean, a time.
    pub(crate) fn plain(&mut self, name: &str, value: impl Display) {
        self.element(name, |out| {
            // Writing to a text does not fail.
            let _ = write!(out.0, "{value}");
        });
    }

    /// A list of texts, each called `item`.
    pub(crate) fn texts<T: AsRef<str>>(
        &mut self,
        name: &str,
        item: &str,
        texts: impl IntoIterator<Item = T>,
    ) {
        self.element(name, |out| {
            for text in texts {
                out.text(item, text.as_ref());
            }
        });
    }

    /// As the rest of the simulator takes it.
    pub(crate) fn finished(self) -> Value {
        Value::String(self.0)
    }
}
