//! What does `-o dir=OUT` write, and what does it leave alone?

use std::fs;

use crate::run::{CLUSTERS, DEPLOYMENT, Folder, NAMESPACE, config_map};

const FAULTY: &str = "\
apiVersion: types.kubefed.io/v1beta1
kind: FederatedConfigMap
metadata: {name: faulty, namespace: shop}
spec:
  template: {data: {sky: blue}}
  placement: {clusterSelector: {}}
  overrides:
  - clusterName: lab
    clusterOverrides: [{path: /data/nothing/there, value: x}]
";

#[test]
fn a_file_for_each_manifest_without_faults() {
    let text = [CLUSTERS, NAMESPACE, DEPLOYMENT, FAULTY].join("---\n");
    let folder = Folder::new(&[("all.yaml", &text)]);
    let ran = folder.plan(&["-f", "all.yaml", "-o", "dir=out/tree"]);
    assert_eq!(ran.code, 1);
    let files = folder.files("out/tree");
    let deployment =
        fs::read_to_string(folder.path("out/tree/eu-west/shop/deployment.apps.rating.yaml"));
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}\n\n{}",
        ran.stdout,
        ran.stderr,
        files.join("\n"),
        deployment.unwrap()
    ));
    let answer = folder.answer(&["-f", "all.yaml"]);
    let lab = &answer["clusters"][1];
    assert_eq!(lab["name"], "lab");
    assert_eq!(
        lab["manifests"][0]["metadata"]["name"], "faulty",
        "it is shown all the same"
    );
    let placed = &answer["objects"][0]["placed"][1];
    assert_eq!(placed["cluster"], "lab");
    assert_eq!(placed["reasons"][1]["code"], "OverrideFailed");
}

#[test]
fn each_file_holds_what_json_shows() {
    let text = [CLUSTERS, NAMESPACE, DEPLOYMENT].join("---\n");
    let folder = Folder::new(&[("all.yaml", &text)]);
    assert_eq!(folder.plan(&["-f", "all.yaml", "-o", "dir=out"]).code, 0);
    let file = folder.path("out/us-east/shop/deployment.apps.rating.yaml");
    let read = fedctl::read::read_text("file", fs::read_to_string(file).unwrap());
    let answer = folder.answer(&["-f", "all.yaml"]);
    assert_eq!(
        *read.documents[0].value(),
        answer["clusters"][2]["manifests"][0]
    );
}

#[test]
fn files_that_are_planned_no_more_are_removed_and_nothing_else() {
    let folder = Folder::new(&[
        ("a.yaml", &config_map("a", &["us-east", "eu-west"])),
        ("b.yaml", &config_map("b", &["us-east"])),
        ("out/us-east/shop/kustomization.yaml", "theirs"),
        ("out/README.md", "theirs"),
    ]);
    let theirs = ["README.md", "us-east/shop/kustomization.yaml"];
    let plan = |files: &[&str]| {
        let mut arguments = vec!["-o", "dir=out"];
        arguments.extend(files.iter().flat_map(|file| ["-f", file]));
        let ran = folder.plan(&arguments);
        let mut ours = folder.files("out");
        ours.retain(|file| !theirs.contains(&file.as_str()));
        (ran, ours)
    };
    let all = [
        ".fedctl",
        "eu-west/shop/configmap.core.a.yaml",
        "us-east/shop/configmap.core.a.yaml",
        "us-east/shop/configmap.core.b.yaml",
    ];
    assert_eq!(plan(&["a.yaml", "b.yaml"]).1, all);
    assert_eq!(
        plan(&["a.yaml", "b.yaml"]).1,
        all,
        "a second time changes nothing"
    );

    folder.write("broken.yaml", "a: [");
    let (ran, files) = plan(&["b.yaml", "broken.yaml"]);
    assert_eq!((ran.code, &files[..]), (1, &all.map(str::to_owned)[..]));
    assert!(
        ran.stdout.contains("Kept 2 files of an earlier plan"),
        "{}",
        ran.stdout
    );
    assert_eq!(
        plan(&["broken.yaml"]).1,
        all,
        "where nothing was read nothing is removed"
    );

    let (ran, files) = plan(&["b.yaml"]);
    assert_eq!(
        (ran.code, ran.stderr.contains("error")),
        (0, false),
        "{}",
        ran.stderr
    );
    assert_eq!(files, [".fedctl", "us-east/shop/configmap.core.b.yaml"]);
    assert!(ran.stdout.contains("Removed 2 files"), "{}", ran.stdout);
    assert!(
        !folder.path("out/eu-west").exists(),
        "an empty folder goes too"
    );
    for file in theirs {
        assert_eq!(
            fs::read_to_string(folder.path("out").join(file)).unwrap(),
            "theirs"
        );
    }
}

#[test]
fn no_list_of_files_leads_out_of_the_directory() {
    let folder = Folder::new(&[
        ("a.yaml", &config_map("a", &["us-east"])),
        ("precious/shop/x.yaml", "theirs"),
        (
            "out/.fedctl",
            "../precious/shop/x.yaml\nus-east/../../precious/shop/x.yaml\n",
        ),
    ]);
    assert_eq!(folder.plan(&["-f", "a.yaml", "-o", "dir=out"]).code, 0);
    assert!(folder.path("precious/shop/x.yaml").exists());
}

#[cfg(unix)]
#[test]
fn no_link_leads_out_of_the_directory() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new(&[
        ("a.yaml", &config_map("a", &["us-east", "eu-west", "lab"])),
        ("precious/shop/configmap.core.a.yaml", "theirs"),
        ("out/eu-west/shop/x", ""),
    ]);
    symlink(folder.path("precious"), folder.path("out/us-east")).unwrap();
    let file = "precious/shop/configmap.core.a.yaml";
    symlink(
        folder.path(file),
        folder.path("out/eu-west/shop/configmap.core.a.yaml"),
    )
    .unwrap();
    let ran = folder.plan(&["-f", "a.yaml", "-o", "dir=out"]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.stderr.matches("it is a link").count(),
        2,
        "{}",
        ran.stderr
    );
    assert_eq!(fs::read_to_string(folder.path(file)).unwrap(), "theirs");
    assert!(folder.path("out/lab/shop/configmap.core.a.yaml").exists());
}

#[test]
fn hostile_names_stay_inside() {
    let mut text = String::new();
    for name in [
        "../../../x",
        "..",
        "a/b",
        ".git",
        "ü\u{1b}[31m",
        "%2e",
        "_cluster",
    ] {
        let name = serde_json::to_string(name).unwrap();
        text += &config_map(&name, &["us-east", &name])
            .replace("namespace: shop", &format!("namespace: {name}"));
        text += "---\n";
    }
    let folder = Folder::new(&[("a/b/c/a.yaml", &text)]);
    let before = folder.files("");
    folder.plan(&["-f", "a", "-o", "dir=a/b/c/out"]);
    let written: Vec<_> = folder
        .files("")
        .into_iter()
        .filter(|file| !before.contains(file))
        .collect();
    for file in &written {
        assert!(file.starts_with("a/b/c/out/"), "{file}");
        assert!(!file.contains("/.git") && file.is_ascii(), "{file}");
        assert!(!file.chars().any(char::is_control), "{file}");
    }
}

#[test]
fn what_cannot_be_written_is_an_error() {
    let folder = Folder::new(&[
        ("a.yaml", &config_map("a", &["us-east"])),
        ("out", "a file"),
    ]);
    let ran = folder.plan(&["-f", "a.yaml", "-o", "dir=out"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("error: cannot write out: "),
        "{}",
        ran.stderr
    );
}
