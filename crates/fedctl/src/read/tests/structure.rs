//! Documents, files, anchors, merge keys, duplicates and limits.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use fed_core::{Code, Severity};
use serde_json::{Value, json};

use super::super::yaml::DEPTH_LIMIT;
use super::super::{Input, read, read_text};
use super::{errors, value};

#[test]
fn structures_are_read_as_kubectl_reads_them() {
    // Each row was held against kubectl 1.32.
    for (text, expected) in [
        ("{a}", json!({"a": null})),
        ("{a, b}", json!({"a": null, "b": null})),
        ("{\"a\":1}", json!({"a": 1})),
        ("{a:1}", json!({"a:1": null})),
        ("[a: 1, b]", json!([{"a": 1}, "b"])),
        ("{? a : b}", json!({"a": "b"})),
        ("? a\n: b\n", json!({"a": "b"})),
        ("a: b\n  c\n\n  d\n", json!({"a": "b c\nd"})),
        ("a: \"b\n  c\"\n", json!({"a": "b c"})),
        ("a:\n- 1\n- 2\n", json!({"a": [1, 2]})),
        ("a: [\n1,\n2\n]\n", json!({"a": [1, 2]})),
        (
            "u: http://x\np: a:b\nh: a#b\nq: ?a\nd: -a\n",
            json!({"u": "http://x", "p": "a:b", "h": "a#b", "q": "?a", "d": "-a"}),
        ),
        (
            "a: |\n  b\n   c\n\nd: >-\n  e\n  f\n",
            json!({"a": "b\n c\n", "d": "e f"}),
        ),
        ("a:\t{b: c}\nd:\te\n", json!({"a": {"b": "c"}, "d": "e"})),
        ("a: b\tc\n", json!({"a": "b\tc"})),
        ("a: b \t# c\n", json!({"a": "b"})),
        ("[&a x, *a]", json!(["x", "x"])),
        ("[&a [x], *a]", json!([["x"], ["x"]])),
        ("a: &k b\n*k : c\n", json!({"a": "b", "b": "c"})),
        (
            "x: &q 1\nw: *q\nz: &q 2\nv: *q\n",
            json!({"x": 1, "w": 1, "z": 2, "v": 2}),
        ),
        ("{<<: {a: 1}, b: 2}", json!({"a": 1, "b": 2})),
        ("{<<: {a: 1}, a: 9}", json!({"a": 9})),
        ("{a: 9, <<: {a: 1}}", json!({"a": 1})),
        ("{<<: [{a: 1}, {a: 2, b: 3}]}", json!({"a": 1, "b": 3})),
        ("{<<: {a: 1}, <<: {b: 1}}", json!({"a": 1, "b": 1})),
        ("{\"<<\": {a: 1}}", json!({"<<": {"a": 1}})),
        ("{!!str <<: {a: 1}}", json!({"<<": {"a": 1}})),
        ("{!!merge <<: {a: 1}}", json!({"a": 1})),
        (
            "{a: &x {k: 1}, b: {<<: *x, k: 2}}",
            json!({"a": {"k": 1}, "b": {"k": 2}}),
        ),
        ("!!set {a, b}", json!({"a": null, "b": null})),
        ("%YAML 1.1\n---\na: 1\n", json!({"a": 1})),
        (
            "\u{feff}a: 1\r\nb: |\r\n  c\r\n",
            json!({"a": 1, "b": "c\n"}),
        ),
        (
            "\t{\"a\":\n\t\t\"\\ud83d\\ude00 b\\/c\"}\n",
            json!({"a": "😀 b/c"}),
        ),
        ("--- {a: 1}\n", json!({"a": 1})),
        ("  a: 1\n  b: 2\n", json!({"a": 1, "b": 2})),
    ] {
        assert_eq!(value(text), expected, "{text:?}");
    }
}

