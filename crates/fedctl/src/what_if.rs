//! What if this happened? The events of `--what-if`.

use std::fmt;
use std::str::FromStr;

use fed_core::fleet::ImpossibleEvent;
use fed_core::{ClusterName, Fleet, FleetEvent, Taint, TaintEffect};
use jiff::Timestamp;

/// One event, as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhatIf {
    text: String,
    /// What happens.
    pub happening: Happening,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// Something happens to one cluster.
    Event(Box<FleetEvent>),
    /// The clusters of this file join.
    Join(String),
}

impl fmt::Display for WhatIf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--what-if {}", self.text)
    }
}

const EVENTS: &str = "lose=NAME, taint=NAME:KEY[=VALUE]:EFFECT, label=NAME:KEY=VALUE, \
                      label=NAME:KEY- or join=FILE";

impl FromStr for WhatIf {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (word, rest) = text
            .split_once('=')
            .ok_or_else(|| format!("an event is {EVENTS}"))?;
        let happening = match word {
            "lose" => Happening::Event(Box::new(FleetEvent::Lost(name(rest)?))),
            "taint" => Happening::Event(Box::new(taint(rest)?)),
            "label" => Happening::Event(Box::new(label(rest)?)),
            "join" if rest.is_empty() || rest == "-" => {
                return Err("write join=FILE, with a file of clusters".to_owned());
            }
            "join" => Happening::Join(rest.to_owned()),
            _ => return Err(format!("{word:?} is no event: use {EVENTS}")),
        };
        Ok(Self {
            text: text.to_owned(),
            happening,
        })
    }
}

fn name(text: &str) -> Result<ClusterName, String> {
    match text {
        "" => Err("the name of a cluster is missing".to_owned()),
        name => Ok(name.into()),
    }
}

fn taint(text: &str) -> Result<FleetEvent, String> {
    const FORM: &str = "write taint=NAME:KEY[=VALUE]:EFFECT";
    let (cluster, taint) = text.split_once(':').ok_or(FORM)?;
    let (key, effect) = taint.rsplit_once(':').ok_or(FORM)?;
    let known = TaintEffect::ALL.into_iter();
    let effect = known
        .clone()
        .find(|known| known.as_str() == effect)
        .ok_or_else(|| {
            let known: Vec<_> = known.map(TaintEffect::as_str).collect();
            format!("{effect:?} is no effect: use {}", known.join(", "))
        })?;
    let taint = match key.split_once('=') {
        Some((key, value)) => Taint::new(key, effect).with_value(value),
        None => Taint::new(key, effect),
    };
    Ok(FleetEvent::Tainted(name(cluster)?, taint))
}

fn label(text: &str) -> Result<FleetEvent, String> {
    const FORM: &str = "write label=NAME:KEY=VALUE, or label=NAME:KEY- to take it away";
    let (cluster, label) = text.split_once(':').ok_or(FORM)?;
    let cluster = name(cluster)?;
    match (label.split_once('='), label.strip_suffix('-')) {
        (Some((key, value)), _) => Ok(FleetEvent::Labelled(
            cluster,
            key.to_owned(),
            value.to_owned(),
        )),
        (None, Some(key)) if !key.is_empty() => Ok(FleetEvent::Unlabelled(cluster, key.to_owned())),
        _ => Err(FORM.to_owned()),
    }
}

/// The fleet after all events, one after the other. `joined` has the clusters of each file.
pub(crate) fn after(
    fleet: &Fleet,
    events: &[WhatIf],
    joined: &[Fleet],
    now: Timestamp,
) -> Result<Fleet, String> {
    let mut fleet = fleet.clone();
    let mut files = joined.iter();
    for what_if in events {
        let told = |fault: ImpossibleEvent| format!("{what_if}: {fault}");
        match &what_if.happening {
            Happening::Event(event) => fleet = fleet.after(event, now).map_err(told)?,
            Happening::Join(_) => {
                for cluster in files.next().into_iter().flat_map(Fleet::iter) {
                    let event = FleetEvent::Joined(cluster.clone());
                    fleet = fleet.after(&event, now).map_err(told)?;
                }
            }
        }
    }
    Ok(fleet)
}

/// The files whose clusters join.
pub(crate) fn files(events: &[WhatIf]) -> impl Iterator<Item = (&WhatIf, &str)> {
    events
        .iter()
        .filter_map(|what_if| match &what_if.happening {
            Happening::Join(file) => Some((what_if, file.as_str())),
            Happening::Event(_) => None,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(text: &str) -> FleetEvent {
        match text.parse::<WhatIf>().unwrap().happening {
            Happening::Event(event) => *event,
            Happening::Join(file) => panic!("{file}"),
        }
    }

    #[test]
    fn events_are_read() {
        let full = |effect| Taint::new("example.com/full", effect);
        for (text, expected) in [
            ("lose=a", FleetEvent::Lost("a".into())),
            (
                "taint=a:example.com/full:NoSchedule",
                FleetEvent::Tainted("a".into(), full(TaintEffect::NoSchedule)),
            ),
            (
                "taint=a:example.com/full=x:NoExecute",
                FleetEvent::Tainted("a".into(), full(TaintEffect::NoExecute).with_value("x")),
            ),
            (
                "label=a:tier=prod",
                FleetEvent::Labelled("a".into(), "tier".into(), "prod".into()),
            ),
            (
                "label=a:tier=",
                FleetEvent::Labelled("a".into(), "tier".into(), String::new()),
            ),
            (
                "label=a:tier-",
                FleetEvent::Unlabelled("a".into(), "tier".into()),
            ),
        ] {
            assert_eq!(event(text), expected);
        }
        let join: WhatIf = "join=new=er.yaml".parse().unwrap();
        assert_eq!(join.happening, Happening::Join("new=er.yaml".to_owned()));
        assert_eq!(join.to_string(), "--what-if join=new=er.yaml");
    }

    #[test]
    fn what_is_no_event_is_told_what_would_be_one() {
        for (text, part) in [
            ("lose", "an event is lose=NAME"),
            ("loose=a", "\"loose\" is no event: use lose=NAME"),
            ("lose=", "name of a cluster is missing"),
            ("taint=a:full", "write taint=NAME"),
            ("taint=:full:NoSchedule", "name of a cluster is missing"),
            (
                "taint=a:full:Never",
                "use NoSchedule, PreferNoSchedule, NoExecute",
            ),
            ("label=a", "write label=NAME"),
            ("label=a:tier", "write label=NAME"),
            ("label=a:-", "write label=NAME"),
            ("join=", "write join=FILE"),
            ("join=-", "write join=FILE"),
        ] {
            let fault = text.parse::<WhatIf>().unwrap_err();
            assert!(fault.contains(part), "{text}: {fault}");
        }
    }
}
