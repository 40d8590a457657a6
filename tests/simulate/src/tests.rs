//! The simulator itself: that it repeats, that it finds, that it makes short.

use handler::{Error, Event, Surroundings};
use simulator::{Answering, FUNCTIONS, Function, Sandbox, Script, play, shrink::shrink, trace};

use crate::functions;

fn real() -> Vec<Box<dyn Function>> {
    functions::all()
}

fn refs(functions: &[Box<dyn Function>]) -> Vec<&dyn Function> {
    functions.iter().map(AsRef::as_ref).collect()
}

#[test]
fn every_function_the_scripts_name_is_run() {
    let names: Vec<&str> = real().iter().map(|function| function.name()).collect();
    assert_eq!(names, FUNCTIONS);
}

#[test]
fn the_same_seed_gives_the_same_steps() {
    let functions = real();
    for focus in FUNCTIONS {
        let once = || trace::of(&play(Script::of(3, focus), &refs(&functions)).history);
        let (first, second) = (once(), once());
        assert!(first.lines().count() > 50, "{first}");
        assert_eq!(first, second);
        let other = trace::of(&play(Script::of(4, focus), &refs(&functions)).history);
        assert_ne!(first, other);
    }
}

/// take-snapshot that panics whenever a tick wakes it.
struct Panicking(Box<dyn Function>);
struct PanickingSandbox(Box<dyn Sandbox>);

impl Function for Panicking {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn start(&self, surroundings: Surroundings<'_>) -> Result<Box<dyn Sandbox>, Error> {
        Ok(Box::new(PanickingSandbox(self.0.start(surroundings)?)))
    }
}

impl Sandbox for PanickingSandbox {
    fn answer(&self, event: Event) -> Answering<'_> {
        assert!(event.payload["tick"] != true, "a tick");
        self.0.answer(event)
    }
}

#[test]
fn a_defect_is_found_and_its_script_made_as_short_as_can_be() {
    let mut functions = real();
    let take = functions.remove(0);
    functions.insert(0, Box::new(Panicking(take)));
    let script = Script::of(1, FUNCTIONS[0]);
    let triggers = script.deliveries.len();
    let shrunk = shrink(script, 200, &refs(&functions)).expect("ticks come every night");
    let violation = shrunk.played.violation.as_ref().unwrap();
    assert_eq!(violation.invariant, "no_run_panics");
    assert!(violation.what.ends_with("a tick"), "{violation:?}");
    let left = &shrunk.script;
    assert!(triggers > 5, "{triggers}");
    assert_eq!(left.deliveries.len(), 1);
    assert_eq!(
        (left.snapshots.len(), left.acts.len(), left.deaths.len()),
        (0, 0, 0)
    );
}
