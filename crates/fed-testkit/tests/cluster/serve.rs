//! The cluster on a port: TLS, tokens, watches over the wire, an orderly end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use fed_testkit::apiserver::Client;
use fed_testkit::cluster::{FakeCluster, RuntimeClock, Security};
use fed_testkit::server::{Server, User};
use serde_json::{Value, json};

const MAPS: &str = "/api/v1/namespaces/default/configmaps";
const PATIENCE: Duration = Duration::from_mins(1);

fn cluster() -> FakeCluster {
    let server = Server::new(1).with_token("secret", User::admin());
    FakeCluster::with_server(server, RuntimeClock::real())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_trusts_the_authority_and_shows_a_token_is_served() {
    let address = "127.0.0.1:0".parse().expect("an address");
    let serving = cluster()
        .serve(address, Security::Tls)
        .await
        .expect("served");
    let (url, pem) = (
        serving.url(),
        serving.authority_pem().expect("TLS").to_owned(),
    );
    let config: Value =
        serde_json::from_str(&serving.kubeconfig("europe", Some("secret"))).expect("JSON");
    assert_eq!(config["clusters"][0]["cluster"]["server"], json!(url));
    let asked = tokio::task::spawn_blocking(move || {
        let client = Client::new(&url, &pem, "secret", PATIENCE).expect("a client");
        let object = json!({"metadata": {"name": "a"}});
        assert_eq!(client.create(MAPS, &object).expect("an answer").status, 201);
        let stranger = client.with_token("guess").get(MAPS).expect("an answer");
        assert_eq!(stranger.status, 401);
        let nobody = client
            .without_token()
            .get(&format!("{MAPS}/a"))
            .expect("an answer");
        assert_eq!(nobody.status, 403);
    });
    asked.await.expect("no panic");
    serving.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_goes_over_the_wire_until_the_cluster_stops() {
    let cluster = cluster();
    let address = "127.0.0.1:0".parse().expect("an address");
    let serving = cluster
        .serve(address, Security::Plain)
        .await
        .expect("served");
    let address = serving.address();
    let watched = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).expect("a connection");
        let head = "Host: a\r\nAuthorization: Bearer secret\r\n\r\n";
        write!(stream, "GET {MAPS}?watch=true HTTP/1.1\r\n{head}").expect("sent");
        let mut lines = BufReader::new(stream);
        let mut line = String::new();
        lines.read_line(&mut line).expect("a line");
        assert_eq!(line, "HTTP/1.1 200 OK\r\n");
        let mut told = String::new();
        lines.read_to_string(&mut told).expect("an orderly end");
        told
    });
    let object = json!({"metadata": {"name": "first"}});
    let request =
        fed_testkit::server::Request::new("POST", MAPS).with_json("application/json", &object);
    let token = fed_testkit::server::Credentials::Token("secret".to_owned());
    let code = cluster.server(|server, now| server.handle(&request.by(token), now).code);
    assert_eq!(code, 201);
    // The watch tells what is there, whenever it begins, before the end of the cluster ends it.
    while cluster.requests() == 0 {
        tokio::task::yield_now().await;
    }
    serving.stop().await;
    let told = watched.await.expect("no panic");
    assert!(
        told.contains(r#"{"type":"ADDED""#) && told.ends_with("0\r\n\r\n"),
        "{told}"
    );
    assert!(TcpStream::connect(address).is_err(), "nobody listens");
}
