//! What time is it in a cluster, and how is a moment waited for?

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// Something that ends at a moment.
pub type Moment = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The time that a cluster goes by.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Ends as soon as it is that time.
    fn reach(&self, time: Timestamp) -> Moment;
}

/// The time of the runtime: real, or virtual where a test has paused it (`tokio::time::pause`).
///
/// ```
/// use std::time::Duration;
///
/// use fed_testkit::cluster::{Clock, RuntimeClock};
/// use jiff::Timestamp;
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?
/// # .block_on(async {
/// let start: Timestamp = "2030-01-01T00:00:00Z".parse()?;
/// let clock = RuntimeClock::starting_at(start);
/// tokio::time::sleep(Duration::from_secs(3_600)).await; // takes no time in a paused runtime
/// assert_eq!(clock.now(), "2030-01-01T01:00:00Z".parse()?);
/// # Ok::<(), jiff::Error>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct RuntimeClock {
    start: Timestamp,
    origin: Instant,
}

impl RuntimeClock {
    /// It is this time now, whatever the calendar says.
    pub fn starting_at(time: Timestamp) -> Self {
        Self {
            start: time,
            origin: Instant::now(),
        }
    }

    /// It is the time of this machine.
    pub fn real() -> Self {
        Self::starting_at(Timestamp::now())
    }
}

impl Clock for RuntimeClock {
    fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.origin.elapsed());
        let now = self
            .start
            .saturating_add(passed.unwrap_or(SignedDuration::MAX));
        now.unwrap_or(Timestamp::MAX)
    }

    fn reach(&self, time: Timestamp) -> Moment {
        let left = time.duration_since(self.now());
        // What lies behind is reached at once.
        let left = Duration::try_from(left).unwrap_or_default();
        Box::pin(tokio::time::sleep(left))
    }
}
