//! Child processes that never outlive the test that started them.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio, id};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep};

/// Who gets the signals meant for a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The child leads a group of its own: it has children, which end with it.
    Own,
    /// The child has none. It stays in the test's group, so that an interrupted
    /// test takes it along.
    Shared,
}

/// A running child, killed on drop, and its group with it if it has its own.
///
/// What it prints goes to a file, which stays behind only if the test fails.
pub struct Process {
    name: String,
    handle: Handle,
    output: PathBuf,
    parent: Option<JoinHandle<()>>,
}

/// A child's pulse and its kill switch, to hand to others.
#[derive(Clone, Debug)]
pub struct Handle {
    // As `kill` wants it: a group's number is negative.
    target: String,
    exit: watch::Receiver<Option<ExitStatus>>,
}

impl Process {
    /// Starts `command`; `name` is for messages and the output's file.
    ///
    /// A thread starts the child and waits for it: it is the parent the kernel
    /// knows, and a runtime's worker thread may retire before the child does.
    #[must_use]
    pub fn start(name: &str, mut command: Command, group: Group) -> Self {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let output = crate::repo::scratch().join(format!("{name}-{}-{number}.log", id()));
        let opened = File::options().create(true).append(true).open(&output);
        let file = opened.unwrap_or_else(|e| panic!("{}: {e}", output.display()));
        let same = file.try_clone().expect("a file handle can be cloned");
        command.stdin(Stdio::null()).stdout(file).stderr(same);
        if group == Group::Own {
            command.process_group(0);
        }

        let (ended, exit) = watch::channel(None);
        let (started, start) = mpsc::channel();
        let parent = thread::spawn(move || match command.spawn() {
            Ok(mut child) => {
                let _ = started.send(Ok(child.id()));
                if let Ok(status) = child.wait() {
                    ended.send_replace(Some(status));
                }
            }
            Err(e) => {
                let _ = started.send(Err(format!("{}: {e}", command.get_program().display())));
            }
        });
        let pid = start
            .recv()
            .expect("the thread answers")
            .unwrap_or_else(|e| panic!("{name} does not start: {e}"));
        let target = match group {
            Group::Own => format!("-{pid}"),
            Group::Shared => pid.to_string(),
        };
        Self {
            name: name.to_owned(),
            handle: Handle { target, exit },
            output,
            parent: Some(parent),
        }
    }

    /// The child's pulse and kill switch.
    #[must_use]
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// All the child has printed so far.
    #[must_use]
    pub fn output(&self) -> String {
        read(&self.output)
    }

    /// Waits for the line `listening PORT` and returns the address on loopback.
    /// A child that ends or stays silent ends the test with all it has said.
    pub async fn listening(&self, limit: Duration) -> SocketAddr {
        let listening = self.try_listening(limit).await;
        listening.unwrap_or_else(|e| panic!("{} {e}:\n{}", self.name, self.output()))
    }

    async fn try_listening(&self, limit: Duration) -> Result<SocketAddr, String> {
        let start = Instant::now();
        loop {
            if let Some(port) = listening_port(&self.output()) {
                return Ok(SocketAddr::from(([127, 0, 0, 1], port)));
            }
            if let Some(status) = self.handle.status() {
                return Err(format!("ended ({status}) before it listened"));
            }
            if start.elapsed() > limit {
                return Err(format!("does not listen after {limit:?}"));
            }
            sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Handle {
    /// How the child ended, if it has.
    #[must_use]
    pub fn status(&self) -> Option<ExitStatus> {
        *self.exit.borrow()
    }

    /// Waits until the child has ended.
    pub async fn ended(&self) -> ExitStatus {
        let mut exit = self.exit.clone();
        let status = exit
            .wait_for(Option::is_some)
            .await
            .expect("the waiting thread reports the end before it goes");
        status.expect("waited for")
    }

    /// Kills the child, or its group, and waits until the child is gone.
    pub async fn kill(&self) -> ExitStatus {
        self.signal("KILL");
        self.ended().await
    }

    // The shell's own `kill`: std knows no process groups, and libc's is unsafe.
    fn signal(&self, signal: &str) {
        if self.status().is_none() {
            let _ = Command::new("sh")
                .args(["-c", "kill -s \"$1\" -- \"$2\"", "sh", signal])
                .arg(&self.target)
                .stderr(Stdio::null())
                .status();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A server of the local cloud removes its files when asked to end.
        self.handle.signal("TERM");
        for _ in 0..200 {
            if self.handle.status().is_some() {
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
        self.handle.signal("KILL");
        if let Some(parent) = self.parent.take() {
            let _ = parent.join();
        }
        if thread::panicking() {
            eprintln!("what {} printed is in {}", self.name, self.output.display());
        } else {
            let _ = fs::remove_file(&self.output);
        }
    }
}

/// A child may print bytes that are no text; they must not hide the rest.
fn read(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned()
}

fn listening_port(output: &str) -> Option<u16> {
    // Only whole lines: the last one may still be in the making.
    let whole = &output[..output.rfind('\n')?];
    whole
        .lines()
        .find_map(|line| line.strip_prefix("listening ")?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read_from_a_whole_line() {
        assert_eq!(listening_port("listening 41"), None);
        assert_eq!(listening_port("hello\nlistening 4150\n"), Some(4150));
    }

    #[tokio::test]
    async fn a_kill_takes_the_whole_group() {
        let mut shell = Command::new("sh");
        shell.args(["-c", "sleep 300 & echo \"$!\"; echo listening 1; wait"]);
        let process = Process::start("group", shell, Group::Own);
        process.listening(Duration::from_secs(5)).await;
        let grandchild = process.output().lines().next().unwrap().to_owned();
        assert!(Path::new("/proc").join(&grandchild).exists());

        process.handle().kill().await;

        // The orphan is reaped by init, a moment later.
        let status = Path::new("/proc").join(&grandchild).join("status");
        for _ in 0..100 {
            let state = read(&status);
            if state.is_empty() || state.contains("State:\tZ") {
                return;
            }
            sleep(Duration::from_millis(10)).await;
        }
        panic!("process {grandchild} is still alive");
    }

    #[tokio::test]
    async fn a_child_that_ends_early_or_stays_silent_is_no_server() {
        let mut shell = Command::new("sh");
        shell.args(["-c", "echo no such option; exit 2"]);
        let early = Process::start("early", shell, Group::Shared);
        let error = early.try_listening(Duration::from_secs(5)).await;
        assert_eq!(
            error.unwrap_err(),
            "ended (exit status: 2) before it listened"
        );
        assert_eq!(early.output(), "no such option\n");

        let mut sleeper = Command::new("sleep");
        sleeper.arg("60");
        let silent = Process::start("silent", sleeper, Group::Shared);
        let error = silent.try_listening(Duration::from_millis(50)).await;
        assert_eq!(error.unwrap_err(), "does not listen after 50ms");
    }
}
