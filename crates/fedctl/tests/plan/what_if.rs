//! What does `--what-if` tell?

use serde_json::{Value, json};

use crate::run::{CLUSTERS, DEPLOYMENT, Folder, NAMESPACE, NOW, config_map, problems};

fn shop() -> Folder {
    let named = config_map("colours", &["us-east", "lab"]);
    Folder::new(&[
        ("clusters.yaml", CLUSTERS),
        ("shop.yaml", &[NAMESPACE, DEPLOYMENT, &named].join("---\n")),
    ])
}

const INPUT: [&str; 4] = ["-f", "clusters.yaml", "-f", "shop.yaml"];

fn asked<'a>(events: &[&'a str]) -> Vec<&'a str> {
    let events = events.iter().flat_map(|event| ["--what-if", *event]);
    INPUT.into_iter().chain(events).collect()
}

/// `CLUSTER KIND/NAME BEFORE AFTER` of each change, with the numbers of replicas.
pub(crate) fn changes(answer: &Value) -> Vec<String> {
    let changes = answer["changes"].as_array().unwrap().iter();
    changes
        .map(|change| {
            let text = |path: &str| change.pointer(path).unwrap().as_str().unwrap();
            let (cluster, kind, name) =
                (text("/cluster"), text("/object/kind"), text("/object/name"));
            let replicas = |key: &str| change.get(key).map_or("-".to_owned(), Value::to_string);
            let (before, after) = (replicas("replicasBefore"), replicas("replicasAfter"));
            format!("{cluster} {kind}/{name} {before} {after}")
        })
        .collect()
}

#[test]
fn a_label_brings_objects_and_takes_them_away() {
    let folder = shop();
    let answer = folder.answer(&asked(&["label=lab:tier=prod", "label=us-east:tier-"]));
    assert_eq!(
        changes(&answer),
        ["lab Deployment/rating 0 3", "us-east Deployment/rating 3 0"]
    );
    let [comes, leaves] = [0, 1].map(|at| &answer["changes"][at]);
    assert_eq!(comes["before"], Value::Null);
    assert_eq!(comes["after"]["spec"]["replicas"], 3);
    assert_eq!(comes["after"], answer["clusters"][1]["manifests"][1]);
    assert_eq!(comes["reasons"][0]["code"], "SelectorMatch");
    assert_eq!(leaves["after"], Value::Null);
    assert_eq!(leaves["before"]["metadata"]["name"], "rating");
    assert_eq!(
        leaves["reasons"],
        json!([{"code": "SelectorMismatch", "message": "it has no label tier"}])
    );
    let deployment = &answer["objects"][1];
    assert_eq!(
        deployment["placed"][1]["cluster"], "lab",
        "the plan is the one after the events"
    );
}

#[test]
fn the_table_has_the_changes_and_nothing_else() {
    let ran = shop().plan(&asked(&["label=lab:tier=prod", "label=us-east:tier-"]));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(ran.stdout);
    let ran = shop().plan(&asked(&["label=lab:tier=test"]));
    assert_eq!(
        ran.stdout,
        format!("Changes at {NOW}\n\nNothing changes.\n")
    );
    assert_eq!(
        shop().answer(&asked(&["label=lab:tier=test"]))["changes"],
        json!([])
    );
}

#[test]
fn clusters_of_a_file_join() {
    let folder = shop();
    let new = CLUSTERS
        .replace("us-east", "us-new")
        .replace("eu-west", "eu-new");
    folder.write("new.yaml", new.replace("name: lab", "name: lab-new"));
    let answer = folder.answer(&asked(&["join=new.yaml", "label=lab-new:tier=prod"]));
    assert_eq!(
        changes(&answer),
        [
            "eu-new Deployment/rating 0 3",
            "eu-new Namespace/shop - -",
            "lab-new Deployment/rating 0 3",
            "lab-new Namespace/shop - -",
            "us-new Deployment/rating 0 3",
            "us-new Namespace/shop - -",
        ]
    );
    assert_eq!(answer["clusters"].as_array().unwrap().len(), 6);
}

#[test]
fn only_clusters_join_and_the_rest_is_an_error_in_its_place() {
    let folder = shop();
    let new = CLUSTERS
        .split("---\n")
        .next()
        .unwrap()
        .replace("us-east", "us-new");
    let list = format!(
        "kind: List\napiVersion: v1\nitems:\n- {}",
        new.replace('\n', "\n  ").replace("us-new", "us-newer")
    );
    let other = config_map("other", &["us-new"]);
    folder.write(
        "new.yaml",
        [new, other, list, "7\n".to_owned()].join("\n---\n"),
    );
    let answer = folder.answer(&asked(&["join=new.yaml"]));
    assert_eq!(answer["clusters"].as_array().unwrap().len(), 5);
    assert_eq!(
        problems(&answer),
        [
            "error new.yaml:8 InvalidValue",
            "error new.yaml:26 InvalidValue"
        ]
    );
    assert_eq!(folder.plan(&asked(&["join=new.yaml"])).code, 1);
}

