//! What does `fedctl plan` do with kinds that documents declare?

use crate::run::Folder;

const VOLCANO: &str = include_str!("../../../../examples/kinds/volcano.yaml");

/// The one change of us-east, where this runs of the Job.
fn change_of(running: &str) -> serde_json::Value {
    let folder = Folder::new(&[
        ("volcano.yaml", VOLCANO),
        ("dumps/us-east/job.yaml", running),
        ("dumps/eu-west/empty.yaml", ""),
    ]);
    let answer = folder.answer(&["-f", "volcano.yaml", "--live", "dumps"]);
    let mut changes = answer["changes"].as_array().unwrap().iter();
    let found = changes.find(|change| change["cluster"] == "us-east");
    found.cloned().unwrap_or_else(|| panic!("{answer:#}"))
}

#[test]
fn a_declared_kind_is_divided_as_it_counts_its_replicas() {
    let folder = Folder::new(&[("volcano.yaml", VOLCANO)]);
    let ran = folder.plan(&["-f", "volcano.yaml"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // There are nine pods, and not the twelve that are asked for.
    insta::assert_snapshot!(format!("{}{}", ran.stdout, ran.stderr));
}

#[test]
fn what_a_declared_kind_keeps_is_no_change_and_what_hinders_an_update_is_told() {
    let job = |queue: &str, image: &str, least: i64| {
        format!(
            "apiVersion: batch.volcano.sh/v1alpha1\nkind: Job\n\
             metadata: {{name: nightly, namespace: shop, labels: {{fed.dev/managed: 'true'}}}}\n\
             spec:\n  minAvailable: {least}\n  schedulerName: volcano\n  queue: {queue}\n\
             \x20 volumes: [{{mountPath: /data, volumeClaimName: catalogue}}]\n  tasks:\n\
             \x20 - name: worker\n    replicas: 7\n\
             \x20   template: {{spec: {{containers: [{{name: worker, image: '{image}'}}]}}}}\n\
             \x20 - name: reader\n    replicas: 2\n\
             \x20   template: {{spec: {{containers: [{{name: reader, image: 'example.com/reader:1'}}]}}}}\n"
        )
    };
    // Its own queue stays; another image is a change.
    let told = change_of(&job("backup", "example.com/worker:0", 6)).to_string();
    assert!(
        !told.contains("backup") && told.contains("worker:0"),
        "{told}"
    );
    // That it waits for fewer pods needs another Job.
    let told = change_of(&job("day", "example.com/worker:1", 9)).to_string();
    assert!(
        told.contains("spec.minAvailable changes, which cannot be changed"),
        "{told}"
    );
}

#[test]
fn a_definition_that_cannot_be_used_is_told_with_its_line_and_blocks_nothing() {
    let broken = "
apiVersion: fed.dev/v1alpha1
kind: KindDefinition
metadata: {name: broken}
spec:
  {group: a.example.com, version: v1, kind: A, plural: as, scope: Namespaced,
   keep: [spec],
   expressions: {health: 'object.status ==', ready: objekt.ok}}
---
apiVersion: fed.dev/v1alpha1
kind: KindDefinition
metadata: {name: misspelt}
spec: {group: b.example.com, version: v1, kind: B, plural: bs, scope: Namespaced, helth: x}
---
apiVersion: fed.dev/v1alpha1
kind: KindDefinition
metadata: {name: twice}
spec: {group: batch.volcano.sh, version: v1, kind: Job, plural: jobs, scope: Namespaced}
";
    let folder = Folder::new(&[("volcano.yaml", VOLCANO), ("broken.yaml", broken)]);
    let answer = folder.answer(&["-f", "volcano.yaml", "-f", "broken.yaml"]);
    assert!(
        answer["objects"][0].to_string().contains("nightly"),
        "{answer:#}"
    );
    let problems = answer["problems"].as_array().unwrap().iter();
    let told: Vec<_> = problems
        .filter(|one| one["severity"] == "error")
        .map(|one| format!("{}:{} {}", one["file"], one["line"], one["message"]))
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}
