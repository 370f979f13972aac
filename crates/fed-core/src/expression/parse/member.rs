//! What do names, calls, brackets and macros stand for?

use super::super::Misspelt;
use super::super::functions::{self, Function};
use super::super::node::{Constant, Each, Node, Presence, Reach, Walk};
use super::super::pattern::Pattern;
use super::super::token::Token;
use super::{Parser, Part};
use crate::nearest::nearest;

/// The names of types, which are values too.
const TYPES: &[&str] = &[
    "bool",
    "double",
    "int",
    "list",
    "map",
    "null_type",
    "string",
    "type",
    "uint",
];

impl Parser<'_> {
    /// What stands alone, and all that is reached from it.
    pub(super) fn member(&mut self, left: usize) -> Result<Part, Misspelt> {
        let (mut node, mut levels) = self.primary(left)?;
        loop {
            let part = if self.takes(".") {
                let how = self.reach();
                self.field_or_method((node, levels), how, left)?
            } else if self.takes("[") {
                let how = self.reach();
                let (at, of_at) = self.expression(left)?;
                self.must("]")?;
                let of = Box::new(node);
                let index = Node::Index {
                    of,
                    at: Box::new(at),
                    how,
                };
                self.above(index, levels.max(of_at))?
            } else {
                return Ok((node, levels));
            };
            (node, levels) = part;
        }
    }

    fn reach(&mut self) -> Reach {
        if self.takes("?") {
            Reach::Optional
        } else {
            Reach::Needed
        }
    }

    fn field_or_method(
        &mut self,
        (of, levels): Part,
        how: Reach,
        left: usize,
    ) -> Result<Part, Misspelt> {
        let name = match self.take() {
            Token::Name(name) if how == Reach::Needed && self.is_at("(") => {
                return self.method((of, levels), &name, left);
            }
            Token::Name(name) | Token::Quoted(name) => name,
            _ => return Err(self.fault_at(self.next - 1, "the name of a field must stand here")),
        };
        let of = Box::new(of);
        self.above(Node::Field { of, name, how }, levels)
    }

    fn primary(&mut self, left: usize) -> Result<Part, Misspelt> {
        let at = self.next;
        match self.take() {
            Token::Literal(constant) => Ok((Node::Constant(constant), 1)),
            Token::Name(name) if self.is_at("(") => self.global(&name, left),
            Token::Name(name) if name == "optional" => self.optional(left),
            Token::Name(name) => self.variable(at, name),
            Token::Sign("(") => {
                let part = self.expression(left)?;
                self.must(")")?;
                Ok(part)
            }
            Token::Sign("[") => self.list(left),
            Token::Sign("{") => self.map(left),
            Token::Quoted(_) | Token::Sign(_) | Token::End => {
                Err(self.fault_at(at, "a value must stand here"))
            }
        }
    }

    fn variable(&self, at: usize, name: String) -> Result<Part, Misspelt> {
        if let Some(place) = self.scope.iter().rposition(|known| *known == name) {
            return Ok((Node::Variable { place, name }, 1));
        }
        if let Some(of) = TYPES.iter().find(|of| **of == name) {
            return Ok((Node::Constant(Constant::Type(of)), 1));
        }
        let known = self.scope.iter().map(String::as_str);
        let message = format!("there is no variable {name}{}", meant(&name, known));
        Err(self.fault_at(at, message))
    }

    fn list(&mut self, left: usize) -> Result<Part, Misspelt> {
        let (mut elements, mut levels) = (Vec::new(), 0);
        while !self.takes("]") {
            let presence = self.presence();
            let (element, of_element) = self.expression(left)?;
            levels = levels.max(of_element);
            elements.push((element, presence));
            self.comma_or("]")?;
        }
        self.above(Node::List(elements), levels)
    }

    fn map(&mut self, left: usize) -> Result<Part, Misspelt> {
        let (mut entries, mut levels) = (Vec::new(), 0);
        while !self.takes("}") {
            let presence = self.presence();
            let (key, of_key) = self.expression(left)?;
            self.must(":")?;
            let (value, of_value) = self.expression(left)?;
            levels = levels.max(of_key).max(of_value);
            entries.push((key, value, presence));
            self.comma_or("}")?;
        }
        self.above(Node::Map(entries), levels)
    }

    fn presence(&mut self) -> Presence {
        if self.takes("?") {
            Presence::IfAny
        } else {
            Presence::Always
        }
    }

    fn comma_or(&mut self, end: &str) -> Result<(), Misspelt> {
        if self.takes(",") || self.is_at(end) {
            return Ok(());
        }
        Err(self.fault(format!(", or {end} must stand here")))
    }

    /// The arguments of a call, its opening bracket first.
    fn arguments(&mut self, left: usize) -> Result<(Vec<Node>, usize), Misspelt> {
        let (mut arguments, mut levels) = (Vec::new(), 0);
        self.must("(")?;
        while !self.takes(")") {
            let (argument, of_argument) = self.expression(left)?;
            levels = levels.max(of_argument);
            arguments.push(argument);
            self.comma_or(")")?;
        }
        Ok((arguments, levels))
    }

    fn global(&mut self, name: &str, left: usize) -> Result<Part, Misspelt> {
        let at = self.next - 1;
        if name == "has" {
            return self.has(left);
        }
        let (arguments, levels) = self.arguments(left)?;
        self.call(at, name, false, arguments, levels)
    }

    /// `optional.of(..)` and its like, which are no methods of a variable.
    fn optional(&mut self, left: usize) -> Result<Part, Misspelt> {
        let at = self.next;
        if self.takes(".")
            && let Token::Name(name) = self.take()
            && self.is_at("(")
        {
            let (arguments, levels) = self.arguments(left)?;
            return self.call(at, &format!("optional.{name}"), false, arguments, levels);
        }
        let message = "write optional.of(..), optional.ofNonZeroValue(..) or optional.none()";
        Err(self.fault_at(at, message))
    }

    fn method(&mut self, of: Part, name: &str, left: usize) -> Result<Part, Misspelt> {
        let at = self.next - 1;
        if let Some(walk) = Walk::named(name) {
            return self.each(walk, of, left);
        }
        let (of, levels) = of;
        let (arguments, of_arguments) = self.arguments(left)?;
        let arguments = std::iter::once(of).chain(arguments).collect();
        self.call(at, name, true, arguments, levels.max(of_arguments))
    }

    fn call(
        &self,
        at: usize,
        name: &str,
        is_method: bool,
        arguments: Vec<Node>,
        levels: usize,
    ) -> Result<Part, Misspelt> {
        if name == "matches" {
            return self.matches(at, arguments, levels);
        }
        let called = |function: &&Function| function.name == name && function.may_be(is_method);
        let Some(function) = functions::ALL.iter().find(called) else {
            let known = functions::ALL.iter().filter(|one| one.may_be(is_method));
            let meant = meant(name, known.map(|one| one.name));
            return Err(self.fault_at(at, format!("there is no function {name} here{meant}")));
        };
        let (least, most) = function.arguments;
        if !(least..=most).contains(&arguments.len()) {
            let message = format!("{name} is not called with so many arguments");
            return Err(self.fault_at(at, message));
        }
        self.above(Node::Call(function, arguments), levels)
    }

    fn matches(&self, at: usize, arguments: Vec<Node>, levels: usize) -> Result<Part, Misspelt> {
        let Ok([text, pattern]) = <[Node; 2]>::try_from(arguments) else {
            return Err(self.fault_at(at, "matches takes a text and a pattern"));
        };
        let pattern = Pattern::new(pattern).map_err(|message| self.fault_at(at, message))?;
        self.above(Node::Matches(Box::new(text), Box::new(pattern)), levels)
    }

    fn has(&mut self, left: usize) -> Result<Part, Misspelt> {
        let at = self.next;
        self.must("(")?;
        let (node, levels) = self.expression(left)?;
        self.must(")")?;
        match node {
            Node::Field {
                of,
                name,
                how: Reach::Needed,
            } => self.above(Node::Has { of, name }, levels),
            _ => Err(self.fault_at(at, "has takes a field, as in has(object.spec)")),
        }
    }

    /// `range.map(x, body)` and its like.
    fn each(&mut self, what: Walk, (range, levels): Part, left: usize) -> Result<Part, Misspelt> {
        self.must("(")?;
        let at = self.next;
        let Token::Name(name) = self.take() else {
            return Err(self.fault_at(at, "the name of a variable must stand here"));
        };
        self.must(",")?;
        self.scope.push(name);
        let (first, of_first) = self.expression(left)?;
        let second = if what == Walk::Map && self.takes(",") {
            Some(self.expression(left)?)
        } else {
            None
        };
        self.takes(",");
        self.must(")")?;
        self.scope.pop();
        let of_second = second.as_ref().map_or(0, |(_, levels)| *levels);
        let (condition, body) = match second {
            Some((body, _)) => (Some(first), body),
            None => (None, first),
        };
        let each = Each {
            what,
            range,
            condition,
            body,
        };
        self.above(
            Node::Each(Box::new(each)),
            levels.max(of_first).max(of_second),
        )
    }
}

impl Walk {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "all" => Self::All,
            "exists" => Self::Exists,
            "exists_one" | "existsOne" => Self::ExistsOne,
            "map" => Self::Map,
            "filter" => Self::Filter,
            "optMap" => Self::OptMap,
            _ => return None,
        })
    }
}

/// What was probably meant by a name.
fn meant<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> String {
    let nearest = nearest(name, known);
    nearest.map_or_else(String::new, |meant| format!(": did you mean {meant}?"))
}
