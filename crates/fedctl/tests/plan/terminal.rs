//! What does a terminal get? Plain text when piped, 80 columns, and nothing that it would obey.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use crate::run::{CLUSTERS, DEPLOYMENT, Folder, NAMESPACE, config_map, run};

fn shop() -> Folder {
    let text = [CLUSTERS, NAMESPACE, DEPLOYMENT, "foo: bar\n"].join("---\n");
    Folder::new(&[("a.yaml", &text)])
}

#[test]
fn colours_are_for_terminals_and_for_those_who_force_them() {
    let folder = shop();
    let has_colours = |variables: &[(&str, &str)]| {
        let mut command = folder.command(&["plan", "-f", "a.yaml", "--explain"]);
        let ran = run(command.envs(variables.iter().copied()), "");
        (ran.stdout.contains('\u{1b}'), ran.stderr.contains('\u{1b}'))
    };
    assert_eq!(has_colours(&[]), (false, false));
    assert_eq!(has_colours(&[("TERM", "xterm-256color")]), (false, false));
    assert_eq!(has_colours(&[("CLICOLOR_FORCE", "1")]), (true, true));
    assert_eq!(
        has_colours(&[("NO_COLOR", "1"), ("TERM", "xterm")]),
        (false, false)
    );
}

/// Lines that are too wide for 80 columns, though there is a space at which to break them.
fn too_wide(text: &str) -> Vec<&str> {
    text.lines()
        .filter(|line| line.chars().count() > 80 && line.trim().contains(' '))
        .collect()
}

#[test]
fn the_table_fits_80_columns() {
    let long = |letter: &str| letter.repeat(120);
    let mut clusters = String::new();
    for number in 0..1000 {
        let name = if number % 100 == 7 {
            long("c") + &number.to_string()
        } else {
            format!("c{number}")
        };
        let status = if number % 3 == 0 { "'False'" } else { "'True'" };
        write!(
            clusters,
            "apiVersion: core.kubefed.io/v1beta1\nkind: KubeFedCluster\n\
             metadata: {{name: {name}, labels: {{tier: t{}}}}}\n\
             spec: {{apiEndpoint: 'https://a', secretRef: {{name: a}}}}\n\
             status: {{conditions: [{{type: Ready, status: {status}}}]}}\n---\n",
            number % 2
        )
        .unwrap();
    }
    let selecting = DEPLOYMENT
        .replace("prod", "t1")
        .replace("name: rating, ", &format!("name: {}, ", long("r")));
    let folder = Folder::new(&[
        ("clusters.yaml", &clusters),
        (
            "a.yaml",
            &[
                NAMESPACE,
                &selecting,
                &config_map("a", &["c1", "c2", "nowhere"]),
            ]
            .join("---\n"),
        ),
    ]);
    for extra in [&[][..], &["--explain"]] {
        let ran = folder.plan(&[&["-f", "clusters.yaml", "-f", "a.yaml"][..], extra].concat());
        assert!(ran.stdout.lines().count() > 1000);
        assert_eq!(too_wide(&ran.stdout), [""; 0]);
    }
}

const HOSTILE: &str = "x\u{1b}[31m\u{1b}]0;title\u{7}\u{202e}\u{9b}5m\u{200b}\r\n\u{e0041}";

#[test]
fn nothing_hostile_reaches_the_terminal() {
    let name = serde_json::to_string(HOSTILE).unwrap();
    let long = format!("\"{}\"", "y".repeat(1 << 20));
    let mut text = String::new();
    for name in [&name, &long] {
        text += &config_map(name, &["us-east", name]);
        let _ = write!(
            text,
            "  {name}: 1\n  overrides: [{{clusterName: {name}, clusterOverrides: [{{path: {name}}}]}}]\n---\n"
        );
        let _ = write!(
            text,
            "apiVersion: {name}\nkind: {name}\nmetadata: {{name: {name}}}\n---\n{name}: [\n---\n"
        );
    }
    let folder = Folder::new(&[("good.yaml", &config_map("good", &["us-east"]))]);
    let file = format!("{}.yaml", HOSTILE.replace(['\r', '\n'], "\n"));
    folder.write(&file, &text);
    let input = ["-f", &file, "-f", "good.yaml"];
    for extra in [
        &[][..],
        &["--explain"],
        &["-o", "json"],
        &["-o", "yaml"],
        &["-o", "dir=out"],
    ] {
        let ran = folder.plan(&[&input[..], extra].concat());
        for text in [&ran.stdout, &ran.stderr] {
            let obeyed = |c: &char| {
                *c != '\n' && (c.is_control() || "\u{202e}\u{200b}\u{e0041}".contains(*c))
            };
            assert_eq!(text.chars().find(obeyed), None, "{extra:?}");
        }
        if !extra.contains(&"-o") {
            let longest = ran
                .stdout
                .lines()
                .chain(ran.stderr.lines())
                .map(str::len)
                .max();
            assert!(longest.unwrap() < 4000, "{longest:?}");
        }
    }
}

#[test]
fn a_reader_that_leaves_early_is_no_fault() {
    let mut text = String::new();
    for number in 0..3000 {
        text += &config_map(&format!("a{number}"), &["us-east", "eu-west"]);
        text += "---\n";
    }
    let folder = Folder::new(&[("a.yaml", &text)]);
    for form in ["table", "json", "yaml"] {
        let mut child = folder
            .command(&["plan", "-f", "a.yaml", "-o", form])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::with_capacity(16, child.stdout.take().unwrap())
            .read_line(&mut first)
            .unwrap();
        let mut stderr = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut stderr)
            .unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{stderr}");
        assert!(
            !stderr.contains("error") && !stderr.contains("panicked"),
            "{stderr}"
        );
    }
}

#[test]
fn notes_do_not_bury_the_rest() {
    let text: String = (0..50)
        .map(|number| config_map(&format!("a{number}"), &["us-east"]) + "---\n")
        .collect();
    let folder = Folder::new(&[("a.yaml", &text)]);
    let ran = folder.plan(&["-f", "a.yaml"]);
    insta::assert_snapshot!(ran.stderr);
}

#[test]
fn a_long_or_tabbed_line_is_quoted_around_the_place() {
    let text = format!(
        "{{\n\t\t\"apiVersion\": \"types.kubefed.io/v1beta1\", \"kind\": \"FederatedConfigMap\", \"metadata\": \
         {{\"name\": \"a\", \"namespace\": \"{}\"}}, \"spec\": {{\"template\": 7, \"placement\": {{}}}},\n\t\
         \"status\": 7}}\n",
        "n".repeat(50)
    );
    let folder = Folder::new(&[("a.json", &text)]);
    insta::assert_snapshot!(folder.plan(&["-f", "a.json"]).stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_printed_is_told() {
    let folder = shop();
    for form in ["table", "json", "yaml"] {
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let output = folder
            .command(&["plan", "-f", "a.yaml", "-o", form])
            .stdout(full)
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{form}");
        assert!(stderr.contains("the answer cannot be printed"), "{stderr}");
    }
}
