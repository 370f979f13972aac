//! What is an expression made of, once it was read?

use super::functions::Function;
use super::pattern::Pattern;

/// A part of an expression. Variables are known by their places: first those that were given, then
/// those of the macros around it.
#[derive(Debug)]
pub(super) enum Node {
    Constant(Constant),
    Variable {
        place: usize,
        name: String,
    },
    Field {
        of: Box<Node>,
        name: String,
        how: Reach,
    },
    Has {
        of: Box<Node>,
        name: String,
    },
    Index {
        of: Box<Node>,
        at: Box<Node>,
        how: Reach,
    },
    List(Vec<(Node, Presence)>),
    Map(Vec<(Node, Node, Presence)>),
    Not(Box<Node>),
    Negative(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Choice(Box<[Node; 3]>),
    Binary(Operator, Box<[Node; 2]>),
    /// A method has what it is called on as its first argument.
    Call(&'static Function, Vec<Node>),
    Matches(Box<Node>, Box<Pattern>),
    Each(Box<Each>),
}

/// A value that stands in the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Constant {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(String),
    Type(&'static str),
}

/// Must what is reached for be there?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    Needed,
    Optional,
}

/// Is an element of a list or map an optional value, which may be left out?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    Always,
    IfAny,
}

/// What stands between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
}

/// A macro that walks over something, with a variable for each element.
#[derive(Debug)]
pub(super) struct Each {
    pub(super) what: Walk,
    pub(super) range: Node,
    pub(super) condition: Option<Node>,
    pub(super) body: Node,
}

/// What a walk answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Walk {
    All,
    Exists,
    ExistsOne,
    Map,
    Filter,
    /// Over the one value of an optional.
    OptMap,
}

impl Operator {
    /// The operator as it is written.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::In => "in",
        }
    }
}

impl Node {
    /// The node as people wrote it, if it is a name or a path such as `object.spec`.
    pub(super) fn path(&self) -> Option<String> {
        match self {
            Self::Variable { name, .. } => Some(name.clone()),
            Self::Field { of, name, .. } => Some(format!("{}.{name}", of.path()?)),
            _ => None,
        }
    }
}
