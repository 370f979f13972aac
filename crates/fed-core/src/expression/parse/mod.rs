//! Which expression is a text? What is not known here, or nests too deeply, is refused.

mod member;

use super::node::{Node, Operator};
use super::token::{Token, misspelt, tokens};
use super::{DEEPEST, LONGEST, Misspelt};

/// Reads an expression over these variables.
pub(super) fn parse(source: &str, variables: &[&str]) -> Result<Node, Misspelt> {
    if source.len() > LONGEST {
        let message = format!("an expression has at most {LONGEST} bytes");
        return Err(Misspelt { at: None, message });
    }
    let mut parser = Parser {
        source,
        tokens: tokens(source)?,
        next: 0,
        scope: variables.iter().map(|name| (*name).to_owned()).collect(),
    };
    let (node, _) = parser.expression(DEEPEST)?;
    match parser.peek() {
        Token::End => Ok(node),
        _ => Err(parser.fault("this is one word too many, or an operator is missing before it")),
    }
}

struct Parser<'s> {
    source: &'s str,
    tokens: Vec<(usize, Token)>,
    next: usize,
    /// The names of the variables, by their places.
    scope: Vec<String>,
}

/// A part of an expression, and how many levels it has.
type Part = (Node, usize);

/// What stands between two operands.
#[derive(Clone, Copy)]
enum Infix {
    And,
    Or,
    Binary(Operator),
}

/// What stands between two operands, and how tightly it binds.
const INFIX: &[(&str, usize, Infix)] = &[
    ("||", 0, Infix::Or),
    ("&&", 1, Infix::And),
    ("==", 2, Infix::Binary(Operator::Equal)),
    ("!=", 2, Infix::Binary(Operator::NotEqual)),
    ("<=", 2, Infix::Binary(Operator::LessOrEqual)),
    ("<", 2, Infix::Binary(Operator::Less)),
    (">=", 2, Infix::Binary(Operator::GreaterOrEqual)),
    (">", 2, Infix::Binary(Operator::Greater)),
    ("in", 2, Infix::Binary(Operator::In)),
    ("+", 3, Infix::Binary(Operator::Add)),
    ("-", 3, Infix::Binary(Operator::Subtract)),
    ("*", 4, Infix::Binary(Operator::Multiply)),
    ("/", 4, Infix::Binary(Operator::Divide)),
    ("%", 4, Infix::Binary(Operator::Remainder)),
];

impl Parser<'_> {
    fn peek(&self) -> &Token {
        self.tokens
            .get(self.next)
            .map_or(&Token::End, |(_, token)| token)
    }

    fn is_at(&self, sign: &str) -> bool {
        match self.peek() {
            Token::Sign(found) => *found == sign,
            Token::Name(found) => sign == "in" && found == "in",
            Token::Quoted(_) | Token::Literal(_) | Token::End => false,
        }
    }

    fn take(&mut self) -> Token {
        let token = self.peek().clone();
        self.next += 1;
        token
    }

    fn takes(&mut self, sign: &str) -> bool {
        let is_at = self.is_at(sign);
        if is_at {
            self.next += 1;
        }
        is_at
    }

    fn must(&mut self, sign: &str) -> Result<(), Misspelt> {
        if self.takes(sign) {
            Ok(())
        } else {
            Err(self.fault(format!("{sign} must stand here")))
        }
    }

    /// A fault at the next token.
    fn fault(&self, message: impl Into<String>) -> Misspelt {
        self.fault_at(self.next, message)
    }

    fn fault_at(&self, token: usize, message: impl Into<String>) -> Misspelt {
        let end = self.source.len();
        let at = self.tokens.get(token).map_or(end, |(at, _)| *at);
        misspelt(self.source, at, message)
    }

    fn too_deep(&self) -> Misspelt {
        self.fault(format!(
            "it nests more than {DEEPEST} levels here: make it simpler"
        ))
    }

    /// A node above parts of which the deepest has this many levels.
    fn above(&self, node: Node, levels: usize) -> Result<Part, Misspelt> {
        if levels >= DEEPEST {
            return Err(self.too_deep());
        }
        Ok((node, levels + 1))
    }

    /// `left` is how many levels may still be entered, whatever they build.
    fn expression(&mut self, left: usize) -> Result<Part, Misspelt> {
        let left = left.checked_sub(1).ok_or_else(|| self.too_deep())?;
        let (condition, levels) = self.binary(0, left)?;
        if !self.takes("?") {
            return Ok((condition, levels));
        }
        let (yes, of_yes) = self.binary(0, left)?;
        self.must(":")?;
        let (no, of_no) = self.expression(left)?;
        let node = Node::Choice(Box::new([condition, yes, no]));
        self.above(node, levels.max(of_yes).max(of_no))
    }

    /// Operands, and what stands between them that binds at least so tightly.
    fn binary(&mut self, loosest: usize, left: usize) -> Result<Part, Misspelt> {
        let mut part = self.unary(left)?;
        while let Some((_, strength, infix)) = INFIX.iter().find(|(sign, ..)| self.is_at(sign))
            && *strength >= loosest
        {
            self.next += 1;
            let other = self.binary(strength + 1, left)?;
            part = self.joined(*infix, part, other)?;
        }
        Ok(part)
    }

    fn joined(
        &self,
        infix: Infix,
        (node, levels): Part,
        (other, of_other): Part,
    ) -> Result<Part, Misspelt> {
        let node = match (infix, node) {
            // A row of these is one level, however long it is.
            (Infix::And, Node::And(mut row)) => {
                row.push(other);
                return self.above(Node::And(row), of_other.max(levels - 1));
            }
            (Infix::Or, Node::Or(mut row)) => {
                row.push(other);
                return self.above(Node::Or(row), of_other.max(levels - 1));
            }
            (Infix::And, node) => Node::And(vec![node, other]),
            (Infix::Or, node) => Node::Or(vec![node, other]),
            (Infix::Binary(operator), node) => Node::Binary(operator, Box::new([node, other])),
        };
        self.above(node, levels.max(of_other))
    }

    fn unary(&mut self, left: usize) -> Result<Part, Misspelt> {
        for (sign, wrap) in [
            ("!", Node::Not as fn(Box<Node>) -> Node),
            ("-", Node::Negative),
        ] {
            if self.takes(sign) {
                let left = left.checked_sub(1).ok_or_else(|| self.too_deep())?;
                let (node, levels) = self.unary(left)?;
                return self.above(wrap(Box::new(node)), levels);
            }
        }
        self.member(left)
    }
}
