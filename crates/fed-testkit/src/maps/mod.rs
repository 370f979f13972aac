//! What do clusters do with what is sent to them? Clusters that are plain maps, and the loop that
//! carries decisions to them: enough to test what is decided, not what a real API server makes of
//! it.
//!
//! ```
//! use fed_core::reconcile::Desired;
//! use fed_core::{Cluster, Fleet, Intent, Placement, World, plan};
//! use fed_testkit::maps::{Driver, MapClusters};
//! use serde_json::json;
//!
//! let config = json!({
//!     "apiVersion": "v1", "kind": "ConfigMap",
//!     "metadata": {"name": "colours", "namespace": "shop"}, "data": {"sky": "blue"},
//! });
//! let fleet: Fleet = ["us-east", "eu-west"].map(Cluster::new).into_iter().collect();
//! let plan = plan(&World::of(Intent::of(config)?.place(Placement::everywhere()), &fleet));
//!
//! let mut clusters = MapClusters::of(["us-east", "eu-west"]);
//! let mut driver = Driver::default();
//! let rounds = driver.run(&Desired::of(&plan), &mut clusters, 10).expect("it comes to rest");
//! assert_eq!(clusters.count(), 2);
//! assert!(rounds <= 3, "remembered, created, nothing more to do");
//! # Ok::<(), fed_core::Problem>(())
//! ```

mod cluster;
mod driver;
mod owners;
mod store;

pub use cluster::MapClusters;
pub use driver::Driver;
