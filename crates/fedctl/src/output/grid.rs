//! How do rows of cells fill the width of a terminal? Two columns of names, one of numbers, and
//! sentences in the rest.

use std::fmt::Write as _;

use anstyle::Style;

use super::Terminal;
use super::text::{harmless, pad, width, wrap};

pub(super) const PLAIN: Style = Style::new();
const HEADER: Style = Style::new().bold();

/// One line of a table, or several where a cell is long.
pub(super) struct Row {
    /// Empty where it is the same as in the row before.
    pub(super) first: String,
    pub(super) second: String,
    pub(super) count: String,
    pub(super) why: String,
    /// Of the sentences.
    pub(super) style: Style,
}

impl Row {
    /// A row without its first name and without a number.
    pub(super) fn new(second: &str, why: &str, style: Style) -> Self {
        Self {
            first: String::new(),
            second: harmless(second),
            count: String::new(),
            why: harmless(why),
            style,
        }
    }

    fn header([first, second, count, why]: [&str; 4]) -> Self {
        Self {
            first: first.to_owned(),
            count: count.to_owned(),
            ..Self::new(second, why, HEADER)
        }
    }
}

/// Writes a table, if there are rows. `widest` is the most that the columns of names get; a longer
/// name stands on a line of its own.
pub(super) fn write(
    text: &mut String,
    header: [&str; 4],
    rows: &[Row],
    widest: [usize; 2],
    terminal: Terminal,
) {
    if rows.is_empty() {
        return;
    }
    let header = Row::header(header);
    let layout = Layout::of(&header, rows, widest, terminal);
    layout.write(text, &header);
    for row in rows {
        layout.write(text, row);
    }
    text.push('\n');
}

/// The widths of the columns; no numbers, no column for them.
struct Layout {
    width: usize,
    first: usize,
    second: usize,
    count: Option<usize>,
    why: usize,
}

impl Layout {
    const GAP: usize = 2;
    /// The least that is left for sentences.
    const WHY: usize = 24;

    fn of(header: &Row, rows: &[Row], [first, second]: [usize; 2], terminal: Terminal) -> Self {
        let widest = |cell: fn(&Row) -> &String, most: usize| {
            let widths = rows
                .iter()
                .map(|row| width(cell(row)))
                .filter(|width| *width <= most);
            widths
                .chain([width(cell(header))])
                .max()
                .unwrap_or_default()
        };
        let first = widest(|row| &row.first, first);
        let second = widest(|row| &row.second, second);
        let has_counts = rows.iter().any(|row| !row.count.is_empty());
        let count = has_counts.then(|| widest(|row| &row.count, usize::MAX));
        let taken = first + second + 2 * Self::GAP + count.map_or(0, |count| count + Self::GAP);
        Self {
            width: terminal.width,
            first,
            second,
            count,
            why: terminal.width.saturating_sub(taken).max(Self::WHY),
        }
    }

    fn write(&self, text: &mut String, row: &Row) {
        let mut first = row.first.as_str();
        if width(first) > self.first {
            for line in wrap(first, self.width) {
                self.line(text, [&line, "", "", ""], PLAIN);
            }
            first = "";
        }
        let mut second = row.second.as_str();
        if width(second) > self.second {
            self.line(text, [first, second, "", ""], PLAIN);
            (first, second) = ("", "");
        }
        let mut lines = wrap(&row.why, self.why).into_iter();
        let why = lines.next().unwrap_or_default();
        self.line(text, [first, second, &row.count, &why], row.style);
        for line in lines {
            self.line(text, ["", "", "", &line], row.style);
        }
    }

    fn line(&self, text: &mut String, [first, second, count, why]: [&str; 4], style: Style) {
        let gap = " ".repeat(Self::GAP);
        let mut line = format!(
            "{}{gap}{}{gap}",
            pad(first, self.first),
            pad(second, self.second)
        );
        if let Some(columns) = self.count {
            // Writing to a string cannot fail.
            let _ = write!(line, "{count:>columns$}{gap}");
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
