//! What is the name of an image made of, and how do overrides change it?

use std::fmt;

use super::failure::Failure;
use super::native::{ImageOverride, ImagePart, ImageParts};

/// The longest tag that a registry takes.
const LONGEST_TAG: usize = 128;

/// The fewest hexadecimal digits of a digest.
const SHORTEST_DIGEST: usize = 32;

/// The name of an image, taken apart: `[registry/]repository[:tag][@digest]`. A part that is not
/// there is empty.
///
/// What stands before the first slash is the registry if it has a dot or a colon, or is
/// `localhost`. Any text can be taken apart; put together again it is the same text.
///
/// ```
/// use fed_core::customize::ImageName;
///
/// let image = ImageName::parse("registry.example.com:5000/shop/web:v1");
/// assert_eq!(image.registry(), "registry.example.com:5000");
/// assert_eq!(image.repository(), "shop/web");
/// assert_eq!((image.tag(), image.digest()), ("v1", ""));
/// assert_eq!(ImageName::parse("shop/web").registry(), "");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageName {
    registry: String,
    repository: String,
    tag: String,
    digest: String,
}

impl ImageName {
    /// Takes a name apart.
    pub fn parse(text: &str) -> Self {
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) if !digest.is_empty() => (name, digest),
            _ => (text, ""),
        };
        let (registry, rest) = match name.split_once('/') {
            Some((first, rest)) if is_registry(first) => (first, rest),
            _ => ("", name),
        };
        let (repository, tag) = match rest.rsplit_once(':') {
            Some((repository, tag)) if !tag.is_empty() && !tag.contains('/') => (repository, tag),
            _ => (rest, ""),
        };
        Self {
            registry: registry.to_owned(),
            repository: repository.to_owned(),
            tag: tag.to_owned(),
            digest: digest.to_owned(),
        }
    }

    /// The registry, such as `registry.example.com:5000`.
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// The repository, such as `shop/web`.
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag, such as `v1`.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The digest, such as `sha256:` and its digits.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The name with a change made, which must leave the name of an image.
    pub(super) fn changed(mut self, change: &ImageOverride) -> Result<Self, Failure> {
        self.set(&change.set);
        for part in &change.remove {
            match part {
                ImagePart::Registry => self.registry.clear(),
                ImagePart::Tag => self.tag.clear(),
                ImagePart::Digest => self.digest.clear(),
            }
        }
        self.append(change)?;
        let (set, append) = (&change.set, &change.append);
        let parts = [
            ("registry", &set.registry, &append.registry, &self.registry),
            (
                "repository",
                &set.repository,
                &append.repository,
                &self.repository,
            ),
            ("tag", &set.tag, &append.tag, &self.tag),
            ("digest", &set.digest, &None, &self.digest),
        ];
        for (part, set, append, found) in parts {
            let place = match (append, set) {
                (Some(_), _) => format!("/append/{part}"),
                (None, Some(_)) => format!("/set/{part}"),
                (None, None) => continue,
            };
            check(part, found).map_err(|why| Failure::inside(place, why))?;
        }
        if self.repository.is_empty() {
            let why = "there is no image to change: set its repository as well";
            return Err(Failure::because(why));
        }
        if Self::parse(&self.to_string()) != self {
            let why = "what it leaves would be read as another image: set the registry as well";
            return Err(Failure::because(why));
        }
        Ok(self)
    }

    fn set(&mut self, parts: &ImageParts) {
        let take = |part: &mut String, value: &Option<String>| {
            if let Some(value) = value {
                part.clone_from(value);
            }
        };
        take(&mut self.registry, &parts.registry);
        take(&mut self.repository, &parts.repository);
        // Together they say which version it is.
        if parts.tag.is_some() || parts.digest.is_some() {
            self.tag = parts.tag.clone().unwrap_or_default();
            self.digest = parts.digest.clone().unwrap_or_default();
        }
    }

    fn append(&mut self, change: &ImageOverride) -> Result<(), Failure> {
        let suffixes = &change.append;
        if let Some(suffix) = &suffixes.registry {
            self.registry.push_str(suffix);
        }
        if let Some(suffix) = &suffixes.repository {
            self.repository.push_str(suffix);
        }
        if let Some(suffix) = &suffixes.tag {
            if !self.digest.is_empty() {
                let why = "the image has a digest, beside which its tag does not count: remove \
                           the digest as well";
                return Err(Failure::inside("/append/tag", why));
            }
            if self.tag.is_empty() {
                let why = "the image has no tag: set one";
                return Err(Failure::inside("/append/tag", why));
            }
            self.tag.push_str(suffix);
        }
        Ok(())
    }
}

impl fmt::Display for ImageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.registry.is_empty() {
            write!(f, "{}/", self.registry)?;
        }
        f.write_str(&self.repository)?;
        if !self.tag.is_empty() {
            write!(f, ":{}", self.tag)?;
        }
        if !self.digest.is_empty() {
            write!(f, "@{}", self.digest)?;
        }
        Ok(())
    }
}

/// What is wrong with a part of the name of an image, if it is not empty.
pub(super) fn check(part: &str, text: &str) -> Result<(), &'static str> {
    let (is_right, rule) = match part {
        "registry" => (
            is_registry(text) && text.chars().all(|c| is_word(c) || ":[]".contains(c)),
            "a registry is a name with a dot or a port, or localhost, and without a slash",
        ),
        "repository" => (
            text.split('/').all(is_step),
            "a repository has small letters, digits and single slashes, and . _ - inside",
        ),
        "tag" => (
            is_tag(text),
            "a tag has up to 128 letters, digits and . _ -, and no . or - at its start",
        ),
        _ => (
            is_digest(text),
            "a digest is an algorithm, a colon and at least 32 hexadecimal digits",
        ),
    };
    if is_right { Ok(()) } else { Err(rule) }
}

