//! Who asks, and may they? Tokens, impersonation, and role-based access control as a real server has
//! them.

mod escalation;
mod impersonation;
mod question;
mod reviews;
mod rules;
mod token;
mod user;

pub use user::{Credentials, User};

pub(super) use question::Question;
pub(super) use reviews::is_review;
pub(super) use token::Signer;

use jiff::Timestamp;
use serde_json::Value;

use super::Server;
use super::request::Request;
use super::status::Refusal;
use rules::Granted;
use user::MASTERS;

impl Server {
    /// The same server, which knows somebody by a token. From then on who shows nothing is anonymous.
    ///
    /// ```
    /// use fed_testkit::server::{Credentials, Request, Server, User};
    ///
    /// let mut server = Server::new(1).with_token("secret", User::new("ann"));
    /// let now = "2030-01-01T12:00:00Z".parse()?;
    /// let request = Request::new("GET", "/api/v1/namespaces/default")
    ///     .by(Credentials::Token("secret".to_owned()));
    /// let answer = server.handle(&request, now);
    /// assert_eq!(answer.code, 403);
    /// let why = "namespaces \"default\" is forbidden: User \"ann\" cannot get resource \
    ///            \"namespaces\" in API group \"\" in the namespace \"default\"";
    /// assert_eq!(answer.json()["message"], why);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_token(mut self, token: &str, user: User) -> Self {
        self.tokens.insert(token.to_owned(), user);
        self
    }

    /// Who sends this request, if that may be known and what it asks for may be done. Every request
    /// that [`Server::handle`] answers passes here by itself; it is for those who answer other paths,
    /// such as `/version`.
    pub fn admit(&self, request: &Request, now: Timestamp) -> Result<User, Refusal> {
        let user = self.authenticate(&request.credentials, now)?;
        let question = Question::of(request);
        let user = self.impersonate(user, request, &question)?;
        self.check_access(&user, &question)?;
        Ok(user)
    }

    fn authenticate(&self, shown: &Credentials, now: Timestamp) -> Result<User, Refusal> {
        let user = match shown {
            Credentials::None if self.tokens.is_empty() => User::admin(),
            Credentials::None => User::anonymous(),
            Credentials::User(user) => user.clone(),
            Credentials::Token(token) => {
                let (user, _) = self.user_of(token, &[], now).map_err(|_| unauthorized())?;
                user
            }
        };
        Ok(user.known())
    }

    /// Whose token is this, and for which audiences? `Err` tells why it is nobody's.
    fn user_of(
        &self,
        token: &str,
        audiences: &[String],
        now: Timestamp,
    ) -> Result<(User, Vec<String>), String> {
        match self.tokens.get(token) {
            // Such tokens are meant for the server itself.
            Some(_) if !is_meant(audiences) => Err(token::INVALID.to_owned()),
            Some(user) => Ok((user.clone(), vec![token::ISSUER.to_owned()])),
            None => self.service_account_of(token, audiences, now),
        }
    }

    /// Who allows this, or else why nobody does.
    pub(super) fn may(&self, user: &User, question: &Question) -> Result<String, String> {
        if user.is_in(MASTERS) {
            return Ok(String::new());
        }
        Granted::to(user, &question.namespace, &self.store).allows(question)
    }

    fn check_access(&self, user: &User, question: &Question) -> Result<(), Refusal> {
        let allowed = self.may(user, question);
        allowed
            .map(|_| ())
            .map_err(|why| question.forbidden(user, &why))
    }
}

fn is_meant(audiences: &[String]) -> bool {
    audiences.is_empty() || audiences.iter().any(|one| one == token::ISSUER)
}

/// The texts of a list.
fn texts(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    let texts = list.filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

fn unauthorized() -> Refusal {
    Refusal::new(401, "Unauthorized", "Unauthorized")
}
