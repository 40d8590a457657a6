//! Holds function, events, template, README and scenarios together: each
//! function has all of them, and none of them is without its function.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Names the functions the simulator runs.
const SIMULATED: &str = "tests/simulator/src/script.rs";
/// The deliberately broken functions, and for each the one whose search catches it.
const MUTANTS: &str = "tests/simulate/mutants/table.json";

/// What is missing or left over, one sentence each.
#[must_use]
pub fn problems(root: &Path) -> Vec<String> {
    let functions: BTreeSet<String> = entries(&root.join("functions"))
        .iter()
        .filter(|path| path.join("Cargo.toml").is_file())
        .map(|path| name(path))
        .collect();
    let mut problems: Vec<String> = functions
        .iter()
        .flat_map(|function| of_function(root, function))
        .collect();
    if functions.is_empty() {
        problems.push("functions/ is empty".to_owned());
    }

    let events = entries(&root.join("events"));
    let folders = events.iter().filter(|path| path.is_dir());
    let templates = with_extension(&root.join("infra/functions"), "yaml");
    for path in folders.chain(&templates) {
        if !functions.contains(&stem(path)) {
            let path = path.strip_prefix(root).unwrap_or(path);
            problems.push(format!("{} belongs to no function", path.display()));
        }
    }
    for heading in headings(root).filter_map(|line| code(&line).map(str::to_owned)) {
        let is_function_like = heading.contains('-') && !heading.contains([' ', '.', '/']);
        if is_function_like && !functions.contains(&heading) {
            problems.push(format!("README.md has a section on {heading}, no function"));
        }
    }
    problems
}

fn of_function(root: &Path, function: &str) -> Vec<String> {
    let home = root.join("functions").join(function);
    let events = root.join("events").join(function);
    let template = root
        .join("infra/functions")
        .join(format!("{function}.yaml"));
    let schema = events.join("policy.schema.json");
    let takes_policy = home.join("src/policy.rs").is_file();

    let mut payloads = with_extension(&events, "json");
    payloads.retain(|path| *path != schema);
    let scenarios = rust_files(&root.join("tests/tests"));
    let mentioned = format!("\"{function}\"");

    let checks = [
        (
            read(&home.join("Cargo.toml")).contains(&format!("\nname = \"{function}\"")),
            "its package has another name than its directory",
        ),
        (
            home.join("src/main.rs").is_file()
                && !read(&home.join("Cargo.toml")).contains("[[bin]]"),
            "its binary is not src/main.rs under the package's own name",
        ),
        (!payloads.is_empty(), "no payload in its events folder"),
        (
            takes_policy == schema.is_file(),
            "src/policy.rs and policy.schema.json: one without the other",
        ),
        (
            read(&template).contains(&format!("CodeUri: ../../target/lambda/{function}\n")),
            "no template in infra/functions with its CodeUri",
        ),
        (
            read(&root.join("infra/nightshift.yaml"))
                .contains(&format!("functions/{function}.yaml")),
            "infra/nightshift.yaml leaves it out",
        ),
        (
            headings(root).any(|line| words(&line).any(|word| word == function)),
            "no heading in README.md names it",
        ),
        (
            scenarios.iter().any(|path| read(path).contains(&mentioned)),
            "no scenario in tests/tests runs it",
        ),
        (
            read(&root.join(SIMULATED)).contains(&mentioned),
            "the simulator does not run it: tests/simulator/src/script.rs",
        ),
        (
            read(&root.join(MUTANTS)).contains(&format!("\"focus\": {mentioned}")),
            "no deliberately broken variant of it in tests/simulate/mutants",
        ),
    ];
    let missing = checks.iter().filter(|(fine, _)| !fine);
    missing
        .map(|(_, problem)| format!("{function}: {problem}"))
        .collect()
}

