//! One server that is watched, and the session on it while there is one.

use aurora_sql::SqlError;

use crate::database::{Access, Database, Endpoint, Login, Unread};

/// How doors are opened.
pub(super) struct Key<'a, D> {
    pub(super) database: &'a D,
    pub(super) login: Login<'a>,
    pub(super) access: Access,
}

/// One server that is watched. Its session is opened when it is first asked, kept, and opened anew
/// when it was lost.
pub(super) struct Door<S> {
    endpoint: Endpoint,
    session: Option<S>,
}

impl<S> Door<S> {
    pub(super) const fn at(endpoint: Endpoint) -> Self {
        let session = None;
        Self { endpoint, session }
    }

    /// What the server answers. A session that was kept may have been lost since: then the server is
    /// asked again on a new one, unless it took too long, which a second time would, too.
    pub(super) async fn ask<D, T>(
        &mut self,
        key: &Key<'_, D>,
        mut question: impl AsyncFnMut(&mut S) -> Result<T, Unread>,
    ) -> Result<T, Unread>
    where
        D: Database<Session = S>,
    {
        let kept = self.session.is_some();
        let answer = self.once(key, &mut question).await;
        match answer {
            Err(Unread::Sql(SqlError::Lost { .. } | SqlError::Unreachable { .. })) if kept => {
                self.once(key, &mut question).await
            }
            answer => answer,
        }
    }

    async fn once<D, T>(
        &mut self,
        key: &Key<'_, D>,
        question: &mut impl AsyncFnMut(&mut S) -> Result<T, Unread>,
    ) -> Result<T, Unread>
    where
        D: Database<Session = S>,
    {
        let session = if let Some(session) = self.session.take() {
            session
        } else {
            let opened = key.database.open(&self.endpoint, key.login, &key.access);
            opened.await?
        };
        let session = self.session.insert(session);
        let answer = question(session).await;
        if answer.as_ref().is_err_and(Unread::ends_the_session) {
            self.session = None;
        }
        answer
    }
}
