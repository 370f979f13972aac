//! Documents as people write them: block and flow, comments, blank lines, anchors, any indentation.

use serde_json::Value;

/// Choices that follow from a seed.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    /// A number below `sides`.
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides.max(1)
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }
}

/// Writes a value in a style of the dice's choice.
pub(super) struct Writer {
    pub(super) dice: Dice,
    step: usize,
    list: usize,
    comments: bool,
    anchors: bool,
    number: usize,
    mappings: Vec<usize>,
    values: Vec<usize>,
}

impl Writer {
    pub(super) fn new(seed: u64) -> Self {
        let mut dice = Dice(seed);
        Self {
            step: [2, 2, 4, 3][dice.roll(4)],
            list: [0, 2, 4][dice.roll(3)],
            comments: dice.roll(4) > 0,
            anchors: dice.one_in(3),
            dice,
            number: 0,
            mappings: Vec::new(),
            values: Vec::new(),
        }
    }

    /// A file with this document between two others, or alone.
    pub(super) fn file(&mut self, value: &Value) -> String {
        let mut text = match self.dice.roll(6) {
            0 => serde_json::to_string(value).unwrap() + "\n",
            1 => serde_json::to_string_pretty(value).unwrap() + "\n",
            2 => self.flow(value) + "\n",
            _ => {
                self.block(value, 0).join(
                    "
",
                ) + "
"
            }
        };
        if self.dice.one_in(3) {
            text = format!("# before\nkind: A\n---\n{text}---\nkind: Z # last\n");
        }
        if self.dice.one_in(4) {
            text = text.trim_end().to_owned();
        }
        if self.dice.one_in(5) {
            text = text.replace('\n', "\r\n");
        }
        text
    }

    fn mark(&mut self) -> usize {
        self.number += 1;
        self.number
    }

    fn trailing(&mut self) -> String {
        if self.comments && self.dice.one_in(3) {
            format!(" # c{}", self.mark())
        } else {
            String::new()
        }
    }

    fn above(&mut self, column: usize, lines: &mut Vec<String>) {
        if self.dice.one_in(8) {
            lines.push(String::new());
        }
        if self.comments && self.dice.one_in(4) {
            lines.push(format!("{}# c{}", " ".repeat(column), self.mark()));
        }
    }

    fn anchor(&mut self, is_mapping: bool) -> String {
        if !self.anchors || !self.dice.one_in(4) {
            return String::new();
        }
        let number = self.mark();
        if is_mapping {
            self.mappings.push(number);
        } else {
            self.values.push(number);
        }
        format!("&a{number} ")
    }

    fn block(&mut self, value: &Value, column: usize) -> Vec<String> {
        let mut lines = Vec::new();
        let indent = " ".repeat(column);
        match value {
            Value::Object(fields) => {
                if let Some(number) = self
                    .mappings
                    .last()
                    .copied()
                    .filter(|_| self.dice.one_in(4))
                {
                    lines.push(format!("{indent}<<: *a{number}"));
                }
                for (key, value) in fields {
                    self.above(column, &mut lines);
                    let key = self.key(key);
                    let list = self.list;
                    self.nested(
                        &format!("{indent}{key}:"),
                        value,
                        (column + self.step, column + list),
                        &mut lines,
                    );
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.above(column, &mut lines);
                    let is_plain = matches!(item, Value::Object(fields) if !fields.is_empty());
                    if is_plain && !self.dice.one_in(5) {
                        let inner = self.block(item, column + 2);
                        let inner: Vec<_> =
                            inner.into_iter().skip_while(String::is_empty).collect();
                        lines.push(format!("{indent}- {}", inner[0].trim_start()));
                        lines.extend(inner.into_iter().skip(1));
                    } else {
                        self.nested(
                            &format!("{indent}-"),
                            item,
                            (column + 2, column + 2),
                            &mut lines,
                        );
                    }
                }
            }
            _ => unreachable!("only collections have lines"),
        }
        lines
    }

