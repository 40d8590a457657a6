use super::*;

const HOUR_MS: u64 = 3_600_000;
/// 2026-11-21T02:00:00Z.
const NOW_MS: u64 = 1_795_226_400_000;

#[tokio::test(start_paused = true)]
async fn a_margin_is_kept_back_and_of_a_short_time_a_quarter() {
    assert_eq!(
        Deadline::in_(Duration::from_mins(5)).left(),
        Duration::from_secs(292)
    );
    assert_eq!(
        Deadline::in_(Duration::from_secs(32)).left(),
        Duration::from_secs(24)
    );
    assert_eq!(
        Deadline::in_(Duration::from_secs(4)).left(),
        Duration::from_secs(3)
    );
    assert_eq!(Deadline::in_(Duration::ZERO).left(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn it_comes_nearer() {
    let deadline = Deadline::in_(Duration::from_mins(1));
    assert!(deadline.has(Duration::from_secs(51)));
    tokio::time::advance(Duration::from_secs(50)).await;
    assert!(deadline.has(Duration::from_secs(1)) && !deadline.has(Duration::from_secs(2)));
    tokio::time::advance(Duration::from_secs(50)).await;
    assert_eq!(deadline.left(), Duration::ZERO);
    assert!(!deadline.has(Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn lambda_gives_a_moment_and_local_runtimes_one_in_1970() {
    let left = |end_ms| Deadline::of_lambda(NOW_MS, end_ms).left();
    assert_eq!(left(NOW_MS + 60_000), Duration::from_secs(52));
    assert_eq!(left(NOW_MS - 1), Duration::ZERO);
    let longest = Duration::from_secs(15 * 60 - 8);
    assert_eq!(left(60_000), longest);
    assert_eq!(left(NOW_MS + 24 * HOUR_MS), longest);
}

#[tokio::test(start_paused = true)]
async fn work_is_cut_off_and_the_report_has_the_margin() {
    let deadline = Deadline::in_(Duration::from_mins(1));
    let began = Instant::now();
    let hangs = std::future::pending::<()>;
    assert_eq!(deadline.within(hangs()).await, Err(DeadlineExceeded));
    assert_eq!(began.elapsed(), Duration::from_secs(52));
    assert_eq!(deadline.within_margin(async { 7 }).await, Ok(7));
    assert_eq!(deadline.within_margin(hangs()).await, Err(DeadlineExceeded));
    assert_eq!(began.elapsed(), Duration::from_millis(59_500));
}
