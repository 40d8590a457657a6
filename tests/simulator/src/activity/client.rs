//! Who connects again and again, and what it does then.

use jiff::{SignedDuration, Timestamp};

use super::{Doing, Ending, Moment, Running, Session, after};
use crate::dice::Dice;

/// Who connects to a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The cluster.
    pub cluster: String,
    /// The server.
    pub instance: String,
    /// As whom; none for the server's own threads.
    pub user: Option<&'static str>,
    /// To which schema.
    pub schema: Option<&'static str>,
    /// What it calls itself.
    pub program: Option<&'static str>,
    /// What it does.
    pub habit: Habit,
    /// What its choices come from.
    pub seed: u64,
}

/// What a client does, times in seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Habit {
    /// It does this all the time, and nothing else.
    pub always: Option<&'static str>,
    /// The forms of its statements; of an empty one the server knows nothing.
    pub digests: Vec<&'static str>,
    /// The longest that one takes.
    pub executes: i64,
    /// The longest that it sleeps between two.
    pub sleeps: i64,
    /// How often it sleeps within a transaction, in percent.
    pub in_transaction: u32,
    /// How often it leaves instead of going on, in percent.
    pub leaves: u32,
}

/// A client, and the session it has.
#[derive(Clone, Debug)]
pub(super) struct Life {
    pub(super) client: Client,
    dice: Dice,
    pub(super) session: Option<Session>,
    /// When it does something else.
    pub(super) next: Timestamp,
}

impl Life {
    pub(super) fn of(client: &Client, at: Timestamp) -> Self {
        let mut dice = Dice::of(client.seed, "client");
        Self {
            client: client.clone(),
            next: at + dice.seconds(0, 120),
            dice,
            session: None,
        }
    }

    /// Does what is next.
    pub(super) fn go_on(&mut self, server: &mut Running) {
        let at = self.next;
        match self.session.as_ref().map(|it| it.now.doing.clone()) {
            None if server.is_up(at) => self.connect(server, at),
            None => self.next = after(server.down_until, self.dice.between(0, 20)),
            Some(Doing::Executes(_)) => self.sleep(at),
            Some(Doing::Sleeps) if !self.dice.chance(self.client.habit.leaves) => self.execute(at),
            Some(Doing::Always(_)) => self.next = after(at, 86_400),
            Some(Doing::Sleeps | Doing::Ending) => self.leave(at),
        }
    }

    fn connect(&mut self, server: &mut Running, at: Timestamp) {
        let (id, thread) = server.connect();
        let doing = self
            .client
            .habit
            .always
            .map_or(Doing::Sleeps, Doing::Always);
        let owned = |text: Option<&str>| text.map(str::to_owned);
        self.session = Some(Session {
            id,
            thread,
            connected: at,
            user: owned(self.client.user),
            schema: owned(self.client.schema),
            program: owned(self.client.program),
            statements: 0,
            now: Moment {
                doing,
                since: at,
                transaction: None,
            },
            before: None,
        });
        self.next = after(at, self.dice.between(0, 5));
    }

    fn execute(&mut self, at: Timestamp) {
        let digest = *self.dice.pick(&self.client.habit.digests);
        let doing = Doing::Executes(Some(digest.to_owned()).filter(|it| !it.is_empty()));
        let open = self.session.as_ref().and_then(|it| it.now.transaction);
        let begins = self.dice.chance(self.client.habit.in_transaction);
        let transaction = open.or_else(|| begins.then_some(at));
        self.does(doing, transaction, at);
        self.next = self.lasting(self.client.habit.executes, at);
    }

    /// In its transaction, or after its end.
    fn sleep(&mut self, at: Timestamp) {
        let open = self.session.as_ref().and_then(|it| it.now.transaction);
        let stays = self.dice.chance(self.client.habit.in_transaction);
        self.does(Doing::Sleeps, open.filter(|_| stays), at);
        self.next = self.lasting(self.client.habit.sleeps, at);
    }

    /// Mostly short, sometimes as long as it may be.
    fn lasting(&mut self, most: i64, at: Timestamp) -> Timestamp {
        let most = if self.dice.chance(50) {
            most
        } else {
            most / 10
        };
        after(at, self.dice.between(1, most.max(1)))
    }

    fn does(&mut self, doing: Doing, transaction: Option<Timestamp>, at: Timestamp) {
        if let Some(session) = &mut self.session {
            session.does(doing, transaction, at);
        }
    }

    fn leave(&mut self, at: Timestamp) {
        self.session = None;
        self.next = after(at, self.dice.between(0, 90));
    }

    /// What it does ends in a moment, if it is one that something else startles.
    pub(super) fn startle(&mut self, percent: u8, now: Timestamp) {
        if self.dice.chance(percent.into()) {
            let soon = now + SignedDuration::from_millis(self.dice.between(1, 1_500));
            self.next = self.next.min(soon);
        }
    }

    /// A statement ends, or the connection does, soon; a rollback takes a while.
    pub(super) fn end(&mut self, ending: Ending, now: Timestamp) {
        let Some(session) = &mut self.session else {
            return;
        };
        let executes = matches!(session.now.doing, Doing::Executes(_));
        let while_ = if self.dice.chance(70) { 300 } else { 9_000 };
        let soon = now + SignedDuration::from_millis(self.dice.between(1, while_));
        match ending {
            Ending::Statement if executes => self.next = self.next.min(soon),
            Ending::Statement => {}
            Ending::Connection => {
                let open = session.now.transaction;
                session.does(Doing::Ending, open, now);
                self.next = soon;
            }
        }
    }

    /// Its server is restarted.
    pub(super) fn lose(&mut self, up: Timestamp) {
        self.session = None;
        self.next = after(up, self.dice.between(0, 10));
    }
}
