//! Is the server well, and which one is it?

use fed_schema::documents::KUBERNETES_VERSION;
use serde_json::{Value, json};

use crate::server::request::Request;

/// The paths of the checks.
pub(super) const PATHS: [&str; 3] = ["healthz", "livez", "readyz"];

/// What is checked. All of it is always well: there is nothing that could fail.
const CHECKS: [&str; 3] = ["ping", "log", "etcd"];

/// The answer of a check, or of all; `None` for a check that there is not.
pub(super) fn answer(path: &str, check: Option<&str>, request: &Request) -> Option<String> {
    if let Some(check) = check {
        return CHECKS.contains(&check).then(|| "ok".to_owned());
    }
    if request.parameter("verbose").is_none() {
        return Some("ok".to_owned());
    }
    let excluded = |check: &str| {
        let mut said = request.query.iter();
        said.any(|(name, value)| name == "exclude" && value == check)
    };
    let lines = CHECKS.iter().map(|check| {
        if excluded(check) {
            format!("[+]{check} excluded: ok\n")
        } else {
            format!("[+]{check} ok\n")
        }
    });
    Some(lines.collect::<String>() + path + " check passed\n")
}

/// The paths of all checks.
pub(super) fn paths() -> impl Iterator<Item = String> {
    PATHS.iter().flat_map(|path| {
        let checks = CHECKS.iter().map(move |check| format!("/{path}/{check}"));
        std::iter::once(format!("/{path}")).chain(checks)
    })
}

/// The release whose kinds are served.
pub(super) fn version() -> Value {
    let (major, minor) = KUBERNETES_VERSION.split_once('.').unwrap_or(("1", ""));
    let before = minor.parse::<u64>().unwrap_or_default().saturating_sub(1);
    json!({
        "major": major, "minor": minor,
        "emulationMajor": major, "emulationMinor": minor,
        "minCompatibilityMajor": major, "minCompatibilityMinor": before.to_string(),
        "gitVersion": format!("v{KUBERNETES_VERSION}.0"),
        "gitCommit": "", "gitTreeState": "", "buildDate": "1970-01-01T00:00:00Z",
        "goVersion": "", "compiler": "", "platform": "",
    })
}
