//! What a person should do about a session.

use crate::{
    database::{
        Ending,
        look::{Look, Session},
    },
    findings::{Scene, say},
    observation::Seen,
    protected::{of_the_system, protected},
    remedy,
};

/// From so many changed rows on, it is worth a word that a rollback takes its time.
const LONG_ROLLBACK: u64 = 100_000;

/// What a person should do about a session that may be ended by `ending`.
pub(crate) fn of(
    scene: Scene<'_>,
    server: &Seen,
    look: &Look,
    session: &Session,
    ending: Ending,
) -> String {
    if let Some(why) = of_the_system(session) {
        return format!("Do not end it: {why}. Find what keeps it from going on.");
    }
    if session.command == "Killed" || remedy::rolls_back(session) {
        return "It was ended already and is rolled back: wait, ending it again does not help."
            .into();
    }
    let on = say::name(&server.instance);
    let whose = session.program.as_deref().or(session.user.as_deref());
    let whose = whose.map_or_else(|| "it".into(), say::name);
    let kill = say::kill(look, session.id, ending);
    let what = match ending {
        Ending::Statement => "the statement may be ended",
        Ending::Connection => "its connection may be ended",
    };
    let own = own(scene, session).unwrap_or_default();
    let back = rollback(session, ending).unwrap_or_default();
    format!("{own}Ask whoever runs {whose} whether {what}{back}. If so, on {on}: {kill}")
}

fn own(scene: Scene<'_>, session: &Session) -> Option<String> {
    let why = protected(session, scene.seen)?;
    Some(format!(
        "Nightshift never ends it by itself: {}. ",
        say::name(&why)
    ))
}

fn rollback(session: &Session, ending: Ending) -> Option<String> {
    let changed = session.transaction.as_ref().map_or(0, |it| it.modified);
    let back = format!(
        "; the server then rolls back {}",
        say::counted(changed, "changed row")
    );
    match (changed, ending) {
        (0, _) => None,
        (LONG_ROLLBACK.., _) => Some(format!(
            "{back}, which may take as long as changing them did, and its locks stay until then"
        )),
        (_, Ending::Connection) => Some(back),
        (_, Ending::Statement) => None,
    }
}