#[test]
fn faults_have_a_code_and_a_line() {
    for (text, expected) in [
        ("a: 1\nb: [1\n", (Code::InvalidYaml, 2)),
        ("a: 1\n\tb: 1\n", (Code::InvalidYaml, 2)),
        ("a: \"b\nc: d\n", (Code::InvalidYaml, 2)),
        ("a: b: c\n", (Code::InvalidYaml, 1)),
        ("a: *b\n", (Code::InvalidYaml, 1)),
        ("a:\n- &b [*b]\n", (Code::InvalidYaml, 2)),
        ("a: 1\n[b]: c\n", (Code::InvalidYaml, 2)),
        ("{{ .Values }}: c\n", (Code::InvalidYaml, 1)),
        ("a: 1\nnull: c\n", (Code::InvalidValue, 2)),
        ("9223372036854775808: x\n", (Code::InvalidValue, 1)),
        ("a: 1\n<<: 5\n", (Code::InvalidValue, 2)),
        ("<<: [5]\n", (Code::InvalidValue, 1)),
        ("<<: null\n", (Code::InvalidValue, 1)),
        ("a: .inf\n", (Code::InvalidValue, 1)),
        ("a:\n  - !!int x\n", (Code::InvalidValue, 2)),
        ("{\"a\": 1e999}", (Code::InvalidValue, 1)),
        ("a: 1\nb: 2\na: 3\n", (Code::DuplicateKey, 3)),
        ("1: a\n\"1\": b\n", (Code::DuplicateKey, 2)),
        ("&k a: 1\n*k : 2\n", (Code::DuplicateKey, 2)),
        ("a: \"\u{1}\"\n", (Code::InvalidYaml, 1)),
    ] {
        let input = read_text("t.yaml", text);
        assert_eq!(errors(&input), [expected], "{text:?}");
        assert!(input.documents.is_empty(), "{text:?}");
        let finding = &input.findings[0];
        assert_eq!(
            (finding.file.as_str(), finding.document),
            ("t.yaml", Some(1))
        );
    }
}

#[test]
fn all_duplicates_are_found_with_both_places_and_their_path() {
    let input = read_text("t.yaml", "a:\n- b: 1\n  c: 2\n  b: 3\nd: 1\nd: 2\n");
    let found: Vec<_> = input.findings.iter().collect();
    assert_eq!(found[0].path, "/a/0/b");
    assert_eq!((found[0].line, found[0].column), (Some(4), Some(3)));
    assert_eq!(found[0].related, [("t.yaml".to_owned(), 2)]);
    assert_eq!(found[0].source_line.as_deref(), Some("  b: 3"));
    assert_eq!(found[1].path, "/d");
    assert_eq!(found[1].related, [("t.yaml".to_owned(), 5)]);
    assert_eq!(found.len(), 2);
}

#[test]
fn a_merge_key_that_replaces_a_value_above_it_is_warned_of() {
    let input = read_text("-", "a: 9\n<<: {a: 1, b: 1}\n");
    let finding = &input.findings[0];
    assert_eq!(input.findings.len(), 1);
    assert_eq!(
        (finding.severity, finding.line),
        (Severity::Warning, Some(2))
    );
    assert!(finding.message.contains("`a`"));
    assert_eq!(finding.related, [("-".to_owned(), 1)]);
    let same = read_text("-", "a: 1\n<<: {a: 1}\n<<: {a: 1}\n");
    assert_eq!(same.findings, []);
}

fn summary(input: &Input) -> Vec<(usize, &Value)> {
    let documents = input.documents.iter();
    documents
        .map(|document| (document.number, document.value()))
        .collect()
}

#[test]
fn a_fault_in_one_document_hides_no_other() {
    let text = "# head\n---\na: 1\n---\n# nothing\n---\nb: [\n---\nnull\n---\nc: 3\n...\nd: 4\n";
    let input = read_text("-", text);
    assert_eq!(
        summary(&input),
        [(1, &json!({"a": 1})), (3, &json!({"c": 3}))]
    );
    assert_eq!(
        errors(&input),
        [(Code::InvalidYaml, 7), (Code::InvalidYaml, 13)]
    );
    let documents: Vec<_> = input.findings.iter().map(|found| found.document).collect();
    assert_eq!(documents, [Some(2), Some(3)]);
    let stream = "{\"a\":1}\n{\"b\":]}\n{\"c\":3}{\"d\":4}\n";
    let input = read_text("-", stream);
    assert_eq!(
        summary(&input),
        [
            (1, &json!({"a": 1})),
            (3, &json!({"c": 3})),
            (4, &json!({"d": 4}))
        ]
    );
    assert_eq!(errors(&input), [(Code::InvalidYaml, 2)]);
    assert!(read_text("-", "# nothing\n---\n").findings.is_empty());
}

#[test]
fn millions_of_problems_on_one_line_are_summed_up() {
    let text = format!(
        "a: [{}]\n{}",
        "yes, ".repeat(200_000),
        "b: 1\n".repeat(1500)
    );
    let input = read_text("-", text);
    let of = |severity| {
        let findings = input.findings.iter();
        findings.filter(move |finding| finding.severity == severity)
    };
    assert_eq!(of(Severity::Note).count(), 1001);
    assert_eq!(of(Severity::Error).count(), 1001);
    let last = of(Severity::Note).next_back().unwrap();
    assert_eq!(last.message, "199000 more notes in this document");
    assert_eq!((last.line, last.column), (Some(1), Some(5 + 5 * 1000)));
    assert!(
        input
            .findings
            .iter()
            .all(|finding| finding.message.len() < 200)
    );
    assert_eq!(
        of(Severity::Note).find_map(|note| note.source_line.clone()),
        None
    );
}

