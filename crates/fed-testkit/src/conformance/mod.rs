//! Does an API server behave as Kubernetes does? Behaviours, each named for the rule it checks, for
//! whatever a `kube::Client` talks to.
//!
//! A [`Behaviour`] is data: requests, and what has to be answered. Those that come with this crate
//! ([`Behaviour::all`]) hold for a real kube-apiserver 1.36 and for
//! [`FakeCluster`](crate::cluster::FakeCluster); yours are read with [`Behaviour::read`]. Each works in
//! a namespace of its own, leaves nothing behind but that, and can run beside the others.
//!
//! ```
//! use fed_testkit::cluster::{FakeCluster, RuntimeClock};
//! use fed_testkit::conformance::Behaviour;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = kube::Client::new(FakeCluster::new(1, RuntimeClock::real()), "default");
//! let behaviours = Behaviour::read("mine", "
//! - rule: a second object of the same name is refused
//!   steps:
//!   - do: POST ${core}/configmaps
//!     body: {metadata: {name: a}}
//!     code: 201
//!   - do: POST ${core}/configmaps
//!     body: {metadata: {name: a}}
//!     code: 409
//!     expect: {reason: AlreadyExists}
//! ")?;
//! for behaviour in behaviours {
//!     behaviour.check(&client).await?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What stands in a step
//!
//! - `do`: the method and the path. `${core}`, `${apps}` and `${batch}` are the paths of these groups in
//!   the namespace of the behaviour, `${ns}` is its name, and what earlier steps saved stands in
//!   `${name}`, in paths as well as in bodies and expectations.
//! - `body`, and `as` for what it is: `apply`, `json`, `merge` or `strategic` for a PATCH; `yaml`;
//!   any other content type.
//! - `text`: a body that is sent as it stands.
//! - `accept`: what is asked for, if that is not JSON; `impersonate`: as whom.
//! - `code`: the HTTP status; `expect`: what the answer must have. An object must have these fields, a
//!   list these elements and no others, in order. `$any` is anything, `$absent` nothing,
//!   `$has:TEXT` a text with that in it, and `$not:VALUE` and `$more:NUMBER` what they say.
//! - `exact`: what must stand at these JSON Pointers, and nothing else there.
//! - `headers`: what the headers of the answer must be; `warnings`: what the `Warning` headers must
//!   have, in order.
//! - `save`: names for what stands at JSON Pointers of the answer.
//! - `watch`: instead of an answer, the events that come, in order; `ends: true` if no more come.
//! - `eventually: true`: asked again until it holds, for what takes its time.
//!
//! Controllers belong to no API server: behaviours that need them say so with
//! `needs: [controllers]`.

mod behaviour;
mod lab;
mod matching;
mod step;

pub use behaviour::{Behaviour, Need, Unreadable};
pub use lab::Mismatch;
