//! Random passwords.
//! <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html>

use fastrand::Rng;
use serde_json::{Value, json};

use super::invalid_parameter;
use crate::{Call, Refusal};

/// The types of characters, and what leaves each out.
const TYPES: [(&str, &str); 4] = [
    ("ExcludeLowercase", "abcdefghijklmnopqrstuvwxyz"),
    ("ExcludeUppercase", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    ("ExcludeNumbers", "0123456789"),
    ("ExcludePunctuation", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
];

pub(super) fn get_random_password(call: &Call, rng: &mut Rng) -> Result<Value, Refusal> {
    let length = call.input["PasswordLength"].as_u64().unwrap_or(32);
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let types = types(call)?;
    let each = call.input["RequireEachIncludedType"].as_bool() != Some(false);
    let mut password: Vec<char> = Vec::with_capacity(length);
    if each {
        if types.len() > length {
            let why = "The password length is too short for one character of each type.";
            return Err(invalid_parameter(why));
        }
        password.extend(types.iter().filter_map(|those| rng.choice(those)));
    }
    let all: Vec<char> = types.concat();
    while password.len() < length {
        password.extend(rng.choice(&all));
    }
    rng.shuffle(&mut password);
    Ok(json!({"RandomPassword": password.into_iter().collect::<String>()}))
}

/// The characters of each type that the call wants.
fn types(call: &Call) -> Result<Vec<Vec<char>>, Refusal> {
    let flag = |member: &str| call.input[member].as_bool() == Some(true);
    let excluded = call.text("ExcludeCharacters").unwrap_or_default();
    let space = flag("IncludeSpace").then_some(" ");
    let wanted = TYPES.iter().filter(|(exclude, _)| !flag(exclude));
    let wanted = wanted.map(|(_, those)| *those).chain(space);
    let left = |those: &str| those.chars().filter(|c| !excluded.contains(*c)).collect();
    let types: Vec<Vec<char>> = wanted
        .map(left)
        .filter(|those: &Vec<char>| !those.is_empty())
        .collect();
    if types.is_empty() {
        return Err(invalid_parameter(
            "The parameters leave no characters for the password.",
        ));
    }
    Ok(types)
}
