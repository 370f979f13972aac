//! What is one running API server? etcd, kube-apiserver and, if asked for, the controller manager,
//! with a folder of their own.

use std::fmt;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::certificates::{Certificates, write};
use super::error::system;
use super::process::Processes;
use crate::kubeconfig::kubeconfig;

use super::{Assets, Client, RequestError, Response, StartError};

/// How often other ports are tried when somebody else took ours before the programs did.
const ATTEMPTS: usize = 5;

/// How often a starting server is asked whether it is ready.
const POLL: Duration = Duration::from_millis(100);

/// The token's user may do everything; it lives as long as the server, on loopback.
const TOKEN: &str = "fed-testkit";

/// The controllers that keep what Kubernetes promises of objects, and need no nodes.
const CONTROLLERS: &str = "namespace-controller,garbage-collector-controller,\
deployment-controller,replicaset-controller,serviceaccount-controller,\
root-ca-certificate-publisher-controller,clusterrole-aggregation-controller,\
persistentvolumeclaim-protection-controller,persistentvolume-protection-controller,\
disruption-controller";

/// What kind of server to start.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// The name of the kubeconfig's context, cluster and user.
    pub name: String,
    /// Whether a controller manager runs: namespaces, garbage, Deployments, ReplicaSets, service
    /// accounts, roles that add up, volumes in use and disruption budgets. It takes about 90 MiB.
    pub controller_manager: bool,
    /// How long the server may take until it is ready: it takes seconds, and more on a busy machine.
    pub ready_within: Duration,
    /// How long the server's own client waits for an answer.
    pub request_timeout: Duration,
    /// Further arguments for kube-apiserver, such as `--feature-gates=...`.
    pub apiserver_arguments: Vec<String>,
}

impl Options {
    /// A server with this name, and without a controller manager.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            controller_manager: false,
            ready_within: Duration::from_mins(2),
            request_timeout: Duration::from_secs(30),
            apiserver_arguments: Vec::new(),
        }
    }

    /// The same, with a controller manager.
    #[must_use]
    pub fn with_controller_manager(mut self) -> Self {
        self.controller_manager = true;
        self
    }
}

/// A running API server. Dropping it stops it and removes all it stored.
pub struct ApiServer {
    name: String,
    endpoint: String,
    authority_pem: String,
    kubeconfig: PathBuf,
    client: Client,
    processes: Processes,
}

impl fmt::Debug for ApiServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ApiServer")
            .field("name", &self.name)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

impl ApiServer {
    /// Starts a server and waits until it is ready.
    pub fn start(assets: &Assets, options: Options) -> Result<Self, StartError> {
        for _ in 1..ATTEMPTS {
            match Self::start_once(assets, options.clone()) {
                Err(error) if error.is_port_taken() => {}
                outcome => return outcome,
            }
        }
        Self::start_once(assets, options)
    }

    /// Starts several servers at once.
    pub fn start_all(
        assets: &Assets,
        options: impl IntoIterator<Item = Options>,
    ) -> Result<Vec<Self>, StartError> {
        thread::scope(|scope| {
            let starting: Vec<_> = options
                .into_iter()
                .map(|options| scope.spawn(|| Self::start(assets, options)))
                .collect();
            starting
                .into_iter()
                .map(|server| match server.join() {
                    Ok(outcome) => outcome,
                    Err(panic) => std::panic::resume_unwind(panic),
                })
                .collect()
        })
    }

    fn start_once(assets: &Assets, options: Options) -> Result<Self, StartError> {
        let started = Instant::now();
        let mut processes = Processes::new()?;
        let certificates = Certificates::write_into(processes.folder())?;
        let [port, etcd_client, etcd_peer] = free_ports()?;
        let endpoint = format!("https://127.0.0.1:{port}");
        let client = Client::new(
            &endpoint,
            &certificates.authority_pem,
            TOKEN,
            options.request_timeout,
        )?;
        let authority = Some(certificates.authority_pem.as_str());
        let kubeconfig = kubeconfig(&options.name, &endpoint, authority, Some(TOKEN));
        let kubeconfig = write(processes.folder(), "kubeconfig", &kubeconfig.to_string())?;
        let etcd = etcd_arguments(processes.folder(), etcd_client, etcd_peer);
        processes.spawn(&assets.etcd(), &etcd)?;
        let mut arguments =
            apiserver_arguments(processes.folder(), &certificates, port, etcd_client)?;
        arguments.extend(options.apiserver_arguments);
        processes.spawn(&assets.kube_apiserver(), &arguments)?;
        let mut server = Self {
            name: options.name,
            endpoint,
            authority_pem: certificates.authority_pem.clone(),
            kubeconfig,
            client,
            processes,
        };
        let deadline = started + options.ready_within;
        // Ready servers lack the namespace that everything is put into for a moment more.
        let ready = ["/readyz", "/api/v1/namespaces/default"];
        server.wait_until(&ready, "kube-apiserver", deadline)?;
        if options.controller_manager {
            server.start_controller_manager(assets, &certificates)?;
            let ready = ["/api/v1/namespaces/default/serviceaccounts/default"];
            server.wait_until(&ready, "kube-controller-manager", deadline)?;
        }
        Ok(server)
    }

