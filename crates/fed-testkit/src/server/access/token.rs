//! Which tokens does the server make for service accounts, and whose are they when they come back?

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{User, texts};
use crate::server::Server;
use crate::server::answer::Answer;
use crate::server::status::{FieldFault, Refusal, Sort};
use crate::server::store::{Key, Stored};
use crate::server::target::Resource;
use crate::server::write::{Call, fields, metadata, read, text};

/// Who the server says that it is, and whom its tokens are for where nobody says otherwise.
pub(super) const ISSUER: &str = "https://kubernetes.default.svc";
const GROUP: &str = "authentication.k8s.io";
/// No token lives shorter, in seconds.
const SHORTEST: i64 = 600;
/// No token lives longer, in seconds.
const LONGEST: i64 = 1 << 32;
pub(super) const INVALID: &str = "invalid bearer token";

/// Signs tokens, and knows its own again. What a key signs is the same every time.
#[derive(Clone, Debug)]
pub(in crate::server) struct Signer {
    key: [u8; 8],
}

impl Signer {
    /// A signer whose key comes from a seed.
    pub(in crate::server) fn new(seed: u64) -> Self {
        Self {
            key: seed.to_be_bytes(),
        }
    }

    fn mac(&self, signed: &str) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).ok()?;
        mac.update(signed.as_bytes());
        Some(mac)
    }

    /// A JSON web token with these claims.
    fn sign(&self, claims: &Value) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = json!({"alg": "HS256", "typ": "JWT"});
        let signed = format!("{}.{}", encode(&header), encode(claims));
        let signature = self.mac(&signed).map(|mac| mac.finalize().into_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.unwrap_or_default());
        format!("{signed}.{signature}")
    }

    /// The claims of a token, if this signer made it.
    fn claims(&self, token: &str) -> Option<Value> {
        let (signed, signature) = token.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        self.mac(signed)?.verify_slice(&signature).ok()?;
        let (_, claims) = signed.split_once('.')?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }
}

fn core(plural: &str, namespace: &str, name: &str) -> Key {
    Key {
        resource: Resource {
            group: String::new(),
            plural: plural.to_owned(),
        },
        namespace: namespace.to_owned(),
        name: name.to_owned(),
    }
}

/// The kinds that a token can be bound to, with how claims call them.
fn bindable(api_version: &str, kind: &str) -> Option<(&'static str, &'static str)> {
    match (api_version, kind) {
        ("v1", "Pod") => Some(("pods", "pod")),
        ("v1", "Secret") => Some(("secrets", "secret")),
        ("v1", "Node") => Some(("nodes", "node")),
        _ => None,
    }
}

impl Server {
    /// The service account whose token this is, and for whom the token is meant.
    pub(super) fn service_account_of(
        &self,
        token: &str,
        audiences: &[String],
        now: Timestamp,
    ) -> Result<(User, Vec<String>), String> {
        let claims = self.signer.claims(token).ok_or(INVALID)?;
        let fault = |why: String| format!("[{INVALID}, {why}]");
        let said = texts(claims.get("aud"));
        let default = [ISSUER.to_owned()];
        let wanted = if audiences.is_empty() {
            &default
        } else {
            audiences
        };
        let meant: Vec<String> = said
            .iter()
            .filter(|one| wanted.contains(one))
            .cloned()
            .collect();
        if meant.is_empty() {
            return Err(fault(format!(
                "token audiences {said:?} is invalid for the target audiences {wanted:?}"
            )));
        }
        let user = self.claimed(&claims, now).map_err(fault)?;
        Ok((user, meant))
    }

