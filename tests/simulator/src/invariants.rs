//! What must hold after every step, whatever happens.
//!
//! Each invariant is a function of the [`History`] that looks at its last step, and says what is
//! wrong, if something is. What they know of retention, names and mails they know by themselves
//! ([`oracle`]), not from the functions.

mod again;
mod calls;
mod converges;
mod doors;
mod hidden;
mod imports;
mod inbox;
mod instances;
mod jobs;
mod obeys;
pub mod oracle;
mod process;
mod readers;
mod remedies;
mod report;
mod rotations;
mod snapshots;

use crate::history::History;

/// Something that must always hold.
#[derive(Clone, Copy, Debug)]
pub struct Invariant {
    /// Its name.
    pub name: &'static str,
    /// What it promises, as people want to read it.
    pub promise: &'static str,
    /// What is wrong after the last step, if something is.
    pub broken: fn(&History) -> Option<String>,
}

/// An invariant that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which one.
    pub invariant: &'static str,
    /// What it promises.
    pub promise: &'static str,
    /// What is wrong.
    pub what: String,
}

macro_rules! invariants {
    ($($module:ident::$name:ident: $promise:literal,)*) => {
        /// All of them.
        pub const INVARIANTS: &[Invariant] = &[$(Invariant {
            name: stringify!($name),
            promise: $promise,
            broken: $module::$name,
        }),*];
    };
}

