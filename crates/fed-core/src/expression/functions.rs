//! Which functions are there, and what do they make of values?

use std::cmp::Ordering;

use super::Failure;
use super::budget::Budget;
use super::node::Operator;
use super::operators::{self, Order, ordered};
use super::texts;
use super::value::{List, Val};

/// A function, which is known by its name alone.
pub(super) struct Function {
    pub(super) name: &'static str,
    /// The fewest and the most arguments, that which a method is called on among them.
    pub(super) arguments: (usize, usize),
    style: Style,
    pub(super) call: Call,
}

/// `None` if the types of the arguments do not fit.
type Call = for<'a, 'v> fn(&'a [Val<'v>], &Budget) -> Option<Result<Val<'v>, Failure>>;

/// How is a function called?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Global,
    Method,
    Both,
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Function {
    const fn new(name: &'static str, style: Style, arguments: (usize, usize), call: Call) -> Self {
        Self {
            name,
            arguments,
            style,
            call,
        }
    }

    const fn method(name: &'static str, arguments: (usize, usize), call: Call) -> Self {
        Self::new(name, Style::Method, arguments, call)
    }

    const fn global(name: &'static str, arguments: usize, call: Call) -> Self {
        Self::new(name, Style::Global, (arguments, arguments), call)
    }

    pub(super) fn may_be(&self, is_method: bool) -> bool {
        match self.style {
            Style::Global => !is_method,
            Style::Method => is_method,
            Style::Both => true,
        }
    }

    /// The arguments are of other types than it takes.
    pub(super) fn unfit(&self, arguments: &[Val<'_>]) -> Failure {
        let types: Vec<_> = arguments.iter().map(Val::type_name).collect();
        let (name, types) = (self.name, types.join(", "));
        Failure::new(format!(
            "{name} does not take values of these types: {types}"
        ))
    }
}

/// All functions. `matches` has a form of its own, as its pattern is read once.
pub(super) static ALL: &[Function] = &[
    Function::new("size", Style::Both, (1, 1), size),
    Function::global("int", 1, int),
    Function::global("uint", 1, uint),
    Function::global("double", 1, double),
    Function::global("string", 1, string),
    Function::global("bool", 1, flag),
    Function::global("dyn", 1, |arguments, _| {
        Some(Ok(arguments.first()?.clone()))
    }),
    Function::global("type", 1, |arguments, _| {
        Some(Ok(Val::Type(arguments.first()?.type_name())))
    }),
    Function::global("optional.none", 0, |_, _| Some(Ok(Val::Optional(None)))),
    Function::global("optional.of", 1, |arguments, _| {
        Some(Ok(Val::some(arguments.first()?.clone())))
    }),
    Function::global("optional.ofNonZeroValue", 1, of_non_zero),
    Function::method("hasValue", (1, 1), |arguments, _| match arguments {
        [Val::Optional(value)] => Some(Ok(Val::Bool(value.is_some()))),
        _ => None,
    }),
    Function::method("value", (1, 1), |arguments, _| match arguments {
        [Val::Optional(Some(value))] => Some(Ok((**value).clone())),
        [Val::Optional(None)] => Some(Err(Failure::new("an optional value is none"))),
        _ => None,
    }),
    Function::method("or", (2, 2), |arguments, _| match arguments {
        [Val::Optional(None), other @ Val::Optional(_)] => Some(Ok(other.clone())),
        [value @ Val::Optional(Some(_)), Val::Optional(_)] => Some(Ok(value.clone())),
        _ => None,
    }),
    Function::method("orValue", (2, 2), |arguments, _| match arguments {
        [Val::Optional(value), other] => Some(Ok(value
            .as_ref()
            .map_or_else(|| other.clone(), |value| (**value).clone()))),
        _ => None,
    }),
    Function::method("sum", (1, 1), sum),
    Function::method("min", (1, 1), |arguments, budget| {
        extreme(arguments, budget, Ordering::Less)
    }),
    Function::method("max", (1, 1), |arguments, budget| {
        extreme(arguments, budget, Ordering::Greater)
    }),
    Function::method("contains", (2, 2), texts::contains),
    Function::method("startsWith", (2, 2), texts::starts_with),
    Function::method("endsWith", (2, 2), texts::ends_with),
    Function::method("lowerAscii", (1, 1), texts::lower_ascii),
    Function::method("upperAscii", (1, 1), texts::upper_ascii),
    Function::method("trim", (1, 1), texts::trim),
    Function::method("split", (2, 2), texts::split),
    Function::method("join", (1, 2), texts::join),
    Function::method("replace", (3, 3), texts::replace),
    Function::method("substring", (2, 3), texts::substring),
    Function::method("indexOf", (2, 2), texts::index_of),
    Function::method("lastIndexOf", (2, 2), texts::last_index_of),
];

fn size<'v>(arguments: &[Val<'v>], budget: &Budget) -> Option<Result<Val<'v>, Failure>> {
    let size = match arguments {
        [Val::Text(text)] => {
            if let Err(failure) = budget.bytes(text.len()) {
                return Some(Err(failure));
            }
            text.chars().count()
        }
        [Val::List(list)] => list.len(),
        [Val::Map(map)] => map.len(),
        _ => return None,
    };
    Some(Ok(Val::Int(i64::try_from(size).unwrap_or(i64::MAX))))
}

fn no_number<T>() -> Result<T, Failure> {
    Err(Failure::new("this cannot be made a number of that type"))
}

