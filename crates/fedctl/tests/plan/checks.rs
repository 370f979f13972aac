//! What does `fedctl plan` say of objects that no cluster would take, or that need others?

use crate::run::{CLUSTERS, DEPLOYMENT, Folder, NAMESPACE, Ran};

/// What was printed, the table without its time, and how it ended.
fn shown(ran: &Ran) -> String {
    format!("{}\n{}\nexit {}", ran.stdout, ran.stderr, ran.code)
}

fn planned(text: &str) -> Ran {
    Folder::new(&[("in.yaml", text)]).plan(&["-f", "in.yaml"])
}

const CONFIG_MAP: &str = "\
---
apiVersion: types.kubefed.io/v1beta1
kind: FederatedConfigMap
metadata: {name: colours, namespace: shop}
spec:
  template: {data: {sky: blue}}
  placement: {clusters: [{name: us-east}]}
";

#[test]
fn a_pod_laid_under_a_deployment_is_told_its_right_place_and_the_rest_is_planned() {
    let text = format!(
        "\
apiVersion: types.kubefed.io/v1beta1
kind: FederatedDeployment
metadata: {{name: web, namespace: shop}}
spec:
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      replicas: 3
      containers:
      - name: web
        image: nginx:1.27
  placement: {{clusters: [{{name: us-east}}]}}
{CONFIG_MAP}"
    );
    let folder = Folder::new(&[("in.yaml", &text)]);
    let ran = folder.plan(&["-f", "in.yaml"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(shown(&ran));
    let answer = folder.answer(&["-f", "in.yaml"]);
    let problems = answer["problems"].as_array().unwrap();
    let misplaced = problems
        .iter()
        .find(|problem| problem["code"] == "MisplacedField")
        .unwrap();
    assert_eq!(misplaced["path"], "/spec/template/spec/containers");
    assert_eq!(misplaced["line"], 9);
    let placed = &answer["objects"][0]["placed"];
    assert_eq!(placed[0]["reasons"][0]["code"], "Listed", "{placed}");
}

#[test]
fn a_tutorials_deployment_without_selector_and_labels_is_divided_and_told_what_to_add() {
    let text = "\
apiVersion: types.kubefed.io/v1beta1
kind: FederatedDeployment
metadata:
  name: nginx
  namespace: web
spec:
  template:
    spec:
      replicas: 3
      template:
        spec:
          containers:
          - name: nginx
            image: nginx:1.27
  placement:
    clusters:
    - name: cluster-us
    - name: cluster-eu
    - name: cluster-asia
  overrides:
  - clusterName: cluster-asia
    clusterOverrides:
    - path: /spec/replicas
      value: 5
";
    let folder = Folder::new(&[("in.yaml", text)]);
    let answer = folder.answer(&["-f", "in.yaml"]);
    let placed = answer["objects"][0]["placed"].as_array().unwrap().iter();
    let replicas: Vec<_> = placed
        .map(|placed| placed["replicas"].as_i64().unwrap())
        .collect();
    assert_eq!(replicas, [5, 3, 3], "by name: asia, eu, us");
    let ran = folder.plan(&["-f", "in.yaml"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.stderr);
}

#[test]
fn a_fault_stands_where_it_was_written() {
    let text = "\
apiVersion: types.kubefed.io/v1beta1
kind: FederatedDeployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      replicas: 3
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          restartPolicy: Sometimes
          containers:
          - name: web
            image: nginx:1.27
            imagePulPolicy: Always
            ports:
            - containerPort: \"80\"
  placement: {clusters: [{name: us-east}, {name: eu-west}]}
  overrides:
  - clusterName: eu-west
    clusterOverrides:
    - path: /spec/replicas
      value: many
    - path: /spec/strategy
      value: {type: Rolling}
";
    insta::assert_snapshot!(planned(text).stderr);
}

#[test]
fn what_objects_need_of_each_other_is_looked_for_in_each_cluster() {
    let object = |kind: &str, name: &str, template: &str, clusters: &str| {
        format!(
            "---\napiVersion: types.kubefed.io/v1beta1\nkind: Federated{kind}\n\
             metadata: {{name: {name}, namespace: shop}}\n\
             spec:\n  template: {template}\n  placement: {{clusters: [{clusters}]}}\n"
        )
    };
    let both = "{name: us-east}, {name: eu-west}";
    let text = [
        object(
            "Deployment",
            "web",
            "{spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, \
             spec: {serviceAccountName: reader, containers: [{name: web, image: nginx, envFrom: \
             [{configMapRef: {name: settings}}]}]}}}}",
            both,
        ),
        object("ConfigMap", "settings", "{data: {a: b}}", "{name: us-east}"),
        object("Service", "web", "{spec: {selector: {app: wed}, ports: [{port: 80}]}}", both),
        object(
            "Ingress",
            "web",
            "{spec: {rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: \
             web, port: {number: 8080}}}}, {path: /b, pathType: Prefix, backend: {service: {name: \
             nowhere, port: {name: http}}}}]}}]}}",
            both,
        ),
    ]
    .concat();
    insta::assert_snapshot!(planned(&text).stderr);
}

#[test]
fn a_retired_version_is_told_what_took_its_place() {
    let text = "\
apiVersion: extensions/v1beta1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
---
apiVersion: fed.dev/v1alpha1
kind: Propagation
metadata: {name: web, namespace: shop}
spec:
  resources: [{apiVersion: extensions/v1beta1, kind: Deployment, name: web}]
  placement: {clusters: [us-east]}
";
    insta::assert_snapshot!(planned(text).stderr);
}

#[test]
fn kinds_of_definitions_in_the_input_are_planned_and_checked() {
    let text = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: trainingruns.ml.example.com}
spec:
  group: ml.example.com
  scope: Namespaced
  names: {plural: trainingruns, singular: trainingrun, kind: TrainingRun}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            required: [model]
            properties:
              model: {type: string, pattern: '^[a-z]+$'}
              workers: {type: integer}
---
apiVersion: types.kubefed.io/v1beta1
kind: FederatedTrainingRun
metadata: {name: ratings, namespace: models}
spec:
  template: {spec: {workers: four, modell: bert}}
  placement: {clusters: [{name: us-east}]}
";
    insta::assert_snapshot!(shown(&planned(text)));
}

#[test]
fn a_fault_is_found_again_where_an_override_shifts_a_list() {
    let text = "\
apiVersion: types.kubefed.io/v1beta1
kind: FederatedDeployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          containers:
          - {name: web, image: nginx, prots: []}
          - {name: second, image: nginx}
  placement: {clusters: [{name: us-east}, {name: eu-west}]}
  overrides:
  - clusterName: eu-west
    clusterOverrides:
    - op: add
      path: /spec/template/spec/containers/0
      value: {name: side, image: envoy}
";
    let folder = Folder::new(&[("in.yaml", text)]);
    let answer = folder.answer(&["-f", "in.yaml"]);
    let told = answer["problems"].as_array().unwrap().iter();
    let told: Vec<_> = told
        .filter(|problem| problem["code"] == "UnknownField")
        .collect();
    let paths: Vec<_> = told
        .iter()
        .map(|problem| problem["path"].as_str().unwrap())
        .collect();
    assert_eq!(
        paths,
        ["/spec/template/spec/template/spec/containers/0/prots"],
        "one fault, though it stands elsewhere in another cluster"
    );
    let mut fixed = folder.command(&["fix", "-f", "in.yaml", "--write"]);
    assert_eq!(crate::run::run(&mut fixed, "").code, 0);
    assert_eq!(folder.plan(&["-f", "in.yaml"]).code, 0);
}

#[test]
fn a_repair_is_none_where_an_override_counts_on_the_field() {
    let text = "\
apiVersion: types.kubefed.io/v1beta1
kind: FederatedDeployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      replica: 3
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: web, image: nginx}]}
  placement: {clusters: [{name: us-east}]}
  overrides:
  - clusterName: us-east
    clusterOverrides: [{path: /spec/replica, value: 5}]
