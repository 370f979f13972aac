//! What do operators make of two values?

use std::cmp::Ordering;

use super::Failure;
use super::budget::Budget;
use super::evaluate::wanted;
use super::node::Operator;
use super::value::{DEEPEST, Key, List, Val, too_deep};

pub(super) fn binary<'v>(
    operator: Operator,
    left: &Val<'v>,
    right: &Val<'v>,
    budget: &Budget,
) -> Result<Val<'v>, Failure> {
    let unfit = || unfit(operator, left, right);
    let ordered = |holds: fn(Ordering) -> bool| match ordered(left, right, budget)? {
        Order::Is(order) => Ok(Val::Bool(holds(order))),
        Order::None => Ok(Val::Bool(false)),
        Order::Unfit => Err(unfit()),
    };
    match operator {
        Operator::Equal => equal(left, right, budget, DEEPEST).map(Val::Bool),
        Operator::NotEqual => Ok(Val::Bool(!equal(left, right, budget, DEEPEST)?)),
        Operator::Less => ordered(Ordering::is_lt),
        Operator::LessOrEqual => ordered(Ordering::is_le),
        Operator::Greater => ordered(Ordering::is_gt),
        Operator::GreaterOrEqual => ordered(Ordering::is_ge),
        Operator::In => is_in(left, right, budget)?.map(Val::Bool).ok_or_else(unfit),
        Operator::Add => match (left, right) {
            (Val::Text(left), Val::Text(right)) => {
                budget.bytes(left.len().saturating_add(right.len()))?;
                Ok(Val::text(format!("{}{}", &**left, &**right)))
            }
            (Val::List(left), Val::List(right)) => {
                budget.parts(left.len().saturating_add(right.len()))?;
                Ok(Val::list(left.iter().chain(right.iter()).collect()))
            }
            _ => arithmetic(operator, left, right),
        },
        Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Remainder => {
            arithmetic(operator, left, right)
        }
    }
}

fn unfit(operator: Operator, left: &Val<'_>, right: &Val<'_>) -> Failure {
    let (left, right) = (left.type_name(), right.type_name());
    let operator = operator.as_str();
    Failure::new(format!(
        "{operator} does not stand between values of types {left} and {right}"
    ))
}

fn arithmetic<'v>(operator: Operator, left: &Val<'v>, right: &Val<'v>) -> Result<Val<'v>, Failure> {
    let is_division = matches!(operator, Operator::Divide | Operator::Remainder);
    let whole = match (left, right) {
        (Val::Int(_), Val::Int(0)) | (Val::Uint(_), Val::Uint(0)) if is_division => {
            return Err(Failure::new("a number is divided by zero"));
        }
        (Val::Int(left), Val::Int(right)) => match operator {
            Operator::Add => left.checked_add(*right),
            Operator::Subtract => left.checked_sub(*right),
            Operator::Multiply => left.checked_mul(*right),
            Operator::Divide => left.checked_div(*right),
            _ => left.checked_rem(*right),
        }
        .map(Val::Int),
        (Val::Uint(left), Val::Uint(right)) => match operator {
            Operator::Add => left.checked_add(*right),
            Operator::Subtract => left.checked_sub(*right),
            Operator::Multiply => left.checked_mul(*right),
            Operator::Divide => left.checked_div(*right),
            _ => left.checked_rem(*right),
        }
        .map(Val::Uint),
        (Val::Double(left), Val::Double(right)) => match operator {
            Operator::Add => Some(left + right),
            Operator::Subtract => Some(left - right),
            Operator::Multiply => Some(left * right),
            Operator::Divide => Some(left / right),
            _ => return Err(unfit(operator, &Val::Double(*left), &Val::Double(*right))),
        }
        .map(Val::Double),
        _ => return Err(unfit(operator, left, right)),
    };
    whole.ok_or_else(|| Failure::new("a number is too large"))
}

pub(super) fn negative<'v>(value: &Val<'v>) -> Result<Val<'v>, Failure> {
    match value {
        Val::Int(whole) => {
            let negative = whole.checked_neg().map(Val::Int);
            negative.ok_or_else(|| Failure::new("a number is too large"))
        }
        Val::Double(double) => Ok(Val::Double(-double)),
        other => Err(wanted("a number", other)),
    }
}

