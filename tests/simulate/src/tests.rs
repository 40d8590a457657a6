//! The simulator itself: that it repeats, that it finds, that it makes short.

use std::thread;

use handler::{Error, Event, Surroundings};
use simulator::{
    Answering, FUNCTIONS, Function, Sandbox, Script, database::Databases, play, search::STACK,
    shrink::shrink, trace,
};

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

/// What happens in this seed's script, on a thread that has the room for it.
fn played(seed: u64, focus: &'static str) -> String {
    let play = move || {
        let functions = real();
        trace::of(&play(Script::of(seed, focus), &refs(&functions)).history)
    };
    let roomy = thread::Builder::new().stack_size(STACK);
    roomy.spawn(play).unwrap().join().unwrap()
}

#[test]
fn the_same_seed_gives_the_same_steps() {
    for focus in FUNCTIONS {
        let (first, second) = (played(3, focus), played(3, focus));
        assert!(first.lines().count() > 50, "{first}");
        assert_eq!(first, second);
        assert_ne!(first, played(4, focus));
    }
}

/// take-snapshot that panics whenever a tick wakes it.
struct Panicking(Box<dyn Function>);
struct PanickingSandbox(Box<dyn Sandbox>);

impl Function for Panicking {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn start(
        &self,
        surroundings: Surroundings<'_>,
        databases: Databases,
    ) -> Result<Box<dyn Sandbox>, Error> {
        let sandbox = self.0.start(surroundings, databases)?;
        Ok(Box::new(PanickingSandbox(sandbox)))
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
