//! Can a cluster be reached under this address?

use std::borrow::Cow;

use super::field::Field;
use super::rules;
use super::url::Url;
use crate::problem::Problem;

const API_SCHEMES: &[&str] = &["http", "https"];
const PROXY_SCHEMES: &[&str] = &["http", "https", "socks5"];
const NEITHER: &str = "host must be a URL or a host:port pair";

/// The address of an API server: a host, a host with a port, or a URL.
pub(super) fn api_endpoint(field: &Field, text: Option<&str>, problems: &mut Vec<Problem>) {
    let advice = "write the address of the API server, such as https://192.0.2.1:6443";
    let Some(text) = rules::required(field, text, advice, problems) else {
        return;
    };
    match address(text) {
        Err(why) => problems.push(field.invalid(&without_password(text), why)),
        Ok(url) => {
            if !API_SCHEMES.contains(&url.scheme.as_str()) {
                problems.push(field.unsupported(&url.scheme, API_SCHEMES));
            }
            if let Some(port) = url.port.filter(|port| !is_port(port)) {
                problems.push(field.invalid_number(port, "must be between 1 and 65535, inclusive"));
            }
        }
    }
}

/// Without a scheme it is https, and then nothing may follow the host.
fn address(text: &str) -> Result<Url, String> {
    let url = match Url::parse(text) {
        Ok(url) if !url.scheme.is_empty() && has_authority(text) => url,
        _ => {
            let url = Url::parse(&format!("https://{text}"))?;
            if !matches!(url.path.as_str(), "" | "/") {
                return Err(NEITHER.to_owned());
            }
            url
        }
    };
    if url.host.is_empty() {
        return Err(NEITHER.to_owned());
    }
    Ok(url)
}

fn has_authority(text: &str) -> bool {
    let authority = text.split_once("://").map_or("", |(_, rest)| rest);
    !authority.is_empty() && !authority.starts_with(['/', '?', '#'])
}

fn is_port(digits: &str) -> bool {
    digits.parse::<u16>().is_ok_and(|port| port > 0)
}

/// The proxy on the way to an API server; none is right, too.
pub(super) fn proxy_url(field: &Field, text: Option<&str>, problems: &mut Vec<Problem>) {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return;
    };
    let why = match Url::parse(text) {
        Err(why) => why,
        Ok(url) if PROXY_SCHEMES.contains(&url.scheme.as_str()) => return,
        Ok(_) => format!(
            "proxy URL scheme must be one of: [{}]",
            PROXY_SCHEMES.join(", ")
        ),
    };
    problems.push(field.invalid(&without_password(text), why));
}

/// The address with its password, if it has one, made unreadable.
fn without_password(text: &str) -> Cow<'_, str> {
    let Some((user, host)) = text.rsplit_once('@') else {
        return Cow::Borrowed(text);
    };
    let (scheme, user) = match user.split_once("://") {
        Some((scheme, user)) => (format!("{scheme}://"), user),
        None => (String::new(), user),
    };
    match user.split_once(':') {
        Some((user, _)) => Cow::Owned(format!("{scheme}{user}:xxxxx@{host}")),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::Location;

    fn told(check: fn(&Field, Option<&str>, &mut Vec<Problem>), text: &str) -> Vec<String> {
        let mut problems = Vec::new();
        let field = Field::of(&Location::in_code(), "at");
        check(&field, Some(text), &mut problems);
        problems
            .into_iter()
            .map(|problem| problem.message)
            .collect()
    }

    #[test]
    fn an_address_without_a_scheme_is_a_host_and_perhaps_a_port() {
        for good in [
            "localhost",
            "a.b:6443",
            "192.0.2.1:1/",
            "[::1]:6443",
            "https://a:/x?y",
        ] {
            assert!(told(api_endpoint, good).is_empty(), "{good}");
        }
        for bad in [
            "a.b/c",
            "https://",
            "https:///c",
            "https:a",
            "https://:80",
            "/a",
            "?",
            "#",
        ] {
            let expected = format!("at: Invalid value: {bad:?}: {NEITHER}");
            let found = told(api_endpoint, bad);
            assert!(
                found == [expected] || found[0].contains("invalid port"),
                "{found:?}"
            );
        }
        for bad in ["a:0", "a:65536", "a:99999999999999999999999"] {
            let found = told(api_endpoint, bad);
            assert!(
                found[0].ends_with("must be between 1 and 65535, inclusive"),
                "{found:?}"
            );
        }
    }

    #[test]
    fn a_password_is_never_repeated() {
        for text in [
            "ftp://me:hunter2@a",
            "me:hunter2@a",
            "http://me:hunter2@a:x",
            "http://me:hun/ter2@a:x",
            "http://me:hunter2@a:0",
            "http://me:hunter2@a b",
            "http://me:hunter2#@a",
            "http://me:hunter2?@a",
            "http://me:hunter2/@a",
            "me:hun//ter2@a",
        ] {
            for check in [api_endpoint, proxy_url] {
                let found = told(check, text).join(" ");
                assert!(!found.contains("hun"), "{text}: {found}");
            }
        }
    }
}
