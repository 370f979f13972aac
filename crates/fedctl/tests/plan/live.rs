//! What does `--live` tell?

use serde_json::{Value, json};

use crate::run::{CLUSTERS, DEPLOYMENT, Folder, NAMESPACE, problems};
use crate::what_if::changes;

const INPUT: [&str; 6] = ["-f", "clusters.yaml", "-f", "shop.yaml", "--live", "dumps"];

/// What runs in us-east: the namespace, as it is planned, and what a server adds to it.
const RUNNING_NAMESPACE: &str = "\
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  uid: 0b6f
  resourceVersion: '7'
  labels: {kubefed.io/managed: 'true', kubernetes.io/metadata.name: shop}
spec: {finalizers: [kubernetes]}
status: {phase: Active}
";

/// The Deployment, at another image and with other replicas, and with a container that somebody
/// else put in.
const RUNNING_DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: rating
  namespace: shop
  labels: {kubefed.io/managed: 'true'}
spec:
  replicas: 2
  revisionHistoryLimit: 10
  selector: {matchLabels: {app: rating}}
  template:
    metadata: {creationTimestamp: null, labels: {app: rating}}
    spec:
      containers:
      - {name: proxy, image: 'example.com/proxy:1'}
      - {name: rating, image: 'example.com/rating:0', imagePullPolicy: IfNotPresent}
      restartPolicy: Always
status: {readyReplicas: 2}
";

fn shop(dumps: &[(&str, &str)]) -> Folder {
    let folder = Folder::new(&[
        ("clusters.yaml", &CLUSTERS.replace("'False'", "'True'")),
        ("shop.yaml", &[NAMESPACE, DEPLOYMENT].join("---\n")),
    ]);
    for cluster in ["us-east", "eu-west", "lab"] {
        folder.write(
            &format!("dumps/{cluster}/namespace.yaml"),
            RUNNING_NAMESPACE,
        );
    }
    for (path, text) in dumps {
        folder.write(&format!("dumps/{path}"), text);
    }
    folder
}

#[test]
fn what_differs_from_what_runs_is_a_change() {
    let folder = shop(&[
        ("us-east/apps/deployments.yaml", RUNNING_DEPLOYMENT),
        ("eu-west/apps/deployments.yaml", RUNNING_DEPLOYMENT),
    ]);
    let answer = folder.answer(&INPUT);
    assert_eq!(
        changes(&answer),
        [
            "eu-west Deployment/rating 2 5",
            "us-east Deployment/rating 2 3"
        ]
    );
    assert_eq!(problems(&answer), [] as [String; 0]);
    let change = &answer["changes"][1];
    let containers =
        |image: &str| json!({"spec": {"containers": [{"name": "rating", "image": image}]}});
    assert_eq!(
        change["before"],
        json!({"spec": {"replicas": 2, "template": containers("example.com/rating:0")}})
    );
    assert_eq!(
        change["after"],
        json!({"spec": {"replicas": 3, "template": containers("example.com/rating:1")}})
    );
    insta::assert_snapshot!(folder.plan(&INPUT).stdout);
}

#[test]
fn nothing_changes_where_the_plan_runs() {
    let folder = shop(&[]);
    let written = folder.plan(&["-f", "clusters.yaml", "-f", "shop.yaml", "-o", "dir=out"]);
    assert_eq!(written.code, 0);
    let input = ["-f", "clusters.yaml", "-f", "shop.yaml", "--live", "out"];
    let ran = folder.plan(&input);
    assert!(ran.stdout.ends_with("Nothing changes.\n"), "{}", ran.stdout);
    assert_eq!(folder.answer(&input)["changes"], json!([]));
}

#[test]
fn what_is_ours_and_not_planned_leaves_and_what_is_others_stays() {
    let ours = RUNNING_DEPLOYMENT.replace("name: rating\n  namespace", "name: old\n  namespace");
    let theirs = ours
        .replace("name: old", "name: theirs")
        .replace("managed: 'true'", "managed: 'no'");
    let native = theirs
        .replace("name: theirs", "name: native")
        .replace("kubefed.io/managed: 'no'", "fed.dev/managed: 'true'");
    let folder = shop(&[
        (
            "lab/all.yaml",
            &[RUNNING_DEPLOYMENT, &ours, &theirs, &native].join("---\n"),
        ),
        (
            "us-east/all.yaml",
            &RUNNING_DEPLOYMENT
                .replace(":0", ":1")
                .replace("replicas: 2\n", "replicas: 3\n"),
        ),
        (
            "eu-west/all.yaml",
            &RUNNING_DEPLOYMENT
                .replace(":0", ":1")
                .replace("replicas: 2\n", "replicas: 5\n"),
        ),
    ]);
    let answer = folder.answer(&INPUT);
    assert_eq!(
        changes(&answer),
        [
            "lab Deployment/native 2 0",
            "lab Deployment/old 2 0",
            "lab Deployment/rating 2 0"
        ]
    );
    let reasons = |at: usize| answer["changes"][at]["reasons"].clone();
    assert_eq!(
        reasons(1),
        json!([{"code": "NotPropagated", "message": "nothing asks for it"}])
    );
    assert_eq!(reasons(2)[0]["code"], "SelectorMismatch");
    assert_eq!(answer["changes"][1]["after"], Value::Null);
    assert_eq!(answer["changes"][1]["before"]["metadata"]["name"], "old");
    insta::assert_snapshot!(folder.plan(&INPUT).stdout);
}

