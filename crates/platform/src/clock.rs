//! The only place that knows what time it is.

use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicI64, Ordering},
};

use kernel::time::Instant;

/// The clock. In the demo and in tests it can be moved, and in tests it can stand still.
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<Hands>);

#[derive(Debug, Default)]
struct Hands {
    /// Seconds ahead of the real time.
    ahead: AtomicI64,
    /// What it shows while it stands still.
    stopped: RwLock<Option<Instant>>,
}

impl Clock {
    /// Now.
    pub fn now(&self) -> Instant {
        let stopped = self
            .0
            .stopped
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(instant) = *stopped {
            return instant;
        }
        drop(stopped);
        #[expect(clippy::disallowed_methods, reason = "this is the clock")]
        let real = jiff::Timestamp::now();
        Instant::new(real).plus_seconds(self.moved_by())
    }

    /// Moves the clock so that it shows `instant` now, and goes on from there.
    pub fn set(&self, instant: Instant) {
        self.stand(None);
        let ahead = instant.seconds_since(self.now());
        self.0.ahead.fetch_add(ahead, Ordering::Relaxed);
    }

    /// Makes the clock show `instant` until it is set anew: two services that are asked the same
    /// must not differ because one was asked as a minute ended.
    pub fn stop_at(&self, instant: Instant) {
        self.stand(Some(instant));
    }

    /// Seconds by which the clock is moved.
    pub fn moved_by(&self) -> i64 {
        self.0.ahead.load(Ordering::Relaxed)
    }

    fn stand(&self, at: Option<Instant>) {
        *self
            .0
            .stopped
            .write()
            .unwrap_or_else(PoisonError::into_inner) = at;
    }
}
