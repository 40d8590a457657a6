//! The kill matrix: run-job's real binary is killed at every message it sends to the database, its
//! connection is cut there, the server is restarted there, or fails over, and other triggers and
//! clients come in between. Once the run is over, what is there is what one uninterrupted run leaves.
//!
//! A sample of the cases is played; with `NIGHTSHIFT_MATRIX=all`, all of them.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "these are tests, helpers included"
)]

mod case;
mod load;
mod play;
mod stage;
mod subject;
mod subjects;
mod verdict;

use play::matrix;

#[tokio::test(flavor = "multi_thread")]
async fn a_purge_ends_as_one_that_nothing_befell() {
    matrix(subjects::purge).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purge_along_an_index_ends_as_one_that_nothing_befell() {
    matrix(subjects::purge_by_index).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purge_with_children_ends_as_one_that_nothing_befell() {
    matrix(subjects::purge_with_children).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_ends_as_one_that_nothing_befell() {
    matrix(subjects::archive).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn partitions_that_are_dropped_are_dropped_once() {
    matrix(subjects::drop_partitions).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn partitions_that_are_exchanged_are_all_in_the_archive() {
    matrix(subjects::exchange_partitions).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_may_be_lost_is_begun_once() {
    matrix(subjects::call).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_does_no_harm_twice_is_done_in_the_end() {
    matrix(subjects::call_again).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_takes_effect_exactly_once() {
    matrix(subjects::statement).await;
}
