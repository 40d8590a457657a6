use super::*;
use crate::{
    contender::{Fixed, Turn},
    output::About,
    watch::{Seen, State},
};

fn run(contender: Contender, failed: Option<&str>) -> Run {
    let state = |at: u32| State {
        at: at.into(),
        deleted: u64::from(at * 100),
        history: 0,
    };
    Run {
        turn: Turn {
            contender,
            round: 1,
            cap: None,
        },
        failed: failed.map(str::to_owned),
        began: 0.0,
        ended: 10.0,
        caught_up: Some(12.0),
        operations: vec![],
        seen: Seen {
            states: (0..12).map(state).collect(),
            ..Seen::default()
        },
    }
}

fn picture(runs: Vec<Run>) -> String {
    let about = About {
        rows: 1,
        told: "MySQL <9> & more".to_owned(),
    };
    draw(&Results::new(about, runs))
}

#[test]
fn each_contender_has_a_row_and_one_that_failed_has_none() {
    let runs = vec![
        run(Contender::Ours { limited: true }, None),
        run(Contender::Fixed(Fixed::Limit(1000)), None),
        run(Contender::Event, Some("no")),
    ];
    let picture = picture(runs);
    assert!(
        picture.contains(">run-job, lag limit 1 s</text>"),
        "{picture}"
    );
    assert!(picture.contains(">DELETE … LIMIT 1000</text>"), "{picture}");
    assert!(!picture.contains(">EVENT</text>"), "{picture}");
    assert_eq!(picture.matches("class=\"end\"").count(), 6);
}

#[test]
fn the_picture_is_well_formed_in_light_and_dark() {
    let picture = picture(vec![run(Contender::Nobody, None)]);
    assert!(picture.contains("prefers-color-scheme: dark"));
    assert!(picture.contains("MySQL &lt;9&gt; &amp; more"), "{picture}");
    for element in ["svg", "g", "text", "style"] {
        let opened = picture.matches(&format!("<{element} ")).count()
            + picture.matches(&format!("<{element}>")).count();
        assert_eq!(
            opened,
            picture.matches(&format!("</{element}>")).count(),
            "{element}"
        );
    }
    assert!(
        !picture.contains("NaN") && !picture.contains("inf"),
        "{picture}"
    );
}

#[test]
fn without_a_run_there_is_still_a_picture() {
    assert!(picture(vec![]).ends_with("</svg>\n"));
}
