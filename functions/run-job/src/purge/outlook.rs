//! What a job would do, in words.

use super::{
    choice::{Choice, count},
    scene::Scene,
};
use crate::{
    database::{Condition, Kin, Literal},
    turn::Outlook,
};

/// The job must not run as it is.
pub(super) fn refused(refused: Vec<String>) -> Outlook {
    Outlook {
        refused,
        ..Outlook::default()
    }
}

/// What it would do.
pub(super) fn of(scene: &Scene, choice: &Choice<'_>) -> Outlook {
    let verb = scene.into.as_ref().map_or_else(
        || "delete".to_owned(),
        |into| format!("move to {}.{}", into.schema, into.name),
    );
    let (table, all) = (&scene.table.name, count(scene.table.rows));
    let how_many = choice.rows.map_or_else(
        || format!("the rows of {table} (about {all})"),
        |rows| format!("about {} of {all} rows of {table}", count(rows)),
    );
    let (which, walk) = (which(&scene.condition), &choice.index.name);
    Outlook {
        would: format!("{verb} {how_many} {which}, walking {walk}"),
        notes: notes(scene, choice),
        estimate: choice.rows,
        walk: walk.to_string(),
        refused: Vec::new(),
    }
}

fn notes(scene: &Scene, choice: &Choice<'_>) -> Vec<String> {
    let walk = format!("walks {}: {}", choice.index.name, choice.why);
    let mut notes = vec![walk];
    if !scene.children.is_empty() {
        let names = named(&scene.children);
        notes.push(format!(
            "rows that belong to them go first: {}",
            names.join(", ")
        ));
    }
    notes
}

/// In the order in which they go: grandchildren before children.
fn named(children: &[Kin]) -> Vec<String> {
    let each = children.iter().flat_map(|kin| {
        let mut names = named(&kin.children);
        names.push(kin.table.name.to_string());
        names
    });
    each.collect()
}

fn which(condition: &Condition) -> String {
    let Condition::Aged {
        column,
        before,
        and,
    } = condition
    else {
        return "for which where holds".to_owned();
    };
    let before = said(before);
    match and {
        Some(and) => format!(
            "with {column} before {before} for which the condition on {} holds",
            and.column
        ),
        None => format!("with {column} before {before}"),
    }
}

fn said(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => text.clone(),
        Literal::Number(number) => number.to_string(),
        Literal::Date(date) => date.to_string(),
        Literal::DateTime(time) => format!("{} {}", time.date(), time.time()),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::check::tests::{logs, name};
    use super::*;

    fn scene() -> Scene {
        let before = Literal::DateTime(date(2026, 10, 1).at(2, 30, 0, 0));
        let column = name("created_at");
        let condition = Condition::Aged {
            column,
            before,
            and: None,
        };
        Scene {
            table: logs(),
            into: None,
            children: Vec::new(),
            condition,
        }
    }

    fn outlook(scene: &Scene, rows: Option<u64>) -> Outlook {
        let (index, why) = (&scene.table.indexes[1], "it is near".to_owned());
        of(scene, &Choice { index, rows, why })
    }

    #[test]
    fn it_says_how_many_rows_go_and_how_they_are_found() {
        let outlook = outlook(&scene(), Some(30_000));
        insta::assert_snapshot!(outlook.would, @"delete about 30,000 of 1,000,000 rows of logs with created_at before 2026-10-01 02:30:00, walking by_age");
        assert_eq!(outlook.notes, ["walks by_age: it is near"]);
        assert_eq!(
            (outlook.estimate, outlook.walk.as_str()),
            (Some(30_000), "by_age")
        );
    }

    #[test]
    fn it_says_where_copies_go_and_what_goes_before() {
        let mut scene = scene();
        scene.into = Some(logs());
        let (columns, references) = (Vec::new(), Vec::new());
        scene.children = vec![Kin {
            table: logs(),
            columns,
            references,
            children: Vec::new(),
        }];
        scene.condition = Condition::Free(Vec::new());
        let outlook = outlook(&scene, None);
        insta::assert_snapshot!(outlook.would, @"move to app.logs the rows of logs (about 1,000,000) for which where holds, walking by_age");
        assert_eq!(outlook.notes[1], "rows that belong to them go first: logs");
    }
}
