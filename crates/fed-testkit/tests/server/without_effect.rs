//! Is what is held without an effect told to those who would rely on it?

use fed_testkit::server::{Request, Server};
use jiff::Timestamp;
use serde_json::{Value, json};

fn warnings(path: &str, object: &Value) -> Vec<String> {
    let mut server = Server::new(1);
    let request = Request::new("POST", path).with_json("application/json", object);
    let answer = server.handle(&request, Timestamp::UNIX_EPOCH);
    assert_eq!(answer.code, 201, "{}", answer.json());
    answer.warnings
}

#[test]
fn who_writes_a_webhook_is_told_that_nobody_asks_it() {
    let webhooks = json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": "guard"},
    });
    let path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
    assert_eq!(
        warnings(path, &webhooks),
        ["this API server is one in memory, and asks nobody whether objects may be written"]
    );
    let map = json!({"metadata": {"name": "colours"}});
    let path = "/api/v1/namespaces/default/configmaps";
    assert_eq!(warnings(path, &map), Vec::<String>::new());
}
