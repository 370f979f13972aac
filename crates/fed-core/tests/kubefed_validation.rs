//! Do we refuse what KubeFed's webhooks refuse, in their words, and nothing else?

mod common;

use common::{Case, Miss, check, table};
use fed_core::dialect::kubefed::api::{FederatedTypeConfig, KubeFedCluster, KubeFedConfig};
use fed_core::dialect::kubefed::validation::Validate;
use fed_core::dialect::parse;
use fed_core::{Location, Problem};
use serde_json::{Value, json};

#[test]
fn the_table_of_refusals_holds() {
    table!("kubefed_validation").run(|case| match case.group {
        "FederatedTypeConfig valid (spec and status)"
        | "FederatedTypeConfig name"
        | "FederatedTypeConfig spec" => judge::<FederatedTypeConfig>(case, &object(case)?),
        "APIResource" => {
            let config = with(case, "ftcDeployment", "spec.federatedType", object(case)?)?;
            judge::<FederatedTypeConfig>(case, &config)
        }
        "FederatedTypeConfig status" => {
            let config = with(case, "ftcDeployment", "status", case.get("status").clone())?;
            judge_status::<FederatedTypeConfig>(case, &config)
        }
        "KubeFedCluster" => judge::<KubeFedCluster>(case, &object(case)?),
        "API endpoint" => cluster(case, "spec.apiEndpoint", case.get("apiEndpoint")),
        "proxyURL" => cluster(case, "spec.proxyURL", case.get("proxyURL")),
        "secretRef" => cluster(case, "spec.secretRef.name", case.get("name")),
        "disabledTLSValidations" => cluster(case, "spec.disabledTLSValidations", case.get("value")),
        "cluster condition" => {
            let conditions = json!([case.get("condition")]);
            let cluster = with(case, "kubeFedCluster", "status.conditions", conditions)?;
            judge_status::<KubeFedCluster>(case, &cluster)
        }
        "KubeFedConfig" => judge::<KubeFedConfig>(case, &object(case)?),
        other => Err(Miss::Wrong(format!("no test runs the group {other}"))),
    });
}

proptest::proptest! {
    #[test]
    fn any_text_is_judged(text in "[a:/@%\\[\\]0 .?#é]{0,12}|.*") {
        let document = json!({
            "metadata": {"name": text},
            "spec": {
                "apiEndpoint": text, "proxyURL": text, "caBundle": text, "scope": text,
                "secretRef": {"name": text}, "disabledTLSValidations": [text, text],
                "leaderElect": {"leaseDuration": text}, "targetType": {"kind": text},
            },
        });
        let at = Location::in_code();
        let cluster: KubeFedCluster = parse(&document, &at).unwrap();
        let config: KubeFedConfig = parse(&document, &at).unwrap();
        let of_type: FederatedTypeConfig = parse(&document, &at).unwrap();
        let problems = [
            cluster.validate(None, &at),
            config.validate(Some(&config), &at),
            of_type.validate(None, &at),
        ];
        for problem in problems.concat() {
            let place = problem.at.unwrap();
            let field = problem.message.split(": ").next().unwrap_or_default();
            let parent = place.path.tokens().next().unwrap_or_default();
            proptest::prop_assert!(field.starts_with(&*parent), "{field} at {place:?}");
        }
    }

    #[test]
    fn a_host_with_any_port_is_an_endpoint(
        host in "[a-z][a-z0-9-]{0,9}(\\.[a-z0-9]{1,5}){0,2}",
        scheme in "(https?://)?",
        port in 0..70_000_u32,
    ) {
        let document = json!({
            "spec": {"apiEndpoint": format!("{scheme}{host}:{port}"), "secretRef": {"name": "a"}},
        });
        let cluster: KubeFedCluster = parse(&document, &Location::in_code()).unwrap();
        let problems = cluster.validate(None, &Location::in_code());
        proptest::prop_assert_eq!(problems.is_empty(), (1..=65_535).contains(&port));
    }
}

fn cluster(case: &Case<'_>, path: &str, value: &Value) -> Result<(), Miss> {
    let cluster = with(case, "kubeFedCluster", path, value.clone())?;
    judge::<KubeFedCluster>(case, &cluster)
}

/// The base object of the table with one field set.
fn with(case: &Case<'_>, base: &str, path: &str, value: Value) -> Result<Value, Miss> {
    let mut object = base_called(case, base)?;
    set(&mut object, path, value)?;
    Ok(object)
}

/// The object of a case: a base, with the fields that the case sets.
fn object(case: &Case<'_>) -> Result<Value, Miss> {
    let name = match case.text("object") {
        "" => case.text("base"),
        name => name,
    };
    let mut object = base_called(case, name)?;
    for (path, value) in case.get("set").as_object().into_iter().flatten() {
        set(&mut object, path, value.clone())?;
    }
    Ok(object)
}

fn base_called(case: &Case<'_>, name: &str) -> Result<Value, Miss> {
    let base = case.table.pointer(&format!("/bases/{name}"));
    base.cloned()
        .ok_or_else(|| Miss::Wrong(format!("the table has no base {name:?}")))
}

/// Sets `spec.list[0].field`; null removes it.
fn set(object: &mut Value, path: &str, value: Value) -> Result<(), Miss> {
    let pointer = format!("/{}", path.replace(['.', '['], "/").replace(']', ""));
    let (parent, field) = pointer.rsplit_once('/').unwrap_or_default();
    let parent = object.pointer_mut(parent).and_then(Value::as_object_mut);
    let Some(parent) = parent else {
        return Err(Miss::Wrong(format!("the base has no place for {path}")));
    };
    match value {
        Value::Null => parent.remove(field),
        value => parent.insert(field.to_owned(), value),
    };
    Ok(())
}

fn judge<T: Validate>(case: &Case<'_>, object: &Value) -> Result<(), Miss> {
    if case.get("statusSubresource") == true {
        return judge_status::<T>(case, object);
    }
    let new: T = parsed(object)?;
    let old: Option<T> = match (case.text("old"), case.group) {
        ("", "KubeFedConfig") => Some(parsed(&base_called(case, case.text("base"))?)?),
        ("", _) => None,
        (name, _) => Some(parsed(&base_called(case, name)?)?),
    };
    expect(case, &new.validate(old.as_ref(), &Location::in_code()))
}

fn judge_status<T: Validate>(case: &Case<'_>, object: &Value) -> Result<(), Miss> {
    let object: T = parsed(object)?;
    expect(case, &object.validate_status(&Location::in_code()))
}

fn parsed<T: Validate>(object: &Value) -> Result<T, Miss> {
    parse(object, &Location::in_code()).map_err(|problem| Miss::Wrong(problem.message))
}

fn expect(case: &Case<'_>, problems: &[Problem]) -> Result<(), Miss> {
    let texts: Vec<_> = problems.iter().map(|one| one.message.as_str()).collect();
    if case.get("valid") == true {
        return check(texts.is_empty(), || format!("it is refused: {texts:?}"));
    }
    let expected = match case.text("expectedFirstErrorContains") {
        "" => case.text("expectedAnyErrorContains"),
        expected => expected,
    };
    check(!expected.is_empty(), || {
        "the case expects nothing".to_owned()
    })?;
    check(texts.iter().any(|text| text.contains(expected)), || {
        format!("no {expected:?} in {texts:?}")
    })
}
