//! Connections: waiting is async, and a thread is taken only with a connection in hand.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;

use super::Conn;
use crate::{Error, Result};

type Open = Box<dyn Fn() -> Result<Conn> + Send + Sync>;

/// A few connections of one kind.
pub struct Pool {
    turns: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Conn>>>,
    open: Arc<Open>,
    looks: bool,
}

impl Pool {
    /// At most `size` connections, opened when first needed.
    pub(super) fn new(
        size: usize,
        open: impl Fn() -> Result<Conn> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            turns: Arc::new(Semaphore::new(size)),
            idle: Arc::default(),
            open: Arc::new(Box::new(open)),
            looks: false,
        })
    }

    /// The same connections for who only looks: what they write is an error, and undone.
    pub(super) fn looking(&self) -> Arc<Self> {
        Arc::new(Self {
            turns: self.turns.clone(),
            idle: self.idle.clone(),
            open: self.open.clone(),
            looks: true,
        })
    }

    /// Runs `work` with a connection on the blocking threads.
    ///
    /// A panic in `work` drops its connection; the next request opens another.
    pub(crate) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let turn = self.turns.clone().acquire_owned().await;
        let turn = turn.map_err(|_| Error::Broken("closing".to_owned()))?;
        let pool = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            pool.now(work)
        });
        // The text of a JoinError quotes the panic, and a panic may quote data.
        done.await
            .map_err(|_| Error::Broken("a unit of work panicked".to_owned()))?
    }

    /// Runs `work` on this thread.
    pub(crate) fn now<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = idle().pop();
        let mut conn = match waiting {
            Some(conn) => conn,
            None => (self.open)()?,
        };
        let done = if self.looks {
            conn.look(work)
        } else {
            work(&mut conn)
        };
        let away = matches!(done, Err(Error::Away(_)));
        if !away && !conn.is_broken() {
            idle().push(conn);
        }
        done
    }
}
