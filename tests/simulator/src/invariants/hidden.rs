//! What nobody may see.

use crate::{
    history::History,
    script::PASSWORD,
    step::{Ending, What},
};

pub(super) fn no_password_is_shown(history: &History) -> Option<String> {
    let credentials = history.doors.credentials.values();
    let of_remedies = history.script.remedies.iter().map(|_| PASSWORD);
    let texts = credentials.map(|it| it.text.as_str()).chain(of_remedies);
    let texts: Vec<&str> = texts.collect();
    if texts.is_empty() {
        return None;
    }
    let shows = |said: &str| texts.iter().any(|text| said.contains(text));
    if let Some((run, record)) = history.last_call()
        && record.call.operation == "Publish"
        && shows(&record.call.input.to_string())
    {
        return Some(format!("a mail of run {run} shows a password"));
    }
    let What::Ended { run, ending } = &history.last()?.what else {
        return None;
    };
    if history.runs[*run].log.iter().any(|line| shows(line)) {
        return Some(format!("the log of run {run} shows a password"));
    }
    let said = match ending {
        Ending::Answered(report) => report.to_string(),
        Ending::Failed { message, .. } | Ending::Panicked(message) => message.clone(),
        Ending::Died(_) | Ending::TimedOut => return None,
    };
    shows(&said).then(|| format!("what run {run} ends with shows a password"))
}
