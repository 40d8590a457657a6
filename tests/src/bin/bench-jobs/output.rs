//! What a run leaves behind.

use std::{fs, path::Path};

use nightshift_tests::repo;

use crate::{
    claims::{self, Claim},
    contender::Contender,
    figures::Figures,
    json,
    run::Run,
    svg, table,
    wish::Wish,
};

const BEGIN: &str = "<!-- bench-jobs:begin -->\n";
const END: &str = "<!-- bench-jobs:end -->";
/// The picture's copy for README.md, from the repository's root.
const PICTURE: &str = "docs/bench-jobs.svg";
/// For those who cannot see it.
const ALT: &str = "Rows per second, replica lag and the application's p99 over time, for each";

/// What everything was measured on.
pub struct About {
    /// Rows of the table.
    pub rows: u64,
    /// In words.
    pub told: String,
}

/// All runs with their figures, and what follows from them.
pub struct Results {
    /// On what.
    pub about: About,
    /// In the order they were made.
    pub runs: Vec<(Run, Figures)>,
    /// What is claimed.
    pub claims: Vec<Claim>,
}

impl Results {
    /// Works the figures out, and judges the claims.
    pub fn new(about: About, runs: Vec<Run>) -> Self {
        let figures = |run: Run| {
            let figures = Figures::of(&run);
            (run, figures)
        };
        let runs = runs.into_iter().map(figures).collect();
        let mut results = Self {
            about,
            runs,
            claims: vec![],
        };
        results.claims = claims::judge(&results);
        results
    }

    /// The runs of a contender.
    pub fn of(&self, contender: Contender) -> impl Iterator<Item = (&Run, &Figures)> {
        let runs = self
            .runs
            .iter()
            .filter(move |(run, _)| run.turn.contender == contender);
        runs.map(|(run, figures)| (run, figures))
    }
}

/// Writes and prints everything.
pub fn write(wish: &Wish, results: &Results) {
    let folder = repo::root().join("target/bench-jobs");
    let text = format!(
        "{}\n\n{}\n{}",
        results.about.told,
        table::table(results),
        table::claims(&results.claims)
    );
    let picture = svg::draw(results);
    save(&folder.join("run.svg"), &picture);
    save(&folder.join("run.json"), &json::whole(results).to_string());
    save(&folder.join("table.md"), &text);
    println!("\n{text}\nwritten to {}", folder.display());
    if wish.update_readme {
        save(&repo::root().join(PICTURE), &picture);
        let readme = repo::root().join("README.md");
        let old = fs::read_to_string(&readme).expect("there is a README.md");
        let block = format!("![{ALT}]({PICTURE})\n\n{text}");
        save(
            &readme,
            &between(&old, &block).expect("README.md has the marks of bench-jobs"),
        );
    }
}

fn save(path: &Path, text: &str) {
    let folder = path.parent().expect("a file is in a folder");
    let saved = fs::create_dir_all(folder).and_then(|()| fs::write(path, text));
    saved.unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}

/// The text with what is between the marks replaced.
fn between(old: &str, block: &str) -> Option<String> {
    let (before, rest) = old.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}{block}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_marks_is_replaced() {
        let old = format!("a\n{BEGIN}old\n{END}\nb");
        assert_eq!(
            between(&old, "new\n"),
            Some(format!("a\n{BEGIN}new\n{END}\nb"))
        );
        assert_eq!(between("no marks", "new"), None);
    }

    #[test]
    fn the_readme_has_the_marks() {
        let readme = fs::read_to_string(repo::root().join("README.md")).unwrap();
        assert!(between(&readme, "").is_some());
    }
}