    /// Whom the claims speak of, as long as all that they name is there.
    fn claimed(&self, claims: &Value, now: Timestamp) -> Result<User, String> {
        if claims["exp"]
            .as_i64()
            .is_none_or(|end| now.as_second() > end)
        {
            return Err("service account token has expired".to_owned());
        }
        if claims["nbf"]
            .as_i64()
            .is_none_or(|start| now.as_second() < start)
        {
            return Err("service account token is not valid yet".to_owned());
        }
        let own = claims.get("kubernetes.io").unwrap_or(&Value::Null);
        let (namespace, name) = (text(own, "/namespace"), text(own, "/serviceaccount/name"));
        let key = core("serviceaccounts", namespace, name);
        let account = self.store.get(&key).map(Stored::object);
        let account = account.ok_or_else(|| format!("serviceaccounts {name:?} not found"))?;
        let (held, said) = (
            text(&account, "/metadata/uid"),
            text(own, "/serviceaccount/uid"),
        );
        if held != said {
            return Err(format!(
                "service account UID ({held}) does not match claim ({said})"
            ));
        }
        let mut user = User::service_account(namespace, name);
        held.clone_into(&mut user.uid);
        let mut note = |key: &str, value: String| {
            let key = format!("authentication.kubernetes.io/{key}");
            user.extra.insert(key, vec![value]);
        };
        note("credential-id", format!("JTI={}", text(claims, "/jti")));
        let is_of_pod = own.get("pod").is_some();
        for (plural, what) in [("pods", "pod"), ("secrets", "secret"), ("nodes", "node")] {
            let Some(reference) = own.get(what) else {
                continue;
            };
            let (name, uid) = (text(reference, "/name"), text(reference, "/uid"));
            // The node of a pod is only told of.
            if !(what == "node" && is_of_pod) {
                let namespace = if what == "node" { "" } else { namespace };
                let bound = self.store.get(&core(plural, namespace, name));
                let bound = bound.map(Stored::object);
                if bound.is_none_or(|bound| text(&bound, "/metadata/uid") != uid) {
                    return Err("service account token has been invalidated".to_owned());
                }
            }
            if what != "secret" {
                note(&format!("{what}-name"), name.to_owned());
                note(&format!("{what}-uid"), uid.to_owned());
            }
        }
        user.extra
            .retain(|_, values| values.iter().any(|value| !value.is_empty()));
        Ok(user)
    }

    /// Makes a token for a service account.
    pub(in crate::server) fn create_token(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let mut request = asked(call)?;
        let (name, namespace) = (call.target.name.clone(), call.target.namespace.clone());
        check_place(call, &request)?;
        let account = self.existing(call)?;
        let uid = text(&account.object, "/metadata/uid").to_owned();
        let said = text(&request, "/metadata/uid");
        if !said.is_empty() && said != uid {
            let why = format!(
                "the UID in the token request ({said}) does not match the UID of the service account ({uid})"
            );
            return Err(Refusal::conflict(&request_resource(), &name, &why));
        }
        let spec = fields(fields(&mut request).entry("spec").or_insert(json!({})));
        let is_none = |value: &Value| value.as_array().is_none_or(Vec::is_empty);
        if spec.get("audiences").is_none_or(is_none) {
            spec.insert("audiences".to_owned(), json!([ISSUER]));
        }
        let seconds = spec.entry("expirationSeconds").or_insert(json!(3600));
        let seconds = seconds.as_i64().unwrap_or_default();
        check_seconds(seconds)?;
        let bound = spec.entry("boundObjectRef").or_insert(Value::Null).clone();
        let audiences = spec.get("audiences").cloned().unwrap_or_default();
        let bound = self.bound(call, &bound)?;
        let id = self.random.uid();
        let mut own = json!({"namespace": namespace, "serviceaccount": {"name": name, "uid": uid}});
        fields(&mut own).extend(bound);
        let end = call
            .at
            .checked_add(SignedDuration::from_secs(seconds))
            .unwrap_or(Timestamp::MAX);
        let claims = json!({
            "aud": audiences, "exp": end.as_second(), "iat": call.at.as_second(), "iss": ISSUER,
            "jti": id, "kubernetes.io": own, "nbf": call.at.as_second(),
            "sub": format!("system:serviceaccount:{namespace}:{name}"),
        });
        let metadata = metadata(&mut request);
        metadata.insert("name".to_owned(), name.into());
        metadata.insert("namespace".to_owned(), namespace.into());
        metadata.insert("uid".to_owned(), uid.into());
        metadata.insert("creationTimestamp".to_owned(), call.now.clone().into());
        let status = json!({
            "token": self.signer.sign(&claims),
            "expirationTimestamp": end.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        });
        fields(&mut request).insert("status".to_owned(), status);
        Ok(Answer::new(201, request))
    }