";
    let folder = Folder::new(&[("in.yaml", text)]);
    let answer = folder.answer(&["-f", "in.yaml"]);
    let problems = answer["problems"].as_array().unwrap();
    assert!(
        problems
            .iter()
            .any(|problem| problem["code"] == "UnknownField")
    );
    assert!(
        problems.iter().all(|problem| problem.get("fix").is_none()),
        "{problems:?}"
    );
}

#[test]
fn a_version_that_a_kind_does_not_have_is_told_the_right_one() {
    let text = "\
apiVersion: types.kubefed.io/v1beta1
kind: FederatedDeployment
metadata: {name: web, namespace: shop}
spec:
  template:
    apiVersion: apps/v2
    spec:
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: web, image: nginx}]}
  placement: {clusters: [{name: us-east}]}
---
apiVersion: v1
kind: Deployment
metadata: {name: plain, namespace: shop}
spec: {}
---
apiVersion: fed.dev/v1alpha1
kind: Propagation
metadata: {name: plain, namespace: shop}
spec:
  resources: [{apiVersion: v1, kind: Deployment, name: plain}]
  placement: {clusters: [us-east]}
";
    let answer = Folder::new(&[("in.yaml", text)]).answer(&["-f", "in.yaml"]);
    let told = answer["problems"].as_array().unwrap().iter();
    let told: Vec<_> = told
        .filter(|problem| problem["code"] == "WrongApiVersion")
        .collect();
    assert_eq!(told.len(), 2, "{answer:#}");
    assert_eq!(told[0]["fix"][0]["value"], "apps/v1");
    assert!(
        told[1]["message"]
            .as_str()
            .unwrap()
            .ends_with("write apps/v1"),
        "{told:?}"
    );
}

