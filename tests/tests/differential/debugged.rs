//! The SDK's answers as trees. They have no serialisation, but each shows all of itself as
//! `Debug`, and so nothing the SDK has read can be forgotten here.

use serde_json::{Map, Value};

/// What a moment is shown as: which one it is differs from run to run.
pub const MOMENT: &str = "(a moment)";

/// Reads what `{:?}` has written.
pub fn read(text: &str) -> Value {
    let mut reader = Reader { rest: text };
    let value = reader.value();
    assert!(reader.rest.trim().is_empty(), "left over: {}", reader.rest);
    value
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn value(&mut self) -> Value {
        self.skip();
        match self.rest.chars().next() {
            Some('"') => Value::String(self.text()),
            Some('[') => Value::Array(self.items('[', ']')),
            Some('(') => Value::Array(self.items('(', ')')),
            Some('{') => self.map(),
            Some(c) if c.is_ascii_digit() || c == '-' => self.number(),
            Some(c) if c.is_ascii_alphabetic() || c == '_' => self.named(),
            _ => panic!("no value: {}", self.rest),
        }
    }

    /// `Name`, `Name { field: value }` or `Name(value)`.
    fn named(&mut self) -> Value {
        let name = self.word();
        let after = self.rest.trim_start();
        if after.starts_with('{') {
            self.skip();
            return self.map();
        }
        if after.starts_with('(') {
            let mut items = self.items('(', ')');
            // A value that is called so: of `ActionAfterCompletion`, of units.
            if name == "Some" && items == [Value::Null] {
                return Value::from("None");
            }
            return if items.len() == 1 {
                items.remove(0)
            } else {
                Value::Array(items)
            };
        }
        match name {
            "None" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            other => Value::from(other),
        }
    }

    fn map(&mut self) -> Value {
        let mut fields = Map::new();
        self.eat('{');
        while !self.ate('}') {
            self.skip();
            let key = if self.rest.starts_with('"') {
                self.text()
            } else {
                self.word().to_owned()
            };
            self.eat(':');
            let value = self.value();
            // Of the request, not of the answer.
            if !key.starts_with('_') {
                fields.insert(key, value);
            }
            self.ate(',');
        }
        Value::Object(fields)
    }

    fn items(&mut self, from: char, to: char) -> Vec<Value> {
        let mut items = Vec::new();
        self.eat(from);
        while !self.ate(to) {
            items.push(self.value());
            self.ate(',');
        }
        items
    }

    /// A number, as the text it is; or a moment.
    fn number(&mut self) -> Value {
        let end = self.rest.find([',', ')', ']', '}', ' ']);
        let (number, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        let moment = number.ends_with('Z') && number.contains(':');
        Value::from(if moment { MOMENT } else { number })
    }

    fn word(&mut self) -> &'a str {
        self.skip();
        let ends = |c: char| !(c.is_alphanumeric() || "_-.+".contains(c));
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn text(&mut self) -> String {
        let mut text = String::new();
        self.eat('"');
        let mut characters = self.rest.char_indices();
        while let Some((at, c)) = characters.next() {
            match c {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return text;
                }
                '\\' => match characters.next().map(|(_, c)| c) {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some(other) => text.push(other),
                    None => {}
                },
                other => text.push(other),
            }
        }
        panic!("a text without an end: {}", self.rest)
    }

    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn ate(&mut self, c: char) -> bool {
        self.skip();
        let found = self.rest.strip_prefix(c);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    fn eat(&mut self, c: char) {
        assert!(self.ate(c), "no {c}: {}", self.rest);
    }
}

#[test]
fn what_debug_has_written_is_read_back() {
    use aws_sdk_scheduler::types::ActionAfterCompletion;
    #[derive(Debug)]
    #[allow(dead_code, reason = "it is read through Debug")]
    struct Shown {
        id: Option<&'static str>,
        action: Option<ActionAfterCompletion>,
        gone: Option<bool>,
        list: Vec<(i32, f64)>,
        at: Vec<aws_sdk_rds::primitives::DateTime>,
        quoted: &'static str,
        _request_id: u8,
    }
    let shown = Shown {
        id: Some("a{b"),
        action: Some(ActionAfterCompletion::None),
        gone: None,
        list: vec![(-1, 2.5)],
        at: vec![aws_sdk_rds::primitives::DateTime::from_millis(1_500)],
        quoted: "say \"x\", \\ and\n",
        _request_id: 1,
    };
    let read = read(&format!("{shown:?}"));
    assert_eq!(
        read,
        serde_json::json!({
            "id": "a{b",
            "action": "None",
            "gone": null,
            "list": [["-1", "2.5"]],
            "at": [MOMENT],
            "quoted": "say \"x\", \\ and\n",
        })
    );
}
