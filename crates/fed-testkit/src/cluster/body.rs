//! How does an answer travel? In one piece, or as a watch does: line by line, for as long as it
//! lasts.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use jiff::Timestamp;
use tokio::sync::watch::Receiver;

use super::clock::Moment;
use super::{FakeCluster, Tick};
use crate::server::Watch;

/// The body of an answer of a [`FakeCluster`].
#[derive(Debug)]
pub struct Body(Kind);

#[derive(Debug)]
enum Kind {
    Whole(Bytes),
    Watch(Box<Stream>),
}

impl Body {
    pub(super) fn whole(bytes: Bytes) -> Self {
        Self(Kind::Whole(bytes))
    }

    pub(super) fn watch(cluster: FakeCluster, watch: Watch) -> Self {
        let ticks = cluster.inner.ticks.subscribe();
        Self(Kind::Watch(Box::new(Stream {
            cluster,
            watch,
            ticks: Ticks::Here(ticks),
            alarm: None,
            lines: VecDeque::new(),
            is_last: false,
        })))
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = match &mut self.0 {
            Kind::Whole(bytes) if bytes.is_empty() => None,
            Kind::Whole(bytes) => Some(std::mem::take(bytes)),
            Kind::Watch(stream) => ready!(stream.poll_line(context)),
        };
        Poll::Ready(next.map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Whole(bytes) => bytes.is_empty(),
            Kind::Watch(stream) => stream.is_last && stream.lines.is_empty(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Kind::Watch(_) => SizeHint::default(),
        }
    }
}

/// A watch on its way to a client.
struct Stream {
    cluster: FakeCluster,
    watch: Watch,
    ticks: Ticks,
    /// When to look again at the latest.
    alarm: Option<(Timestamp, Moment)>,
    lines: VecDeque<Bytes>,
    is_last: bool,
}

/// Word of changes: at hand, or on its way.
enum Ticks {
    Here(Receiver<Tick>),
    Awaited(Pin<Box<dyn Future<Output = Receiver<Tick>> + Send>>),
}

impl Stream {
    fn poll_line(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        loop {
            if let Some(line) = self.lines.pop_front() {
                return Poll::Ready(Some(line));
            }
            if self.is_last {
                return Poll::Ready(None);
            }
            ready!(self.poll_reason(context));
            self.look();
        }
    }

    /// Is there a reason to look again? A change or the alarm.
    fn poll_reason(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if let Some((_, moment)) = &mut self.alarm
            && moment.as_mut().poll(context).is_ready()
        {
            self.alarm = None;
            return Poll::Ready(());
        }
        let Ticks::Awaited(next) = &mut self.ticks else {
            return Poll::Ready(());
        };
        let receiver = ready!(next.as_mut().poll(context));
        self.ticks = Ticks::Here(receiver);
        Poll::Ready(())
    }

    fn look(&mut self) {
        if let Ticks::Here(receiver) = &mut self.ticks {
            // What happens from here on is told by the next tick.
            self.is_last = receiver.borrow_and_update().is_stopped;
        }
        let (news, wakes_at) = self
            .cluster
            .server(|server, now| (self.watch.next(server, now), self.watch.wakes_at()));
        self.lines = news.lines.into();
        self.is_last |= news.is_last;
        if self
            .alarm
            .as_ref()
            .is_none_or(|(time, _)| *time != wakes_at)
        {
            let moment = self.cluster.inner.clock.reach(wakes_at);
            self.alarm = Some((wakes_at, moment));
        }
        self.wait();
    }

    fn wait(&mut self) {
        let ticks = std::mem::replace(
            &mut self.ticks,
            Ticks::Awaited(Box::pin(std::future::pending())),
        );
        self.ticks = match ticks {
            Ticks::Here(mut receiver) => Ticks::Awaited(Box::pin(async move {
                // The sender lives as long as the cluster, which the stream holds.
                let _ = receiver.changed().await;
                receiver
            })),
            awaited @ Ticks::Awaited(_) => awaited,
        };
    }
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Stream")
            .field("watch", &self.watch)
            .finish_non_exhaustive()
    }
}