#[test]
fn a_template_is_checked_though_it_goes_nowhere_or_its_override_fails() {
    let deployment = |name: &str, placement: &str| {
        format!(
            "---\napiVersion: types.kubefed.io/v1beta1\nkind: FederatedConfigMap\n\
             metadata: {{name: {name}, namespace: shop}}\nspec:\n  template: {{data: {{a: 3}}}}\n  \
             placement: {placement}\n  overrides: [{{clusterName: us-east, clusterOverrides: \
             [{{path: /nope/x, value: 1}}]}}]\n"
        )
    };
    let text = [
        deployment("nowhere", "{clusters: []}"),
        deployment("failing", "{clusters: [{name: us-east}]}"),
    ]
    .concat();
    let answer = Folder::new(&[("in.yaml", &text)]).answer(&["-f", "in.yaml"]);
    let told = answer["problems"].as_array().unwrap().iter();
    let paths: Vec<_> = told
        .filter(|problem| problem["code"] == "InvalidValue")
        .map(|problem| problem["path"].as_str().unwrap())
        .collect();
    assert_eq!(
        paths,
        ["/spec/template/data/a", "/spec/template/data/a"],
        "{answer:#}"
    );
}

#[test]
fn a_cluster_that_kubefed_found_offline_is_not_taken_as_ready() {
    let text = "\
apiVersion: core.kubefed.io/v1beta1
kind: KubeFedCluster
metadata: {name: us-east}
status: {conditions: [{type: Offline, status: 'True'}]}
---
apiVersion: types.kubefed.io/v1beta1
kind: FederatedConfigMap
metadata: {name: colours, namespace: shop}
spec:
  template: {data: {sky: blue}}
  placement: {clusters: [{name: us-east}]}
";
    let answer = Folder::new(&[("in.yaml", text)]).answer(&["-f", "in.yaml"]);
    let reasons = &answer["objects"][0]["placed"][0]["reasons"];
    assert_eq!(reasons[1]["code"], "ClusterNotReady", "{reasons}");
}

#[test]
fn a_total_that_cannot_be_is_told_where_it_is_written() {
    let preference = "\
apiVersion: scheduling.kubefed.io/v1alpha1
kind: ReplicaSchedulingPreference
metadata: {name: rating, namespace: shop}
spec: {targetKind: FederatedDeployment, totalReplicas: -3}
";
    let folder = Folder::new(&[
        ("clusters.yaml", CLUSTERS),
        ("shop.yaml", &[NAMESPACE, DEPLOYMENT].join("---\n")),
        ("preference.yaml", preference),
    ]);
    let answer = folder.answer(&["-f", "."]);
    let told = answer["problems"].as_array().unwrap().iter();
    let places: Vec<_> = told
        .filter(|problem| problem["severity"] == "error")
        .map(|problem| {
            (
                problem["file"].as_str().unwrap(),
                problem["path"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(places, [("./preference.yaml", "/spec/totalReplicas")]);
}
