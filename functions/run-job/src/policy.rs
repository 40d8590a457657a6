//! What a team wants of run-job: one job. `import-events` writes the same.

pub use jobs::Job as Policy;
