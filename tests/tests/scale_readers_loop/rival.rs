//! The other controllers.

use super::{MAX, MIN, TARGET, drive::Run, shape::Shape};

/// Target tracking of Application Auto Scaling: more after three minutes above the target, fewer after
/// fifteen below nine tenths of it, 300 s of cooldown either way, as many at once as the load asks for,
/// and nothing while a reader is being created.
/// <https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html>
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Integrating.AutoScaling.html>
pub fn target_tracking(shape: &Shape) -> Run {
    let mut state = Tracking::default();
    let mut run = Run::default();
    for minute in 0..shape.minutes {
        state.arrive(minute, shape);
        let load = (shape.load)(minute);
        let cpu = (load / f64::from(state.serving)).min(100.0);
        run.see(load, cpu, usize::try_from(state.serving).unwrap());
        state.act(minute, cpu);
    }
    run
}

struct Tracking {
    serving: u32,
    /// When those that are being created are there.
    coming: Vec<u32>,
    created: usize,
    above: u32,
    below: u32,
    rest_until: u32,
}

impl Default for Tracking {
    fn default() -> Self {
        Self {
            serving: 1,
            coming: Vec::new(),
            created: 0,
            above: 0,
            below: 0,
            rest_until: 0,
        }
    }
}

impl Tracking {
    fn arrive(&mut self, minute: u32, shape: &Shape) {
        let there = self.coming.iter().filter(|at| **at <= minute).count();
        self.coming.retain(|at| *at > minute);
        for _ in 0..there {
            let number = self.created;
            self.created += 1;
            self.serving += u32::from(!shape.fails.contains(&number));
        }
        for at in &mut self.coming {
            // One that has just been asked for: it is there after its time.
            if *at == u32::MAX {
                *at = minute - 1 + shape.creation;
            }
        }
    }

    fn act(&mut self, minute: u32, cpu: f64) {
        self.above = if cpu > TARGET { self.above + 1 } else { 0 };
        self.below = if cpu < TARGET * 0.9 {
            self.below + 1
        } else {
            0
        };
        if !self.coming.is_empty() || minute < self.rest_until {
            return;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few readers"
        )]
        let wanted = (f64::from(self.serving) * cpu / TARGET).ceil() as u32;
        let wanted = wanted.clamp(u32::try_from(MIN).unwrap(), u32::try_from(MAX).unwrap());
        if self.above >= 3 && wanted > self.serving {
            self.coming = vec![u32::MAX; usize::try_from(wanted - self.serving).unwrap()];
            self.rest_until = minute + 5;
        } else if self.below >= 15 && wanted < self.serving {
            self.serving = wanted;
            self.rest_until = minute + 5;
        }
    }
}

/// One that knows the load and whose readers are there at once.
pub fn ideal(shape: &Shape) -> Run {
    let mut run = Run::default();
    for minute in 0..shape.minutes {
        let load = (shape.load)(minute);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few readers"
        )]
        let wanted = (load / TARGET).ceil() as usize;
        let serving = wanted.clamp(MIN, MAX);
        #[expect(clippy::cast_precision_loss, reason = "a few readers")]
        let cpu = (load / serving as f64).min(100.0);
        run.see(load, cpu, serving);
    }
    run
}
