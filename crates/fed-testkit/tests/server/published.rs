//! Does the server publish of itself what a real one does, with and without
//! CustomResourceDefinitions? The same questions to both.

use fed_testkit::server::{Answer, Request, Server};
use jiff::Timestamp;
use serde_json::{Value, json};

const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const CRDS: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/// Two definitions that say all that a definition can.
fn definitions() -> Vec<Value> {
    serde_json::from_str(include_str!("definitions.json")).expect("definitions")
}

fn now() -> Timestamp {
    "2030-01-01T00:00:00Z".parse().expect("a time")
}

fn ask(server: &mut Server, path: &str, accept: &str) -> Answer {
    let mut request = Request::new("GET", path);
    accept.clone_into(&mut request.accept);
    server.handle(&request, now())
}

fn get(server: &mut Server, path: &str) -> (u16, Value) {
    let answer = ask(server, path, "application/json");
    (answer.code, answer.json())
}

fn served() -> Server {
    let mut server = Server::new(1);
    for definition in definitions() {
        let request = Request::new("POST", CRDS).with_json("application/json", &definition);
        assert_eq!(server.handle(&request, now()).code, 201);
    }
    server
}

#[test]
fn a_definition_comes_into_discovery_and_goes_with_it() {
    let mut server = served();
    let groups = |server: &mut Server| {
        let aggregated = ask(server, "/apis", AGGREGATED).json();
        let classic = get(server, "/apis").1;
        let named = |list: &Value, name: &str| {
            let list = list.as_array().expect("a list").clone();
            list.iter()
                .any(|item| item.pointer(name) == Some(&json!("shop.example.com")))
        };
        [
            named(&aggregated["items"], "/metadata/name"),
            named(&classic["groups"], "/name"),
        ]
    };
    assert_eq!(groups(&mut server), [true, true]);
    assert_eq!(get(&mut server, "/apis/shop.example.com/v1alpha1").0, 200);
    assert_eq!(
        get(&mut server, "/apis/shop.example.com/v1beta1").0,
        404,
        "not served"
    );
    for definition in definitions() {
        let name = definition["metadata"]["name"].as_str().expect("a name");
        server.handle(&Request::new("DELETE", &format!("{CRDS}/{name}")), now());
    }
    assert_eq!(groups(&mut server), [false, false]);
    assert_eq!(get(&mut server, "/apis/shop.example.com").0, 404);
}

#[test]
fn who_knows_a_document_is_not_sent_it_again() {
    let mut server = served();
    let header = |answer: &Answer, name: &str| {
        let found = answer.headers.iter().find(|(other, _)| *other == name);
        found.map(|(_, value)| value.clone())
    };
    for (path, accept) in [
        ("/apis", AGGREGATED),
        ("/openapi/v2", "*/*"),
        ("/openapi/v3/apis/apps/v1", ""),
    ] {
        let first = ask(&mut server, path, accept);
        let mut again = Request::new("GET", path);
        accept.clone_into(&mut again.accept);
        again.known_tag = header(&first, "etag").expect("a tag");
        assert_eq!(
            (first.code, server.handle(&again, now()).code),
            (200, 304),
            "{path}"
        );
    }
    let index = ask(&mut server, "/openapi/v3", "").json();
    let address = index["paths"]["apis/shop.example.com/v1"]["serverRelativeURL"].clone();
    let address = address.as_str().expect("an address");
    let document = ask(&mut server, address, "");
    assert_eq!(
        header(&document, "cache-control").as_deref(),
        Some("public, immutable")
    );
    let moved = ask(
        &mut server,
        "/openapi/v3/apis/shop.example.com/v1?hash=old",
        "",
    );
    assert_eq!(
        (moved.code, header(&moved, "location").as_deref()),
        (301, Some(address))
    );
}

#[test]
fn paths_that_lead_nowhere_are_told_as_a_real_server_tells_them() {
    let mut server = served();
    let table = [
        ("/nowhere", "404 page not found\n"),
        ("/apis/nowhere", "404 page not found\n"),
        ("/apis/nowhere/v1/things", "404 page not found\n"),
        ("/apis/shop.example.com/v1/things", "404 page not found\n"),
        ("/healthz/nothing", "404 page not found\n"),
    ];
    for (path, said) in table {
        assert_eq!(get(&mut server, path), (404, json!(said)), "{path}");
    }
    for path in [
        "/apis/apps/v9",
        "/apis/apps/v1/things",
        "/api/v1/namespaces/default/things/x",
    ] {
        let (code, status) = get(&mut server, path);
        assert_eq!(
            (code, &status["reason"]),
            (404, &json!("NotFound")),
            "{path}"
        );
    }
    assert_eq!(get(&mut server, "/readyz"), (200, json!("ok")));
    assert_eq!(get(&mut server, "/livez/etcd"), (200, json!("ok")));
    assert_eq!(get(&mut server, "/metrics").0, 501);
}

