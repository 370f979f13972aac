//! Which part of the status of an object in a cluster is worth bringing home?

use serde_json::{Map, Value};

use super::manners::Manners;
use super::paths::{Misshapen, number, text};

/// What is collected of the status of a kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Collects {
    /// Fields that are whole numbers.
    pub counts: &'static [&'static str],
    /// Other fields.
    pub fields: &'static [&'static str],
    /// Fields that only we collect.
    pub native: &'static [&'static str],
    /// Does Karmada note of which generation a status is?
    pub karmada_generation: Noted,
}

/// Does Karmada note of which generation a status is?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Noted {
    /// No.
    #[default]
    Never,
    /// Where the object says it.
    IfSaid,
    /// Yes, and an object that does not say it is at fault.
    Always,
}

/// Where Karmada says of which generation of the template an object is made.
const TEMPLATE_GENERATION: &str = "/metadata/annotations/resourcetemplate.karmada.io~1generation";

/// The part of the status that is collected; nothing where there is no status.
pub(super) fn reflect(
    object: &Value,
    collects: Option<Collects>,
    manners: Manners,
) -> Result<Option<Value>, Misshapen> {
    let status = match object.get("status") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Object(status)) => status,
        Some(_) => return Err(Misshapen::new("/status", "an object")),
    };
    let Some(collects) = collects.filter(|_| manners != Manners::KubeFed) else {
        return Ok(told(status.clone()));
    };
    let mut collected = Map::new();
    for field in collects.counts {
        let Some(count) = status.get(*field) else {
            continue;
        };
        if !(count.is_i64() || count.is_null()) {
            return Err(Misshapen::new(format!("/status/{field}"), "a whole number"));
        }
        collected.insert((*field).to_owned(), count.clone());
    }
    let native = if manners == Manners::Native {
        collects.native
    } else {
        &[]
    };
    for field in collects.fields.iter().chain(native) {
        if let Some(value) = status.get(*field) {
            collected.insert((*field).to_owned(), value.clone());
        }
    }
    if manners == Manners::Karmada {
        note_generations(object, collects.karmada_generation, &mut collected)?;
    }
    Ok(told(collected))
}

fn told(status: Map<String, Value>) -> Option<Value> {
    (!status.is_empty()).then_some(Value::Object(status))
}

fn note_generations(
    object: &Value,
    noted: Noted,
    collected: &mut Map<String, Value>,
) -> Result<(), Misshapen> {
    if noted == Noted::Never {
        return Ok(());
    }
    let generation = number(object, "/metadata/generation");
    collected.insert("generation".to_owned(), generation.into());
    let said = text(object, TEMPLATE_GENERATION);
    if said.is_empty() && noted == Noted::IfSaid {
        return Ok(());
    }
    let of_template: i64 = said
        .parse()
        .map_err(|_| Misshapen::new(TEMPLATE_GENERATION, "a whole number"))?;
    collected.insert("resourceTemplateGeneration".to_owned(), of_template.into());
    Ok(())
}