#[allow(clippy::cast_possible_truncation, reason = "checked to be within")]
fn int<'v>(arguments: &[Val<'v>], _: &Budget) -> Option<Result<Val<'v>, Failure>> {
    // Doubles have no 2^63 - 1; from 2^63 on they do not fit.
    const END: f64 = 9_223_372_036_854_775_808.0;
    let whole = match arguments {
        [Val::Int(whole)] => Some(*whole),
        [Val::Uint(whole)] => i64::try_from(*whole).ok(),
        [Val::Double(double)] => (-END < *double && *double < END).then_some(*double as i64),
        [Val::Text(text)] => text.parse().ok(),
        _ => return None,
    };
    Some(whole.map_or_else(no_number, |whole| Ok(Val::Int(whole))))
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be within"
)]
fn uint<'v>(arguments: &[Val<'v>], _: &Budget) -> Option<Result<Val<'v>, Failure>> {
    const END: f64 = 18_446_744_073_709_551_616.0;
    let whole = match arguments {
        [Val::Uint(whole)] => Some(*whole),
        [Val::Int(whole)] => u64::try_from(*whole).ok(),
        [Val::Double(double)] => (0.0 <= *double && *double < END).then_some(*double as u64),
        [Val::Text(text)] => text.parse().ok(),
        _ => return None,
    };
    Some(whole.map_or_else(no_number, |whole| Ok(Val::Uint(whole))))
}

#[allow(
    clippy::cast_precision_loss,
    reason = "that is what the conversion means"
)]
fn double<'v>(arguments: &[Val<'v>], _: &Budget) -> Option<Result<Val<'v>, Failure>> {
    let double = match arguments {
        [Val::Double(double)] => Some(*double),
        [Val::Int(whole)] => Some(*whole as f64),
        [Val::Uint(whole)] => Some(*whole as f64),
        [Val::Text(text)] => text.parse().ok(),
        _ => return None,
    };
    Some(double.map_or_else(no_number, |double| Ok(Val::Double(double))))
}

fn string<'v>(arguments: &[Val<'v>], _: &Budget) -> Option<Result<Val<'v>, Failure>> {
    let text = match arguments {
        [text @ Val::Text(_)] => return Some(Ok(text.clone())),
        [Val::Bool(flag)] => flag.to_string(),
        [Val::Int(whole)] => whole.to_string(),
        [Val::Uint(whole)] => whole.to_string(),
        [Val::Double(double)] => double.to_string(),
        _ => return None,
    };
    Some(Ok(Val::text(text)))
}

fn flag<'v>(arguments: &[Val<'v>], _: &Budget) -> Option<Result<Val<'v>, Failure>> {
    match arguments {
        [flag @ Val::Bool(_)] => Some(Ok(flag.clone())),
        [Val::Text(text)] => Some(match &**text {
            "true" | "True" | "TRUE" | "t" | "1" => Ok(Val::Bool(true)),
            "false" | "False" | "FALSE" | "f" | "0" => Ok(Val::Bool(false)),
            _ => Err(Failure::new("this text is neither true nor false")),
        }),
        _ => None,
    }
}

fn of_non_zero<'v>(arguments: &[Val<'v>], _: &Budget) -> Option<Result<Val<'v>, Failure>> {
    let value = arguments.first()?;
    let is_zero = match value {
        Val::Null => true,
        Val::Bool(flag) => !flag,
        Val::Int(whole) => *whole == 0,
        Val::Uint(whole) => *whole == 0,
        Val::Double(double) => *double == 0.0,
        Val::Text(text) => text.is_empty(),
        Val::List(list) => list.len() == 0,
        Val::Map(map) => map.len() == 0,
        Val::Optional(value) => value.is_none(),
        Val::Type(_) => false,
    };
    Some(Ok(if is_zero {
        Val::Optional(None)
    } else {
        Val::some(value.clone())
    }))
}

/// The one list of which something is asked, and the steps to walk it.
fn walked<'a, 'v>(
    arguments: &'a [Val<'v>],
    budget: &Budget,
) -> Option<Result<&'a List<'v>, Failure>> {
    let [Val::List(list)] = arguments else {
        return None;
    };
    Some(budget.parts(list.len()).map(|()| list))
}

fn sum<'v>(arguments: &[Val<'v>], budget: &Budget) -> Option<Result<Val<'v>, Failure>> {
    let list = match walked(arguments, budget)? {
        Ok(list) => list,
        Err(failure) => return Some(Err(failure)),
    };
    let mut numbers = list.iter();
    let first = numbers.next().unwrap_or(Val::Int(0));
    if !matches!(first, Val::Int(_) | Val::Uint(_) | Val::Double(_)) {
        return None;
    }
    let add = |sum: Val<'v>, next| operators::binary(Operator::Add, &sum, &next, budget);
    Some(numbers.try_fold(first, add))
}

fn extreme<'v>(
    arguments: &[Val<'v>],
    budget: &Budget,
    further: Ordering,
) -> Option<Result<Val<'v>, Failure>> {
    let list = match walked(arguments, budget)? {
        Ok(list) => list,
        Err(failure) => return Some(Err(failure)),
    };
    let mut values = list.iter();
    let Some(mut found) = values.next() else {
        return Some(Err(Failure::new(
            "an empty list has no least and no greatest element",
        )));
    };
    for value in values {
        let is_further = match ordered(&value, &found, budget) {
            Err(failure) => return Some(Err(failure)),
            Ok(Order::Unfit) => return None,
            Ok(Order::None) => false,
            Ok(Order::Is(order)) => order == further,
        };
        if is_further {
            found = value;
        }
    }
    Some(Ok(found))
}