/// A real server of the same kinds publishes the same, but for prose.
#[cfg(unix)]
mod real {
    use std::thread;
    use std::time::Duration;

    use fed_testkit::apiserver::{ApiServer, Options};
    use fed_testkit::assets_or_skip;

    use super::*;
    use crate::compare::difference;

    /// The two servers, and what they say differently.
    struct Pair {
        real: ApiServer,
        ours: Server,
        differing: Vec<String>,
    }

    impl Pair {
        fn compare(&mut self, path: &str, accept: &str) {
            let client = self.real.client().with_accept(accept);
            let theirs = client.get(path).expect("an answer");
            let ours = ask(&mut self.ours, path, accept);
            let ours = json!({"code": ours.code, "body": without_prose(ours.json())});
            let theirs = json!({"code": theirs.status, "body": without_prose(theirs.body)});
            if let Some(how) = difference("", &ours, &theirs) {
                self.differing.push(format!("{path}: {how}"));
            }
        }
    }

    /// What is left without the texts for people, and what a server says of where it stands.
    fn without_prose(value: Value) -> Value {
        const LEFT_OUT: [&str; 2] = ["description", "serverAddressByClientCIDRs"];
        match value {
            Value::Object(fields) => {
                let told = |name: &str, value: &Value| {
                    !LEFT_OUT.contains(&name) || !(value.is_string() || value.is_array())
                };
                let fields = fields.into_iter().filter(|(name, value)| told(name, value));
                let fields = fields.map(|(name, value)| (name, without_prose(value)));
                Value::Object(fields.collect())
            }
            Value::Array(items) => items.into_iter().map(without_prose).collect(),
            other => other,
        }
    }

    #[test]
    fn a_real_server_publishes_the_same() {
        let assets = assets_or_skip!();
        let real = ApiServer::start(&assets, Options::named("published")).expect("it starts");
        for definition in definitions() {
            let answer = real.client().create(CRDS, &definition).expect("an answer");
            assert_eq!(answer.status, 201, "{}", answer.body);
        }
        // What is defined is published a little later, piece by piece.
        let is_told = |path: &str, word: &str| {
            real.client()
                .get(path)
                .is_ok_and(|answer| answer.body.to_string().contains(word))
        };
        let second =
            || is_told("/openapi/v2", "v1alpha1.Gadget") && is_told("/openapi/v2", "v1.World");
        let third = || is_told("/openapi/v3/apis/shop.example.com/v1", "World");
        while !(second() && third() && is_told("/apis", "shop.example.com")) {
            thread::sleep(Duration::from_millis(200));
        }
        let mut pair = Pair {
            real,
            ours: served(),
            differing: Vec::new(),
        };
        let mut paths: Vec<String> = ["/api", "/apis", "/api/v1", "/healthz", "/readyz/ping"]
            .map(str::to_owned)
            .to_vec();
        let groups = get(&mut pair.ours, "/apis").1;
        for group in groups["groups"].as_array().expect("groups") {
            paths.push(format!("/apis/{}", group["name"].as_str().expect("a name")));
            let versions = group["versions"].as_array().expect("versions");
            let named = versions
                .iter()
                .filter_map(|version| version["groupVersion"].as_str());
            paths.extend(named.map(|name| format!("/apis/{name}")));
        }
        let index = get(&mut pair.ours, "/openapi/v3").1;
        let documents = index["paths"].as_object().expect("paths");
        paths.extend(documents.keys().map(|path| format!("/openapi/v3/{path}")));
        paths.push("/openapi/v2".to_owned());
        assert!(paths.len() > 90, "{}", paths.len());
        for path in &paths {
            pair.compare(path, "application/json");
        }
        for path in ["/api", "/apis"] {
            pair.compare(path, AGGREGATED);
        }
        let theirs = pair
            .real
            .client()
            .get("/openapi/v3")
            .expect("an answer")
            .body;
        let theirs: Vec<_> = theirs["paths"].as_object().expect("paths").keys().collect();
        assert_eq!(documents.keys().collect::<Vec<_>>(), theirs);
        assert!(pair.differing.is_empty(), "{}", pair.differing.join("\n"));
    }
}
