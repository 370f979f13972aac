//! What do answers teach? What was written, and how long to wait after a failure.

use jiff::{SignedDuration, Timestamp};

use super::{Failed, Kept, Memory, Written};
use crate::reconcile::answer::{Answer, Failure};
use crate::reconcile::sight::{Sights, View};

/// The first pause after a failure, and the longest one, in seconds.
const FIRST_PAUSE: i64 = 5;
const LONGEST_PAUSE: i64 = 300;

impl Memory {
    /// Takes note of how actions went.
    pub(in crate::reconcile) fn learn(
        &mut self,
        answers: &[Answer],
        sights: &Sights,
        now: Timestamp,
    ) {
        for answer in answers {
            let object = answer.object.versionless();
            let known = self.of(&object).and_then(|it| it.kept(&answer.cluster));
            let learnt = match &answer.result {
                Ok(_) => known.and_then(|kept| succeeded(kept, answer)),
                Err(failure) => {
                    let saw = match sights.everywhere(&object).in_cluster(&answer.cluster) {
                        View::Present(sight) => Some((&*sight.version).into()),
                        _ => None,
                    };
                    let kept = known.cloned().unwrap_or_default();
                    Some(failed(kept, answer, failure, saw, now))
                }
            };
            if let Some(kept) = learnt {
                self.change(&object).keep(&answer.cluster, kept);
            }
        }
    }
}

/// What is known after a success, if that is news.
fn succeeded(kept: &Kept, answer: &Answer) -> Option<Kept> {
    let written = match (&answer.result, answer.hash) {
        (Ok(Some(sight)), Some(hash)) => Some(Written::new(hash, sight, answer.by)),
        _ => kept.written.clone(),
    };
    // A look does not tell whether what failed would work now.
    let has_worked = answer.operation.is_some();
    let learnt = Kept {
        since: kept.since,
        written,
        failed: kept.failed.clone().filter(|_| !has_worked),
    };
    (learnt != *kept).then_some(learnt)
}

fn failed(
    kept: Kept,
    answer: &Answer,
    failure: &Failure,
    saw: Option<Box<str>>,
    now: Timestamp,
) -> Kept {
    let times = kept
        .failed
        .map_or(0, |failed| failed.times)
        .saturating_add(1);
    let pause = SignedDuration::from_secs(pause(times));
    Kept {
        failed: Some(Failed {
            failure: failure.clone(),
            hash: answer.hash,
            saw,
            times,
            again: now.checked_add(pause).unwrap_or(Timestamp::MAX),
        }),
        ..kept
    }
}

/// 5, 10, 20, 40 and so on, up to 300 seconds.
fn pause(times: u32) -> i64 {
    let doublings = times.saturating_sub(1).min(16);
    (FIRST_PAUSE << doublings).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let pauses = [0, 1, 2, 3, 6, 7, 8, u32::MAX].map(pause);
        assert_eq!(pauses, [5, 5, 10, 20, 160, 300, 300, 300]);
    }
}
