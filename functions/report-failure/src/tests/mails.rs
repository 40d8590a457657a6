//! What the team reads: the subject and the mail of each record.

use super::{event, read};

#[test]
fn a_time_out() {
    insta::assert_snapshot!(read(&event("timed-out")), @r"
    [ACT] nightshift-take-snapshot timed out after 60 s (3 tries)

    nightshift-take-snapshot timed out after 60 s (3 tries). A person must act.

    It was woken by the schedule nightshift-take-snapshot for 2026-11-21 02:00 UTC, to take the nightly snapshots of the clusters tagged nightshift:snapshot=nightly.

    Lambda cut its last try off after 60 s: that is its time-out. Part of its work may be done. That is safe: another run finds it and does only the rest.

    What to do: see in the log what it waited for. If it only had too much to do, raise TimeoutSeconds in its stack.

    The next run of its schedule, whenever that is, tries again by itself.

    To run it again for the same trigger (once that is too old, the run does nothing and says so): aws lambda invoke --region eu-central-1 --function-name nightshift-take-snapshot --invocation-type Event --cli-binary-format base64 --payload <base64> /dev/null

    Function: nightshift-take-snapshot in eu-central-1
    Woken by: schedule nightshift-take-snapshot, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-take-snapshot, request e4b46cbf-b738-4f0a-8880-a18cdf61200e
    Told by: nightshift-report-failure, request 7d3c1b52-0a0e-4a63-9f0e-2f1d3c5b7a99
    ");
}

#[test]
fn a_kill_from_outside() {
    insta::assert_snapshot!(read(&event("killed")), @r"
    [ACT] nightshift-take-snapshot crashed, signal: killed (3 tries)

    nightshift-take-snapshot crashed, signal: killed (3 tries). A person must act.

    It was woken by the schedule nightshift-take-snapshot for 2026-11-21 02:00 UTC, to take the nightly snapshots of the clusters tagged nightshift:snapshot=nightly.

    Its last try was killed from outside. Mostly that means that its memory was used up. Part of its work may be done. That is safe: another run finds it and does only the rest.

    What to do: see the memory it used in the log's REPORT line, and raise MemorySize in its stack.

    The next run of its schedule, whenever that is, tries again by itself.

    To run it again for the same trigger (once that is too old, the run does nothing and says so): aws lambda invoke --region eu-central-1 --function-name nightshift-take-snapshot --invocation-type Event --cli-binary-format base64 --payload <base64> /dev/null

    Function: nightshift-take-snapshot in eu-central-1
    Woken by: schedule nightshift-take-snapshot, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-take-snapshot, request e4b46cbf-b738-4f0a-8880-a18cdf61200e
    Told by: nightshift-report-failure, request 7d3c1b52-0a0e-4a63-9f0e-2f1d3c5b7a99
    ");
}

#[test]
fn a_crash() {
    insta::assert_snapshot!(read(&event("crashed")), @r"
    [ACT] nightshift-take-snapshot crashed, exit status 101 (3 tries)

    nightshift-take-snapshot crashed, exit status 101 (3 tries). A person must act.

    It was woken by the schedule nightshift-take-snapshot for 2026-11-21 02:00 UTC, to take the nightly snapshots of the clusters tagged nightshift:snapshot=nightly.

    Its last try ended in the middle of its work. Part of its work may be done. That is safe: another run finds it and does only the rest.

    What to do: see its last lines in the log.

    The next run of its schedule, whenever that is, tries again by itself.

    To run it again for the same trigger (once that is too old, the run does nothing and says so): aws lambda invoke --region eu-central-1 --function-name nightshift-take-snapshot --invocation-type Event --cli-binary-format base64 --payload <base64> /dev/null

    Function: nightshift-take-snapshot in eu-central-1
    Woken by: schedule nightshift-take-snapshot, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-take-snapshot, request e4b46cbf-b738-4f0a-8880-a18cdf61200e
    Told by: nightshift-report-failure, request 7d3c1b52-0a0e-4a63-9f0e-2f1d3c5b7a99
    ");
}

#[test]
fn a_panic() {
    insta::assert_snapshot!(read(&event("panicked")), @r"
    [ACT] nightshift-take-snapshot failed (3 tries): Lambda panicked: index out of bounds: the len i...

    nightshift-take-snapshot failed (3 tries): Lambda panicked: index out of bounds: the len is 3 but the index is 3. A person must act.

    It was woken by the schedule nightshift-take-snapshot for 2026-11-21 02:00 UTC, to take the nightly snapshots of the clusters tagged nightshift:snapshot=nightly.

    Its last try met a bug in the function. Running it twice is always safe: what is done is found and not done again.

    What to do: see its last lines in the log.

    The next run of its schedule, whenever that is, tries again by itself.

    To run it again for the same trigger (once that is too old, the run does nothing and says so): aws lambda invoke --region eu-central-1 --function-name nightshift-take-snapshot --invocation-type Event --cli-binary-format base64 --payload <base64> /dev/null

    Function: nightshift-take-snapshot in eu-central-1
    Woken by: schedule nightshift-take-snapshot, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-take-snapshot, request e4b46cbf-b738-4f0a-8880-a18cdf61200e
    Told by: nightshift-report-failure, request 7d3c1b52-0a0e-4a63-9f0e-2f1d3c5b7a99
    ");
}

#[test]
fn memory_used_up() {
    insta::assert_snapshot!(read(&event("out-of-memory")), @r"
    [ACT] nightshift-prune-snapshots ran out of memory (3 tries)

    nightshift-prune-snapshots ran out of memory (3 tries). A person must act.

    It was woken by the schedule nightshift-prune-snapshots for 2026-11-21 04:00 UTC, to delete the nightly snapshots of the clusters tech-n-ai-aurora-cluster and billing that no rule of its policy keeps.

    Its last try used up its memory, and Lambda killed it. Part of its work may be done. That is safe: another run finds it and does only the rest.

    What to do: raise MemorySize in its stack.

    The next run of its schedule, whenever that is, tries again by itself.

    To run it again for the same trigger (once that is too old, the run does nothing and says so): aws lambda invoke --region eu-central-1 --function-name nightshift-prune-snapshots --invocation-type Event --cli-binary-format base64 --payload <base64> /dev/null

    Function: nightshift-prune-snapshots in eu-central-1
    Woken by: schedule nightshift-prune-snapshots, 2026-11-21 04:00 UTC
    Log: /aws/lambda/nightshift-prune-snapshots, request e4b46cbf-b738-4f0a-8880-a18cdf61200e
    Told by: nightshift-report-failure, request 7d3c1b52-0a0e-4a63-9f0e-2f1d3c5b7a99
    ");
}

#[test]
fn a_policy_that_cannot_be_followed() {
    insta::assert_snapshot!(read(&event("failed-for-good")), @r#"
    [ACT] nightshift-prune-snapshots failed (3 tries): policy.keep: expected at least one rule such...

    nightshift-prune-snapshots failed (3 tries): policy.keep: expected at least one rule such as "daily": 7, got none: every snapshot would be deleted. Correct the policy; nothing was touched. A person must act.

    It was woken by the schedule nightshift-prune-snapshots for 2026-11-21 04:00 UTC, to delete the nightly snapshots of the clusters tagged nightshift:snapshot=nightly that no rule of its policy keeps.

    It ended with an error that trying again does not cure. Running it twice is always safe: what is done is found and not done again.

    What to do: correct what the error names. To try it before you deploy it: make plan FUNCTION=prune-snapshots EVENT=<file>.

    Until then, every run of it ends the same way.

    Function: nightshift-prune-snapshots in eu-central-1
    Woken by: schedule nightshift-prune-snapshots, 2026-11-21 04:00 UTC
    Log: /aws/lambda/nightshift-prune-snapshots, request e4b46cbf-b738-4f0a-8880-a18cdf61200e
    Told by: nightshift-report-failure, request 7d3c1b52-0a0e-4a63-9f0e-2f1d3c5b7a99
    "#);
}

#[test]
fn a_role_that_lacks_a_permission() {
    insta::assert_snapshot!(read(&event("not-allowed")), @r"
    [ACT] nightshift-take-snapshot failed (3 tries): reading the clusters: DescribeDBClusters of all...

    nightshift-take-snapshot failed (3 tries): reading the clusters: DescribeDBClusters of all clusters: not allowed (User: arn:aws:sts::123456789012:assumed-role/nightshift-take-snapshot/nightshift-take-snapshot is not authorized to perform: rds:DescribeDBClusters); allow the call in the function's role. Nothing was touched. A person must act.

    It was woken by the schedule nightshift-take-snapshot for 2026-11-21 02:00 UTC, to take the nightly snapshots of the clusters tagged nightshift:snapshot=nightly.

    It ended with an error that trying again does not cure. Running it twice is always safe: what is done is found and not done again.

    What to do: correct what the error names. To try it before you deploy it: make plan FUNCTION=take-snapshot EVENT=<file>.

    Until then, every run of it ends the same way.

    To run it again for the same trigger (once that is too old, the run does nothing and says so): aws lambda invoke --region eu-central-1 --function-name nightshift-take-snapshot --invocation-type Event --cli-binary-format base64 --payload <base64> /dev/null

    Function: nightshift-take-snapshot in eu-central-1
    Woken by: schedule nightshift-take-snapshot, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-take-snapshot, request e4b46cbf-b738-4f0a-8880-a18cdf61200e
    Told by: nightshift-report-failure, request 7d3c1b52-0a0e-4a63-9f0e-2f1d3c5b7a99
    ");
}

#[test]
fn an_error_that_retries_did_not_cure() {
    insta::assert_snapshot!(read(&event("failed-again")), @r"
    [ACT] nightshift-take-snapshot failed (3 tries): billing and orders: failed to create 1, created...

    nightshift-take-snapshot failed (3 tries): billing and orders: failed to create 1, created 1. First failure: CreateDBClusterSnapshot of orders-nightly-20261121: throttled (Throttling); the next run tries again. A person must act.

    It was woken by the schedule nightshift-take-snapshot for 2026-11-21 02:00 UTC, to take the nightly snapshots of the clusters tagged nightshift:snapshot=nightly.

    It ended with an error that trying again often cures, but not this time. Running it twice is always safe: what is done is found and not done again.

    What to do: see whether AWS or the network has trouble, then run it again or leave it to its schedule.

    The next run of its schedule, whenever that is, tries again by itself.

    To run it again for the same trigger (once that is too old, the run does nothing and says so): aws lambda invoke --region eu-central-1 --function-name nightshift-take-snapshot --invocation-type Event --cli-binary-format base64 --payload <base64> /dev/null

    Function: nightshift-take-snapshot in eu-central-1
    Woken by: schedule nightshift-take-snapshot, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-take-snapshot, request e4b46cbf-b738-4f0a-8880-a18cdf61200e
    Told by: nightshift-report-failure, request 7d3c1b52-0a0e-4a63-9f0e-2f1d3c5b7a99
    ");
}

#[test]
fn an_event_that_grew_too_old_after_a_try() {
    insta::assert_snapshot!(read(&event("too-old")), @r"
    [ACT] nightshift-take-snapshot timed out after 300 s (1 try, then too old)

    nightshift-take-snapshot timed out after 300 s (1 try, then too old). A person must act.

    It was woken by the schedule nightshift-take-snapshot for 2026-11-21 02:00 UTC, to take the nightly snapshots of the clusters tagged nightshift:snapshot=nightly.

    Lambda cut its last try off after 300 s: that is its time-out. Part of its work may be done. That is safe: another run finds it and does only the rest.

    What to do: see in the log what it waited for. If it only had too much to do, raise TimeoutSeconds in its stack.

    The next run of its schedule, whenever that is, tries again by itself.

    To run it again for the same trigger (once that is too old, the run does nothing and says so): aws lambda invoke --region eu-central-1 --function-name nightshift-take-snapshot --invocation-type Event --cli-binary-format base64 --payload <base64> /dev/null

    Function: nightshift-take-snapshot in eu-central-1
    Woken by: schedule nightshift-take-snapshot, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-take-snapshot, request e4b46cbf-b738-4f0a-8880-a18cdf61200e
    Told by: nightshift-report-failure, request 7d3c1b52-0a0e-4a63-9f0e-2f1d3c5b7a99
    ");
}

#[test]
fn an_event_that_could_not_be_started() {
    insta::assert_snapshot!(read(&event("throttled")), @r"
    [ACT] nightshift-take-snapshot was not started: it was throttled until the event was too old

    nightshift-take-snapshot was not started: it was throttled until the event was too old. A person must act.

    It was woken by the schedule nightshift-take-snapshot for 2026-11-21 02:00 UTC, to take the nightly snapshots of the clusters tagged nightshift:snapshot=nightly.

    Lambda could not start it: a run of it was still going, or the account's concurrency was used up. Nothing was done.

    What to do: see whether a run of it hangs, and whether other functions use up the account's concurrency.

    The next run of its schedule, whenever that is, tries again by itself.

    To run it again for the same trigger (once that is too old, the run does nothing and says so): aws lambda invoke --region eu-central-1 --function-name nightshift-take-snapshot --invocation-type Event --cli-binary-format base64 --payload <base64> /dev/null

    Function: nightshift-take-snapshot in eu-central-1
    Woken by: schedule nightshift-take-snapshot, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-take-snapshot, request e4b46cbf-b738-4f0a-8880-a18cdf61200e
    Told by: nightshift-report-failure, request 7d3c1b52-0a0e-4a63-9f0e-2f1d3c5b7a99
    ");
}

#[test]
fn a_function_without_concurrency() {
    insta::assert_snapshot!(read(&event("switched-off")), @r"
    [ACT] nightshift-take-snapshot is switched off

    nightshift-take-snapshot is switched off. A person must act.

    It was woken by the schedule nightshift-take-snapshot for 2026-11-21 02:00 UTC, to take the nightly snapshots of the clusters tagged nightshift:snapshot=nightly.

    Its reserved concurrency is 0: no run of it starts. Nothing was done.

    What to do: if that is not meant, set its reserved concurrency to what its stack says.

    Until then, no run of it starts.

    Function: nightshift-take-snapshot in eu-central-1
    Woken by: schedule nightshift-take-snapshot, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-take-snapshot, request e4b46cbf-b738-4f0a-8880-a18cdf61200e
    Told by: nightshift-report-failure, request 7d3c1b52-0a0e-4a63-9f0e-2f1d3c5b7a99
    ");
}

#[test]
fn a_run_that_an_event_woke() {
    insta::assert_snapshot!(read(&event("rds-event")), @r#"
    [ACT] nightshift-take-snapshot failed (3 tries): reading the snapshot: DescribeDBClusterSnapshot...

    nightshift-take-snapshot failed (3 tries): reading the snapshot: DescribeDBClusterSnapshots of orders-nightly-20261121: no proper answer (HTTP 503 ServiceUnavailable). Nothing was touched. A person must act.

    It was woken by RDS about orders-nightly-20261121 at 2026-11-21 02:09 UTC ("Manual cluster snapshot created"), to see whether a snapshot succeeded, failed or was deleted.

    It ended with an error that trying again often cures, but not this time. Running it twice is always safe: what is done is found and not done again.

    What to do: see whether AWS or the network has trouble, then run it again or leave it to its schedule.

    This event does not come again. Where the function has a schedule, its next run looks again.

    To run it again for the same trigger (once that is too old, the run does nothing and says so): aws lambda invoke --region eu-central-1 --function-name nightshift-take-snapshot --invocation-type Event --cli-binary-format base64 --payload <base64> /dev/null

    Function: nightshift-take-snapshot in eu-central-1
    Woken by: rds-event 844e2571-85d4-695f-b930-0153b71dcb42, 2026-11-21 02:09 UTC
    Log: /aws/lambda/nightshift-take-snapshot, request e4b46cbf-b738-4f0a-8880-a18cdf61200e
    Told by: nightshift-report-failure, request 7d3c1b52-0a0e-4a63-9f0e-2f1d3c5b7a99
    "#);
}