#[test]
fn clusters_that_are_assumed_can_be_lost_and_joined() {
    let folder = Folder::new(&[
        ("a.yaml", &config_map("a", &["us-east", "us-new"])),
        ("new.yaml", CLUSTERS.split("---\n").nth(2).unwrap()),
    ]);
    let arguments = [
        "-f",
        "a.yaml",
        "--what-if",
        "label=us-new:a=b",
        "--what-if",
        "join=new.yaml",
    ];
    let answer = folder.answer(&arguments);
    assert_eq!(answer["clusters"].as_array().unwrap().len(), 3);
    let told = problems(&answer);
    let assumed = told.iter().filter(|told| told.ends_with("ClusterAssumed"));
    assert_eq!(assumed.count(), 2, "{told:?}");
}

#[test]
fn what_cannot_happen_is_wrong_usage() {
    let folder = shop();
    folder.write("again.yaml", CLUSTERS);
    folder.write("empty.yaml", "# nothing\n");
    for (event, part) in [
        ("loose=us-east", "\"loose\" is no event: use lose=NAME"),
        ("lose", "an event is lose=NAME"),
        ("taint=lab:full:Sometimes", "\"Sometimes\" is no effect"),
        (
            "lose=us-eats",
            "--what-if lose=us-eats: there is no cluster us-eats; did you mean us-east?",
        ),
        (
            "lose=mars",
            "--what-if lose=mars: there is no cluster mars\n",
        ),
        ("label=lab:no key=x", "not a valid label key"),
        ("join=again.yaml", "there is a cluster eu-west already"),
        (
            "join=nowhere.yaml",
            "join=nowhere.yaml: there is no such file",
        ),
        (
            "join=empty.yaml",
            "join=empty.yaml: the file holds no document",
        ),
    ] {
        let ran = folder.plan(&asked(&[event]));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{event}");
        assert!(ran.stderr.contains(part), "{event}: {}", ran.stderr);
    }
}

#[test]
fn a_cluster_that_could_not_be_read_is_told_with_the_event_that_needs_it() {
    let folder = shop();
    folder.write(
        "clusters.yaml",
        CLUSTERS.replace("{name: us-east,", "{name: us-east"),
    );
    let ran = folder.plan(&asked(&["lose=us-east"]));
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("clusters.yaml:3"), "{}", ran.stderr);
    assert!(
        ran.stderr.ends_with("there is no cluster us-east\n"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_taint_changes_the_fleet_and_is_no_fault() {
    let ran = shop().plan(&asked(&["taint=lab:maintenance=tonight:NoExecute"]));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
}

#[test]
fn secrets_are_not_in_the_table() {
    let secret = |value: &str| {
        format!(
            "apiVersion: types.kubefed.io/v1beta1\nkind: FederatedSecret\n\
             metadata: {{name: s, namespace: shop}}\nspec:\n  \
             template: {{stringData: {{password: {value}}}}}\n  \
             placement: {{clusterSelector: {{matchLabels: {{tier: prod}}}}}}\n"
        )
    };
    let folder = Folder::new(&[
        ("clusters.yaml", CLUSTERS),
        ("shop.yaml", &[NAMESPACE, &secret("hunter2")].join("---\n")),
    ]);
    let events = ["label=lab:tier=prod", "label=us-east:tier-"];
    let ran = folder.plan(&asked(&events));
    assert!(ran.stdout.contains("Secret shop/s"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("hunter2"), "{}", ran.stdout);
    let answer = folder.answer(&asked(&events));
    assert_eq!(
        answer["changes"][0]["after"]["stringData"]["password"],
        "hunter2"
    );
    let yaml = folder.plan(&[&asked(&events)[..], &["-o", "yaml"]].concat());
    let read = fedctl::read::read_text("yaml", yaml.stdout.as_str());
    assert_eq!(*read.documents[0].value(), answer);
    let order: Vec<_> = answer.as_object().unwrap().keys().cloned().collect();
    assert!(order.contains(&"changes".to_owned()));
    let at = |key: &str| yaml.stdout.find(&format!("\n{key}:")).unwrap();
    assert!(at("objects") < at("changes") && at("changes") < at("problems"));
}

/// A FederatedDeployment whose replicas a ReplicaSchedulingPreference divides among three clusters.
fn divided() -> Folder {
    let clusters = CLUSTERS.replace("'False'", "'True'");
    let deployment = DEPLOYMENT.split("  overrides:").next().unwrap();
    let deployment = deployment.replace("{matchLabels: {tier: prod}}", "{}");
    Folder::new(&[
        ("clusters.yaml", &clusters),
        (
            "shop.yaml",
            &[NAMESPACE, &deployment, PREFERENCE].join("---\n"),
        ),
    ])
}

const PREFERENCE: &str = "\
apiVersion: scheduling.kubefed.io/v1alpha1
kind: ReplicaSchedulingPreference
metadata: {name: rating, namespace: shop}
spec:
  targetKind: FederatedDeployment
  totalReplicas: 9
  clusters:
    '*': {weight: 1}
";

#[test]
fn a_lost_cluster_is_planned_for_without_a_fault() {
    let folder = divided();
    let answer = folder.answer(&asked(&["lose=us-east"]));
    assert_eq!(folder.plan(&asked(&["lose=us-east"])).code, 0);
    assert_eq!(answer["clusters"].as_array().unwrap().len(), 3);
    assert_eq!(
        changes(&answer),
        [
            "eu-west Deployment/rating 3 5",
            "lab Deployment/rating 3 4",
            "us-east Deployment/rating 3 0",
        ]
    );
}
