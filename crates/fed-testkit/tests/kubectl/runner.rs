//! How is `kubectl` run, and what came of it?

use std::fmt;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use crate::scrub::scrub;

/// The variable that makes missing programs a failure: CI sets it to `1`.
const REQUIRED: &str = "FED_REQUIRE_APISERVER";
/// How long a watch may be silent until the test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// One command.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    /// The arguments of `kubectl`, as in a shell.
    pub(super) run: String,
    /// What it reads.
    #[serde(default)]
    stdin: String,
    /// It runs until it has printed a line with the second text for each of these commands, which
    /// are run one after another; the first is waited for before the first of them.
    #[serde(default)]
    meanwhile: Vec<Meanwhile>,
    /// The program that changes what is edited.
    #[serde(default)]
    editor: String,
    /// Lines may come in any order.
    #[serde(default)]
    unordered: bool,
    /// Tried again until it succeeds: what takes a moment on a real server.
    #[serde(default)]
    eventually: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Meanwhile {
    /// The line to wait for.
    after: String,
    /// The command; none after the last line.
    #[serde(default)]
    run: String,
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct Outcome {
    pub(super) code: i32,
    out: String,
    err: String,
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "exit {}\n{}{}", self.code, self.out, self.err)
    }
}

/// The version of `kubectl`; where there is none, a line on stderr says that the test is skipped.
pub(super) fn version_or_skip() -> Option<String> {
    let answer = Command::new("kubectl")
        .args(["version", "--client", "-o", "json"])
        .output();
    let version = answer.ok().and_then(|answer| {
        let answer: serde_json::Value = serde_json::from_slice(&answer.stdout).ok()?;
        Some(answer["clientVersion"]["gitVersion"].as_str()?.to_owned())
    });
    if version.is_none() {
        assert!(
            std::env::var_os(REQUIRED).is_none_or(|value| value != "1"),
            "no kubectl on PATH, and {REQUIRED} is 1"
        );
        // Written past the test harness, which keeps to itself what passing tests print.
        let _ = std::io::stderr().write_all(b"SKIPPED: no kubectl on PATH\n");
    }
    version
}

/// `kubectl` with a home and a kubeconfig of its own.
pub(super) struct Kubectl {
    home: TempDir,
}

impl Kubectl {
    pub(super) fn of(config: &str) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        fs::write(home.path().join("config"), config).expect("written");
        Self { home }
    }

    /// Runs the commands of a story in a namespace of its own.
    pub(super) fn tell(&self, name: &str, steps: &[Step]) -> Vec<Outcome> {
        let made = self.output(name, &Step::of(&format!("create namespace {name}")));
        assert_eq!(made.code, 0, "{name}: {made}");
        steps.iter().map(|step| self.step(name, step)).collect()
    }

    fn step(&self, namespace: &str, step: &Step) -> Outcome {
        if !step.meanwhile.is_empty() {
            return self.watch(namespace, step);
        }
        let mut outcome = self.output(namespace, step);
        for _ in 0..300 {
            if !step.eventually || outcome.code == 0 {
                break;
            }
            thread::sleep(Duration::from_millis(100));
            outcome = self.output(namespace, step);
        }
        outcome
    }

    fn command(&self, namespace: &str, step: &Step) -> Command {
        let mut command = Command::new("kubectl");
        command
            .args(["--namespace", namespace])
            .args(words(&step.run))
            .env("HOME", self.home.path())
            .env("KUBECONFIG", self.home.path().join("config"))
            .env("KUBE_EDITOR", &step.editor)
            .env("TZ", "UTC")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn output(&self, namespace: &str, step: &Step) -> Outcome {
        let mut child = self.command(namespace, step).spawn().expect("kubectl runs");
        let mut stdin = child.stdin.take().expect("piped");
        // Who does not read it has no use for it. What begins with a brace would be read as JSON.
        let _ = write!(stdin, "---\n{}", step.stdin);
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        let text = |bytes: &[u8]| {
            let text = scrub(&String::from_utf8_lossy(bytes), self.home.path());
            if step.unordered { sorted(&text) } else { text }
        };
        Outcome {
            code: output.status.code().unwrap_or(-1),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }

    /// Lets a command run while others do, line by line.
    fn watch(&self, namespace: &str, step: &Step) -> Outcome {
        let mut child = Running(self.command(namespace, step).spawn().expect("kubectl runs"));
        let (sender, lines) = mpsc::channel();
        let stdout = child.0.stdout.take().expect("piped");
        let reader = thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let mut out = String::new();
        for meanwhile in &step.meanwhile {
            loop {
                let line = lines.recv_timeout(PATIENCE);
                let line =
                    line.unwrap_or_else(|_| panic!("no line with {:?} in\n{out}", meanwhile.after));
                out.push_str(&line);
                out.push('\n');
                if line.contains(&meanwhile.after) {
                    break;
                }
            }
            if !meanwhile.run.is_empty() {
                let done = self.output(namespace, &Step::of(&meanwhile.run));
                assert_eq!(done.code, 0, "{}: {done}", meanwhile.run);
            }
        }
        let _ = child.0.kill();
        let mut err = String::new();
        let mut stderr = child.0.stderr.take().expect("piped");
        stderr.read_to_string(&mut err).expect("text");
        reader.join().expect("no panic");
        let home = self.home.path();
        Outcome {
            code: 0,
            out: scrub(&out, home),
            err: scrub(&err, home),
        }
    }
}

impl Step {
    fn of(run: &str) -> Self {
        Self {
            run: run.to_owned(),
            stdin: String::new(),
            meanwhile: Vec::new(),
            editor: String::new(),
            unordered: false,
            eventually: false,
        }
    }
}

/// A program that ends with the test, however that ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn sorted(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines.join("\n") + "\n"
}

/// The words of a command; single quotes keep spaces.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut is_quoted = false;
    for letter in command.chars() {
        match letter {
            '\'' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            ' ' | '\n' if !is_quoted => words.extend(word.take()),
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}
