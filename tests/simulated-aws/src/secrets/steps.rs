//! The steps of a rotation, one after another, each when the one before has succeeded.
//! <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html>

use jiff::{SignedDuration, Timestamp};

use super::{
    CURRENT, Invocation, PENDING, Running, SecretsManager, Step, labels,
    rotation::{SOON, begin, invoke_after, plan_next, run, stuck},
};
use crate::{At, Effect, uuid::uuid};

/// How often a whole rotation is tried. AWS documents "multiple times".
const ATTEMPTS: u8 = 5;
/// How long it takes until a rotation that failed is tried again.
const LATER: (SignedDuration, SignedDuration) =
    (SignedDuration::from_mins(1), SignedDuration::from_mins(10));

impl SecretsManager {
    /// The rotation function has ended a step of `secret`'s rotation: what the invocation said as
    /// [`Invocation`] comes back here. After a success the next step is invoked; after a failure
    /// the whole rotation is tried again after a while, five times in all. What is not under way
    /// is ignored, so an invocation that came twice may end twice.
    pub fn step_ended(&mut self, invocation: &Invocation, succeeded: bool, at: &mut At<'_>) {
        let Some(mut secret) = self.find(&invocation.secret).cloned() else {
            return;
        };
        let Some(rotation) = &mut secret.rotation else {
            return;
        };
        let under_way = |running: &Running| {
            running.token == invocation.token && running.step == invocation.step
        };
        let Some(mut running) = rotation.running.take_if(|running| under_way(running)) else {
            return;
        };
        let token = &running.token;
        let current = secret
            .labelled(CURRENT)
            .is_some_and(|version| version.id == *token);
        let next = running.step.next().filter(|_| !running.trial);
        let wait = match next {
            Some(next) if succeeded => {
                running.step = next;
                Some(SOON)
            }
            None if succeeded && (current || running.trial) => None,
            _ if running.attempt < ATTEMPTS => {
                running.attempt += 1;
                running.step = if running.trial {
                    Step::Test
                } else {
                    Step::Create
                };
                Some(LATER)
            }
            _ => None,
        };
        let moved = match wait {
            None if running.trial => secret.put_label(PENDING, None, at.now),
            _ => Vec::new(),
        };
        if let Some(wait) = wait {
            invoke_after(&secret.name, &running.token, wait, at);
            if let Some(rotation) = &mut secret.rotation {
                rotation.running = Some(running);
            }
        } else {
            plan_next(&mut secret, at);
        }
        labels::tell(&secret.arn, moved, at);
        self.secrets.put(at.now, secret.name.clone(), secret);
    }

    /// Invokes the function, as events come: perhaps twice.
    pub(super) fn invoke(&mut self, name: &str, token: &str, at: &mut At<'_>) {
        let secret = self
            .secrets
            .get(name)
            .filter(|secret| secret.gone_at.is_none());
        let rotation = secret.and_then(|secret| secret.rotation.as_ref());
        let (Some(secret), Some(rotation)) = (secret, rotation) else {
            return;
        };
        let Some(running) = rotation.running.as_ref().filter(|it| it.token == token) else {
            return;
        };
        let invocation = Invocation {
            function: rotation.function.clone(),
            secret: secret.arn.clone(),
            token: token.to_owned(),
            step: running.step,
        };
        if at.whim.happens(at.whim.events_twice) {
            at.effects.push(Effect::Rotation(invocation.clone()));
        }
        at.effects.push(Effect::Rotation(invocation));
    }

    /// A rotation begins by schedule; one that got stuck is tried again instead.
    pub(super) fn due(&mut self, name: &str, window: Timestamp, at: &mut At<'_>) {
        let Some(mut secret) = self.secrets.get(name).cloned() else {
            return;
        };
        let rotation = secret.rotation.as_ref().filter(|rotation| rotation.enabled);
        let planned = rotation.and_then(|rotation| rotation.next);
        if planned.is_none_or(|(begins, _)| begins != window) || secret.gone_at.is_some() {
            return;
        }
        let stuck = stuck(&secret).map(str::to_owned);
        let busy = rotation.is_some_and(|rotation| rotation.running.is_some());
        let moved = match (busy, stuck) {
            (true, _) => Vec::new(),
            (false, Some(token)) => {
                run(&mut secret, &token, false, at);
                Vec::new()
            }
            (false, None) => {
                let token = uuid(&mut at.whim.rng);
                begin(&mut secret, &token, false, at).unwrap_or_default()
            }
        };
        plan_next(&mut secret, at);
        labels::tell(&secret.arn, moved, at);
        self.secrets.put(at.now, name, secret);
    }
}