#[test]
fn with_an_event_changes_are_those_that_the_event_makes() {
    let folder = shop(&[("us-east/all.yaml", RUNNING_DEPLOYMENT)]);
    let answer = folder.answer(&[&INPUT[..], &["--what-if", "label=lab:tier=prod"]].concat());
    assert_eq!(changes(&answer), ["lab Deployment/rating 0 3"]);
}

#[test]
fn lists_and_json_are_read_like_everything_else() {
    let read = fedctl::read::read_text("-", [RUNNING_NAMESPACE, RUNNING_DEPLOYMENT].join("---\n"));
    let documents = read.documents.into_iter();
    let items: Vec<_> = documents
        .map(fedctl::read::SourceDocument::into_value)
        .collect();
    let list = json!({"apiVersion": "v1", "kind": "List", "items": items}).to_string();
    let plain = shop(&[("us-east/all.yaml", RUNNING_DEPLOYMENT)]);
    let listed = shop(&[("us-east/deep/down/all.json", &list)]);
    std::fs::remove_file(listed.path("dumps/us-east/namespace.yaml")).unwrap();
    assert_eq!(plain.answer(&INPUT), listed.answer(&INPUT));
}

#[test]
fn what_cannot_be_read_is_told_with_its_place_and_blocks_nothing() {
    let folder = shop(&[
        ("us-east/all.yaml", RUNNING_DEPLOYMENT),
        ("us-east/broken.yaml", "a: [\n"),
        (
            "eu-west/all.yaml",
            &RUNNING_DEPLOYMENT.replace("readyReplicas: 2", "readyReplicas: two"),
        ),
        (
            "lab/all.yaml",
            "kind: Pod\n---\nkind: ConfigMap\napiVersion: v1\nmetadata: {}\n",
        ),
        ("mars/all.yaml", RUNNING_DEPLOYMENT),
        ("stray.yaml", RUNNING_DEPLOYMENT),
        (".git/config.yaml", "a: ["),
        ("README.md", "a: ["),
    ]);
    let answer = folder.answer(&INPUT);
    assert_eq!(
        problems(&answer),
        [
            "error dumps/eu-west/all.yaml:18 InvalidValue",
            "error dumps/lab/all.yaml:1 NotAnObject",
            "error dumps/lab/all.yaml:3 MissingField",
            "warning dumps/mars:null UnknownCluster",
            "warning dumps/stray.yaml:null UnknownCluster",
            "error dumps/us-east/broken.yaml:1 InvalidYaml",
        ]
    );
    assert_eq!(changes(&answer).len(), 2);
    let ran = folder.plan(&INPUT);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.stderr);
}

#[test]
fn a_cluster_without_a_folder_holds_nothing_which_is_told() {
    let folder = shop(&[("us-east/all.yaml", RUNNING_DEPLOYMENT)]);
    std::fs::remove_dir_all(folder.path("dumps/eu-west")).unwrap();
    let answer = folder.answer(&INPUT);
    assert_eq!(
        changes(&answer),
        [
            "eu-west Deployment/rating 0 5",
            "eu-west Namespace/shop - -",
            "us-east Deployment/rating 2 3"
        ]
    );
    assert_eq!(problems(&answer), ["note ?:null NotObserved"]);
}

#[test]
fn without_the_directory_there_is_no_answer() {
    let folder = shop(&[]);
    for (name, part) in [
        ("nowhere", "--live nowhere: there is no such directory"),
        ("shop.yaml", "--live shop.yaml: this is not a directory"),
    ] {
        let ran = folder.plan(&["-f", "clusters.yaml", "--live", name]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
        assert!(ran.stderr.contains(part), "{}", ran.stderr);
    }
}

#[test]
fn secrets_are_compared_and_not_shown() {
    let federated = "\
apiVersion: types.kubefed.io/v1beta1
kind: FederatedSecret
metadata: {name: s, namespace: shop}
spec:
  template: {stringData: {password: hunter2, other: same}}
  placement: {clusters: [{name: us-east}, {name: lab}]}
";
    // As servers keep it: `aHVudGVyMg==` is hunter2, `b2xk` is old, `c2FtZQ==` is same.
    let running = |password: &str| {
        format!(
            "apiVersion: v1\nkind: Secret\ntype: Opaque\n\
             metadata: {{name: s, namespace: shop, labels: {{kubefed.io/managed: 'true'}}}}\n\
             data: {{password: {password}, other: c2FtZQ==}}\n"
        )
    };
    let folder = shop(&[
        ("us-east/secret.yaml", &running("b2xk")),
        ("lab/secret.yaml", &running("aHVudGVyMg==")),
        ("eu-west/secret.yaml", &running("aHVudGVyMg==")),
    ]);
    folder.write("shop.yaml", [NAMESPACE, federated].join("---\n"));
    let answer = folder.answer(&INPUT);
    assert_eq!(
        changes(&answer),
        ["eu-west Secret/s - -", "us-east Secret/s - -"]
    );
    assert_eq!(
        answer["changes"][1]["before"],
        json!({"data": {"password": "b2xk"}})
    );
    assert_eq!(
        answer["changes"][1]["after"],
        json!({"data": {"password": "aHVudGVyMg=="}})
    );
    for extra in [&[][..], &["--explain"]] {
        let ran = folder.plan(&[&INPUT[..], extra].concat());
        for value in ["b2xk", "aHVudGVyMg", "hunter2", "c2FtZQ"] {
            assert!(
                !ran.stdout.contains(value) && !ran.stderr.contains(value),
                "{ran:?}"
            );
        }
        assert!(ran.stdout.contains("<4 bytes, sha256"), "{}", ran.stdout);
    }
}