#[test]
fn anchors_end_with_their_document() {
    let input = read_text("-", "a: &x 1\n---\nb: *x\n");
    assert_eq!(errors(&input), [(Code::InvalidYaml, 3)]);
}

#[test]
fn depth_is_bounded_in_every_notation() {
    let nested = |open: &str, close: &str, depth: usize| {
        format!("{}1{}", open.repeat(depth), close.repeat(depth))
    };
    let block = |depth: usize| {
        (0..depth).fold(String::new(), |mut text, level| {
            let _ = writeln!(text, "{}a:", " ".repeat(level));
            text
        })
    };
    let alias = |depth: usize| {
        let (half, rest) = (depth / 2, depth - depth / 2 - 1);
        let (anchor, around) = (nested("[", "]", half), nested("[", "]", rest));
        format!("[&x {anchor}, {}]", around.replace('1', "*x"))
    };
    for (name, text) in [
        (
            "flow",
            &(|depth| nested("[", "]", depth)) as &dyn Fn(usize) -> String,
        ),
        ("json", &|depth| nested("{\"a\":", "}", depth)),
        ("dashes", &|depth| nested("- ", "", depth)),
        ("block", &block),
        ("alias", &alias),
    ] {
        assert_eq!(errors(&read_text("-", text(DEPTH_LIMIT))), [], "{name}");
        for depth in [DEPTH_LIMIT + 1, 300, 100_000] {
            if name == "block" && depth > 300 {
                continue; // Its text would be gigabytes.
            }
            let input = read_text("-", text(depth));
            assert_eq!(
                errors(&input),
                [(Code::TooDeep, input.findings[0].line.unwrap())],
                "{name} {depth}"
            );
        }
    }
}

#[test]
fn aliases_cannot_eat_the_memory() {
    let mut laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..20 {
        let before = format!("*a{}, ", level - 1).repeat(9);
        let _ = writeln!(laughs, "a{level}: &a{level} [{before}]");
    }
    let long = format!(
        "a: &a {}\nb: [{}]\n",
        "x".repeat(1 << 20),
        "*a, ".repeat(1000)
    );
    let merges = (0..30).fold("a0: &a0 {k: v}\n".to_owned(), |mut text, level| {
        let next = level + 1;
        let _ = writeln!(
            text,
            "a{next}: &a{next} {{l: *a{level}, <<: *a{level}, m: *a{level}}}"
        );
        text
    });
    for text in [laughs, long, merges] {
        let start = Instant::now();
        let input = read_text("-", text);
        assert_eq!(errors(&input).last().unwrap().0, Code::TooManyAliases);
        assert!(input.documents.is_empty());
        assert!(
            start.elapsed() < Duration::from_secs(2),
            "{:?}",
            start.elapsed()
        );
    }
}

#[test]
fn files_directories_and_stdin_become_documents_in_order() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    let write = |name: &str, bytes: &[u8]| {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    write("b.yml", b"name: b");
    write("a/z.json", b"{\"name\": \"z\"}");
    write("a/notes.txt", b"name: [");
    write(".git/x.yaml", b"name: [");
    write("a/.hidden.yaml", b"name: [");
    write("c.yaml", b"name: c\n\xff\n");
    write("d.yaml", b"\xff\xfea\0:\0");
    write("e.yaml", b"\xef\xbb\xbfname: e");
    #[cfg(unix)]
    std::os::unix::fs::symlink(root, root.join("a/loop")).unwrap();
    let root = root.to_string_lossy().into_owned();
    let paths = [
        "-".to_owned(),
        format!("{root}/b.yml"),
        root.clone(),
        format!("{root}/none"),
        "-".to_owned(),
    ];
    let input = read(&paths, &mut "name: stdin".as_bytes());
    let names: Vec<_> = input
        .documents
        .iter()
        .map(|d| (d.file.name.replace(&root, ""), d.value()["name"].clone()))
        .collect();
    let expected = [
        ("-", "stdin"),
        ("/b.yml", "b"),
        ("/a/z.json", "z"),
        ("/e.yaml", "e"),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(file, n)| ((*file).to_owned(), json!(n)))
        .collect();
    assert_eq!(names, expected);
    let found: Vec<_> = input
        .findings
        .iter()
        .map(|found| (found.code, found.file.replace(&root, ""), found.line))
        .collect();
    assert_eq!(
        found,
        [
            (Code::UnreadableFile, "/c.yaml".to_owned(), Some(2)),
            (Code::UnreadableFile, "/d.yaml".to_owned(), Some(1)),
            (Code::UnreadableFile, "/none".to_owned(), None),
        ]
    );
    assert!(input.findings[1].message.contains("UTF-16"));
}
