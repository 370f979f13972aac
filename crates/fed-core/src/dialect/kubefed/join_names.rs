//! What is made in a cluster that joins, and how is it called?

/// The names of what KubeFed makes when a cluster joins, so that joined clusters can be taken over
/// and left.
///
/// ```
/// use fed_core::dialect::kubefed::JoinNames;
///
/// let names = JoinNames::new("eu-west", "host", "kube-federation-system");
/// assert_eq!(names.service_account, "eu-west-host");
/// assert_eq!(names.role, "kubefed-controller-manager:eu-west-host");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JoinNames {
    /// The service account in the joining cluster.
    pub service_account: String,
    /// The secret in the joining cluster that holds the account's token.
    pub token_secret: String,
    /// The role of the account, and its binding: of the cluster, or of the control plane's
    /// namespace where that is its scope.
    pub role: String,
    /// The cluster role for health checks, and its binding, where the scope is a namespace.
    pub health_check_role: String,
    /// What the generated name of the host cluster's secret with the token begins with.
    pub host_secret_prefix: String,
}

impl JoinNames {
    /// The names for `cluster`, which joins the control plane in `namespace` of `host`.
    pub fn new(cluster: &str, host: &str, namespace: &str) -> Self {
        let account = format!("{cluster}-{host}");
        Self {
            token_secret: account.clone(),
            role: format!("kubefed-controller-manager:{account}"),
            health_check_role: format!(
                "kubefed-controller-manager:{namespace}:healthcheck-{account}"
            ),
            host_secret_prefix: format!("{cluster}-"),
            service_account: account,
        }
    }
}
