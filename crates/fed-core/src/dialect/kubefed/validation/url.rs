//! What are the parts of this URL, as Go's standard library takes it apart? KubeFed's users have
//! endpoints that no stricter reader may refuse.

/// The parts of a URL that endpoints are judged by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Url {
    /// In lower case; empty where there is none.
    pub(super) scheme: String,
    /// The host without its port, and without the brackets of an IPv6 address.
    pub(super) host: String,
    /// The digits behind the host's colon.
    pub(super) port: Option<String>,
    /// What follows the host.
    pub(super) path: String,
}

impl Url {
    /// Takes the text apart, or says why that cannot be done.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text.chars().any(|character| character.is_ascii_control()) {
            return Err("invalid control character in URL".to_owned());
        }
        let (scheme, rest) = split_scheme(text.split('#').next().unwrap_or_default())?;
        let rest = rest.split('?').next().unwrap_or_default();
        let mut url = Self {
            scheme: scheme.to_ascii_lowercase(),
            ..Self::default()
        };
        if !rest.starts_with('/') {
            // `mailto:somebody` has neither host nor path.
            if scheme.is_empty() {
                relative_path(rest)?.clone_into(&mut url.path);
            }
            return Ok(url);
        }
        let authority = rest
            .strip_prefix("//")
            .filter(|rest| !scheme.is_empty() || !rest.starts_with('/'));
        let Some(authority) = authority else {
            check_escapes(rest)?;
            rest.clone_into(&mut url.path);
            return Ok(url);
        };
        let (authority, path) = authority.split_at(authority.find('/').unwrap_or(authority.len()));
        check_escapes(path)?;
        path.clone_into(&mut url.path);
        let host = authority
            .rsplit_once('@')
            .map_or(authority, |(_, host)| host);
        // What is taken for a port may be a part of a password.
        (url.host, url.port) = split_port(host, !text.contains('@'))?;
        Ok(url)
    }
}

fn split_scheme(text: &str) -> Result<(&str, &str), String> {
    for (at, character) in text.char_indices() {
        match character {
            'a'..='z' | 'A'..='Z' => {}
            '0'..='9' | '+' | '-' | '.' if at > 0 => {}
            ':' if at == 0 => return Err("missing protocol scheme".to_owned()),
            ':' => return Ok(text.split_once(':').unwrap_or(("", text))),
            _ => break,
        }
    }
    Ok(("", text))
}

fn relative_path(text: &str) -> Result<&str, String> {
    let first = text.split('/').next().unwrap_or_default();
    if first.contains(':') {
        return Err("first path segment in URL cannot contain colon".to_owned());
    }
    check_escapes(text)?;
    Ok(text)
}

/// Host and port. What is no port is told only if `repeat`.
fn split_port(host: &str, repeat: bool) -> Result<(String, Option<String>), String> {
    let colon = if host.starts_with('[') {
        let end = host.rfind(']').ok_or("missing ']' in host")?;
        end + 1
    } else {
        host.rfind(':').unwrap_or(host.len())
    };
    let (host, port) = host.split_at(colon);
    let digits = port.strip_prefix(':').unwrap_or(port);
    let colon_missing = !port.is_empty() && digits.len() == port.len();
    if colon_missing || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(if repeat {
            format!("invalid port {port:?} after host")
        } else {
            "invalid port after host".to_owned()
        });
    }
    if !host.starts_with('[') && host.contains(':') {
        return Err("too many colons in address: an IPv6 address stands in brackets".to_owned());
    }
    if let Some(character) = host
        .chars()
        .find(|&character| !may_stand_in_host(character))
    {
        return Err(format!("invalid character {character:?} in host name"));
    }
    check_escapes(host)?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let port = (!digits.is_empty()).then(|| digits.to_owned());
    Ok((host.to_owned(), port))
}

fn may_stand_in_host(character: char) -> bool {
    !character.is_ascii()
        || character.is_ascii_alphanumeric()
        || "-_.~!$&'()*+,;=:[]<>\"%".contains(character)
}

fn check_escapes(text: &str) -> Result<(), String> {
    let valid = text.split('%').skip(1).all(|rest| {
        let mut digits = rest.bytes().take(2).filter(u8::is_ascii_hexdigit);
        digits.next().is_some() && digits.next().is_some()
    });
    valid
        .then_some(())
        .ok_or_else(|| "invalid URL escape".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Result<(String, String, Option<String>, String), String> {
        Url::parse(text).map(|url| (url.scheme, url.host, url.port, url.path))
    }

    #[test]
    fn urls_are_taken_apart() {
        for (text, scheme, host, port, path) in [
            ("HTTPS://a.b:1/c?d#e", "https", "a.b", Some("1"), "/c"),
            ("https://[::1]:443", "https", "::1", Some("443"), ""),
            ("https://[::1]", "https", "::1", None, ""),
            ("https://user:pass@a:5", "https", "a", Some("5"), ""),
            ("https://", "https", "", None, ""),
            ("https://a:", "https", "a", None, ""),
            ("a.b:80", "a.b", "", None, ""),
            ("a/b", "", "", None, "a/b"),
            ("//a/b", "", "a", None, "/b"),
            ("///a", "", "", None, "///a"),
            ("", "", "", None, ""),
            ("a@b", "", "", None, "a@b"),
        ] {
            let port = port.map(str::to_owned);
            let expected = (scheme.to_owned(), host.to_owned(), port, path.to_owned());
            assert_eq!(parts(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_url_is_told_why() {
        for (text, why) in [
            ("https://a:b", "invalid port \":b\" after host"),
            ("https://a:-1", "invalid port \":-1\" after host"),
            ("https://[::1]80", "invalid port \"80\" after host"),
            ("https://u:p@a:secret", "invalid port after host"),
            ("https://[::1", "missing ']' in host"),
            (
                "https://2001:db8::1",
                "too many colons in address: an IPv6 address stands in brackets",
            ),
            ("https://a b", "invalid character ' ' in host name"),
            ("https://a%zz", "invalid URL escape"),
            ("https://a/%z", "invalid URL escape"),
            (
                "192.0.2.1:80",
                "first path segment in URL cannot contain colon",
            ),
            ("://a", "missing protocol scheme"),
            ("https://a\n", "invalid control character in URL"),
        ] {
            assert_eq!(parts(text), Err(why.to_owned()), "{text}");
        }
    }
}
