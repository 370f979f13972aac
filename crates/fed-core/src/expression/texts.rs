//! What do functions make of texts? Places in a text are counted in characters.

use super::Failure;
use super::budget::Budget;
use super::value::Val;

/// `None` if the types of the arguments do not fit.
type Made<'v> = Option<Result<Val<'v>, Failure>>;

/// Ends the function with a failure.
macro_rules! attempt {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(failure) => return Some(Err(failure)),
        }
    };
}

pub(super) fn contains<'v>(arguments: &[Val<'v>], budget: &Budget) -> Made<'v> {
    compare(arguments, budget, |text, part| text.contains(part))
}

pub(super) fn starts_with<'v>(arguments: &[Val<'v>], budget: &Budget) -> Made<'v> {
    compare(arguments, budget, |text, part| text.starts_with(part))
}

pub(super) fn ends_with<'v>(arguments: &[Val<'v>], budget: &Budget) -> Made<'v> {
    compare(arguments, budget, |text, part| text.ends_with(part))
}

fn compare<'v>(arguments: &[Val<'v>], budget: &Budget, holds: fn(&str, &str) -> bool) -> Made<'v> {
    let [Val::Text(text), Val::Text(part)] = arguments else {
        return None;
    };
    attempt!(budget.bytes(text.len().saturating_add(part.len())));
    Some(Ok(Val::Bool(holds(text, part))))
}

pub(super) fn lower_ascii<'v>(arguments: &[Val<'v>], budget: &Budget) -> Made<'v> {
    changed(arguments, budget, str::to_ascii_lowercase)
}

pub(super) fn upper_ascii<'v>(arguments: &[Val<'v>], budget: &Budget) -> Made<'v> {
    changed(arguments, budget, str::to_ascii_uppercase)
}

pub(super) fn trim<'v>(arguments: &[Val<'v>], budget: &Budget) -> Made<'v> {
    changed(arguments, budget, |text| text.trim().to_owned())
}

fn changed<'v>(arguments: &[Val<'v>], budget: &Budget, change: fn(&str) -> String) -> Made<'v> {
    let [Val::Text(text)] = arguments else {
        return None;
    };
    attempt!(budget.bytes(text.len()));
    Some(Ok(Val::text(change(text))))
}

pub(super) fn split<'v>(arguments: &[Val<'v>], budget: &Budget) -> Made<'v> {
    let [Val::Text(text), Val::Text(separator)] = arguments else {
        return None;
    };
    // Each character may become a text of its own.
    attempt!(budget.parts(text.len().saturating_add(1)));
    let parts = if separator.is_empty() {
        text.chars().map(|c| Val::text(c.to_string())).collect()
    } else {
        text.split(&**separator).map(Val::text).collect()
    };
    Some(Ok(Val::list(parts)))
}

pub(super) fn join<'v>(arguments: &[Val<'v>], budget: &Budget) -> Made<'v> {
    let (list, separator) = match arguments {
        [Val::List(list)] => (list, ""),
        [Val::List(list), Val::Text(separator)] => (list, &**separator),
        _ => return None,
    };
    let mut joined = String::new();
    for (i, item) in list.iter().enumerate() {
        let Val::Text(text) = item else {
            return Some(Err(Failure::new("only texts can be joined")));
        };
        attempt!(budget.bytes(text.len().saturating_add(separator.len())));
        if i > 0 {
            joined.push_str(separator);
        }
        joined.push_str(&text);
    }
    Some(Ok(Val::text(joined)))
}

pub(super) fn replace<'v>(arguments: &[Val<'v>], budget: &Budget) -> Made<'v> {
    let [Val::Text(text), Val::Text(from), Val::Text(to)] = arguments else {
        return None;
    };
    attempt!(budget.bytes(text.len()));
    let times = text.matches(&**from).count();
    // Known before it is made.
    attempt!(budget.bytes(times.saturating_mul(to.len())));
    Some(Ok(Val::text(text.replace(&**from, to))))
}

pub(super) fn substring<'v>(arguments: &[Val<'v>], budget: &Budget) -> Made<'v> {
    let (text, from, to) = match arguments {
        [Val::Text(text), Val::Int(from)] => (text, *from, None),
        [Val::Text(text), Val::Int(from), Val::Int(to)] => (text, *from, Some(*to)),
        _ => return None,
    };
    attempt!(budget.bytes(text.len()));
    let byte = |place: i64| {
        let place = usize::try_from(place).ok()?;
        let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        ends.into_iter().nth(place)
    };
    let end = to.map_or(Some(text.len()), byte);
    let part = byte(from)
        .zip(end)
        .and_then(|(from, to)| text.get(from..to));
    let outside = || Failure::new("this part is not within the text");
    Some(part.map(Val::text).ok_or_else(outside))
}

pub(super) fn index_of<'v>(arguments: &[Val<'v>], budget: &Budget) -> Made<'v> {
    found(arguments, budget, |text, part| text.find(part))
}

pub(super) fn last_index_of<'v>(arguments: &[Val<'v>], budget: &Budget) -> Made<'v> {
    found(arguments, budget, |text, part| text.rfind(part))
}

fn found<'v>(
    arguments: &[Val<'v>],
    budget: &Budget,
    find: fn(&str, &str) -> Option<usize>,
) -> Made<'v> {
    let [Val::Text(text), Val::Text(part)] = arguments else {
        return None;
    };
    attempt!(budget.bytes(text.len().saturating_add(part.len())));
    let place = find(text, part).map(|at| text.get(..at).unwrap_or_default().chars().count());
    let place = place.map_or(Some(-1), |place| i64::try_from(place).ok());
    Some(Ok(Val::Int(place.unwrap_or(i64::MAX))))
}
