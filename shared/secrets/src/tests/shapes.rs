//! What a new password looks like.

use crate::{PasswordShape, ShapeError};

fn of(variables: &[(&str, &str)]) -> Result<PasswordShape, ShapeError> {
    PasswordShape::of(&|name| {
        let found = variables.iter().find(|(variable, _)| *variable == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn without_variables_it_is_the_shape_of_awss_functions() {
    let shape = of(&[]).unwrap();
    assert_eq!(shape, PasswordShape::default());
    assert_eq!(shape.length, 32);
    assert_eq!(shape.exclude_characters, "/@\"'\\");
    assert!(shape.require_each_included_type && !shape.include_space);
}

#[test]
fn each_variable_changes_its_part_and_no_other() {
    type Change = fn(&mut PasswordShape);
    let changes: [(&str, &str, Change); 7] = [
        ("PASSWORD_LENGTH", "40", |it| it.length = 40),
        ("EXCLUDE_CHARACTERS", "", |it| it.exclude_characters.clear()),
        ("EXCLUDE_NUMBERS", "true", |it| it.exclude_numbers = true),
        ("EXCLUDE_PUNCTUATION", "Yes", |it| {
            it.exclude_punctuation = true;
        }),
        ("EXCLUDE_UPPERCASE", "y", |it| it.exclude_uppercase = true),
        ("EXCLUDE_LOWERCASE", "1", |it| it.exclude_lowercase = true),
        ("REQUIRE_EACH_INCLUDED_TYPE", "False", |it| {
            it.require_each_included_type = false;
        }),
    ];
    for (variable, value, change) in changes {
        let mut expected = PasswordShape::default();
        change(&mut expected);
        assert_eq!(of(&[(variable, value)]).unwrap(), expected, "{variable}");
    }
}

#[test]
fn a_word_for_no_is_no() {
    for word in ["false", "FALSE", "0", "n", "no", ""] {
        let shape = of(&[("REQUIRE_EACH_INCLUDED_TYPE", word)]).unwrap();
        assert!(!shape.require_each_included_type, "{word:?}");
    }
}

#[test]
fn a_variable_that_says_nothing_is_named() {
    insta::assert_snapshot!(of(&[("EXCLUDE_PUNCTUATION", "on")]).unwrap_err(), @r#"EXCLUDE_PUNCTUATION is "on"; set it to "true" or "false", or remove it for the default"#);
    insta::assert_snapshot!(of(&[("PASSWORD_LENGTH", "long")]).unwrap_err(), @r#"PASSWORD_LENGTH is "long"; set it to a number from 1 to 256, or remove it for the default"#);
    for length in ["0", "257", "-1", "", "3.5"] {
        assert!(of(&[("PASSWORD_LENGTH", length)]).is_err(), "{length:?}");
    }
    for length in ["1", "256", " 16 "] {
        assert!(of(&[("PASSWORD_LENGTH", length)]).is_ok(), "{length:?}");
    }
    let long = "x".repeat(4097);
    insta::assert_snapshot!(of(&[("EXCLUDE_CHARACTERS", &long)]).unwrap_err(), @r#"EXCLUDE_CHARACTERS is "4097 characters long"; set it to at most 4096 characters, or remove it for the default"#);
    assert!(of(&[("EXCLUDE_CHARACTERS", &long[1..])]).is_ok());
}
