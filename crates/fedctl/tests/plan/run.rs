//! How is `fedctl` run in a test? In a folder of its own, with a fixed time.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) const NOW: &str = "2026-01-01T00:00:00Z";

/// A folder with input files.
pub(crate) struct Folder(TempDir);

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Folder {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(TempDir::new().unwrap());
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// `fedctl` in this folder, without a word from the environment of the test.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fedctl"));
        command
            .args(arguments)
            .current_dir(self.0.path())
            .env_clear();
        command
    }

    /// Runs `fedctl plan` at [`NOW`].
    pub(crate) fn plan(&self, arguments: &[&str]) -> Ran {
        self.plan_from("", arguments)
    }

    /// The same, with this on standard input.
    pub(crate) fn plan_from(&self, stdin: &str, arguments: &[&str]) -> Ran {
        let mut all = vec!["plan", "--now", NOW];
        all.extend(arguments);
        run(&mut self.command(&all), stdin)
    }

    /// The answer of `-o json`.
    pub(crate) fn answer(&self, arguments: &[&str]) -> Value {
        let mut all = vec!["-o", "json"];
        all.extend(arguments);
        let ran = self.plan(&all);
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.stdout))
    }

    /// The paths of all files below a folder, sorted.
    pub(crate) fn files(&self, below: &str) -> Vec<String> {
        let root = self.path(below);
        let mut waiting = vec![root.clone()];
        let mut files = Vec::new();
        while let Some(folder) = waiting.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    waiting.push(path);
                } else {
                    files.push(relative(&path, &root));
                }
            }
        }
        files.sort();
        files
    }
}

fn relative(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap().display().to_string()
}

pub(crate) fn run(command: &mut Command, stdin: &str) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // One who does not read standard input has closed it.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let Output {
        status,
        stdout,
        stderr,
    } = child.wait_with_output().unwrap();
    Ran {
        code: status.code().unwrap(),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    }
}

/// The problems of an answer: severity, place and code.
pub(crate) fn problems(answer: &Value) -> Vec<String> {
    let line = |problem: &Value| {
        let text = |key: &str| problem[key].as_str().unwrap_or("?").to_owned();
        format!(
            "{} {}:{} {}",
            text("severity"),
            text("file"),
            problem["line"],
            text("code")
        )
    };
    answer["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(line)
        .collect()
}

pub(crate) const CLUSTERS: &str = "\
apiVersion: core.kubefed.io/v1beta1
kind: KubeFedCluster
metadata: {name: us-east, labels: {tier: prod}}
spec: {apiEndpoint: 'https://us-east', secretRef: {name: us-east}}
status: {conditions: [{type: Ready, status: 'True'}]}
---
apiVersion: core.kubefed.io/v1beta1
kind: KubeFedCluster
metadata: {name: eu-west, labels: {tier: prod}}
spec: {apiEndpoint: 'https://eu-west', secretRef: {name: eu-west}}
status: {conditions: [{type: Ready, status: 'False'}]}
---
apiVersion: core.kubefed.io/v1beta1
kind: KubeFedCluster
metadata: {name: lab, labels: {tier: dev}}
spec: {apiEndpoint: 'https://lab', secretRef: {name: lab}}
status: {conditions: [{type: Ready, status: 'True'}]}
";

pub(crate) const NAMESPACE: &str = "\
apiVersion: types.kubefed.io/v1beta1
kind: FederatedNamespace
metadata: {name: shop, namespace: shop}
spec:
  placement: {clusterSelector: {}}
";

pub(crate) const DEPLOYMENT: &str = "\
apiVersion: types.kubefed.io/v1beta1
kind: FederatedDeployment
metadata: {name: rating, namespace: shop}
spec:
  template:
    spec:
      replicas: 3
      selector: {matchLabels: {app: rating}}
      template:
        metadata: {labels: {app: rating}}
        spec: {containers: [{name: rating, image: 'example.com/rating:1'}]}
  placement:
    clusterSelector: {matchLabels: {tier: prod}}
  overrides:
  - clusterName: eu-west
    clusterOverrides:
    - {path: /spec/replicas, value: 5}
";

/// A ConfigMap in these clusters, as one who starts would write it.
pub(crate) fn config_map(name: &str, clusters: &[&str]) -> String {
    let clusters: Vec<_> = clusters
        .iter()
        .map(|cluster| format!("{{name: {cluster}}}"))
        .collect();
    format!(
        "apiVersion: types.kubefed.io/v1beta1\nkind: FederatedConfigMap\n\
         metadata: {{name: {name}, namespace: shop}}\nspec:\n  \
         template: {{data: {{sky: blue}}}}\n  placement: {{clusters: [{}]}}\n",
        clusters.join(", ")
    )
}
