//! A process that dies at an await.

use std::{
    any::Any,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::{Sleep, sleep};

/// How a process ended.
#[derive(Debug)]
pub enum End<T> {
    /// It answered.
    Answered(T),
    /// It died at this await.
    Died(u32),
    /// Lambda ended it.
    TimedOut,
    /// It panicked, with this message. Lambda goes on with the same process.
    Panicked(String),
}

/// A process: its work, the await it dies at, and when Lambda ends it.
pub struct Mortal<F> {
    work: Option<Pin<Box<F>>>,
    dies_at: Option<u32>,
    awaits: u32,
    ends: Pin<Box<Sleep>>,
}

impl<F: Future> Mortal<F> {
    /// `work`, which dies at its await number `dies_at`, and is ended after `limit`.
    pub fn new(work: F, dies_at: Option<u32>, limit: Duration) -> Self {
        Self {
            work: Some(Box::pin(work)),
            dies_at,
            awaits: 0,
            ends: Box::pin(sleep(limit)),
        }
    }

    fn end<T>(&mut self, end: End<T>) -> Poll<End<T>> {
        // Dead is dead: what it held is gone at once.
        self.work = None;
        Poll::Ready(end)
    }
}

impl<F: Future> Future for Mortal<F> {
    type Output = End<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.dies_at.is_some_and(|at| self.awaits >= at) {
            let at = self.awaits;
            return self.end(End::Died(at));
        }
        self.awaits += 1;
        let Some(work) = self.work.as_mut() else {
            return Poll::Pending;
        };
        match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
            Ok(Poll::Ready(answer)) => return self.end(End::Answered(answer)),
            Ok(Poll::Pending) => {}
            Err(panic) => return self.end(End::Panicked(message(&*panic))),
        }
        match self.ends.as_mut().poll(cx) {
            Poll::Ready(()) => self.end(End::TimedOut),
            Poll::Pending => Poll::Pending,
        }
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default()
}