/// Are two values equal? Numbers are by what they are, and all else by type too.
pub(super) fn equal(
    left: &Val<'_>,
    right: &Val<'_>,
    budget: &Budget,
    levels: usize,
) -> Result<bool, Failure> {
    budget.step()?;
    let levels = levels.checked_sub(1).ok_or_else(too_deep)?;
    Ok(match (left, right) {
        (Val::Null, Val::Null) | (Val::Optional(None), Val::Optional(None)) => true,
        (Val::Bool(left), Val::Bool(right)) => left == right,
        (Val::Text(left), Val::Text(right)) => {
            budget.bytes(left.len().min(right.len()))?;
            **left == **right
        }
        (Val::List(left), Val::List(right)) => {
            if left.len() != right.len() {
                return Ok(false);
            }
            for (left, right) in left.iter().zip(right.iter()) {
                if !equal(&left, &right, budget, levels)? {
                    return Ok(false);
                }
            }
            true
        }
        (Val::Map(left), Val::Map(right)) => {
            if left.len() != right.len() {
                return Ok(false);
            }
            budget.parts(left.len())?;
            for (key, value) in left.entries() {
                let Some(other) = right.get(&key) else {
                    return Ok(false);
                };
                if !equal(&value, &other, budget, levels)? {
                    return Ok(false);
                }
            }
            true
        }
        (Val::Optional(Some(left)), Val::Optional(Some(right))) => {
            equal(left, right, budget, levels)?
        }
        (Val::Type(left), Val::Type(right)) => left == right,
        _ => compared(left, right) == Order::Is(Ordering::Equal),
    })
}

/// The order of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Is(Ordering),
    /// What is no number comes neither before nor after one.
    None,
    /// Values of these types have no order.
    Unfit,
}

/// In which order do two values stand?
pub(super) fn ordered(left: &Val<'_>, right: &Val<'_>, budget: &Budget) -> Result<Order, Failure> {
    Ok(match (left, right) {
        (Val::Text(left), Val::Text(right)) => {
            budget.bytes(left.len().min(right.len()))?;
            Order::Is((**left).cmp(&**right))
        }
        (Val::Bool(left), Val::Bool(right)) => Order::Is(left.cmp(right)),
        _ => compared(left, right),
    })
}

/// The order of two numbers of any type.
fn compared(left: &Val<'_>, right: &Val<'_>) -> Order {
    match (Number::of(left), Number::of(right)) {
        (Some(left), Some(right)) => left.order(right).map_or(Order::None, Order::Is),
        _ => Order::Unfit,
    }
}

#[derive(Clone, Copy)]
enum Number {
    Whole(i128),
    Double(f64),
}

impl Number {
    fn of(value: &Val<'_>) -> Option<Self> {
        match value {
            Val::Int(whole) => Some(Self::Whole((*whole).into())),
            Val::Uint(whole) => Some(Self::Whole((*whole).into())),
            Val::Double(double) => Some(Self::Double(*double)),
            _ => None,
        }
    }

    fn order(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Whole(left), Self::Whole(right)) => Some(left.cmp(&right)),
            (Self::Double(left), Self::Double(right)) => left.partial_cmp(&right),
            (Self::Double(double), Self::Whole(whole)) => with_whole(double, whole),
            (Self::Whole(whole), Self::Double(double)) => {
                with_whole(double, whole).map(Ordering::reverse)
            }
        }
    }
}

/// The order of a double and a whole number, without the loss of a digit of either.
fn with_whole(double: f64, whole: i128) -> Option<Ordering> {
    if double.is_nan() {
        return None;
    }
    // Whole numbers have 65 bits at most: what is cut off here is beyond all of them.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "it ends at the largest numbers"
    )]
    let floor = double.floor() as i128;
    let is_above = double.fract() != 0.0;
    Some(floor.cmp(&whole).then(if is_above {
        Ordering::Greater
    } else {
        Ordering::Equal
    }))
}

fn is_in(left: &Val<'_>, right: &Val<'_>, budget: &Budget) -> Result<Option<bool>, Failure> {
    match right {
        Val::List(list) => contains(list, left, budget).map(Some),
        Val::Map(map) => match key(left, budget)? {
            Some(key) => Ok(Some(map.get(&key).is_some())),
            // It is a number, and none that a key can be.
            None if matches!(left, Val::Double(_)) => Ok(Some(false)),
            None => Ok(None),
        },
        _ => Ok(None),
    }
}

fn contains(list: &List<'_>, value: &Val<'_>, budget: &Budget) -> Result<bool, Failure> {
    for item in list.iter() {
        if equal(&item, value, budget, DEEPEST)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What stands at an index.
pub(super) fn index<'v>(
    of: &Val<'v>,
    at: &Val<'_>,
    budget: &Budget,
) -> Result<Option<Val<'v>>, Failure> {
    match (of, key(at, budget)?) {
        (Val::List(list), Some(Key::Whole(at))) => {
            Ok(usize::try_from(at).ok().and_then(|at| list.get(at)))
        }
        (Val::Map(map), key) => Ok(key.and_then(|key| map.get(&key))),
        (Val::List(_), _) => Err(wanted("a whole number as index", at)),
        (other, _) => Err(wanted("a list or map", other)),
    }
}

/// The key that a value is, where a double that is whole is the same as that number.
fn key(value: &Val<'_>, budget: &Budget) -> Result<Option<Key>, Failure> {
    match value {
        Val::Text(text) => budget.bytes(text.len())?,
        Val::Double(double) if double.fract() == 0.0 => {
            #[allow(
                clippy::cast_possible_truncation,
                reason = "it ends at the largest numbers"
            )]
            let whole = *double as i128;
            return Ok(Some(Key::Whole(whole)));
        }
        _ => {}
    }
    Ok(Key::of(value))
}
