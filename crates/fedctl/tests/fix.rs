//! Is `fedctl fix` what its help says? The built binary, run as people run it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed; its input is made to be read"
)]

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const SOUND: &str = "\
# comment
apiVersion: types.kubefed.io/v1beta1
kind: FederatedConfigMap
metadata: {name: a, namespace: b}
spec:
  template: {data: {mode: '0644'}}
  placement: {clusters: [{name: east}]}
";

/// Exit code, standard output, standard error, and the file afterwards.
fn fix(text: &str, arguments: &[&str], stdin: &str) -> (i32, String, String, String) {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.yaml"), text).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_fedctl"))
        .arg("fix")
        .args(arguments)
        .current_dir(folder.path())
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(stdin.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let after = fs::read_to_string(folder.path().join("a.yaml")).unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
        after,
    )
}

#[test]
fn what_is_sound_is_left_alone() {
    for arguments in [&["-f", "a.yaml"][..], &["-f", "a.yaml", "--write"]] {
        let (code, stdout, stderr, after) = fix(SOUND, arguments, "");
        assert_eq!(
            (code, stdout.as_str(), stderr.as_str()),
            (0, "", "nothing to repair\n")
        );
        assert_eq!(after, SOUND);
    }
}

#[test]
fn errors_without_a_repair_are_listed() {
    let broken = SOUND.replace("clusters: [{name: east}]", "clusters: 7");
    let (code, stdout, stderr, after) = fix(&broken, &["-f", "a.yaml", "--write"], "");
    assert_eq!((code, stdout.as_str(), after), (1, "", broken));
    assert!(stderr.contains("a.yaml:7:"), "{stderr}");
    assert!(!stderr.contains("note"), "{stderr}");
}

#[test]
fn standard_input_goes_to_standard_output() {
    let (code, stdout, _, _) = fix("", &["-f", "-", "--write"], SOUND);
    assert_eq!((code, stdout.as_str()), (0, SOUND));
    let (code, stdout, _, _) = fix("", &["-f", "-"], SOUND);
    assert_eq!((code, stdout.as_str()), (0, ""));
}

#[test]
fn wrong_usage_and_nothing_read_are_2() {
    assert_eq!(fix("", &[], "").0, 2);
    let (code, stdout, stderr, _) = fix("", &["-f", "missing.yaml"], "");
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("missing.yaml"), "{stderr}");
}

const TUTORIAL: &str = "\
# A tutorial's.
apiVersion: types.kubefed.io/v1beta1
kind: FederatedDeployment
metadata:
  name: web
spec:
  template:
    spec:
      replica: 3 # for now
      # The one that serves.
      containers:
      - name: web # main
        image: nginx:1.27
      # - name: sidecar
  placement:
    clusters: [{name: east}]
---
# And another.
apiVersion: types.kubefed.io/v1beta1
kind: FederatedDeployment
metadata: {name: old}
spec:
  template:
    apiVersion: extensions/v1beta1
    spec: &spec
      template: {spec: {containers: [{name: web, image: nginx}]}}
  placement: {clusters: [{name: east}]}
";

#[test]
fn a_tutorial_is_made_valid() {
    let (code, diff, stderr, after) = fix(TUTORIAL, &["-f", "a.yaml"], "");
    assert_eq!((code, after.as_str()), (0, TUTORIAL));
    assert!(stderr.contains("`--write` makes them"), "{stderr}");
    insta::assert_snapshot!(diff);
    let (code, stdout, _, after) = fix(TUTORIAL, &["-f", "a.yaml", "--write"], "");
    assert_eq!((code, stdout.as_str()), (0, ""));
    let again = fix(&after, &["-f", "a.yaml", "--write"], "");
    assert_eq!(
        (again.0, again.1, again.3),
        (0, String::new(), after.clone())
    );
    let piped = fix("", &["-f", "-", "--write"], TUTORIAL);
    assert_eq!((piped.0, piped.1), (0, after));
}
