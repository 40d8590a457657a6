//! Patterns in a policy: `*` stands for anything, upper and lower case are the same.

/// Whether `text` is as `pattern` says.
#[must_use]
pub fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_lowercase(), text.to_lowercase());
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Whether `text` is as one of `patterns` says. What is not known fits `*` alone.
#[must_use]
pub fn any_fits(patterns: &[String], text: Option<&str>) -> bool {
    let mut patterns = patterns.iter();
    patterns.any(|pattern| text.map_or(pattern == "*", |text| fits(pattern, text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything_and_case_for_nothing() {
        for (pattern, text, fit) in [
            ("*", "", true),
            ("*", "app", true),
            ("app", "APP", true),
            ("app", "app2", false),
            ("app*", "app2", true),
            ("*report*", "SELECT * FROM `report` WHERE ?", true),
            ("select * from `a` *", "SELECT `x` FROM `a` WHERE ?", true),
            ("a*b*c", "a-c-b", false),
            ("a*b*c", "a-b-b-c", true),
            ("ab*ba", "aba", false),
            ("**", "x", true),
            ("", "", true),
            ("", "x", false),
        ] {
            assert_eq!(fits(pattern, text), fit, "{pattern} and {text}");
        }
    }

    #[test]
    fn what_is_not_known_fits_the_star_alone() {
        assert!(any_fits(&["*".into()], None));
        assert!(!any_fits(&["**".into(), String::new()], None));
        assert!(!any_fits(&[], Some("app")));
    }
}
