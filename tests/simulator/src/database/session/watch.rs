//! Looking at what others do on a server, and ending it.

use std::sync::Arc;

use aurora_sql::SqlError;

use super::{Patience, Session, World, fault::Fault, reach::Reach};
use crate::{
    activity::{Ending, Told},
    database::Glance,
    step::What,
};

impl Session {
    /// What goes on in the server.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub async fn glance(&mut self, patience: Patience) -> Result<Glance, SqlError> {
        let (reach, number, who) = (Arc::clone(&self.databases.0), self.number, self.who);
        let asked = self.send(async move {
            let ask = move |world: &mut World, now| world.glance(number, now);
            let seen = reach
                .asked("asking for the sessions", patience, ask)
                .await?;
            reach.eye.step(What::Glanced(who, Arc::new(seen.clone())));
            Ok(seen)
        });
        asked.await
    }

    /// What goes on in the connection `id`.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub async fn client(&mut self, id: u64, patience: Patience) -> Result<Glance, SqlError> {
        let (reach, number) = (Arc::clone(&self.databases.0), self.number);
        let asked = self.send(async move {
            let ask = move |world: &mut World, now| world.client(number, id, now);
            reach.asked("asking for the session", patience, ask).await
        });
        asked.await
    }

    /// Ends the connection `id`, or what it executes; whether there was one.
    ///
    /// # Errors
    /// When the login may not, or it is not known whether it took effect.
    pub async fn end(
        &mut self,
        id: u64,
        ending: Ending,
        patience: Patience,
    ) -> Result<bool, SqlError> {
        let (reach, number, who) = (Arc::clone(&self.databases.0), self.number, self.who);
        let ended =
            self.send(async move { reach.ended(who, number, (id, ending), patience).await });
        ended.await
    }
}

impl Reach {
    async fn ended(
        &self,
        who: usize,
        session: u64,
        (id, ending): (u64, Ending),
        patience: Patience,
    ) -> Result<bool, SqlError> {
        let what = "ending a session";
        let fault = self.servers.world().befalls(self.now(), false);
        self.wait().await;
        let now = self.now();
        let place = self.servers.world().of_session(session, now);
        let arrives = fault.is_none_or(Fault::arrives);
        let done = if arrives {
            self.servers.world().end(session, (id, ending), now)
        } else {
            None
        };
        let (cluster, instance) = place.map_or_else(Default::default, |it| (it.0, it.1));
        self.eye.step(What::Told(Arc::new(Told {
            who,
            at: now,
            cluster,
            instance,
            id,
            ending,
            victim: done.clone().and_then(|done| done.ok().flatten()),
            fault: fault.map(Fault::said),
        })));
        if let Some(fault) = fault {
            return Err(self.fails(fault, what, patience).await);
        }
        self.wait().await;
        let there = done.ok_or_else(|| Fault::CutAfter.told(what))??;
        Ok(there.is_some())
    }
}
