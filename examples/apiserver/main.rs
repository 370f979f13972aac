//! How do I get an API server to try things on? One in memory, on a port, until it is interrupted.
//!
//! ```console
//! $ cargo run --example apiserver -- --kubeconfig /tmp/kubeconfig
//! ready
//! $ kubectl --kubeconfig /tmp/kubeconfig get namespaces
//! ```

use std::error::Error;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use fed_testkit::cluster::{FakeCluster, RuntimeClock, Security};
use fed_testkit::server::{Controller, Controllers, Server, User};

/// The token of the administrator whom the kubeconfig names.
const TOKEN: &str = "admin";

/// Serves an API server in memory.
#[derive(Parser)]
struct Arguments {
    /// Where to listen; port 0 is any that is free.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The kubeconfig to write.
    #[arg(long)]
    kubeconfig: PathBuf,
    /// What the server chooses by itself, uids and ports, comes from this number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What goes on beside the server: nothing, as with kube-apiserver alone; what a cluster does but
    /// collecting garbage; or all of it.
    #[arg(long, value_enum, default_value_t = Beside::Some)]
    controllers: Beside,
    /// Speak plain HTTP, without TLS.
    #[arg(long)]
    http: bool,
}

/// Which controllers run beside the server.
#[derive(Clone, Copy, ValueEnum)]
enum Beside {
    None,
    Some,
    All,
}

impl Beside {
    fn controllers(self) -> Controllers {
        match self {
            Self::None => Controllers::only([]),
            Self::Some => Controllers::all().without([Controller::GarbageCollection]),
            Self::All => Controllers::all(),
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    // Clients show no token to who speaks no TLS: such a server takes everybody for its administrator.
    let token = (!arguments.http).then_some(TOKEN);
    let mut server = Server::new(arguments.seed);
    if let Some(token) = token {
        server = server.with_token(token, User::admin());
    }
    let cluster = FakeCluster::with_server(server, RuntimeClock::real())
        .with_controllers(arguments.controllers.controllers());
    let security = if arguments.http {
        Security::Plain
    } else {
        Security::Tls
    };
    let serving = cluster.serve(arguments.listen, security).await?;
    let kubeconfig = serving.kubeconfig("fed-testkit", token);
    fs::write(&arguments.kubeconfig, kubeconfig)
        .map_err(|error| format!("{}: {error}", arguments.kubeconfig.display()))?;
    println!("ready");
    tokio::signal::ctrl_c().await?;
    serving.stop().await;
    Ok(())
}
