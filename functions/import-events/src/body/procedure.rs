//! A procedure made of a body that is not taken apart.

use jobs::policy::{Call, Lost, Name};

use super::{
    Kind, Work, differences,
    single::{BUDGET, budget},
};
use crate::{
    event::{Event, quoted},
    write::digest,
};

/// The procedure with the EVENT's body, and the call of it.
pub(super) fn procedure(event: &Event) -> Work {
    let name = name(event);
    let create = create(event, &name);
    let call = Call {
        procedure: name.clone(),
        arguments: Vec::new(),
        budget: BUDGET,
        lost: Lost::Report,
    };
    let database = event.schema.clone();
    let needed = format!("EXECUTE on {database}.{name}");
    let differences = vec![
        format!(
            "The body is not taken apart: it becomes the procedure {name}, which a person makes after \
             reading it. It has the EVENT's sql_mode, zone and definer."
        ),
        format!("The job runs as the user of its secret, who needs {needed}."),
        budget(),
        "Where its end is not known, the run has failed and a person looks (lost: report).".into(),
    ];
    Work {
        kind: Kind::Procedure { create, call },
        database,
        differences,
    }
}

/// `nightshift_` and the EVENT's name, cut and told apart by a digest where that is too long.
fn name(event: &Event) -> Name {
    let name = format!("nightshift_{}", event.name);
    let short = name.chars().take(57).collect::<String>();
    let cut = || Name::new(&format!("{short}{}", digest(&event.full_name())));
    let name = Name::new(&name).or_else(cut);
    // Both are names: the EVENT's own is one, and 57 and 6 characters are less than 64.
    name.unwrap_or_else(|| event.name.clone())
}

/// A script for the `mysql` client, as a body has semicolons. The procedure keeps the `sql_mode` it
/// is made with; the zone is the session's, so it sets that first.
/// <https://dev.mysql.com/doc/refman/8.0/en/create-procedure.html>
fn create(event: &Event, name: &Name) -> String {
    let end = delimiter(&event.body);
    let body = event.body.trim().trim_end_matches(';');
    let zone = (!event.zone.is_utc()).then(|| {
        let said = event.zone.said().replace('\'', "''");
        format!("SET SESSION time_zone = '{said}';\n")
    });
    let body = zone.map_or_else(
        || body.to_owned(),
        |zone| format!("BEGIN\n{zone}{body}\n;\nEND"),
    );
    format!(
        "USE {schema};\nSET SESSION sql_mode = '{mode}';\nDELIMITER {end}\n\
         CREATE DEFINER={definer} PROCEDURE {name}()\n{body}\n{end}\nDELIMITER ;\n",
        schema = quoted(event.schema.as_str()),
        mode = event.sql_mode,
        definer = differences::definer(event),
        name = quoted(name.as_str()),
    )
}

/// What ends a statement of the script: as many dollars as the body does not have in a row.
fn delimiter(body: &str) -> String {
    let mut delimiter = "$$".to_owned();
    while body.contains(&delimiter) {
        delimiter.push('$');
    }
    delimiter
}
