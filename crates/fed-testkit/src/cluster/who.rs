//! Who sends an HTTP request, and as whom? What its headers say.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::server::{Credentials, User};

const USER: &str = "impersonate-user";
const UID: &str = "impersonate-uid";
const GROUP: &str = "impersonate-group";
const EXTRA: &str = "impersonate-extra-";

/// The token of a request.
pub(super) fn credentials(headers: &HeaderMap) -> Option<Credentials> {
    let (scheme, token) = text(headers, AUTHORIZATION.as_str())?.split_once(' ')?;
    let token = token.trim();
    let is_bearer = scheme.eq_ignore_ascii_case("bearer") && !token.is_empty();
    is_bearer.then(|| Credentials::Token(token.to_owned()))
}

/// Whom the sender wants to act as.
pub(super) fn impersonated(headers: &HeaderMap) -> Option<User> {
    let name = text(headers, USER).unwrap_or_default();
    let mut user = User::new(name);
    text(headers, UID)
        .unwrap_or_default()
        .clone_into(&mut user.uid);
    let groups = headers
        .get_all(GROUP)
        .iter()
        .filter_map(|group| group.to_str().ok());
    user.groups = groups.map(str::to_owned).collect();
    for (header, value) in headers {
        if let (Some(key), Ok(value)) = (header.as_str().strip_prefix(EXTRA), value.to_str()) {
            let values = user.extra.entry(crate::server::decode(key)).or_default();
            values.push(value.to_owned());
        }
    }
    (user != User::default()).then_some(user)
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_tell_who_asks_and_as_whom() {
        let headers = |pairs: &[(&str, &str)]| -> HeaderMap {
            let pairs = pairs.iter().map(|(name, value)| {
                let name: http::HeaderName = name.parse().expect("a name");
                (name, value.parse().expect("a value"))
            });
            pairs.collect()
        };
        let token = |said: &str| credentials(&headers(&[("authorization", said)]));
        assert_eq!(token("bearer a"), Some(Credentials::Token("a".to_owned())));
        assert_eq!((token("Bearer "), token("Basic a")), (None, None));
        assert_eq!(impersonated(&headers(&[])), None);
        let user = impersonated(&headers(&[
            ("impersonate-user", "ann"),
            ("impersonate-group", "painters"),
            ("impersonate-group", "singers"),
            ("impersonate-extra-a%2fb", "c"),
        ]));
        let mut expected = User::new("ann").in_group("painters").in_group("singers");
        expected
            .extra
            .insert("a/b".to_owned(), vec!["c".to_owned()]);
        assert_eq!(user, Some(expected));
    }
}
