//! Wiring: Lambda's events to `import_events::handle`.

fn main() {}
