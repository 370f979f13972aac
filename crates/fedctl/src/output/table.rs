//! The answer for people: where each object goes and why, made for 80 columns.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use anstyle::{AnsiColor, Style};

use super::Terminal;
use super::text::{harmless, pad, width, wrap};
use crate::answer::{Answer, Identity, Object};

const HEADER: Style = Style::new().bold();
const REFUSED: Style = AnsiColor::Yellow.on_default();

/// The widest that the columns of objects and clusters get; longer names stand on their own line.
const OBJECT: usize = 28;
const CLUSTER: usize = 18;
const REPLICAS: usize = 8;

/// Prints the answer to standard output, with colours if that is a terminal.
pub fn print(answer: &Answer, explain: bool, terminal: &Terminal) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(render(answer, explain, terminal).as_bytes())?;
    out.flush()
}

/// The answer as a table, with colours.
pub fn render(answer: &Answer, explain: bool, terminal: &Terminal) -> String {
    let mut text = format!("Plan at {}\n", answer.now);
    if !answer.objects.is_empty() {
        let layout = Layout::of(answer, terminal);
        text.push('\n');
        layout.header(&mut text);
        for object in &answer.objects {
            layout.object(&mut text, object, explain);
        }
    }
    text.push('\n');
    text.push_str(&summary(answer));
    text
}

/// The widths of the columns.
struct Layout {
    object: usize,
    cluster: usize,
    replicas: usize,
    why: usize,
}

impl Layout {
    fn of(answer: &Answer, terminal: &Terminal) -> Self {
        let widest = |names: &mut dyn Iterator<Item = String>, heading: &str, most: usize| {
            names.map(|name| width(&name)).filter(|width| *width <= most).max().unwrap_or(0).max(heading.len())
        };
        let object = widest(&mut answer.objects.iter().map(|o| title(&o.target)), "OBJECT", OBJECT);
        let names = answer.objects.iter().flat_map(|object| {
            let placed = object.placed.iter().map(|placed| &placed.cluster);
            placed.chain(object.refused.iter().map(|refused| &refused.cluster))
        });
        let cluster = widest(&mut names.map(|name| harmless(name)), "CLUSTER", CLUSTER);
        let has_replicas =
            answer.objects.iter().flat_map(|o| &o.placed).any(|placed| placed.replicas.is_some());
        let replicas = if has_replicas { REPLICAS } else { 0 };
        let taken = object + 2 + cluster + 2 + if has_replicas { replicas + 2 } else { 0 };
        Self { object, cluster, replicas, why: terminal.width.saturating_sub(taken).max(24) }
    }

    fn header(&self, text: &mut String) {
        let line = self.line("OBJECT", "CLUSTER", "REPLICAS", "WHY");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{HEADER}{}{HEADER:#}", line.trim_end());
    }

    fn line(&self, object: &str, cluster: &str, replicas: &str, why: &str) -> String {
        let mut line = format!("{}  {}  ", pad(object, self.object), pad(cluster, self.cluster));
        if self.replicas > 0 {
            let _ = write!(line, "{replicas:>width$}  ", width = self.replicas);
        }
        line.push_str(why);
        line
    }

    fn object(&self, text: &mut String, object: &Object, explain: bool) {
        let mut name = title(&object.target);
        if width(&name) > self.object {
            text.push_str(&name);
            text.push('\n');
            name = String::new();
        }
        for placed in &object.placed {
            let replicas = placed.replicas.map_or_else(String::new, |count| count.to_string());
            let why: Vec<_> = placed.reasons.iter().map(|reason| reason.message.as_str()).collect();
            self.row(text, &mut name, &placed.cluster, &replicas, &why.join("; "), Style::new());
        }
        for refused in &object.refused {
            let why: Vec<_> = refused.reasons.iter().map(|reason| reason.message.as_str()).collect();
            let why = format!("not placed: {}", why.join("; "));
            self.row(text, &mut name, &refused.cluster, "", &why, REFUSED);
        }
        let listed = object.refused.len();
        let all: usize = object.refused_counts.values().sum();
        if (all > listed && !explain) || (object.placed.is_empty() && listed == 0) {
            let others = if listed == 0 && object.placed.is_empty() { "placed nowhere" } else { "" };
            self.row(text, &mut name, others, "", &refusals(object), REFUSED);
        }
    }

    fn row(&self, text: &mut String, name: &mut String, cluster: &str, replicas: &str, why: &str, style: Style) {
        let cluster = harmless(cluster);
        let mut lines = wrap(&harmless(why), self.why).into_iter();
        let first = lines.next().unwrap_or_default();
        let (cluster, first) = if width(&cluster) > self.cluster {
            let _ = writeln!(text, "{}", self.line(name, &cluster, "", "").trim_end());
            name.clear();
            (String::new(), first)
        } else {
            (cluster, first)
        };
        let styled = |line: &str| format!("{style}{line}{style:#}");
        let _ = writeln!(text, "{}", self.line(name, &cluster, replicas, &styled(&first)).trim_end());
        name.clear();
        for line in lines {
            let _ = writeln!(text, "{}", self.line("", "", "", &styled(&line)).trim_end());
        }
    }
}

/// `Deployment shop/rating`.
fn title(id: &Identity) -> String {
    harmless(&match &id.namespace {
        Some(namespace) => format!("{} {namespace}/{}", id.kind, id.name),
        None => format!("{} {}", id.kind, id.name),
    })
}

fn refusals(object: &Object) -> String {
    if object.refused_counts.is_empty() {
        return "there are no clusters".to_owned();
    }
    let counts: Vec<_> = object
        .refused_counts
        .iter()
        .map(|(code, count)| format!("{code} in {}", counted(*count, "cluster")))
        .collect();
    format!("refused: {}", counts.join(", "))
}

fn summary(answer: &Answer) -> String {
    let placements: usize = answer.objects.iter().map(|object| object.placed.len()).sum();
    format!(
        "{}, {}, {}.\n",
        counted(answer.clusters.len(), "cluster"),
        counted(answer.objects.len(), "object"),
        counted(placements, "placement"),
    )
}

pub(super) fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
