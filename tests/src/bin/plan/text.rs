//! The report as a person reads it on a terminal.

use std::fmt::Write;

use aurora_model::words::moment;
use serde_json::Value;

use crate::asked::Asked;

/// What is about to be asked, and of whom. `variable` is the environment.
pub(crate) fn before(asked: &Asked, variable: impl Fn(&str) -> Option<String>) -> String {
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    let region = variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION"));
    let credentials = match variable("AWS_ACCESS_KEY_ID") {
        Some(_) => "the credentials in the environment".to_owned(),
        None => match variable("AWS_PROFILE") {
            Some(profile) => format!("profile {profile}"),
            None => "the default credentials".to_owned(),
        },
    };
    let endpoint = variable("AWS_ENDPOINT_URL_RDS").or_else(|| variable("AWS_ENDPOINT_URL"));
    let mut text = format!(
        "{} in mode plan: it reads, changes nothing and sends no mail.\n\
         Asking {} with {credentials}",
        asked.function,
        region.unwrap_or_else(|| "the default region".into()),
    );
    if let Some(url) = endpoint {
        let _ = write!(text, " at {url}");
    }
    let _ = write!(
        text,
        "\nEvent {}, as if it came now, {}\n",
        asked.event,
        moment(asked.now)
    );
    text
}

/// The report: the headline, what is true of the run, and each decision with its reason. What
/// stays as it is, is counted unless `all`.
pub(crate) fn report(report: &Value, all: bool) -> String {
    let mut text = format!("{}\n", string(report, "headline"));
    for note in list(report, "notes") {
        if string(note, "text") != string(report, "headline") {
            let _ = writeln!(
                text,
                "\n{}: {}",
                string(note, "severity"),
                string(note, "text")
            );
        }
    }
    for breach in list(report, "breaches") {
        let (rail, cluster) = (string(breach, "rail"), string(breach, "cluster"));
        let about = if cluster.is_empty() {
            String::new()
        } else {
            format!(" for {cluster}")
        };
        let sentence = string(breach, "sentence");
        let _ = writeln!(text, "\nRefused by the rail {rail}{about}: {sentence}");
        let _ = writeln!(text, "To lift it: {}", string(breach, "lift"));
    }
    let rows = list(report, "rows");
    for cluster in clusters(rows) {
        let rows = rows
            .iter()
            .filter(|row| string(row, "cluster") == cluster)
            .collect::<Vec<_>>();
        text.push_str(&table(cluster, &rows, all));
    }
    if !all && rows.iter().any(stays) {
        text.push_str("\nALL=1 lists what stays as it is, with the reasons.\n");
    }
    let left_out = report["rows_left_out"].as_u64().unwrap_or_default();
    if left_out > 0 {
        let _ = writeln!(text, "\n{left_out} more rows are not shown.");
    }
    text
}

