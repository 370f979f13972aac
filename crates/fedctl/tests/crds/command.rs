//! Is `fedctl crds` what its help says?

use std::fs;
use std::process::{Command, Output};

use serde_json::Value;

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fedctl"));
    command.arg("crds").args(arguments).output().unwrap()
}

fn told(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code().unwrap(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn all_forms_hold_all_definitions() {
    let (code, yaml, errors) = told(&run(&[]));
    assert_eq!((code, errors.as_str()), (0, ""));
    assert_eq!(yaml.split("---\n").count(), 19);

    let (code, json, _) = told(&run(&["-o", "json"]));
    let list: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, &list["kind"]), (0, &Value::from("List")));
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 19);

    let folder = tempfile::tempdir().unwrap();
    let form = format!("dir={}", folder.path().display());
    assert_eq!(
        told(&run(&["-o", &form])),
        (0, String::new(), String::new())
    );
    let mut written = String::new();
    for item in items {
        let name = item["metadata"]["name"].as_str().unwrap();
        written += &fs::read_to_string(folder.path().join(format!("{name}.yaml"))).unwrap();
    }
    assert_eq!(written, yaml.replace("---\n", ""));
}

#[test]
fn what_is_wrong_is_told_by_the_exit_code() {
    let (code, out, errors) = told(&run(&["--kind", "Ox", "--kind", "cm"]));
    assert_eq!(code, 1);
    assert!(
        out.contains("federatedconfigmaps.types.kubefed.io"),
        "{out}"
    );
    assert!(
        errors.starts_with("error: nothing is known of the kind Ox"),
        "{errors}"
    );

    let (code, out, errors) = told(&run(&["-f", "/nowhere/at/all.yaml"]));
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(errors.contains("nothing could be read"), "{errors}");

    for wrong in [["-o", "table"], ["-o", "dir="], ["--kinds", "cm"]] {
        assert_eq!(told(&run(&wrong)).0, 2, "{wrong:?}");
    }
}