    /// What claims say of the object that a token is bound to.
    fn bound(&self, call: &Call<'_>, reference: &Value) -> Result<Vec<(String, Value)>, Refusal> {
        if reference.is_null() {
            return Ok(Vec::new());
        }
        let (api_version, kind) = (text(reference, "/apiVersion"), text(reference, "/kind"));
        let Some((plural, what)) = bindable(api_version, kind) else {
            let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
            return Err(Refusal::bad_request(format!(
                "cannot bind token to object of type {group}/{version}, Kind={kind}"
            )));
        };
        let namespace = if what == "node" {
            ""
        } else {
            &call.target.namespace
        };
        let name = text(reference, "/name");
        let key = core(plural, namespace, name);
        let held = self.store.get(&key).map(Stored::object);
        let held = held.ok_or_else(|| Refusal::not_found(&key.resource, name))?;
        let account = text(&held, "/spec/serviceAccountName");
        if what == "pod" && account != call.target.name {
            return Err(Refusal::bad_request(format!(
                "cannot bind token for serviceaccount {:?} to pod running with different serviceaccount name.",
                call.target.name
            )));
        }
        let (uid, said) = (text(&held, "/metadata/uid"), text(reference, "/uid"));
        if !said.is_empty() && said != uid {
            let resource = Resource {
                group: String::new(),
                plural: kind.to_owned(),
            };
            let why = format!(
                "the UID in the bound object reference ({said}) does not match the UID in record. The object might have been deleted and then recreated"
            );
            return Err(Refusal::conflict(&resource, name, &why));
        }
        let mut claims = vec![(what.to_owned(), json!({"name": name, "uid": uid}))];
        claims.extend(self.node_of(&held));
        Ok(claims)
    }

    /// The node of a pod, as claims tell it.
    fn node_of(&self, pod: &Value) -> Option<(String, Value)> {
        let name = text(pod, "/spec/nodeName");
        if name.is_empty() {
            return None;
        }
        let node = self.store.get(&core("nodes", "", name));
        let node = match node.map(Stored::object) {
            Some(node) => json!({"name": name, "uid": text(&node, "/metadata/uid")}),
            None => json!({"name": name}),
        };
        Some(("node".to_owned(), node))
    }
}

/// The request as it is understood: of the right kind, with the fields that it can have.
fn asked(call: &Call<'_>) -> Result<Value, Refusal> {
    let body = read::body(call, &format!("{GROUP}/v1"), "TokenRequest")?;
    let known = ["audiences", "expirationSeconds", "boundObjectRef"].map(|field| {
        let value = body.pointer(&format!("/spec/{field}"))?;
        Some((field.to_owned(), value.clone()))
    });
    let spec: Value = known.into_iter().flatten().collect();
    let metadata = body.get("metadata").cloned().unwrap_or_else(|| json!({}));
    Ok(json!({
        "kind": "TokenRequest", "apiVersion": format!("{GROUP}/v1"), "metadata": metadata,
        "spec": spec,
    }))
}

fn request_resource() -> Resource {
    Resource {
        group: GROUP.to_owned(),
        plural: "TokenRequest".to_owned(),
    }
}

/// Does the body speak of the service account of the path?
fn check_place(call: &Call<'_>, object: &Value) -> Result<(), Refusal> {
    let (name, namespace) = (&call.target.name, text(object, "/metadata/namespace"));
    if !namespace.is_empty() && namespace != call.target.namespace {
        return Err(Refusal::bad_request(read::OTHER_NAMESPACE));
    }
    let said = text(object, "/metadata/name");
    if !said.is_empty() && said != name {
        let message = "must match the service account name if specified";
        let fault = FieldFault::new("metadata.name", Sort::Invalid, message).of(json!(said));
        return Err(Refusal::invalid(GROUP, "TokenRequest", name, &[fault]));
    }
    Ok(())
}

fn check_seconds(seconds: i64) -> Result<(), Refusal> {
    let message = match seconds {
        ..SHORTEST => "may not specify a duration less than 10 minutes",
        SHORTEST..=LONGEST => return Ok(()),
        _ => "may not specify a duration larger than 2^32 seconds",
    };
    let fault = FieldFault::new("spec.expirationSeconds", Sort::Invalid, message);
    Err(Refusal::invalid(
        GROUP,
        "TokenRequest",
        "",
        &[fault.of(json!(seconds))],
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signer_knows_its_own_tokens_and_no_others() {
        let claims = json!({"sub": "robot"});
        let token = Signer::new(1).sign(&claims);
        assert_eq!(token, Signer::new(1).sign(&claims));
        assert_eq!(Signer::new(1).claims(&token), Some(claims));
        assert_eq!(Signer::new(2).claims(&token), None);
        for broken in ["", ".", "..", "a.b.c", &token[1..], &format!("{token}x")] {
            assert_eq!(Signer::new(1).claims(broken), None, "{broken:?}");
        }
    }
}
