//! What goes over the wire: forms of bodies, headers, watches that end.

use std::time::Duration;

use fed_testkit::cluster::{Body, FakeCluster, RuntimeClock};
use http::{Request, Response};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower_service::Service;

const MAPS: &str = "/api/v1/namespaces/default/configmaps";

fn cluster() -> FakeCluster {
    let start = "2030-01-01T12:00:00Z".parse().expect("a time");
    FakeCluster::new(1, RuntimeClock::starting_at(start))
}

async fn send(
    cluster: &FakeCluster,
    request: http::request::Builder,
    body: &str,
) -> Response<Body> {
    let request = request.body(body.to_owned()).expect("a request");
    cluster.clone().call(request).await.expect("an answer")
}

async fn text(response: Response<Body>) -> String {
    let body = response.into_body().collect().await.expect("a body");
    String::from_utf8(body.to_bytes().to_vec()).expect("text")
}

async fn json_of(response: Response<Body>) -> Value {
    serde_json::from_str(&text(response).await).expect("JSON")
}

#[tokio::test]
async fn yaml_goes_in_and_comes_out() {
    let cluster = cluster();
    let body = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {on: \"off\"}\n";
    let request = Request::post(MAPS)
        .header("content-type", "application/yaml")
        .header("accept", "application/yaml");
    let made = send(&cluster, request, body).await;
    assert_eq!(
        (made.status().as_u16(), &made.headers()["content-type"]),
        (201, &"application/yaml".parse().expect("a value"))
    );
    let made = text(made).await;
    assert!(
        made.contains("name: a\n") && !made.starts_with('{'),
        "{made}"
    );

    let path = format!("{MAPS}/a?fieldManager=me");
    let request = Request::patch(&path).header("content-type", "application/apply-patch+yaml");
    let applied = send(
        &cluster,
        request,
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  b: \"2\"\n",
    )
    .await;
    assert_eq!(
        json_of(applied).await["data"],
        json!({"on": "off", "b": "2"})
    );

    let request = Request::post(MAPS).header("content-type", "application/yaml");
    let broken = send(&cluster, request, "a: [\n").await;
    assert_eq!(json_of(broken).await["reason"], "BadRequest");
}

#[tokio::test]
async fn a_form_that_nobody_speaks_is_refused_and_nothing_is_done() {
    let cluster = cluster();
    let protobuf = "application/vnd.kubernetes.protobuf";
    let object = json!({"metadata": {"name": "a"}}).to_string();
    let table = [
        (
            Request::post(MAPS).header("accept", protobuf),
            406,
            "NotAcceptable",
        ),
        (
            Request::post(MAPS).header("content-type", "text/plain"),
            415,
            "UnsupportedMediaType",
        ),
        (
            Request::post(MAPS).header("content-type", protobuf),
            400,
            "BadRequest",
        ),
        (
            Request::get("/api/v1/namespaces/default").header("accept", protobuf),
            406,
            "NotAcceptable",
        ),
    ];
    for (request, code, reason) in table {
        let refused = send(&cluster, request, &object).await;
        assert_eq!(refused.status(), code);
        assert_eq!(json_of(refused).await["reason"], reason);
    }
    let missing = send(&cluster, Request::get(format!("{MAPS}/a")), "").await;
    assert_eq!(missing.status(), 404);
    // Who takes JSON as well is served.
    let both = format!("{protobuf}, application/json");
    let request = Request::get("/api/v1/namespaces/default").header("accept", both);
    assert_eq!(send(&cluster, request, "").await.status(), 200);
    // A probe takes anything.
    let request = Request::get("/healthz").header("accept", "text/html");
    assert_eq!(text(send(&cluster, request, "").await).await, "ok");
}

#[tokio::test]
async fn headers_say_what_a_real_server_says() {
    let cluster = cluster();
    let strange = json!({"metadata": {"name": "a"}, "dat\"a": 1}).to_string();
    let request = Request::post(format!("{MAPS}?fieldValidation=Warn"));
    let made = send(&cluster, request, &strange).await;
    assert_eq!(
        made.headers()["warning"],
        "299 - \"unknown field \\\"dat\\\\\\\"a\\\"\""
    );
    assert_eq!(made.headers()["cache-control"], "no-cache, private");
    let own = Request::get("/version").header("audit-id", "mine");
    assert_eq!(send(&cluster, own, "").await.headers()["audit-id"], "mine");
    let first = send(&cluster, Request::get("/version"), "").await;
    let second = send(&cluster, Request::get("/version"), "").await;
    assert_ne!(first.headers()["audit-id"], second.headers()["audit-id"]);
    let agent = Request::get("/version").header("user-agent", "curl/8");
    assert!(
        text(send(&cluster, agent, "").await)
            .await
            .starts_with("{\n")
    );
}

#[tokio::test]
async fn paths_are_decoded_and_large_bodies_refused() {
    let cluster = cluster();
    let role = json!({"metadata": {"name": "system:a"}, "rules": []}).to_string();
    let roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
    assert_eq!(
        send(&cluster, Request::post(roles), &role).await.status(),
        201
    );
    let request = Request::get(format!("{roles}/system%3Aa"));
    assert_eq!(send(&cluster, request, "").await.status(), 200);
    let large = "a".repeat(4 << 20);
    assert_eq!(
        send(&cluster, Request::post(MAPS), &large).await.status(),
        413
    );
}

#[tokio::test(start_paused = true)]
async fn a_watch_ends_in_time_and_when_the_cluster_stops() {
    let cluster = cluster();
    let begun = cluster.now();
    let watch = |seconds: u32| {
        Request::get(format!(
            "/api/v1/configmaps?watch=true&timeoutSeconds={seconds}"
        ))
    };
    let stream = send(&cluster, watch(60), "").await;
    assert_eq!(text(stream).await, "");
    assert_eq!(cluster.now().duration_since(begun).as_secs(), 60);

    let stream = tokio::spawn(text(send(&cluster, watch(3_600), "").await));
    tokio::time::sleep(Duration::from_secs(1)).await;
    let object = json!({"metadata": {"name": "a"}}).to_string();
    send(&cluster, Request::post(MAPS), &object).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    cluster.stop();
    let told = stream.await.expect("no panic");
    let event: Value = serde_json::from_str(&told).expect("one line");
    assert_eq!(
        (&event["type"], &event["object"]["metadata"]["name"]),
        (&json!("ADDED"), &json!("a"))
    );
    assert_eq!(cluster.now().duration_since(begun).as_secs(), 62);
    let request = Request::get("/version")
        .body(String::new())
        .expect("a request");
    assert!(
        cluster.clone().call(request).await.is_err(),
        "nobody answers"
    );
}
