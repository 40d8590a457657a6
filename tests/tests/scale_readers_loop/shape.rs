//! How the load goes.

/// One load, for a number of minutes.
pub struct Shape {
    /// What it is called.
    pub name: &'static str,
    /// How long it lasts.
    pub minutes: u32,
    /// The load in a minute: 100 keeps one reader's processors wholly busy.
    pub load: fn(u32) -> f64,
    /// How long RDS takes to create a reader, in minutes.
    pub creation: u32,
    /// Which creations fail, by number.
    pub fails: &'static [usize],
    /// When the writer and a reader change places.
    pub failover: Option<u32>,
}

const DAY: u32 = 24 * 60;

const fn of(name: &'static str, minutes: u32, load: fn(u32) -> f64) -> Shape {
    Shape {
        name,
        minutes,
        load,
        creation: 8,
        fails: &[],
        failover: None,
    }
}

/// All of them.
pub const SHAPES: &[Shape] = &[
    of("two days, quiet at night", 2 * DAY, daily),
    of("a step up and down", 8 * 60, step),
    of("a spike of ten minutes", 4 * 60, spike),
    of("a sawtooth about the threshold", 8 * 60, sawtooth),
    Shape {
        failover: Some(100),
        ..of("a failover in the middle of a step", 8 * 60, step)
    },
    Shape {
        creation: 12,
        ..of("a creation of 12 minutes", 8 * 60, step)
    },
    Shape {
        fails: &[0, 1],
        ..of("two creations that fail", 8 * 60, step)
    },
];

/// From a quarter of a reader at four in the morning to two and a half in the afternoon.
fn daily(minute: u32) -> f64 {
    let hour = f64::from(minute % DAY) / 60.0;
    let wave = (1.0 - ((hour - 4.0) / 24.0 * std::f64::consts::TAU).cos()) / 2.0;
    25.0 + 225.0 * wave
}

fn step(minute: u32) -> f64 {
    if (60..300).contains(&minute) {
        160.0
    } else {
        30.0
    }
}

fn spike(minute: u32) -> f64 {
    if (60..70).contains(&minute) {
        200.0
    } else {
        30.0
    }
}

/// Up and down within 20 minutes, about what one reader and its alarm can take.
fn sawtooth(minute: u32) -> f64 {
    45.0 + 3.0 * f64::from(minute % 20)
}
