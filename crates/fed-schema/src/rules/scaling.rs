//! What is filled in for autoscalers?

use serde_json::{Value, json};

use super::Filling::{Json, Null, Number, Perhaps, Text};
use super::{Object, Rule, is_empty_list};

// A table: one line a rule.
#[rustfmt::skip]
pub(super) static RULES: &[Rule] = &[
    Rule::new("api.autoscaling.v1.HorizontalPodAutoscaler", "/spec/minReplicas", Number(1)),
    Rule::new("api.autoscaling.v1.HorizontalPodAutoscaler", "/spec/targetCPUUtilizationPercentage", Number(80)),
    Rule::new("api.autoscaling.v2.HorizontalPodAutoscaler", "/spec/minReplicas", Number(1)),
    Rule::new("api.autoscaling.v2.HorizontalPodAutoscaler", "/spec/metrics", Perhaps(cpu)),
    Rule::new("api.autoscaling.v2.HorizontalPodAutoscalerStatus", "/currentMetrics", Null),
    // A behaviour that says one half is given the other, by its policies.
    Rule::new("api.autoscaling.v2.HPAScalingRules", "/selectPolicy", Text("Max")),
    Rule::new("api.autoscaling.v2.HorizontalPodAutoscalerBehavior", "/scaleUp/policies", Json(UP)),
    Rule::new("api.autoscaling.v2.HorizontalPodAutoscalerBehavior", "/scaleDown/policies", Json(DOWN)),
    Rule::new("api.autoscaling.v2.HorizontalPodAutoscalerBehavior", "/scaleUp/stabilizationWindowSeconds", Number(0)),
];

const UP: &str = r#"[
    {"type": "Pods", "value": 4, "periodSeconds": 15},
    {"type": "Percent", "value": 100, "periodSeconds": 15}
]"#;
const DOWN: &str = r#"[{"type": "Percent", "value": 100, "periodSeconds": 15}]"#;

/// Without a metric, an autoscaler keeps the processors at four fifths.
fn cpu(autoscaler: &Object) -> Option<Value> {
    let spec = autoscaler.get("spec")?.as_object()?;
    is_empty_list(spec, "metrics").then(|| {
        json!([{
            "type": "Resource",
            "resource": {
                "name": "cpu",
                "target": {"type": "Utilization", "averageUtilization": 80},
            },
        }])
    })
}