invariants! {
    snapshots::nothing_unmanaged_is_deleted:
        "Nothing is deleted that Nightshift did not make for this schedule, or that is held.",
    snapshots::what_is_made_is_marked:
        "Whatever Nightshift makes carries the tags by which it is known as Nightshift's.",
    snapshots::the_newest_good_snapshot_survives:
        "The newest good snapshot of a cluster is never deleted, nor the newest one that passed a restore drill.",
    snapshots::the_floor_survives:
        "No cluster is left with fewer good snapshots than min_keep.",
    snapshots::what_a_rule_keeps_survives:
        "No snapshot is deleted that a retention rule keeps.",
    snapshots::one_snapshot_for_a_night:
        "However often a trigger comes and whatever is cut off, a night has one snapshot of a cluster.",
    snapshots::no_run_deletes_more_than_allowed:
        "No run deletes more snapshots than max_deletes.",
    snapshots::no_run_deletes_a_larger_share:
        "No run deletes a larger share of a cluster's good snapshots than max_delete_percent.",
    snapshots::nothing_is_pruned_while_backups_are_broken:
        "While the newest good snapshot of a cluster is older than rpo, nothing of it is deleted.",
    again::a_failed_snapshot_is_taken_again:
        "A snapshot that failed at RDS is taken again by the next tick, under another name.",
    instances::the_writer_survives:
        "No writer is ever deleted, nor an instance that Nightshift did not make.",
    instances::the_last_reader_survives:
        "The last reader of a cluster is never deleted.",
    instances::readers_stay_within_max:
        "No cluster gets more readers than the policy for its readers allows; where no policy names readers, none is added.",
    obeys::an_expired_trigger_changes_nothing:
        "A trigger older than expire_after changes nothing.",
    obeys::plan_changes_nothing:
        "In mode plan nothing is changed.",
    rotations::a_success_is_mailed_once:
        "A rotation is called a success in one mail.",
    report::a_report_tells_what_happened:
        "What a report or a mail says was done was done, and what was done is said.",
    report::partial_is_no_success:
        "A run is called a success only if every part of it is.",
    inbox::what_needs_a_person_is_mailed:
        "What needs a person reaches the inbox, or the dead-letter queue whose alarm rings.",
    inbox::it_is_mailed_once:
        "It is mailed once, unless SNS's answer was lost or the process died.",
    inbox::a_night_without_a_snapshot_is_told:
        "A night after which a cluster has no snapshot does not pass in silence.",
    inbox::a_deletion_by_hand_is_told:
        "When somebody else deletes a snapshot of Nightshift's, the team hears of it.",
    calls::calls_are_bounded:
        "The number of API calls is bounded by what there is to read and to do.",
    process::no_run_panics:
        "No run panics.",
    process::no_run_is_ended_by_lambda:
        "A run ends by itself before its time is up.",
    process::a_run_says_once_how_it_ended:
        "A run says once in the log how it ended, and every line of the log is JSON.",
    doors::the_label_moves_only_to_what_opens:
        "AWSCURRENT moves once in a rotation, to a version that is still AWSPENDING and logs in on the writer.",
    doors::the_only_key_keeps_its_label:
        "AWSPENDING is not taken off the version that opens the writer while AWSCURRENT does not.",
    doors::a_clone_may_do_what_its_original_may:
        "When a clone becomes current, it is and may exactly what its original is and may.",
    doors::the_current_credential_opens_the_door:
        "The credential under AWSCURRENT logs in on the writer and on every reader, at every moment, unless a person has shut the door.",
    doors::a_recent_password_still_opens:
        "A password that was AWSCURRENT less than settle ago still opens the door.",
    doors::an_old_password_keeps_its_grace:
        "An old password opens the door until its grace is over, and while a rotation is under way.",
    doors::no_unknown_password_is_killed:
        "A password that somebody set by hand stays, unless the policy says otherwise.",
    hidden::no_password_is_shown:
        "No password is in a log line, an answer or a mail.",
    rotations::the_end_of_a_rotation_is_mailed:
        "A rotation that is finished, or that needs a person, is mailed.",
    doors::no_rotation_stays_stuck:
        "Once nothing fails any more, no version stays AWSPENDING unless a person was told.",
    doors::an_old_password_ends:
        "Once nothing fails any more, an old password is discarded after its grace.",
    doors::the_door_is_open_in_the_end:
        "Once nothing fails any more, the credential under AWSCURRENT logs in, unless a person was told.",
    jobs::only_what_the_policy_names_goes:
        "No row goes that a job's policy does not name.",
    jobs::steps_are_small:
        "No step takes more rows away than the policy's most.",
    jobs::the_ledger_counts_what_went:
        "The ledger's sums are those of the rows that went, after each step.",
    jobs::what_went_is_in_the_archive:
        "A row that an archive or an exchange takes away is kept as it was.",
    jobs::work_is_not_done_twice:
        "A statement takes effect once in a run, and a call is not made again while nobody knows what became of it.",
    jobs::a_paused_job_rests:
        "A paused job does nothing.",
    jobs::a_job_keeps_to_its_window:
        "A job works in its window only.",
    jobs::a_job_rests_while_its_event_is_enabled:
        "A job does not run while the EVENT it takes the place of is enabled.",
    jobs::a_run_is_told_once:
        "A run that ended well is told once.",
    jobs::the_end_of_a_run_is_told:
        "The end of a run is told, unless it had nothing to do.",
    jobs::no_old_row_stays:
        "Once nothing fails any more, no row stays that a job's policy does not keep.",
    jobs::partitions_are_as_the_policy_says:
        "Once nothing fails any more, there are as many partitions as the policy says.",
    imports::nobody_runs_it_is_told:
        "Whenever import-events ends and leaves an EVENT and its schedule both disabled, it says that something is left to do.",
    imports::what_a_move_reports_is_so:
        "After a cut-over that is reported as done the EVENT is disabled and its job is scheduled; after a roll-back it is the other way round.",
    imports::never_both:
        "import-events enables no schedule while the EVENT is enabled or being executed, and no EVENT while its job is scheduled.",
    imports::a_look_changes_nothing:
        "The actions plan and status change nothing.",
    imports::one_side_runs_it_in_the_end:
        "Once nothing fails any more, either the EVENT is enabled or its job is scheduled, unless a person was told.",
    readers::nothing_flaps:
        "No more readers come and go within an hour than flap_limit allows.",
    readers::the_floor_of_readers_survives:
        "No reader that serves is deleted where the policy's min would be undercut.",
    readers::a_busy_cluster_keeps_its_readers:
        "No reader that serves is deleted, by a run that knew of it, while an alarm asks for more.",
    readers::a_lasting_trouble_is_told_once:
        "What a run knew that the team had been told of a cluster's readers is not mailed again, but by the daily look.",
    readers::there_are_enough_in_the_end:
        "Once nothing fails any more, each cluster has at least min readers.",
    remedies::only_culprits_are_ended:
        "Nobody is ended whom no rule of the policy means, or who is protected: at that moment, still the same connection and statement.",
    remedies::no_run_ends_more_than_max_kills:
        "No run ends more sessions and statements than max_kills.",
    remedies::a_cooldown_is_kept:
        "No run ends anything within the cooldown after the last one that did, as far as it could know of it.",
    remedies::an_end_is_noted_first:
        "What a run ends it has noted before, so that the next keeps the cooldown whatever becomes of this one.",
    remedies::a_reader_is_asked_for_as_allowed:
        "A reader is asked for only by a policy that says so, for the troubles it names, and once while that is heeded.",
    remedies::nothing_is_done_while_nothing_rings:
        "Nothing is ended, and no reader asked for, while no alarm about the cluster rings, as far as the run could know.",
    remedies::an_episode_is_told_once:
        "What a run knew that the team had been told is not told again, nor what is back within quiet.",
    remedies::an_end_is_no_guess:
        "Of an episode's alarms that have no data none is said to be well, and none that has is said to have none.",
    remedies::an_episode_is_told:
        "An alarm about the cluster that rings for long is told of, and so is that nothing rings any more.",
    remedies::culprits_are_gone_in_the_end:
        "Once nothing fails any more, long culprits that the policy means are ended while an alarm rings.",
    converges::every_cluster_has_its_snapshot:
        "Once nothing fails any more, every cluster that can have tonight's snapshot has it.",
    converges::nothing_is_left_to_prune:
        "Once nothing fails any more, exactly what the rules keep is left, unless a rail forbids it.",
}

/// The first that does not hold after the last step.
#[must_use]
pub fn broken(history: &History) -> Option<Violation> {
    INVARIANTS.iter().find_map(|invariant| {
        let Invariant {
            name,
            promise,
            broken,
        } = invariant;
        let what = broken(history)?;
        Some(Violation {
            invariant: name,
            promise,
            what,
        })
    })
}
