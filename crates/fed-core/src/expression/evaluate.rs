//! What is the value of an expression?

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value;

use super::Failure;
use super::budget::Budget;
use super::functions::Function;
use super::node::{Each, Node, Operator, Presence, Reach, Walk};
use super::operators::{self, index};
use super::pattern::{self, Pattern};
use super::value::{Key, Map, Val};

/// One evaluation: the variables, and what may still be done.
pub(super) struct Evaluation<'v> {
    scope: Vec<Val<'v>>,
    budget: Budget,
}

type Result<'v> = std::result::Result<Val<'v>, Failure>;

impl<'v> Evaluation<'v> {
    pub(super) fn of(variables: &[&'v Value]) -> Self {
        Self {
            scope: variables.iter().map(|value| Val::of(value)).collect(),
            budget: Budget::new(),
        }
    }

    /// The value of the whole, as JSON.
    pub(super) fn run(mut self, root: &'v Node) -> std::result::Result<Value, Failure> {
        self.value(root)?.into_json(&self.budget)
    }

    fn value(&mut self, node: &'v Node) -> Result<'v> {
        self.budget.step()?;
        match node {
            Node::Constant(constant) => Ok(Val::of_constant(constant)),
            Node::Variable { place, name } => self.variable(*place, name),
            Node::Field { of, name, how } => self.field(of, name, *how),
            Node::Has { of, name } => self.has(of, name),
            Node::Index { of, at, how } => self.index(of, at, *how),
            Node::List(elements) => self.list(elements),
            Node::Map(entries) => self.map(entries),
            Node::Not(of) => Ok(Val::Bool(!self.flag(of)?)),
            Node::Negative(of) => operators::negative(&self.value(of)?),
            Node::And(operands) => self.joined(operands, false),
            Node::Or(operands) => self.joined(operands, true),
            Node::Choice(parts) => self.choice(parts),
            Node::Binary(operator, operands) => self.binary(*operator, operands),
            Node::Call(function, arguments) => self.call(function, arguments),
            Node::Matches(text, pattern) => self.matches(text, pattern),
            Node::Each(each) => self.each(each),
        }
    }

    fn variable(&self, place: usize, name: &str) -> Result<'v> {
        let found = self.scope.get(place).cloned();
        found.ok_or_else(|| Failure::new(format!("{name} has no value here")))
    }

    fn call(&mut self, function: &Function, arguments: &'v [Node]) -> Result<'v> {
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            values.push(self.value(argument)?);
        }
        let made = (function.call)(&values, &self.budget);
        made.unwrap_or_else(|| Err(function.unfit(&values)))
    }

    fn flag(&mut self, node: &'v Node) -> std::result::Result<bool, Failure> {
        match self.value(node)? {
            Val::Bool(flag) => Ok(flag),
            other => Err(wanted("true or false", &other)),
        }
    }

    fn field(&mut self, of: &'v Node, name: &str, how: Reach) -> Result<'v> {
        let value = self.value(of)?;
        let is_optional = how == Reach::Optional || matches!(value, Val::Optional(_));
        let inner = match value {
            Val::Optional(None) => return Ok(Val::Optional(None)),
            Val::Optional(Some(inner)) => (*inner).clone(),
            other => other,
        };
        let Val::Map(map) = inner else {
            return Err(no_field(of, name, &inner));
        };
        match map.field(name) {
            found if is_optional => Ok(Val::Optional(found.map(Rc::new))),
            Some(found) => Ok(found),
            None => Err(no_field(of, name, &Val::Map(map))),
        }
    }

    fn has(&mut self, of: &'v Node, name: &str) -> Result<'v> {
        let found = match self.value(of)? {
            Val::Map(map) => map.field(name).is_some(),
            Val::Optional(None) => false,
            Val::Optional(Some(inner)) => match inner.as_ref() {
                Val::Map(map) => map.field(name).is_some(),
                other => return Err(no_field(of, name, other)),
            },
            other => return Err(no_field(of, name, &other)),
        };
        Ok(Val::Bool(found))
    }

    fn index(&mut self, of: &'v Node, at: &'v Node, how: Reach) -> Result<'v> {
        let value = self.value(of)?;
        let at = self.value(at)?;
        let is_optional = how == Reach::Optional || matches!(value, Val::Optional(_));
        let inner = match value {
            Val::Optional(None) => return Ok(Val::Optional(None)),
            Val::Optional(Some(inner)) => (*inner).clone(),
            other => other,
        };
        match index(&inner, &at, &self.budget)? {
            found if is_optional => Ok(Val::Optional(found.map(Rc::new))),
            Some(found) => Ok(found),
            None => {
                let what = of
                    .path()
                    .unwrap_or_else(|| format!("this {}", inner.type_name()));
                Err(Failure::new(format!("{what} has nothing at this index")))
            }
        }
    }

    fn list(&mut self, elements: &'v [(Node, Presence)]) -> Result<'v> {
        let mut made = Vec::with_capacity(elements.len());
        for (element, presence) in elements {
            let value = self.value(element)?;
            made.extend(present(value, *presence)?);
        }
        Ok(Val::list(made))
    }

    fn map(&mut self, entries: &'v [(Node, Node, Presence)]) -> Result<'v> {
        let mut made = BTreeMap::new();
        for (key, value, presence) in entries {
            let key = self.value(key)?;
            if let Val::Text(text) = &key {
                self.budget.bytes(text.len())?;
            }
            let key = Key::of(&key).ok_or_else(|| wanted("a key of a map", &key))?;
            let value = self.value(value)?;
            let Some(value) = present(value, *presence)? else {
                continue;
            };
            if made.insert(key, value).is_some() {
                return Err(Failure::new("a map has the same key twice"));
            }
        }
        Ok(Val::Map(Map::Made(Rc::new(made))))
    }

    /// `&&` and `||`: an operand that decides makes up for others that fail, whatever their order.
    fn joined(&mut self, operands: &'v [Node], decisive: bool) -> Result<'v> {
        let mut failed = None;
        for operand in operands {
            match self.flag(operand) {
                Ok(flag) if flag == decisive => return Ok(Val::Bool(decisive)),
                Ok(_) => {}
                Err(failure) if failure.is_limit() => return Err(failure),
                Err(failure) => failed = failed.or(Some(failure)),
            }
        }
        failed.map_or(Ok(Val::Bool(!decisive)), Err)
    }

    fn choice(&mut self, [condition, yes, no]: &'v [Node; 3]) -> Result<'v> {
        if self.flag(condition)? {
            self.value(yes)
        } else {
            self.value(no)
        }
    }

    fn binary(&mut self, operator: Operator, [left, right]: &'v [Node; 2]) -> Result<'v> {
        let (left, right) = (self.value(left)?, self.value(right)?);
        operators::binary(operator, &left, &right, &self.budget)
    }

    fn matches(&mut self, text: &'v Node, pattern: &'v Pattern) -> Result<'v> {
        let text = match self.value(text)? {
            Val::Text(text) => text,
            other => return Err(wanted("a text", &other)),
        };
        let found = match pattern {
            Pattern::Read(pattern) => pattern::matches(pattern, &text, &self.budget)?,
            Pattern::Made(node) => match self.value(node)? {
                Val::Text(pattern) => {
                    let pattern = pattern::made(&pattern, &self.budget)?;
                    pattern::matches(&pattern, &text, &self.budget)?
                }
                other => return Err(wanted("a text", &other)),
            },
        };
        Ok(Val::Bool(found))
    }

    fn each(&mut self, each: &'v Each) -> Result<'v> {
        let range = self.value(&each.range)?;
        if each.what == Walk::OptMap {
            return self.mapped_if_any(&each.body, range);
        }
        let elements = self.elements(range)?;
        match each.what {
            Walk::All => self.quantified(&each.body, elements, false),
            Walk::Exists => self.quantified(&each.body, elements, true),
            Walk::ExistsOne => {
                let found = self.kept(&each.body, elements)?;
                Ok(Val::Bool(found.len() == 1))
            }
            Walk::Filter => self.kept(&each.body, elements).map(Val::list),
            Walk::Map | Walk::OptMap => match &each.condition {
                Some(condition) => {
                    let elements = self.kept(condition, elements)?;
                    self.mapped(&each.body, elements)
                }
                None => self.mapped(&each.body, elements),
            },
        }
    }

    /// What is walked: the elements of a list, or the keys of a map in their order.
    fn elements(&self, range: Val<'v>) -> std::result::Result<Vec<Val<'v>>, Failure> {
        match range {
            Val::List(list) => {
                self.budget.parts(list.len())?;
                Ok(list.iter().collect())
            }
            Val::Map(map) => {
                self.budget.parts(map.len())?;
                let keys = map.entries().into_iter();
                Ok(keys.map(|(key, _)| key.into_val()).collect())
            }
            other => Err(wanted("a list or map", &other)),
        }
    }

    fn mapped(&mut self, body: &'v Node, elements: Vec<Val<'v>>) -> Result<'v> {
        let mut made = Vec::with_capacity(elements.len());
        for element in elements {
            self.scope.push(element);
            let value = self.value(body);
            self.scope.pop();
            made.push(value?);
        }
        Ok(Val::list(made))
    }

    fn mapped_if_any(&mut self, body: &'v Node, range: Val<'v>) -> Result<'v> {
        match range {
            Val::Optional(None) => Ok(Val::Optional(None)),
            Val::Optional(Some(value)) => {
                self.scope.push((*value).clone());
                let mapped = self.value(body);
                self.scope.pop();
                mapped.map(Val::some)
            }
            other => Err(wanted("an optional value", &other)),
        }
    }

    /// Does a condition hold of an element?
    fn holds(
        &mut self,
        condition: &'v Node,
        element: Val<'v>,
    ) -> std::result::Result<bool, Failure> {
        self.scope.push(element);
        let holds = self.flag(condition);
        self.scope.pop();
        holds
    }

    fn quantified(
        &mut self,
        condition: &'v Node,
        elements: Vec<Val<'v>>,
        decisive: bool,
    ) -> Result<'v> {
        let mut failed = None;
        for element in elements {
            match self.holds(condition, element) {
                Ok(flag) if flag == decisive => return Ok(Val::Bool(decisive)),
                Ok(_) => {}
                Err(failure) if failure.is_limit() => return Err(failure),
                Err(failure) => failed = failed.or(Some(failure)),
            }
        }
        failed.map_or(Ok(Val::Bool(!decisive)), Err)
    }

    /// The elements for which a condition holds.
    fn kept(
        &mut self,
        condition: &'v Node,
        elements: Vec<Val<'v>>,
    ) -> std::result::Result<Vec<Val<'v>>, Failure> {
        let mut kept = Vec::new();
        for element in elements {
            if self.holds(condition, element.clone())? {
                kept.push(element);
            }
        }
        Ok(kept)
    }
}

/// What stands in a list or map; nothing where an optional value is none.
fn present(value: Val<'_>, presence: Presence) -> std::result::Result<Option<Val<'_>>, Failure> {
    match (presence, value) {
        (Presence::Always, value) => Ok(Some(value)),
        (Presence::IfAny, Val::Optional(value)) => Ok(value.map(|value| (*value).clone())),
        (Presence::IfAny, other) => Err(wanted("an optional value", &other)),
    }
}

/// A value has another type.
pub(super) fn wanted(wanted: &str, found: &Val<'_>) -> Failure {
    let found = found.type_name();
    Failure::new(format!(
        "{wanted} is needed where there is a value of type {found}"
    ))
}

fn no_field(of: &Node, name: &str, found: &Val<'_>) -> Failure {
    let what = of.path().unwrap_or_else(|| "this".to_owned());
    Failure::new(match found {
        Val::Map(_) => format!("{what} has no field {name}"),
        other => format!(
            "{what} has no field {name}: it is of type {}",
            other.type_name()
        ),
    })
}
