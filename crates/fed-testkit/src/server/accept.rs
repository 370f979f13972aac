//! Which forms of an answer does a client take? What its `Accept` says.

/// One form that is taken: `application/json;as=Table;v=v1;g=meta.k8s.io`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Form<'a> {
    media: &'a str,
    parameters: Vec<(&'a str, &'a str)>,
}

/// The forms of an `Accept`, in the order that it tells them. An empty one takes everything.
pub(super) fn forms(accept: &str) -> impl Iterator<Item = Form<'_>> {
    let accept = if accept.trim().is_empty() {
        "*/*"
    } else {
        accept
    };
    accept.split(',').map(|clause| {
        let mut parts = clause.split(';').map(str::trim);
        Form {
            media: parts.next().unwrap_or_default(),
            parameters: parts.filter_map(|part| part.split_once('=')).collect(),
        }
    })
}

impl Form<'_> {
    /// Is this media type one that is taken?
    pub(super) fn takes(&self, media: &str) -> bool {
        let all = self.media.strip_suffix("/*");
        let is_of = |all: &str| all == "*" || media.split('/').next() == Some(all);
        self.media == media || all.is_some_and(is_of)
    }

    /// What a parameter says; empty where it is not there.
    pub(super) fn parameter(&self, name: &str) -> &str {
        let found = self.parameters.iter().find(|(other, _)| *other == name);
        found.map_or("", |(_, value)| value)
    }
}

/// Which of these media types is given? The first that the client takes, in its own order.
pub(crate) fn choose<'m>(accept: &str, given: &[&'m str]) -> Option<&'m str> {
    forms(accept).find_map(|form| given.iter().copied().find(|media| form.takes(media)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_form_that_can_be_given_is_chosen() {
        let given = ["application/json", "application/yaml"];
        let table = [
            ("", Some("application/json")),
            ("*/*", Some("application/json")),
            ("application/*", Some("application/json")),
            ("application/yaml, */*;q=0.1", Some("application/yaml")),
            (
                "text/html, application/json;q=0.9",
                Some("application/json"),
            ),
            ("application/vnd.kubernetes.protobuf", None),
            ("text/*", None),
        ];
        for (accept, expected) in table {
            assert_eq!(choose(accept, &given), expected, "{accept}");
        }
        let accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
        let table = forms(accept).next().expect("a form");
        assert_eq!(table.parameter("as"), "Table");
        assert_eq!(table.parameter("q"), "");
    }
}
