//! What did KubeFed take for the plural of a kind of which it knew nothing?

/// KubeFed's plural of a kind, by its spelling alone.
///
/// It is wrong for some kinds (`Endpoints` gives `endpointses`), so it is only for kinds of which
/// neither a schema nor a FederatedTypeConfig tells the plural.
///
/// ```
/// use fed_core::dialect::kubefed::guess_plural;
/// assert_eq!(guess_plural("NetworkPolicy"), "networkpolicies");
/// ```
pub fn guess_plural(kind: &str) -> String {
    let kind = kind.to_lowercase();
    let takes_es = ["s", "x", "ch", "sh", "z", "o"];
    if takes_es.iter().any(|end| kind.ends_with(end)) {
        return kind + "es";
    }
    match kind.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => kind + "s",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLURALS: &[(&str, &str)] = &[
        ("ConfigMap", "configmaps"),
        ("Ingress", "ingresses"),
        ("Policy", "policies"),
        ("NetworkPolicy", "networkpolicies"),
        ("Mesh", "meshes"),
        ("Batch", "batches"),
        ("Box", "boxes"),
        ("Quiz", "quizes"),
        ("Echo", "echoes"),
        ("Gateway", "gatewaies"),
        ("Endpoints", "endpointses"),
        ("Y", "ies"),
    ];

    #[test]
    fn plurals_are_those_that_kubefed_makes() {
        for (kind, plural) in PLURALS {
            assert_eq!(guess_plural(kind), *plural);
        }
    }
}
