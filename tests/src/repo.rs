//! Where things are: the repository, its built binaries, its Python environment.

use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{env, fs};

/// The repository's root.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests/ has a parent")
        .to_owned()
}

/// The payloads AWS sends, one folder per function.
#[must_use]
pub fn events() -> PathBuf {
    root().join("events")
}

/// The templates.
#[must_use]
pub fn infra() -> PathBuf {
    root().join("infra")
}

/// The names of all functions, sorted: the directories in `functions/`.
#[must_use]
pub fn functions() -> Vec<String> {
    let folder = root().join("functions");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .filter_map(Result::ok)
        .filter(|entry| entry.path().join("Cargo.toml").is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

/// The folder of the profile this program was built with, such as
/// `target/debug`, wherever cargo was told to put it.
#[must_use]
pub fn profile_dir() -> PathBuf {
    let program = env::current_exe().expect("a program knows its own path");
    let folder = program.parent().expect("a program lies in a folder");
    if folder.ends_with("deps") {
        folder.parent().expect("deps/ has a parent").to_owned()
    } else {
        folder.to_owned()
    }
}

/// A folder for what child processes print; empty unless a test failed.
#[must_use]
pub fn scratch() -> PathBuf {
    let folder = profile_dir().join("test-output");
    fs::create_dir_all(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    folder
}

/// The binary of a function, next to the running test.
///
/// `cargo test` builds the binaries of other packages only when asked to, so a
/// missing or outdated one ends the test: it would prove something about the
/// day before yesterday.
#[must_use]
pub fn binary(name: &str) -> PathBuf {
    let path = profile_dir().join(name);
    let built = modified(&path).unwrap_or_else(|| {
        panic!(
            "{} is missing: cargo build --workspace --bins",
            path.display()
        )
    });
    let listed = fs::read_to_string(path.with_extension("d")).unwrap_or_default();
    for source in sources(&listed) {
        assert!(
            modified(&source).is_none_or(|changed| changed <= built),
            "{} is older than {}: cargo build --workspace --bins",
            path.display(),
            source.display()
        );
    }
    path
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|m| m.modified()).ok()
}

/// The sources that cargo's dependency file (`binary: source source …`) names.
fn sources(listed: &str) -> Vec<PathBuf> {
    let list = listed.split_once(": ").map_or("", |(_, list)| list);
    // A blank in a path is written "\ ".
    list.replace("\\ ", "\0")
        .split_whitespace()
        .map(|path| PathBuf::from(path.replace('\0', " ")))
        .collect()
}

/// The Python of the local cloud's virtual environment.
#[must_use]
pub fn python() -> PathBuf {
    let venv =
        env::var_os("NIGHTSHIFT_VENV").map_or_else(|| root().join(".local/venv"), PathBuf::from);
    let python = venv.join("bin/python");
    assert!(
        python.exists(),
        "{} is missing: make local-cloud installs it",
        python.display()
    );
    python
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_file_names_its_sources() {
        let listed = "/t/debug/f: /r/a.rs /r/with\\ blank/b.rs\n";
        assert_eq!(
            sources(listed),
            [Path::new("/r/a.rs"), Path::new("/r/with blank/b.rs")]
        );
    }
}
