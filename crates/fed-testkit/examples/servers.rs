//! How do I try something against a few real API servers? Starts one per name, and stops them at
//! the end of its input (Enter or Ctrl-D; Ctrl-C does as well).
//!
//! ```console
//! $ cargo run -p fed-testkit --features apiserver --example servers -- us eu asia
//! export KUBECONFIG=...
//! ```

use std::error::Error;
use std::io;

use fed_testkit::apiserver::{ApiServer, Assets, Options};

fn main() -> Result<(), Box<dyn Error>> {
    let assets = Assets::locate()?;
    let names = std::env::args().skip(1);
    let options = names.map(|name| Options::named(name).with_controller_manager());
    let servers = ApiServer::start_all(&assets, options)?;
    let kubeconfigs = std::env::join_paths(servers.iter().map(ApiServer::kubeconfig))?;
    println!("export KUBECONFIG={}", kubeconfigs.display());
    io::stdin().read_line(&mut String::new())?;
    Ok(())
}
