//! Is this a file of another tool that stands among manifests? Then people are told what to do.

use std::path::Path;

use fed_core::Code;

/// What to do about a file that holds no Kubernetes object, by the name that a tool gave it.
pub(super) fn hint(file: &str, code: Code) -> &'static str {
    if !matches!(code, Code::NotAnObject | Code::MissingField) {
        return "";
    }
    match Path::new(file).file_name().and_then(|name| name.to_str()) {
        Some("kustomization.yaml" | "kustomization.yml") => {
            "; this is a file of Kustomize: plan what it makes, as in \
             `kustomize build DIR | fedctl plan -f -`"
        }
        Some("values.yaml" | "values.yml" | "Chart.yaml") => {
            "; this looks like a file of a Helm chart: plan what it makes, as in \
             `helm template CHART | fedctl plan -f -`"
        }
        _ if code == Code::NotAnObject => {
            "; if the file is for another tool, leave it out: name the others, each with -f"
        }
        _ => "",
    }
}
