//! What do the options change?

use crate::run::{CLUSTERS, DEPLOYMENT, Folder, NAMESPACE, NOW, config_map, problems, run};

fn shop() -> Folder {
    let named = config_map("colours", &["us-east", "nowhere"]);
    Folder::new(&[
        ("clusters.yaml", CLUSTERS),
        ("shop.yaml", &[NAMESPACE, DEPLOYMENT, &named].join("---\n")),
    ])
}

const INPUT: [&str; 4] = ["-f", "clusters.yaml", "-f", "shop.yaml"];

#[test]
fn explain_tells_of_every_cluster() {
    let ran = shop().plan(&[&INPUT[..], &["--explain"]].concat());
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn without_explain_only_named_clusters_are_refused_and_all_are_counted() {
    let folder = shop();
    let refused = |arguments: &[&str]| {
        let answer = folder.answer(&[&INPUT[..], arguments].concat());
        let colours = &answer["objects"][0];
        let refused = colours["refused"].as_array().unwrap().iter();
        let names: Vec<_> = refused
            .map(|refused| refused["cluster"].as_str().unwrap().to_owned())
            .collect();
        (names, colours["refusedCounts"].to_string())
    };
    let counts = r#"{"NotListed":2,"UnknownCluster":1}"#;
    assert_eq!(
        refused(&[]),
        (vec!["nowhere".to_owned()], counts.to_owned())
    );
    let (all, same) = refused(&["--explain"]);
    assert_eq!(all, ["eu-west", "lab", "nowhere"]);
    assert_eq!(same, counts);
}

#[test]
fn strict_assumes_nothing_and_takes_warnings_for_errors() {
    let single = Folder::new(&[("a.yaml", &config_map("a", &["us-east"]))]);
    let lenient = single.plan(&["-f", "a.yaml"]);
    assert_eq!(lenient.code, 0, "{}", lenient.stderr);
    insta::assert_snapshot!(format!("{}\n{}", lenient.stdout, lenient.stderr));
    let strict = single.plan(&["-f", "a.yaml", "--strict"]);
    assert_eq!(strict.code, 1);
    insta::assert_snapshot!(format!("{}\n{}", strict.stdout, strict.stderr));
    let answer = single.answer(&["-f", "a.yaml", "--strict"]);
    assert!(
        problems(&answer)
            .iter()
            .all(|problem| !problem.starts_with("warning"))
    );
}

#[test]
fn now_is_printed_and_must_be_a_time() {
    let folder = shop();
    assert_eq!(folder.answer(&INPUT)["now"], NOW);
    assert!(
        folder
            .plan(&INPUT)
            .stdout
            .starts_with(&format!("Plan at {NOW}\n"))
    );
    let wrong = ["plan", "-f", "shop.yaml", "--now", "yesterday"];
    let ran = run(&mut folder.command(&wrong), "");
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(
        ran.stderr.contains("such as 2026-01-01T00:00:00Z"),
        "{}",
        ran.stderr
    );
    let elsewhere = [
        "plan",
        "-f",
        "shop.yaml",
        "--now",
        "2026-01-01T02:00:00+02:00",
    ];
    let ran = run(&mut folder.command(&elsewhere), "");
    assert!(
        ran.stdout.starts_with(&format!("Plan at {NOW}\n")),
        "{}",
        ran.stdout
    );
    let clock = run(&mut folder.command(&["plan", "-f", "shop.yaml"]), "");
    assert!(clock.stdout.starts_with("Plan at 20"), "{}", clock.stdout);
}

#[test]
fn input_comes_from_files_directories_lists_and_standard_input() {
    let list = |items: &[&str]| {
        let items: Vec<_> = items
            .iter()
            .map(|text| {
                let read = fedctl::read::read_text("-", *text);
                read.documents
                    .into_iter()
                    .map(fedctl::read::SourceDocument::into_value)
                    .collect::<Vec<_>>()
            })
            .collect();
        serde_json::json!({"apiVersion": "v1", "kind": "List", "items": items.concat()}).to_string()
    };
    let folder = shop();
    folder.write("tree/a/clusters.yml", CLUSTERS);
    folder.write("tree/b/c/shop.json", list(&[NAMESPACE, DEPLOYMENT]));
    folder.write("tree/.git/config.yaml", "a: [");
    folder.write("tree/README.md", "a: [");
    let expected = folder.plan(&["-f", "tree"]);
    assert_eq!((expected.code, expected.stderr.as_str()), (0, ""));
    let both = [CLUSTERS, NAMESPACE, DEPLOYMENT];
    let rest = [NAMESPACE, DEPLOYMENT].join("---\n");
    for (stdin, arguments) in [
        (both.join("---\n"), &["-f", "-"][..]),
        (list(&both), &["-f", "-"]),
        (rest, &["-f", "clusters.yaml", "-f", "-"]),
        (String::new(), &["-f", "tree/a", "-f", "tree/b"]),
        (
            String::new(),
            &["-f", "tree/a", "-f", "tree", "-f", "tree/b/c/shop.json"],
        ),
    ] {
        let ran = folder.plan_from(&stdin, arguments);
        assert_eq!(ran.stdout, expected.stdout, "{arguments:?} {}", ran.stderr);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{arguments:?}");
    }
    let ran = folder.plan_from("a: [", &["-f", "clusters.yaml", "-f", "-"]);
    assert!(ran.stderr.contains("-:1:4: error"), "{}", ran.stderr);
}

#[test]
fn wrong_usage_is_told_and_exits_with_2() {
    let folder = shop();
    for arguments in [
        &["plan"][..],
        &["plan", "shop.yaml"],
        &["plan", "-f", "shop.yaml", "-o", "xml"],
        &["plan", "-f", "shop.yaml", "-o", "dir="],
        &["paln"],
    ] {
        let ran = run(&mut folder.command(arguments), "");
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.stderr.contains("error: "), "{}", ran.stderr);
    }
}

#[test]
fn help_and_version() {
    let folder = shop();
    let help = run(&mut folder.command(&["plan", "--help"]), "");
    assert_eq!((help.code, help.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(help.stdout);
    assert!(help.stdout.lines().all(|line| line.chars().count() <= 80));
    let version = run(&mut folder.command(&["--version"]), "");
    assert_eq!(
        version.stdout,
        format!("fedctl {}\n", env!("CARGO_PKG_VERSION"))
    );
}
