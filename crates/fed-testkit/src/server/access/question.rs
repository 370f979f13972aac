//! What is asked for, as those see it who decide whether it may be: a verb and a resource, or a path.

use super::User;
use crate::server::request::Request;
use crate::server::status::Refusal;
use crate::server::target::Resource;

/// May this be done?
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::server) struct Question {
    pub(in crate::server) verb: String,
    /// What it is asked of; a resource without plural where it is a path.
    pub(in crate::server) resource: Resource,
    pub(in crate::server) subresource: String,
    pub(in crate::server) namespace: String,
    pub(in crate::server) name: String,
    /// Where it goes, if to no resource.
    pub(in crate::server) path: Option<String>,
}

impl Question {
    /// What a request asks for.
    pub(in crate::server) fn of(request: &Request) -> Self {
        Self::of_resource(request).unwrap_or_else(|| Self {
            verb: request.method.to_lowercase(),
            path: Some(request.path.clone()),
            ..Self::default()
        })
    }

    fn of_resource(request: &Request) -> Option<Self> {
        let segments: Vec<&str> = request.path.trim_matches('/').split('/').collect();
        let (group, mut rest) = match &segments[..] {
            ["api", _version, rest @ ..] => ("", rest),
            ["apis", group, _version, rest @ ..] => (*group, rest),
            _ => return None,
        };
        let first = *rest.first()?;
        let mut verb = match request.method.as_str() {
            "POST" => "create",
            "GET" | "HEAD" => "get",
            "PUT" => "update",
            "PATCH" => "patch",
            "DELETE" => "delete",
            _ => "",
        };
        // Old paths that begin with what is to be done.
        if matches!(first, "watch" | "proxy") && rest.len() > 1 {
            verb = first;
            rest = rest.get(1..)?;
        }
        let mut namespace = "";
        if let ["namespaces", name, below @ ..] = rest {
            namespace = name;
            if !matches!(below, [] | ["status" | "finalize", ..]) {
                rest = below;
            }
        }
        let (plural, name, subresource) = match rest {
            [plural] => (*plural, "", ""),
            [plural, name] => (*plural, *name, ""),
            [plural, name, subresource, ..] => (*plural, *name, *subresource),
            [] => return None,
        };
        let mut name = name.to_owned();
        if name.is_empty() && verb == "get" {
            verb = if watches(request) { "watch" } else { "list" };
            named(request).unwrap_or_default().clone_into(&mut name);
        }
        if name.is_empty() && verb == "delete" {
            verb = "deletecollection";
        }
        Some(Self {
            verb: verb.to_owned(),
            resource: Resource {
                group: group.to_owned(),
                plural: plural.to_owned(),
            },
            subresource: subresource.to_owned(),
            namespace: namespace.to_owned(),
            name,
            path: None,
        })
    }

    /// The resource with its subresource, as rules name it.
    pub(in crate::server) fn qualified(&self) -> String {
        match self.subresource.as_str() {
            "" => self.resource.plural.clone(),
            subresource => format!("{}/{subresource}", self.resource.plural),
        }
    }

    /// 403: this user may not; `why` is what else is to be said, or empty.
    pub(in crate::server) fn forbidden(&self, user: &User, why: &str) -> Refusal {
        let (who, verb) = (&user.name, &self.verb);
        let mut message = match &self.path {
            Some(path) => format!("User {who:?} cannot {verb} path {path:?}"),
            None => {
                let (what, group) = (self.qualified(), &self.resource.group);
                let place = match self.namespace.as_str() {
                    "" => "at the cluster scope".to_owned(),
                    namespace => format!("in the namespace {namespace:?}"),
                };
                format!(
                    "User {who:?} cannot {verb} resource {what:?} in API group {group:?} {place}"
                )
            }
        };
        for (sign, name) in [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;")] {
            message = message.replace(sign, name);
        }
        if !why.is_empty() {
            message = format!("{message}: {why}");
        }
        Refusal::forbidden(&self.resource, &self.name, &message)
    }
}

fn watches(request: &Request) -> bool {
    let said = request.parameter("watch");
    said.is_some_and(|said| !matches!(said.to_lowercase().as_str(), "false" | "0"))
}

/// The one name that a list is asked for.
fn named(request: &Request) -> Option<&str> {
    let selector = request.parameter("fieldSelector")?;
    let mut terms = selector.split(',').filter(|term| !term.contains("!="));
    let name = terms.find_map(|term| {
        let (field, value) = term.split_once('=')?;
        (field == "metadata.name").then(|| value.trim_start_matches('='))
    })?;
    let is_segment = !matches!(name, "" | "." | "..") && !name.contains(['/', '%']);
    is_segment.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(method: &str, path: &str) -> String {
        let question = Question::of(&Request::new(method, path));
        match &question.path {
            Some(path) => format!("{} {path}", question.verb),
            None => format!(
                "{} {} {}/{}",
                question.verb,
                question.qualified(),
                question.namespace,
                question.name
            ),
        }
    }

    #[test]
    fn a_path_says_what_is_asked() {
        assert_eq!(of("GET", "/api/v1/pods"), "list pods /");
        assert_eq!(of("GET", "/api/v1/pods?watch=true"), "watch pods /");
        assert_eq!(of("GET", "/api/v1/pods?watch=0"), "list pods /");
        assert_eq!(of("GET", "/api/v1/namespaces/a"), "get namespaces a/a");
        assert_eq!(
            of("PUT", "/api/v1/namespaces/a/finalize"),
            "update namespaces/finalize a/a"
        );
        assert_eq!(
            of("PATCH", "/apis/apps/v1/namespaces/a/deployments/b/scale"),
            "patch deployments/scale a/b"
        );
        assert_eq!(
            of("DELETE", "/apis/apps/v1/namespaces/a/deployments"),
            "deletecollection deployments a/"
        );
        let one = "/api/v1/namespaces/a/pods?fieldSelector=spec.x%3Dy,metadata.name%3Db";
        assert_eq!(of("GET", one), "list pods a/b");
        assert_eq!(of("GET", "/api/v1/watch/pods"), "watch pods /");
        assert_eq!(of("GET", "/api/v1"), "get /api/v1");
        assert_eq!(of("GET", "/healthz"), "get /healthz");
        assert_eq!(of("GET", "/"), "get /");
    }
}