    /// Waits until every path answers, which `program` brings about.
    fn wait_until(
        &mut self,
        paths: &[&str],
        program: &'static str,
        deadline: Instant,
    ) -> Result<(), StartError> {
        let client = self.client.with_timeout(Duration::from_secs(5));
        loop {
            if let Some(stopped) = self.processes.stopped() {
                return Err(stopped);
            }
            match paths.iter().try_for_each(|path| answers_ok(&client, path)) {
                Ok(()) => return Ok(()),
                Err(last) if Instant::now() > deadline => {
                    let log = self.processes.log_of(program);
                    return Err(StartError::NotReady { program, last, log });
                }
                Err(_) => thread::sleep(POLL),
            }
        }
    }

    fn start_controller_manager(
        &mut self,
        assets: &Assets,
        certificates: &Certificates,
    ) -> Result<(), StartError> {
        let Some(program) = assets.kube_controller_manager() else {
            let folder = assets.folder().to_owned();
            return Err(StartError::NoControllerManager { folder });
        };
        let path = |path: &Path| path.display().to_string();
        let arguments = [
            format!("--kubeconfig={}", path(&self.kubeconfig)),
            format!("--controllers={CONTROLLERS}"),
            format!("--root-ca-file={}", path(&certificates.authority)),
            format!(
                "--service-account-private-key-file={}",
                path(&certificates.service_account_key)
            ),
            "--leader-elect=false".to_owned(),
            "--secure-port=0".to_owned(),
        ];
        self.processes.spawn(&program, &arguments)
    }

    /// The name it was given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A kubeconfig file whose only context has the server's name.
    pub fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    /// The server's address, as `https://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// A bearer token of group `system:masters`.
    pub fn token(&self) -> &'static str {
        TOKEN
    }

    /// The certificate of the authority that signed the server's.
    pub fn ca_pem(&self) -> &str {
        &self.authority_pem
    }

    /// A client of this server that may do everything.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Sends a request; see [`Client::request`].
    pub fn request(
        &self,
        method: &str,
        path: &str,
        content_type: &str,
        body: &[u8],
    ) -> Result<Response, RequestError> {
        self.client.request(method, path, content_type, body)
    }

    /// Makes the server unreachable: it takes connections and says nothing, as behind a broken
    /// network.
    pub fn pause(&self) -> std::io::Result<()> {
        self.processes.signal("kube-apiserver", Signal::STOP)?;
        self.processes.await_stop("kube-apiserver")
    }

    /// Brings a paused server back.
    pub fn resume(&self) -> std::io::Result<()> {
        self.processes.signal("kube-apiserver", Signal::CONT)
    }

    /// The process ids, by program.
    pub fn process_ids(&self) -> impl Iterator<Item = (&str, u32)> {
        self.processes.ids()
    }
}

fn answers_ok(client: &Client, path: &str) -> Result<(), String> {
    match client.get(path) {
        Ok(answer) if answer.status == 200 => Ok(()),
        Ok(answer) => Err(format!("{path} answers {}", answer.status)),
        Err(error) => Err(error.to_string()),
    }
}

/// Ports that were free a moment ago: all are held until all are known, so they differ.
fn free_ports<const COUNT: usize>() -> Result<[u16; COUNT], StartError> {
    let mut ports = [0; COUNT];
    let mut held = Vec::new();
    for port in &mut ports {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .map_err(system("no free port on 127.0.0.1"))?;
        *port = listener
            .local_addr()
            .map_err(system("no free port on 127.0.0.1"))?
            .port();
        held.push(listener);
    }
    Ok(ports)
}

fn etcd_arguments(folder: &Path, client: u16, peer: u16) -> Vec<String> {
    let (client, peer) = (
        format!("http://127.0.0.1:{client}"),
        format!("http://127.0.0.1:{peer}"),
    );
    vec![
        format!("--data-dir={}", folder.join("etcd").display()),
        format!("--listen-client-urls={client}"),
        format!("--advertise-client-urls={client}"),
        format!("--listen-peer-urls={peer}"),
        format!("--initial-advertise-peer-urls={peer}"),
        format!("--initial-cluster=default={peer}"),
        "--unsafe-no-fsync".to_owned(),
        "--log-level=warn".to_owned(),
    ]
}

fn apiserver_arguments(
    folder: &Path,
    certificates: &Certificates,
    port: u16,
    etcd: u16,
) -> Result<Vec<String>, StartError> {
    let tokens = format!("{TOKEN},fed-testkit,fed-testkit,system:masters\n");
    let tokens = write(folder, "tokens.csv", &tokens)?;
    let path = |path: &Path| path.display().to_string();
    Ok(vec![
        format!("--etcd-servers=http://127.0.0.1:{etcd}"),
        "--bind-address=127.0.0.1".to_owned(),
        "--advertise-address=127.0.0.1".to_owned(),
        format!("--secure-port={port}"),
        format!(
            "--tls-cert-file={}",
            path(&certificates.serving_certificate)
        ),
        format!("--tls-private-key-file={}", path(&certificates.serving_key)),
        format!("--client-ca-file={}", path(&certificates.authority)),
        format!("--token-auth-file={}", path(&tokens)),
        "--authorization-mode=RBAC".to_owned(),
        // It would refuse pods until their namespace has a service account with a token.
        "--disable-admission-plugins=ServiceAccount".to_owned(),
        "--service-account-issuer=https://kubernetes.default.svc".to_owned(),
        format!(
            "--service-account-key-file={}",
            path(&certificates.service_account_public_key)
        ),
        format!(
            "--service-account-signing-key-file={}",
            path(&certificates.service_account_key)
        ),
        "--service-cluster-ip-range=10.0.0.0/24".to_owned(),
        "--endpoint-reconciler-type=none".to_owned(),
        "--allow-privileged=true".to_owned(),
    ])
}
