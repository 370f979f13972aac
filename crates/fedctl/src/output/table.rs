//! The answer for people: where each object goes and why, made for 80 columns.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write as _};

use anstyle::{AnsiColor, Style};
use fed_core::{Code, Reason};

use super::Terminal;
use super::text::{counted, harmless, pad, width, wrap};
use crate::answer::{Answer, Identity, Object};

const HEADER: Style = Style::new().bold();
const PLAIN: Style = Style::new();
const REFUSED: Style = AnsiColor::Yellow.on_default();
const FAULTY: Style = AnsiColor::Red.on_default();

/// Prints the answer to standard output, with colours if that is a terminal.
pub fn print(answer: &Answer, explain: bool, terminal: Terminal) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(render(answer, explain, terminal).as_bytes())?;
    out.flush()
}

/// The answer as a table, with colours.
pub fn render(answer: &Answer, explain: bool, terminal: Terminal) -> String {
    let mut text = format!("Plan at {}\n\n", answer.now);
    let rows: Vec<_> = answer
        .objects
        .iter()
        .flat_map(|object| rows_of(object, explain))
        .collect();
    if !rows.is_empty() {
        let layout = Layout::of(&rows, terminal);
        layout.write(&mut text, &Row::header());
        for row in &rows {
            layout.write(&mut text, row);
        }
        text.push('\n');
    }
    text.push_str(&summary(answer));
    text
}

/// One line of the table, or several where a cell is long.
struct Row {
    /// Empty where it is the object of the row before.
    object: String,
    cluster: String,
    replicas: String,
    why: String,
    style: Style,
}

impl Row {
    fn header() -> Self {
        Self {
            object: "OBJECT".to_owned(),
            cluster: "CLUSTER".to_owned(),
            replicas: "REPLICAS".to_owned(),
            why: "WHY".to_owned(),
            style: HEADER,
        }
    }

    fn new(cluster: &str, why: &str, style: Style) -> Self {
        Self {
            object: String::new(),
            cluster: harmless(cluster),
            replicas: String::new(),
            why: harmless(why),
            style,
        }
    }
}

fn rows_of(object: &Object, explain: bool) -> Vec<Row> {
    let mut rows: Vec<_> = object
        .placed
        .iter()
        .map(|placed| {
            let is_faulty = placed.reasons.iter().any(is_fault);
            let style = if is_faulty { FAULTY } else { PLAIN };
            Row {
                replicas: placed
                    .replicas
                    .map_or_else(String::new, |count| count.to_string()),
                ..Row::new(&placed.cluster, &sentences(&placed.reasons, explain), style)
            }
        })
        .collect();
    rows.extend(object.refused.iter().map(|refused| {
        let why = format!("not placed: {}", sentences(&refused.reasons, true));
        Row::new(&refused.cluster, &why, REFUSED)
    }));
    if hides_refusals(object) || rows.is_empty() {
        rows.push(Row::new("", &refusals(object), REFUSED));
    }
    if let Some(first) = rows.first_mut() {
        first.object = title(&object.target);
    }
    rows
}

/// Are there clusters that refuse it and are only counted?
fn hides_refusals(object: &Object) -> bool {
    object.refused_counts.values().sum::<usize>() > object.refused.len()
}

/// Is it a reason not to deliver? Its sentence stands among the problems, with its place.
fn is_fault(reason: &Reason) -> bool {
    !matches!(
        reason.code,
        Code::Listed
            | Code::SelectorMatch
            | Code::AffinityMatch
            | Code::ReplicasDivided
            | Code::ClusterNotReady
    )
}

fn sentences(reasons: &[Reason], explain: bool) -> String {
    let is_told = |reason: &&Reason| explain || !is_fault(reason);
    let told = reasons
        .iter()
        .filter(is_told)
        .map(|reason| reason.message.clone());
    let codes: BTreeSet<_> = reasons
        .iter()
        .filter(|reason| !is_told(reason))
        .map(|reason| reason.code.as_str())
        .collect();
    let codes: Vec<_> = codes.into_iter().collect();
    let faults =
        (!codes.is_empty()).then(|| format!("not delivered: {}, see below", codes.join(", ")));
    told.chain(faults).collect::<Vec<_>>().join("; ")
}

