//! Who stops the servers? We do, when they are dropped; a guardian does, when we are gone.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use tempfile::TempDir;

use super::StartError;
use super::error::system;

/// Reads the process group to end, and waits for the end of its input: that is when the test
/// process is gone, however it went.
const GUARDIAN: &str = r#"
read -r group
while read -r ignored; do :; done
if [ -n "$group" ]; then kill -s KILL -- "-$group"; fi
rm -rf -- "$1" || { sleep 1; rm -rf -- "$1"; }
"#;

/// The programs of one server and the folder they work in.
pub(super) struct Processes {
    running: Vec<Running>,
    guardian: Child,
    folder: TempDir,
}

struct Running {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Processes {
    pub(super) fn new() -> Result<Self, StartError> {
        let folder = tempfile::Builder::new()
            .prefix("fed-apiserver-")
            .tempdir()
            .map_err(system("cannot make a folder for the server"))?;
        let guardian = Command::new("/bin/sh")
            .args(["-c", GUARDIAN, "fed-apiserver-guardian"])
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Neither Ctrl-C nor a test runner that kills its group may reach it.
            .process_group(0)
            .spawn()
            .map_err(system("cannot start /bin/sh"))?;
        Ok(Self {
            running: Vec::new(),
            guardian,
            folder,
        })
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts a program in the process group that the first one leads.
    pub(super) fn spawn(&mut self, program: &Path, arguments: &[String]) -> Result<(), StartError> {
        let name = program
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let log = self.folder().join(format!("{name}.log"));
        let about = |what: &str| system(format!("{what} {}", program.display()));
        let output = File::create(&log).map_err(about("cannot write the log of"))?;
        let errors = output
            .try_clone()
            .map_err(about("cannot write the log of"))?;
        let leader = match self.running.first() {
            Some(first) => Pid::from_child(&first.child).as_raw_nonzero().get(),
            None => 0,
        };
        let child = Command::new(program)
            .args(arguments)
            .current_dir(self.folder())
            .env_clear()
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .process_group(leader)
            .spawn()
            .map_err(about("cannot start"))?;
        let id = child.id();
        let is_leader = self.running.is_empty();
        self.running.push(Running { name, child, log });
        if is_leader && let Some(guardian) = &mut self.guardian.stdin {
            writeln!(guardian, "{id}").map_err(system("the guardian process is gone"))?;
        }
        Ok(())
    }

    /// The program that ended by itself, if any did.
    pub(super) fn stopped(&mut self) -> Option<StartError> {
        self.running.iter_mut().find_map(|running| {
            let status: ExitStatus = running.child.try_wait().ok()??;
            Some(StartError::Stopped {
                program: running.name.clone(),
                status,
                log: last_lines(&running.log),
            })
        })
    }

    pub(super) fn log_of(&self, name: &str) -> String {
        self.find(name)
            .map(|running| last_lines(&running.log))
            .unwrap_or_default()
    }

    pub(super) fn signal(&self, name: &str, signal: Signal) -> std::io::Result<()> {
        let running = self.find(name).ok_or(std::io::ErrorKind::NotFound)?;
        Ok(kill_process(Pid::from_child(&running.child), signal)?)
    }

    /// Waits until a program that was told to stop does nothing any more: the signal alone takes
    /// effect a moment later.
    pub(super) fn await_stop(&self, name: &str) -> std::io::Result<()> {
        let running = self.find(name).ok_or(std::io::ErrorKind::NotFound)?;
        let id = WaitId::Pid(Pid::from_child(&running.child));
        // What has ended does nothing either, and is left for whoever asks how it ended.
        let changes = WaitIdOptions::STOPPED | WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        waitid(id, changes)?;
        Ok(())
    }

    /// The process ids, by program.
    pub(super) fn ids(&self) -> impl Iterator<Item = (&str, u32)> {
        self.running
            .iter()
            .map(|running| (running.name.as_str(), running.child.id()))
    }

    fn find(&self, name: &str) -> Option<&Running> {
        self.running.iter().find(|running| running.name == name)
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        // A process that is gone already is what is wanted; there is nobody to tell of another.
        for running in self.running.iter_mut().rev() {
            let _ = running.child.kill();
        }
        for running in &mut self.running {
            let _ = running.child.wait();
        }
        let _ = self.guardian.kill();
        let _ = self.guardian.wait();
    }
}

fn last_lines(log: &Path) -> String {
    const LINES: usize = 20;
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let skipped = text.lines().count().saturating_sub(LINES);
    text.lines().skip(skipped).collect::<Vec<_>>().join("\n")
}
