//! The tags in a request.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Bound;

use serde::Deserialize;

/// The tags a call puts on a resource, or takes off it.
#[derive(Debug, Default)]
pub(crate) struct RequestTags<'a> {
    pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    removed: Vec<&'a str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Pair {
    key: String,
    #[serde(default)]
    value: String,
}

impl<'a> RequestTags<'a> {
    /// Reads `Tags.Tag.1.Key` and its like, or `Tags` as JSON, and `TagKeys.member.1`.
    pub(crate) fn of(params: &'a BTreeMap<String, String>) -> Result<Self, String> {
        let mut tags = Self::default();
        // A tag's key comes right before its value.
        let mut last = "";
        let from = params.range::<str, _>((Bound::Included("Tag"), Bound::Unbounded));
        for (name, value) in from.take_while(|(name, _)| name.starts_with("Tag")) {
            if name == "Tags" {
                let pairs: Vec<Pair> = serde_json::from_str(value).map_err(|e| e.to_string())?;
                let pairs = pairs
                    .into_iter()
                    .map(|pair| (pair.key.into(), pair.value.into()));
                tags.pairs.extend(pairs);
            } else if let Some(rest) = name.strip_prefix("Tags.") {
                tags.form_field(rest, value, &mut last);
            } else if name.starts_with("TagKeys.") {
                tags.removed.push(value);
            }
        }
        Ok(tags)
    }

    /// A field of the form, `Tag.1.Key` or `Tag.1.Value`.
    fn form_field(&mut self, name: &'a str, value: &'a str, last: &mut &'a str) {
        if let Some(item) = name.strip_suffix(".Key") {
            self.pairs.push((Cow::Borrowed(value), Cow::Borrowed("")));
            *last = item;
        } else if name.strip_suffix(".Value") == Some(*last)
            && let Some((_, of_key)) = self.pairs.last_mut()
        {
            *of_key = Cow::Borrowed(value);
        }
    }

    /// Whether the request has tags to put on.
    pub(crate) fn is_given(&self) -> bool {
        !self.pairs.is_empty()
    }

    /// The value it has for a key.
    pub(crate) fn value(&self, fits: impl Fn(&str) -> bool) -> Option<&str> {
        let pair = self.pairs.iter().find(|(key, _)| fits(key));
        pair.map(|(_, value)| &**value)
    }

    /// The keys in it.
    pub(crate) fn keys(&self) -> Vec<Cow<'_, str>> {
        let put = self.pairs.iter().map(|(key, _)| Cow::Borrowed(&**key));
        put.chain(self.removed.iter().map(|&key| Cow::Borrowed(key)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let owned = pairs.iter().map(|&(k, v)| (k.to_owned(), v.to_owned()));
        owned.collect()
    }

    #[test]
    fn tags_are_read_from_a_form_and_from_json() {
        let form = params(&[
            ("Tags.Tag.1.Key", "team"),
            ("Tags.Tag.1.Value", "shop"),
            ("Tags.Tag.2.Key", "empty"),
            ("TargetDBClusterSnapshotIdentifier", "x"),
        ]);
        let json = params(&[("Tags", r#"[{"Key":"team","Value":"shop"},{"Key":"empty"}]"#)]);
        for params in [form, json] {
            let tags = RequestTags::of(&params).unwrap();
            assert_eq!(tags.value(|key| key == "team"), Some("shop"));
            assert_eq!(tags.keys(), ["team", "empty"]);
        }
    }

    #[test]
    fn keys_to_remove_are_keys_without_values() {
        let params = params(&[("TagKeys.member.1", "team")]);
        let tags = RequestTags::of(&params).unwrap();
        assert!(!tags.is_given());
        assert_eq!(tags.keys(), ["team"]);
    }
}
