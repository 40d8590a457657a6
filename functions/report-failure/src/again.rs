//! The command that runs a function again.

use aws_smithy_types::base64;
use serde_json::Value;

use crate::function::Function;

/// A longer command is no help in a mail.
const LONGEST_PAYLOAD: usize = 700;

/// How to hand the same event to the function once more. The payload goes in base64: it comes
/// from elsewhere, and whoever pastes the command should not have to trust its quotes.
pub(crate) fn command(function: &Function, payload: &Value) -> Option<String> {
    let Function {
        lambda_name,
        region,
        ..
    } = function;
    let payload = payload.to_string();
    let pasteable = payload.len() <= LONGEST_PAYLOAD && word(lambda_name) && word(region);
    pasteable.then(|| {
        let payload = base64::encode(payload);
        format!(
            "To run it again for the same trigger \
             (once that is too old, the run does nothing and says so): aws lambda invoke \
             --region {region} --function-name {lambda_name} --invocation-type Event \
             --cli-binary-format base64 --payload {payload} /dev/null"
        )
    })
}

/// Whether a shell takes `text` for one word and nothing else.
fn word(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !text.is_empty() && !text.starts_with('-') && text.bytes().all(plain)
}
