//! The only place that knows what time it is.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use kernel::time::Instant;

/// The clock. In the demo and in tests it can be moved.
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    /// Now.
    pub fn now(&self) -> Instant {
        #[expect(clippy::disallowed_methods, reason = "this is the clock")]
        let real = jiff::Timestamp::now();
        Instant::new(real).plus_seconds(self.0.load(Ordering::Relaxed))
    }

    /// Moves the clock so that it shows `instant` now, and goes on from there.
    pub fn set(&self, instant: Instant) {
        let moved = self.0.load(Ordering::Relaxed);
        let ahead = instant.seconds_since(self.now());
        self.0.store(moved.saturating_add(ahead), Ordering::Relaxed);
    }

    /// Seconds by which the clock is moved.
    pub fn moved_by(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}