/// One cluster's rows under its name.
fn table(cluster: &str, rows: &[&Value], all: bool) -> String {
    let shown: Vec<[String; 3]> = rows
        .iter()
        .filter(|row| all || !stays(row))
        .map(|row| {
            let text = |field| string(row, field).to_owned();
            [word(row), text("subject"), text("reason")]
        })
        .collect();
    let widest = |column: usize| shown.iter().map(|row| row[column].len()).max();
    let [first, second] = [0, 1].map(|column| widest(column).unwrap_or_default());
    let mut text = format!("\n{cluster}\n");
    for [what, which, why] in &shown {
        let _ = writeln!(text, "  {what:first$}  {which:second$}  {why}");
    }
    let number = |verdict: &str| {
        let same = rows.iter().filter(|row| string(row, "verdict") == verdict);
        same.count()
    };
    let stay = [(number("keep"), "kept"), (number("leave"), "left alone")];
    let counted: Vec<String> = stay
        .iter()
        .filter(|(number, _)| !all && *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    if !counted.is_empty() {
        let _ = writeln!(text, "  {}", counted.join(", "));
    }
    text
}

fn stays(row: &Value) -> bool {
    ["keep", "leave"].contains(&string(row, "verdict"))
}

/// What becomes of the subject.
fn word(row: &Value) -> String {
    let action = string(row, "action");
    match (string(row, "verdict"), string(row, "outcome")) {
        ("act", "planned") => format!("would {action}"),
        ("act", "refused") => format!("refused to {action}"),
        ("act", other) => format!("{action}: {other}"),
        ("leave", _) => "leave alone".to_owned(),
        ("alert", _) => "needs a person".to_owned(),
        (verdict, _) => verdict.to_owned(),
    }
}

fn clusters(rows: &[Value]) -> Vec<&str> {
    let mut clusters: Vec<&str> = rows.iter().map(|row| string(row, "cluster")).collect();
    clusters.sort_unstable();
    clusters.dedup();
    clusters
}

fn string<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field].as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(cluster: &str, subject: &str, verdict: &str, outcome: &str) -> Value {
        json!({
            "cluster": cluster, "subject": subject, "verdict": verdict, "action": "delete",
            "outcome": outcome, "reason": "why",
        })
    }

    fn example() -> Value {
        json!({
            "headline": "a and b: would delete 1",
            "notes": [
                {"severity": "warning", "text": "The quota is nearly used up."},
                {"severity": "info", "text": "a and b: would delete 1"},
            ],
            "breaches": [
                {"rail": "min-keep", "cluster": "b", "sentence": "Too few.", "lift": "think."},
                {"rail": "max-deletes", "sentence": "Too many.", "lift": "read."},
            ],
            "rows": [
                row("b", "b-nightly-20260101", "act", "refused"),
                row("a", "a-1", "act", "planned"),
                row("a", "a", "wait", ""),
                row("a", "a-0", "alert", ""),
                row("a", "a-22", "keep", ""),
                row("b", "foreign", "leave", ""),
            ],
            "rows_left_out": 2,
        })
    }

    #[test]
    fn a_report_reads_from_the_news_to_the_details() {
        insta::assert_snapshot!(report(&example(), false), @r"
        a and b: would delete 1

        warning: The quota is nearly used up.

        Refused by the rail min-keep for b: Too few.
        To lift it: think.

        Refused by the rail max-deletes: Too many.
        To lift it: read.

        a
          would delete    a-1  why
          wait            a    why
          needs a person  a-0  why
          1 kept

        b
          refused to delete  b-nightly-20260101  why
          1 left alone

        ALL=1 lists what stays as it is, with the reasons.

        2 more rows are not shown.
        ");
    }

    #[test]
    fn all_of_it_has_a_row_for_what_stays() {
        let whole = report(&example(), true);
        let table = whole.rsplit("\n\n").nth(1).unwrap();
        insta::assert_snapshot!(table, @r"
        b
          refused to delete  b-nightly-20260101  why
          leave alone        foreign             why
        ");
    }

    #[test]
    fn before_the_answer_comes_it_says_whom_it_asks() {
        let asked = Asked {
            function: "take-snapshot".to_owned(),
            event: "events/take-snapshot/schedule.json".to_owned(),
            payload: Value::Null,
            now: jiff::Timestamp::UNIX_EPOCH,
            all: false,
        };
        let environment = |pairs: &'static [(&str, &str)]| {
            let text = before(&asked, |name| {
                let pair = pairs.iter().find(|(key, _)| *key == name);
                pair.map(|(_, value)| (*value).to_owned())
            });
            text.lines().nth(1).unwrap().to_owned()
        };
        insta::assert_snapshot!(environment(&[]), @"Asking the default region with the default credentials");
        insta::assert_snapshot!(environment(&[("AWS_REGION", "eu-central-1"), ("AWS_PROFILE", "production")]), @"Asking eu-central-1 with profile production");
        insta::assert_snapshot!(environment(&[
            ("AWS_DEFAULT_REGION", "eu-west-1"),
            ("AWS_ACCESS_KEY_ID", "AKIA"),
            ("AWS_PROFILE", ""),
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:4566"),
        ]), @"Asking eu-west-1 with the credentials in the environment at http://127.0.0.1:4566");
    }
}
