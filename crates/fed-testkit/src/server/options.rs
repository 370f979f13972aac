//! How is a list or a watch asked for? The parameters that say which state, and how much of it.

use serde_json::json;

use super::status::{FieldFault, Refusal, Sort};
use super::write::Call;

/// How the version of a request is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    Exact,
    NotOlderThan,
}

/// What a request says of a list or a watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ListOptions {
    /// Absent where any state that is not old will do.
    pub(super) version: Option<u64>,
    pub(super) matching: Option<Match>,
    pub(super) limit: Option<usize>,
    pub(super) token: Option<String>,
    pub(super) seconds: Option<i64>,
    /// Does a watch begin with what is there?
    pub(super) sends_initial: Option<bool>,
    pub(super) bookmarks: bool,
}

impl ListOptions {
    /// The options of a request, if they can be had together.
    pub(super) fn of(call: &Call<'_>) -> Result<Self, Refusal> {
        let said = |name: &str| call.request.parameter(name).filter(|text| !text.is_empty());
        let number = |name: &str| match call.request.parameter(name) {
            None => Ok(None),
            Some(text) => integer(text).map(Some),
        };
        let flag = |name: &str| call.request.parameter(name).map(is_true);
        let (limit, seconds) = (number("limit")?, number("timeoutSeconds")?);
        let mut options = Self {
            version: None,
            matching: None,
            limit: limit
                .filter(|limit| *limit > 0)
                .and_then(|limit| usize::try_from(limit).ok()),
            token: said("continue").map(str::to_owned),
            seconds,
            sends_initial: flag("sendInitialEvents"),
            bookmarks: flag("allowWatchBookmarks").unwrap_or_default(),
        };
        let version = said("resourceVersion");
        let mut matching = said("resourceVersionMatch");
        // A watch without a version begins with what is there, as watches always did.
        if call.is_watch
            && options.sends_initial.is_none()
            && matching.is_none()
            && version.is_none_or(|version| version == "0")
        {
            options.sends_initial = Some(true);
            matching = Some("NotOlderThan");
        }
        let faults = if call.is_watch {
            faults_of_watch(&options, matching)
        } else {
            faults_of_list(&options, matching, version)
        };
        if !faults.is_empty() {
            return Err(Refusal::invalid("meta.k8s.io", "ListOptions", "", &faults));
        }
        options.matching = match matching {
            Some("Exact") => Some(Match::Exact),
            Some(_) => Some(Match::NotOlderThan),
            None => None,
        };
        options.version = version
            .map(|text| version_of(text, call.is_watch))
            .transpose()?;
        Ok(options)
    }
}

/// Is this text of a query a yes? All are but few.
pub(super) fn is_true(text: &str) -> bool {
    !matches!(text.to_ascii_lowercase().as_str(), "false" | "0")
}

fn integer(text: &str) -> Result<i64, Refusal> {
    text.parse::<i64>().map_err(|error| {
        use std::num::IntErrorKind::{NegOverflow, PosOverflow};
        let why = match error.kind() {
            PosOverflow | NegOverflow => "value out of range",
            _ => "invalid syntax",
        };
        Refusal::bad_request(format!("strconv.ParseInt: parsing {text:?}: {why}"))
    })
}

/// The version that a text says.
pub(super) fn version_of(text: &str, is_watch: bool) -> Result<u64, Refusal> {
    text.parse().map_err(|_| {
        let why = format!(
            "resourceVersion: Invalid value: {text:?}: strconv.ParseUint: parsing {text:?}: invalid syntax"
        );
        if is_watch {
            Refusal::internal(why)
        } else {
            Refusal::bad_request(format!("invalid resource version: {why}"))
        }
    })
}

const MATCH: &str = "resourceVersionMatch";

fn forbidden(field: &str, why: &str) -> FieldFault {
    FieldFault::new(field, Sort::Forbidden, why)
}

fn unsupported(matching: &str, supported: &str) -> FieldFault {
    let message = format!("supported values: {supported}");
    FieldFault::new(MATCH, Sort::NotSupported, message).of(json!(matching))
}

fn faults_of_list(
    options: &ListOptions,
    matching: Option<&str>,
    version: Option<&str>,
) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    if let Some(matching) = matching {
        if version.is_none() {
            faults.push(forbidden(
                MATCH,
                "resourceVersionMatch is forbidden unless resourceVersion is provided",
            ));
        }
        if options.token.is_some() {
            faults.push(forbidden(
                MATCH,
                "resourceVersionMatch is forbidden when continue is provided",
            ));
        }
        if !matches!(matching, "Exact" | "NotOlderThan") {
            faults.push(unsupported(matching, "\"Exact\", \"NotOlderThan\", \"\""));
        }
        if matching == "Exact" && version == Some("0") {
            faults.push(forbidden(
                MATCH,
                "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"",
            ));
        }
    }
    if options.sends_initial.is_some() {
        faults.push(forbidden(
            "sendInitialEvents",
            "sendInitialEvents is forbidden for list",
        ));
    }
    faults
}

fn faults_of_watch(options: &ListOptions, matching: Option<&str>) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    if options.sends_initial.is_some() && matching != Some("NotOlderThan") {
        faults.push(forbidden(
            MATCH,
            "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
        ));
    }
    if let Some(matching) = matching {
        if options.sends_initial.is_none() {
            faults.push(forbidden(
                MATCH,
                "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
            ));
        }
        if matching != "NotOlderThan" {
            faults.push(unsupported(matching, "\"NotOlderThan\""));
        }
        if options.token.is_some() {
            faults.push(forbidden(
                MATCH,
                "resourceVersionMatch is forbidden when continue is provided",
            ));
        }
    }
    faults
}
