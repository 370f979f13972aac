//! Can this be read as the schedule of a `CronJob`? Five fields, or a word such as `@daily`.

/// The fields of a schedule with their bounds and the names of their values.
const FIELDS: [(&str, u32, u32, &[&str]); 5] = [
    ("minute", 0, 59, &[]),
    ("hour", 0, 23, &[]),
    ("day of the month", 1, 31, &[]),
    (
        "month",
        1,
        12,
        &[
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ],
    ),
    (
        "day of the week",
        0,
        6,
        &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
    ),
];

const WORDS: [&str; 7] = [
    "@yearly",
    "@annually",
    "@monthly",
    "@weekly",
    "@daily",
    "@midnight",
    "@hourly",
];

/// What is wrong with a schedule, if anything.
pub(super) fn fault(schedule: &str) -> Option<String> {
    if schedule.contains("TZ") {
        return Some("must not name a time zone: that belongs into timeZone".to_owned());
    }
    if schedule.starts_with('@') {
        let is_known =
            WORDS.contains(&schedule) || schedule.strip_prefix("@every ").is_some_and(is_duration);
        let message = || {
            format!(
                "must be five fields such as '0 3 * * *', or one of {}",
                WORDS.join(", ")
            )
        };
        return (!is_known).then(message);
    }
    let given: Vec<_> = schedule.split_whitespace().collect();
    if given.len() != FIELDS.len() {
        return Some(format!(
            "must have five fields (minute, hour, day of the month, month, day of the week), not {}",
            given.len()
        ));
    }
    given.iter().zip(FIELDS).find_map(|(text, (what, least, most, names))| {
        let is_right = text.split(',').all(|part| is_part(part, least, most, names));
        let message = || format!("its {what} must be between {least} and {most}, '*', a range or a step such as */5");
        (!is_right).then(message)
    })
}

/// A value, a range or `*`, perhaps with a step.
fn is_part(part: &str, least: u32, most: u32, names: &[&str]) -> bool {
    let (range, step) = match part.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (part, None),
    };
    if step.is_some_and(|step| number(step).is_none_or(|step| step == 0)) {
        return false;
    }
    if matches!(range, "*" | "?") {
        return true;
    }
    let value = |text: &str| {
        let lower = text.to_lowercase();
        let by_name = names.iter().zip(least..).find(|(name, _)| **name == lower);
        let value = by_name.map(|(_, value)| value).or_else(|| number(text))?;
        (least..=most).contains(&value).then_some(value)
    };
    match range.split_once('-') {
        Some((from, to)) => match (value(from), value(to)) {
            (Some(from), Some(to)) => from <= to,
            _ => false,
        },
        None => value(range).is_some(),
    }
}

fn number(text: &str) -> Option<u32> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

fn is_duration(text: &str) -> bool {
    let ends = ["h", "m", "s", "ms"];
    text.starts_with(|first: char| first.is_ascii_digit())
        && ends.iter().any(|end| text.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules() {
        let right = [
            "* * * * *",
            "*/5 0-6,12 1 JAN sun-tue",
            "@daily",
            "@every 1h30m",
            "0  3 * * ?",
            "0-30/10 * * * *",
        ];
        for schedule in right {
            assert_eq!(fault(schedule), None, "{schedule}");
        }
        let wrong = [
            "",
            "* * * *",
            "60 * * * *",
            "* * 0 * *",
            "* * * * 7",
            "5-1 * * * *",
            "*/0 * * * *",
            "@often",
            "TZ=UTC * * * * *",
            "a * * * *",
        ];
        for schedule in wrong {
            assert!(fault(schedule).is_some(), "{schedule}");
        }
    }
}
