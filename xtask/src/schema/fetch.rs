//! How are the documents fetched from a live API server? Through `kubectl proxy`, which knows
//! every way to log in, and plain HTTP on loopback, which can ask for tables and for aggregated
//! discovery where `kubectl get --raw` cannot.

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{Documents, tables};

const JSON: &str = "application/json";
const DISCOVERY: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const TABLE: &str = "application/json;as=Table;g=meta.k8s.io;v=v1";
const PATIENCE: Duration = Duration::from_mins(1);

/// Fetches the four documents of the server that a kubeconfig's current context names.
pub(super) fn fetch(kubeconfig: &Path) -> Result<Documents, Box<dyn Error>> {
    let proxy = Proxy::start(kubeconfig)?;
    collect(|path, accept| proxy.get(path, accept))
}

/// Asks for everything, whoever answers.
fn collect(
    get: impl Fn(&str, &str) -> Result<Value, Box<dyn Error>>,
) -> Result<Documents, Box<dyn Error>> {
    let mut openapi_v3 = Map::new();
    let index = get("/openapi/v3", JSON)?;
    for (path, entry) in index
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let address = entry
            .get("serverRelativeURL")
            .and_then(Value::as_str)
            .ok_or_else(|| format!("/openapi/v3 names no address for {path}"))?;
        openapi_v3.insert(path.clone(), get(address, JSON)?);
    }
    let discovery = json!({ "api": get("/api", DISCOVERY)?, "apis": get("/apis", DISCOVERY)? });
    let mut table_columns = Map::new();
    for (key, path) in tables::lists(&discovery) {
        table_columns.insert(key, tables::columns(&get(&path, TABLE)?));
    }
    Ok(Documents {
        openapi_v2: get("/openapi/v2", JSON)?,
        openapi_v3,
        discovery,
        table_columns: Value::Object(table_columns),
    })
}

/// A running `kubectl proxy`, stopped when dropped.
struct Proxy {
    process: Child,
    address: String,
}

impl Proxy {
    fn start(kubeconfig: &Path) -> Result<Self, Box<dyn Error>> {
        let mut process = Command::new("kubectl")
            .arg("--kubeconfig")
            .arg(kubeconfig)
            .args(["proxy", "--address=127.0.0.1", "--port=0"])
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|fault| format!("kubectl does not start: {fault}"))?;
        let mut line = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        let address = served_address(&line).map(str::to_owned);
        let mut proxy = Self {
            process,
            address: String::new(),
        };
        proxy.address = address.ok_or_else(|| format!("kubectl proxy did not start: {line:?}"))?;
        Ok(proxy)
    }

    fn get(&self, path: &str, accept: &str) -> Result<Value, Box<dyn Error>> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        // HTTP/1.0: the answer ends where the connection ends, and comes in one piece.
        write!(
            stream,
            "GET {path} HTTP/1.0\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n"
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let body = body_of(&answer).map_err(|fault| format!("{path}: {fault}"))?;
        serde_json::from_slice(body).map_err(|fault| format!("{path}: {fault}").into())
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // Nothing is left to do for a process that is gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn served_address(line: &str) -> Option<&str> {
    line.trim().strip_prefix("Starting to serve on ")
}

fn body_of(answer: &[u8]) -> Result<&[u8], String> {
    let end = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .ok_or("no HTTP answer")?;
    let (head, rest) = answer.split_at(end);
    let head = String::from_utf8_lossy(head);
    let status = head.lines().next().unwrap_or("");
    if status.split(' ').nth(1) != Some("200") {
        return Err(status.to_owned());
    }
    Ok(rest.get(4..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_is_asked_for_with_its_own_accept_header() {
        let documents = collect(|path, accept| {
            Ok(match (path, accept) {
                ("/openapi/v2", JSON) => json!({"swagger": "2.0"}),
                ("/openapi/v3", JSON) => {
                    json!({"paths": {"api/v1": {"serverRelativeURL": "/openapi/v3/api/v1?hash=A"}}})
                }
                ("/openapi/v3/api/v1?hash=A", JSON) => json!({"openapi": "3.0.0"}),
                ("/api", DISCOVERY) => json!({"items": [{"versions": [
                    {"version": "v1", "resources": [{"resource": "pods", "verbs": ["list"]}]}
                ]}]}),
                ("/apis", DISCOVERY) => json!({"items": []}),
                ("/api/v1/pods?limit=1", TABLE) => json!({"columnDefinitions": [{"name": "Name"}]}),
                other => return Err(format!("not expected: {other:?}").into()),
            })
        })
        .expect("all is answered");
        assert_eq!(
            documents.openapi_v3.get("api/v1"),
            Some(&json!({"openapi": "3.0.0"}))
        );
        assert_eq!(
            documents.table_columns,
            json!({"v1/pods": [{"name": "Name"}]})
        );
    }

    #[test]
    fn an_answer_is_its_body_or_its_status() {
        assert_eq!(
            body_of(b"HTTP/1.0 200 OK\r\nA: b\r\n\r\n{}"),
            Ok(&b"{}"[..])
        );
        assert_eq!(
            body_of(b"HTTP/1.0 403 Forbidden\r\n\r\n{}"),
            Err("HTTP/1.0 403 Forbidden".to_owned())
        );
        assert!(body_of(b"").is_err());
    }

    #[test]
    fn the_proxy_says_where_it_serves() {
        assert_eq!(
            served_address("Starting to serve on 127.0.0.1:4711\n"),
            Some("127.0.0.1:4711")
        );
        assert_eq!(served_address("error: no configuration"), None);
    }
}
