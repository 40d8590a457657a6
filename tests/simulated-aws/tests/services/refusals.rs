//! Every refusal is one that AWS documents: in the service's API model for that operation, or
//! among the errors that all operations have.

use std::{collections::BTreeSet, fmt::Debug, path::Path};

use aws_sdk_sns::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};
use simulated_aws::{Call, modelled};

/// The folders of the sources, and the errors of the models.
const MODELS: [(&str, &str); 4] = [
    (
        "cloudwatch",
        include_str!("../../data/cloudwatch-errors.json"),
    ),
    (
        "scheduler",
        include_str!("../../data/scheduler-errors.json"),
    ),
    (
        "secrets",
        include_str!("../../data/secretsmanager-errors.json"),
    ),
    ("sns", include_str!("../../data/sns-errors.json")),
];

/// Errors that any operation may answer, which SDKs do not type. `InvalidAction` says that
/// something is not simulated.
const COMMON: [(&str, u16); 3] = [
    ("InvalidAction", 400),
    ("ValidationError", 400),
    ("ValidationException", 400),
];

pub fn is_common(code: &str, status: u16) -> bool {
    COMMON.contains(&(code, status))
}

/// Looks at what a call was answered, whichever test made it.
pub fn check(call: &Call, status: u16, code: Option<&str>) {
    let Some(code) = code else {
        return assert_eq!(status, 200, "{call:?}");
    };
    let mut errors = modelled(call.service, &call.operation).iter();
    let modelled = errors.any(|error| error.code == code && error.status == status);
    assert!(
        modelled || is_common(code, status),
        "{call:?}: {status} {code}"
    );
}

/// The code of a refusal. The SDK knows it by its type, unless it is a common one.
pub fn code<E>(error: &SdkError<E, HttpResponse>) -> &str
where
    E: ProvideErrorMetadata + Debug,
{
    let status = error.raw_response().expect("an answer").status().as_u16();
    let error = error.as_service_error().expect("an error of the service");
    let code = error.code().expect("a code");
    let typed = !format!("{error:?}").starts_with("Unhandled");
    assert!(typed || is_common(code, status), "{error:?}");
    code
}

/// Code and status of a refusal.
pub fn refused<T: Debug, E>(result: Result<T, SdkError<E, HttpResponse>>) -> (String, u16)
where
    E: ProvideErrorMetadata + Debug,
{
    let error = result.unwrap_err();
    let status = error.raw_response().expect("an answer").status().as_u16();
    (code(&error).to_owned(), status)
}

/// The codes in the sources of a service: the first text in each `Refusal::new(…)`.
fn written(folder: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src")
        .join(folder);
    let mut codes = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for refusal in source.split("Refusal::new(").skip(1) {
            let text = refusal.split('"').nth(1);
            codes.extend(text.map(str::to_owned));
        }
    }
    codes
}

#[test]
fn every_code_in_the_sources_is_modelled_or_common() {
    for (folder, model) in MODELS {
        let codes = written(folder);
        assert!(!codes.is_empty(), "{folder}");
        for code in codes {
            let modelled = model.contains(&format!("\"code\": \"{code}\""));
            let common = COMMON.iter().any(|(common, _)| *common == code);
            assert!(modelled || common, "{folder}: {code}");
        }
    }
}