    fn nested(
        &mut self,
        head: &str,
        value: &Value,
        columns: (usize, usize),
        lines: &mut Vec<String>,
    ) {
        let is_full = match value {
            Value::Object(fields) => !fields.is_empty(),
            Value::Array(items) => !items.is_empty(),
            _ => false,
        };
        if let Some(number) = self
            .values
            .last()
            .copied()
            .filter(|_| !is_full && self.dice.one_in(3))
        {
            lines.push(format!("{head} *a{number}{}", self.trailing()));
        } else if is_full && !self.dice.one_in(5) {
            let anchor = self.anchor(value.is_object());
            let anchor = format!(" {anchor}");
            let trailing = self.trailing();
            lines.push(format!("{head}{}{trailing}", anchor.trim_end()));
            let column = if value.is_object() {
                columns.0
            } else {
                columns.1
            };
            lines.extend(self.block(value, column));
        } else if let Some(text) = value.as_str().filter(|text| text.contains('\n')) {
            let header = ["|", ">-", "|+", "|-"][self.dice.roll(4)];
            lines.push(format!("{head} {header}{}", self.trailing()));
            let indent = " ".repeat(columns.0);
            lines.extend(
                text.split('\n')
                    .map(|line| format!("{indent}{line}").trim_end().to_owned()),
            );
        } else if value.is_null() && self.dice.one_in(2) {
            lines.push(format!("{head}{}", self.trailing()));
        } else {
            let anchor = if is_full {
                String::new()
            } else {
                self.anchor(false)
            };
            let text = self.flow_lines(value, head.len() - head.trim_start().len());
            lines.extend(
                format!("{head} {anchor}{text}{}", self.trailing())
                    .lines()
                    .map(str::to_owned),
            );
        }
    }

    /// Flow style on one line or on several.
    fn flow_lines(&mut self, value: &Value, column: usize) -> String {
        let parts: Vec<String> = match value {
            Value::Object(fields) => fields
                .iter()
                .map(|(key, value)| format!("{}: {}", self.key(key), self.flow(value)))
                .collect(),
            Value::Array(items) => items.iter().map(|item| self.flow(item)).collect(),
            _ => return self.flow(value),
        };
        if parts.is_empty() || !self.dice.one_in(3) {
            return self.flow(value);
        }
        let (open, close) = if value.is_object() {
            ('{', '}')
        } else {
            ('[', ']')
        };
        let mut text = format!("{open}\n");
        let last = parts.len() - 1;
        let has_last_comma = self.dice.one_in(3);
        for (index, part) in parts.iter().enumerate() {
            let comma = if index < last || has_last_comma {
                ","
            } else {
                ""
            };
            let indent = " ".repeat(column + self.step);
            text += &[
                &indent,
                part,
                comma,
                &self.trailing(),
                "
",
            ]
            .concat();
        }
        text + &" ".repeat(column + 1) + &close.to_string()
    }

    fn flow(&mut self, value: &Value) -> String {
        match value {
            Value::Object(fields) => {
                let entry = |(key, value): (&String, &Value)| {
                    format!("{}: {}", self.key(key), self.flow(value))
                };
                let parts: Vec<_> = fields.iter().map(entry).collect();
                format!("{{{}}}", parts.join(", "))
            }
            Value::Array(items) => {
                let parts: Vec<_> = items.iter().map(|item| self.flow(item)).collect();
                format!("[{}]", parts.join(if self.step == 3 { "," } else { ", " }))
            }
            Value::String(text) => self.text(text),
            other => other.to_string(),
        }
    }

    fn key(&mut self, key: &str) -> String {
        self.text(key)
    }

    fn text(&mut self, text: &str) -> String {
        let is_word =
            text.chars().all(|c| c.is_ascii_alphanumeric()) && crate::read::reads_as_text(text);
        match self.dice.roll(4) {
            0 if !text.contains(['\n', '\t']) => format!("'{}'", text.replace('\'', "''")),
            1 | 2 if is_word => text.to_owned(),
            _ => serde_json::to_string(text).unwrap(),
        }
    }
}
