//! A copy of both servers' data, from which every run begins.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, id},
};

use nightshift_tests::{
    mysql::{Mysql, Pair},
    process::{Group, Process},
    repo,
};

/// The copy. It is taken away with the program; where that was killed outright, with the next start
/// of a server.
pub struct Kept(PathBuf);

impl Kept {
    /// Makes the replica a clone of the writer, and copies the data of both; neither runs after it.
    pub async fn of(pair: &Pair) -> Self {
        let Pair { writer, replica } = pair;
        tokio::join!(writer.stop(), replica.stop());
        copy(&data(writer), &data(replica)).await;
        // No two servers of a replication may have the same UUID.
        let uuid = data(replica).join("auto.cnf");
        fs::remove_file(&uuid).unwrap_or_else(|e| panic!("{}: {e}", uuid.display()));
        tokio::join!(writer.restart(), replica.restart());
        replica.follow(writer).await;
        pair.caught_up().await;
        tokio::join!(writer.stop(), replica.stop());
        // Named after this process, by which leftovers are known.
        let kept = Self(repo::root().join(format!(".local/run/benchjobs-{}", id())));
        fs::create_dir_all(&kept.0).unwrap_or_else(|e| panic!("{}: {e}", kept.0.display()));
        for (name, server) in [("writer", writer), ("replica", replica)] {
            copy(&data(server), &kept.0.join(name)).await;
        }
        kept
    }

    /// Gives both servers, which do not run, the data as it was.
    pub async fn put_back(&self, pair: &Pair) {
        for (name, server) in [("writer", &pair.writer), ("replica", &pair.replica)] {
            copy(&self.0.join(name), &data(server)).await;
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn data(server: &Mysql) -> PathBuf {
    server.directory().join("data")
}

/// Replaces a folder by a copy of another. What is copied shall not be written back in the middle of
/// a measurement: it is on the disk at the end.
async fn copy(from: &Path, to: &Path) {
    let mut command = Command::new("sh");
    let script = "rm -rf \"$2\" && cp -a --reflink=auto \"$1\" \"$2\" && sync -f \"$2\"";
    command.args(["-c", script, "sh"]).arg(from).arg(to);
    let process = Process::start("copy", command, Group::Own);
    let status = process.handle().ended().await;
    assert!(
        status.success(),
        "copying {}: {}",
        from.display(),
        process.output()
    );
}
