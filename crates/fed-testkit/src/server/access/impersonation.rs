//! May somebody act as somebody else?

use super::{Question, User};
use crate::server::Server;
use crate::server::request::Request;
use crate::server::status::Refusal;
use crate::server::target::Resource;

const AUTHENTICATION: &str = "authentication.k8s.io";
const NODE: &str = "system:node:";
const NODES: &str = "system:nodes";

/// The ways of acting as another, each with verbs of its own. All but the last also ask whether the
/// thing itself may be done as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Node,
    ServiceAccount,
    UserInfo,
    Everything,
}

impl Mode {
    /// The ways that there are to be this user, the narrowest first.
    fn all_for(wanted: &User) -> Vec<Self> {
        let is_name_only =
            wanted.uid.is_empty() && wanted.groups.is_empty() && wanted.extra.is_empty();
        let is_account = wanted.as_service_account().is_some();
        let mut modes = Vec::new();
        if node(wanted).is_some() {
            modes.extend(is_name_only.then_some(Self::Node));
        } else if is_account {
            modes.extend(is_name_only.then_some(Self::ServiceAccount));
        } else {
            modes.push(Self::UserInfo);
        }
        modes.push(Self::Everything);
        modes
    }

    fn name(self) -> &'static str {
        match self {
            Self::Node => "arbitrary-node",
            Self::ServiceAccount => "serviceaccount",
            Self::UserInfo => "user-info",
            Self::Everything => "",
        }
    }

    fn is_narrow(self) -> bool {
        self != Self::Everything
    }

    fn verb(self) -> String {
        match self {
            Self::Everything => "impersonate".to_owned(),
            narrow => format!("impersonate:{}", narrow.name()),
        }
    }

    fn question(self, group: &str, plural: &str, name: &str) -> Question {
        Question {
            verb: self.verb(),
            resource: Resource {
                group: group.to_owned(),
                plural: plural.to_owned(),
            },
            name: name.to_owned(),
            ..Question::default()
        }
    }

    /// The group of users and groups.
    fn group(self) -> &'static str {
        if self.is_narrow() { AUTHENTICATION } else { "" }
    }
}

fn node(user: &User) -> Option<&str> {
    let name = user.name.strip_prefix(NODE)?;
    (!name.is_empty()).then_some(name)
}

impl Server {
    /// As whom a request acts: the one who sends it, or the one that it names.
    pub(super) fn impersonate(
        &self,
        user: User,
        request: &Request,
        question: &Question,
    ) -> Result<User, Refusal> {
        let Some(wanted) = &request.impersonated else {
            return Ok(user);
        };
        if wanted.name.is_empty() {
            return Err(Refusal::bad_request(
                "requested groups, a uid or extra values without impersonating a user name",
            ));
        }
        let mut first = None;
        for mode in Mode::all_for(wanted) {
            match self.try_mode(mode, &user, wanted, question) {
                Ok(()) => return Ok(acting(wanted, mode)),
                Err(refusal) => {
                    first.get_or_insert(refusal);
                }
            }
        }
        Err(first.unwrap_or_else(|| question.forbidden(&user, "")))
    }

    fn try_mode(
        &self,
        mode: Mode,
        user: &User,
        wanted: &User,
        question: &Question,
    ) -> Result<(), Refusal> {
        if mode.is_narrow() {
            let on = Question {
                verb: format!("impersonate-on:{}:{}", mode.name(), question.verb),
                ..question.clone()
            };
            self.check_access(user, &on)?;
        }
        let mut questions = vec![of_name(mode, wanted)];
        if !wanted.uid.is_empty() {
            questions.push(mode.question(AUTHENTICATION, "uids", &wanted.uid));
        }
        for group in &wanted.groups {
            let question = mode.question(mode.group(), "groups", group);
            if mode.is_narrow() && group == super::MASTERS {
                let why = "impersonating the system:masters group is not allowed";
                return Err(question.forbidden(user, why));
            }
            questions.push(question);
        }
        for (key, values) in &wanted.extra {
            questions.extend(values.iter().map(|value| Question {
                subresource: key.clone(),
                ..mode.question(AUTHENTICATION, "userextras", value)
            }));
        }
        questions
            .iter()
            .try_for_each(|question| self.check_access(user, question))
    }
}

fn of_name(mode: Mode, wanted: &User) -> Question {
    if let Some((namespace, name)) = wanted.as_service_account() {
        return Question {
            namespace: namespace.to_owned(),
            ..mode.question(mode.group(), "serviceaccounts", name)
        };
    }
    match node(wanted) {
        Some(name) if mode == Mode::Node => mode.question(mode.group(), "nodes", name),
        _ => mode.question(mode.group(), "users", &wanted.name),
    }
}

/// Who acts then: somebody known, in the groups that go with the name.
fn acting(wanted: &User, mode: Mode) -> User {
    let mut user = wanted.clone();
    if user.groups.is_empty()
        && let Some((namespace, name)) = wanted.as_service_account()
    {
        user.groups = User::service_account(namespace, name).groups;
    }
    if mode == Mode::Node {
        user.groups = vec![NODES.to_owned()];
    }
    user.known()
}
