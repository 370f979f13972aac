//! What is left of the lines of `kubectl` without what servers choose: uids, versions, times, ages,
//! addresses, ports?

use std::path::Path;

use regex::Regex;

/// The same text with `#` for what differs from server to server.
pub(super) fn scrub(text: &str, home: &Path) -> String {
    const CHOSEN: [(&str, &str); 16] = [
        (
            r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
            "#uid",
        ),
        (r#"(resourceVersion"?: )"?\d+"?"#, "$1#"),
        (r"(Resource Version: +)\d+", "$1#"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "#time"),
        (r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000", "#time"),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \+0000", "#time"),
        (r"[WE]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ ", "#log "),
        (r"\b(\d+[dhm])*\d+[smhdy]\b( +ago)?", "#age"),
        (r"\b10\.0\.\d+\.\d+\b", "#ip"),
        (r"\b3[0-2]\d{3}\b", "#port"),
        (r"\beyJ[\w.-]+", "#token"),
        (r"127\.0\.0\.1:\d+", "#server"),
        (r"/tmp/[\w./-]*", "#file"),
        (r"\b[a-z]+-[bcdfghjklmnpqrstvwxz2456789]{5}\b", "#generated"),
        // How wide a column is depends on what stands in it.
        (r"[ \t]+", " "),
        (r"(?m) $", ""),
    ];
    let text = text.replace(&*home.to_string_lossy(), "HOME");
    CHOSEN.iter().fold(text, |text, (pattern, with)| {
        let pattern = Regex::new(pattern).expect("a pattern");
        pattern.replace_all(&text, *with).into_owned()
    })
}