fn refusals(object: &Object) -> String {
    if object.refused_counts.is_empty() {
        return "placed nowhere: there are no clusters".to_owned();
    }
    let counts: Vec<_> = object
        .refused_counts
        .iter()
        .map(|(code, count)| format!("{code} in {}", counted(*count, "cluster")))
        .collect();
    let nowhere = if object.placed.is_empty() {
        "placed nowhere"
    } else {
        "not placed"
    };
    format!("{nowhere}: {}", counts.join(", "))
}

/// `Deployment shop/rating`.
fn title(id: &Identity) -> String {
    harmless(&match &id.namespace {
        Some(namespace) => format!("{} {namespace}/{}", id.kind, id.name),
        None => format!("{} {}", id.kind, id.name),
    })
}

fn summary(answer: &Answer) -> String {
    let placements: usize = answer
        .objects
        .iter()
        .map(|object| object.placed.len())
        .sum();
    let hidden = answer.objects.iter().any(hides_refusals);
    let hint = if hidden {
        "With --explain, every cluster that is not placed is listed.\n"
    } else {
        ""
    };
    format!(
        "{}, {}, {}.\n{hint}",
        counted(answer.clusters.len(), "cluster"),
        counted(answer.objects.len(), "object"),
        counted(placements, "placement"),
    )
}

/// The widths of the columns; no replicas, no column for them.
struct Layout {
    width: usize,
    object: usize,
    cluster: usize,
    replicas: Option<usize>,
    why: usize,
}

impl Layout {
    /// The widest that a column gets; a longer cell stands on a line of its own.
    const OBJECT: usize = 32;
    const CLUSTER: usize = 20;
    const GAP: usize = 2;
    /// The least that is left for reasons.
    const WHY: usize = 24;

    fn of(rows: &[Row], terminal: Terminal) -> Self {
        let header = Row::header();
        let widest = |cell: fn(&Row) -> &String, most: usize| {
            let widths = rows
                .iter()
                .map(|row| width(cell(row)))
                .filter(|width| *width <= most);
            widths
                .chain([width(cell(&header))])
                .max()
                .unwrap_or_default()
        };
        let object = widest(|row| &row.object, Self::OBJECT);
        let cluster = widest(|row| &row.cluster, Self::CLUSTER);
        let has_replicas = rows.iter().any(|row| !row.replicas.is_empty());
        let replicas = has_replicas.then(|| widest(|row| &row.replicas, usize::MAX));
        let taken = object + cluster + 2 * Self::GAP + replicas.map_or(0, |r| r + Self::GAP);
        Self {
            width: terminal.width,
            object,
            cluster,
            replicas,
            why: terminal.width.saturating_sub(taken).max(Self::WHY),
        }
    }

    fn write(&self, text: &mut String, row: &Row) {
        let mut object = row.object.as_str();
        if width(object) > self.object {
            for line in wrap(object, self.width) {
                self.line(text, &line, "", "", "", PLAIN);
            }
            object = "";
        }
        let mut cluster = row.cluster.as_str();
        if width(cluster) > self.cluster {
            self.line(text, object, cluster, "", "", PLAIN);
            (object, cluster) = ("", "");
        }
        let mut lines = wrap(&row.why, self.why).into_iter();
        let first = lines.next().unwrap_or_default();
        self.line(text, object, cluster, &row.replicas, &first, row.style);
        for line in lines {
            self.line(text, "", "", "", &line, row.style);
        }
    }

    fn line(
        &self,
        text: &mut String,
        object: &str,
        cluster: &str,
        replicas: &str,
        why: &str,
        style: Style,
    ) {
        let gap = " ".repeat(Self::GAP);
        let mut line = format!(
            "{}{gap}{}{gap}",
            pad(object, self.object),
            pad(cluster, self.cluster)
        );
        if let Some(columns) = self.replicas {
            // Writing to a string cannot fail.
            let _ = write!(line, "{replicas:>columns$}{gap}");
        }
        line.push_str(why);
        let line = line.trim_end();
        let _ = match style {
            PLAIN => writeln!(text, "{line}"),
            HEADER => writeln!(text, "{HEADER}{line}{HEADER:#}"),
            style => match line.strip_suffix(why) {
                Some(before) => writeln!(text, "{before}{style}{why}{style:#}"),
                None => writeln!(text, "{line}"),
            },
        };
    }
}
