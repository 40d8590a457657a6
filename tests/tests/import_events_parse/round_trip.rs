//! What is read of an EVENT is all there is to it: made again from that, it is the same.

use fastrand::Rng;
use import_events::event::Event;

use crate::{
    generate::{SCHEMAS, event},
    stage::Stage,
};

const EVENTS: usize = 400;

#[tokio::test]
async fn an_event_made_from_what_was_read_of_it_is_what_the_server_shows() {
    let mut stage = Stage::set().await;
    for schema in SCHEMAS {
        stage
            .run(&format!("CREATE SCHEMA `{}`", schema.replace('`', "``")))
            .await;
    }
    let mut rng = Rng::with_seed(20_261_122);
    let made: Vec<Event> = (0..EVENTS).map(|number| event(&mut rng, number)).collect();
    for event in &made {
        stage.make(event).await;
    }
    let read = stage.events().await;
    assert_eq!(read.len(), EVENTS);
    for event in &read {
        let original = made.iter().find(|made| made.name == event.name);
        let original = original.unwrap_or_else(|| panic!("{} was not made", event.name));
        assert_eq!(*original, aged(event, original));
        let shown = shown(&mut stage, event).await;
        // There the server shows a comment's backslashes doubled, which would make another comment.
        if !event.sql_mode.has("NO_BACKSLASH_ESCAPES") {
            assert_eq!(event.spelled(stage.spelling), shown);
        }
    }
}

/// With the times of the original, which are the server's to say.
fn aged(event: &Event, original: &Event) -> Event {
    Event {
        created: original.created,
        last_altered: original.last_altered,
        ..event.clone()
    }
}

async fn shown(stage: &mut Stage, event: &Event) -> String {
    let quoted = |name: &str| format!("`{}`", name.replace('`', "``"));
    let (schema, name) = (quoted(event.schema.as_str()), quoted(event.name.as_str()));
    // The session's zone and mode do not matter to it.
    stage
        .run("SET SESSION time_zone = '-03:00', sql_mode = ''")
        .await;
    let rows = stage
        .rows(&format!("SHOW CREATE EVENT {schema}.{name}"))
        .await;
    rows[0][3].clone().expect("a statement")
}