/// The README's headings; a `#` in a code block starts none.
fn headings(root: &Path) -> impl Iterator<Item = String> {
    let text = read(&root.join("README.md"));
    let mut in_code = false;
    let lines = text.lines().map(str::to_owned).collect::<Vec<_>>();
    lines.into_iter().filter(move |line| {
        in_code ^= line.starts_with("```");
        !in_code && line.starts_with('#')
    })
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
}

/// What stands between backticks.
fn code(line: &str) -> Option<&str> {
    line.split('`').nth(1)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let found = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<_> = found.filter_map(Result::ok).map(|e| e.path()).collect();
    paths.sort();
    paths
}

fn with_extension(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut paths = entries(folder);
    paths.retain(|path| path.extension().is_some_and(|e| e == extension));
    paths
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let folders = entries(folder).into_iter().filter(|path| path.is_dir());
    let mut files = with_extension(folder, "rs");
    files.extend(folders.flat_map(|path| rust_files(&path)));
    files
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn stem(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A repository with one whole function in it.
    struct Repository(PathBuf);

    impl Repository {
        fn new(name: &str) -> Self {
            let root = crate::repo::scratch().join(format!("pairing-{name}"));
            let _ = fs::remove_dir_all(&root);
            let repository = Self(root);
            for (path, text) in [
                (
                    "functions/do-it/Cargo.toml",
                    "[package]\nname = \"do-it\"\n",
                ),
                ("functions/do-it/src/main.rs", ""),
                ("functions/do-it/src/policy.rs", ""),
                ("events/do-it/scheduled.json", "{}"),
                ("events/do-it/policy.schema.json", "{}"),
                (
                    "infra/functions/do-it.yaml",
                    "CodeUri: ../../target/lambda/do-it\n",
                ),
                ("infra/nightshift.yaml", "Location: functions/do-it.yaml\n"),
                ("README.md", "# It\n```sh\n# other-thing\n```\n## `do-it`\n"),
                ("tests/tests/scenarios/done.rs", "Lambda::start(\"do-it\")"),
                (SIMULATED, "[\"do-it\"]"),
                (MUTANTS, "{\"focus\": \"do-it\"}"),
            ] {
                repository.write(path, text);
            }
            repository
        }

        fn write(&self, path: &str, text: &str) {
            let path = self.0.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }

        fn remove(&self, path: &str) {
            fs::remove_file(self.0.join(path)).unwrap();
        }
    }

    impl Drop for Repository {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_whole_function_has_no_problem_and_each_missing_part_is_one() {
        for (part, problem) in [
            ("events/do-it/scheduled.json", "no payload"),
            ("events/do-it/policy.schema.json", "one without the other"),
            ("functions/do-it/src/policy.rs", "one without the other"),
            ("functions/do-it/src/main.rs", "its binary"),
            ("infra/functions/do-it.yaml", "no template"),
            ("infra/nightshift.yaml", "leaves it out"),
            ("README.md", "no heading"),
            ("tests/tests/scenarios/done.rs", "no scenario"),
            (SIMULATED, "the simulator does not run it"),
            (MUTANTS, "no deliberately broken variant"),
        ] {
            let repository = Repository::new("missing");
            assert_eq!(problems(&repository.0), [""; 0]);
            repository.remove(part);
            let found = problems(&repository.0);
            assert!(
                found.len() == 1 && found[0].contains(problem),
                "without {part}: {found:?}"
            );
        }
    }

    #[test]
    fn what_belongs_to_no_function_is_left_over() {
        let repository = Repository::new("orphans");
        repository.write("events/gone/x.json", "{}");
        repository.write("infra/functions/gone.yaml", "");
        repository.write("README.md", "## `do-it`\n## `gone-too`\n## `make night`\n");
        assert_eq!(
            problems(&repository.0),
            [
                "events/gone belongs to no function",
                "infra/functions/gone.yaml belongs to no function",
                "README.md has a section on gone-too, no function",
            ]
        );
    }
}
