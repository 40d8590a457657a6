//! Forms, as the query protocol sends them.

use serde_json::{Map, Value};

/// The fields of a form as a tree: `Tags.Tag.1.Key=a` is `{"Tags": {"Tag": [{"Key": "a"}]}}`.
/// All leaves are texts. <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html>
pub(crate) fn form(body: &[u8]) -> Value {
    let mut tree = Map::new();
    for (name, value) in form_urlencoded::parse(body) {
        let mut at = &mut tree;
        let (path, leaf) = name.rsplit_once('.').unwrap_or(("", &name));
        for part in path.split('.').filter(|part| !part.is_empty()) {
            let inner = at.entry(part).or_insert_with(|| Value::Object(Map::new()));
            if !inner.is_object() {
                *inner = Value::Object(Map::new());
            }
            let Value::Object(inner) = inner else {
                return Value::Null;
            };
            at = inner;
        }
        at.insert(leaf.to_owned(), Value::String(value.into_owned()));
    }
    lists(Value::Object(tree))
}

/// Objects whose keys are numbers are lists.
fn lists(value: Value) -> Value {
    let Value::Object(fields) = value else {
        return value;
    };
    let numbered = |key: &String| key.parse::<u32>().ok();
    if !fields.is_empty() && fields.keys().all(|key| numbered(key).is_some()) {
        let mut items: Vec<_> = fields.into_iter().collect();
        items.sort_by_key(|(key, _)| numbered(key));
        return items.into_iter().map(|(_, item)| lists(item)).collect();
    }
    let fields = fields.into_iter().map(|(key, field)| (key, lists(field)));
    Value::Object(fields.collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_form_is_a_tree_with_lists_in_their_order() {
        let body = b"Action=A&Tags.Tag.2.Key=b&Tags.Tag.1.Key=n%3Aa&Tags.Tag.10.Key=c&Max=3";
        let tags = json!([{"Key": "n:a"}, {"Key": "b"}, {"Key": "c"}]);
        assert_eq!(
            form(body),
            json!({"Action": "A", "Tags": {"Tag": tags}, "Max": "3"})
        );
    }
}