fn is_registry(text: &str) -> bool {
    text.contains(['.', ':']) || text == "localhost"
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || "._-".contains(character)
}

fn is_step(text: &str) -> bool {
    let is_small = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.starts_with(is_small)
        && text.ends_with(is_small)
        && text.chars().all(|c| is_small(c) || "._-".contains(c))
}

fn is_tag(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= LONGEST_TAG
        && !text.starts_with(['.', '-'])
        && text.chars().all(is_word)
}

fn is_digest(text: &str) -> bool {
    let Some((algorithm, digits)) = text.split_once(':') else {
        return false;
    };
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric())
    };
    algorithm.split(['-', '_', '+', '.']).all(is_name)
        && digits.len() >= SHORTEST_DIGEST
        && digits.chars().all(|c| c.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customize::native::ImageSuffixes;
    use proptest::prelude::*;

    const DIGEST: &str = "sha256:dbcc1c35ac38df41fd2f5e4130b32ffdb93ebae8b3dbe638c23575912276fc9c";

    fn parts(text: &str) -> [String; 4] {
        let ImageName {
            registry,
            repository,
            tag,
            digest,
        } = ImageName::parse(text);
        [registry, repository, tag, digest]
    }

    #[test]
    fn a_name_is_taken_apart() {
        let pinned = format!("eu.gcr.io/a/b:1@{DIGEST}");
        let table = [
            ("", ["", "", "", ""]),
            ("pause", ["", "pause", "", ""]),
            ("pause:3", ["", "pause", "3", ""]),
            ("library/pause", ["", "library/pause", "", ""]),
            ("localhost/pause", ["localhost", "pause", "", ""]),
            ("localhost:5000/pause", ["localhost:5000", "pause", "", ""]),
            ("10.1.1.1:80/a/b:c", ["10.1.1.1:80", "a/b", "c", ""]),
            (pinned.as_str(), ["eu.gcr.io", "a/b", "1", DIGEST]),
            ("a/b:c/d", ["", "a/b:c/d", "", ""]),
        ];
        for (text, expected) in table {
            assert_eq!(parts(text), expected, "{text}");
        }
    }

    fn changed(image: &str, change: &ImageOverride) -> Result<String, String> {
        ImageName::parse(image)
            .changed(change)
            .map(|name| name.to_string())
            .map_err(|failure| match failure {
                Failure::Because { why, inside } => format!("{inside} {why}"),
                other => format!("{other:?}"),
            })
    }

    fn setting(set: ImageParts) -> ImageOverride {
        ImageOverride::set(set)
    }

    fn parts_of(registry: &str, repository: &str, tag: &str, digest: &str) -> ImageParts {
        let part = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        ImageParts {
            registry: part(registry),
            repository: part(repository),
            tag: part(tag),
            digest: part(digest),
        }
    }

    #[test]
    fn tag_and_digest_are_one_version() {
        let pinned = format!("web:1@{DIGEST}");
        let tag = setting(parts_of("", "", "2", ""));
        assert_eq!(changed(&pinned, &tag).unwrap(), "web:2");
        let digest = setting(parts_of("", "", "", DIGEST));
        assert_eq!(changed("web:1", &digest).unwrap(), format!("web@{DIGEST}"));
        let both = setting(parts_of("", "", "2", DIGEST));
        let expected = format!("web:2@{DIGEST}");
        assert_eq!(changed("web:1", &both).unwrap(), expected);
        let mirrored = setting(parts_of("eu.example.com", "", "", ""));
        let expected = format!("eu.example.com/{pinned}");
        assert_eq!(changed(&pinned, &mirrored).unwrap(), expected);
    }

    #[test]
    fn what_leaves_no_image_is_refused() {
        let suffix = |tag: &str| ImageOverride {
            append: ImageSuffixes {
                tag: Some(tag.into()),
                ..ImageSuffixes::default()
            },
            ..ImageOverride::default()
        };
        let pinned = format!("web@{DIGEST}");
        let table = [
            (
                "web",
                setting(parts_of("mirror", "", "", "")),
                "/set/registry",
            ),
            (
                "web",
                setting(parts_of("a.b/c", "", "", "")),
                "/set/registry",
            ),
            (
                "web",
                setting(parts_of("", "Web", "", "")),
                "/set/repository",
            ),
            (
                "web",
                setting(parts_of("", "a//b", "", "")),
                "/set/repository",
            ),
            (
                "web",
                setting(parts_of("", "a.b/web", "", "")),
                " what it leaves",
            ),
            ("web", setting(parts_of("", "", "a b", "")), "/set/tag"),
            (
                "web",
                setting(parts_of("", "", "", "sha256:1")),
                "/set/digest",
            ),
            (
                "",
                setting(parts_of("a.b", "", "", "")),
                " there is no image",
            ),
            ("web", suffix("-eu"), "/append/tag the image has no tag"),
            ("web:1", suffix("/eu"), "/append/tag a tag has"),
            (
                pinned.as_str(),
                suffix("-eu"),
                "/append/tag the image has a digest",
            ),
        ];
        for (image, change, expected) in table {
            let why = changed(image, &change).unwrap_err();
            assert!(why.starts_with(expected), "{why}");
        }
        assert_eq!(changed("web:1", &suffix("-eu")).unwrap(), "web:1-eu");
    }

    proptest! {
        #[test]
        fn a_name_put_together_is_the_same(text in "[a-z.:@/-]{0,12}") {
            prop_assert_eq!(ImageName::parse(&text).to_string(), text);
        }
    }
}
