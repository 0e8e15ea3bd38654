//! Bad days: a full disk, a wrong key. Nothing typed is lost, and nothing is readable at rest.

use std::sync::Arc;

use cusp::demo::cast;
use platform::{App, config::write_private};

use crate::support::{World, on_each_engine, referral};

fn is_sqlite(world: &World) -> bool {
    world.app.config.database.url.starts_with("sqlite:")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_writes_and_gives_back_what_was_typed() {
    on_each_engine(|mut world| async move {
        let case = referral::send(&world, &cast::SOCIAL_WORKER, &referral::MONTY).await;
        let path = format!("/cases/{case}/waiting");
        let why = [("why", "Nobody is free before the 26th")];
        if !is_sqlite(&world) {
            // The disk of a database server is not this machine's to measure.
            world
                .post(&cast::SERVICE_MANAGER, &path, &why)
                .await
                .is(303);
            return;
        }
        let mut config = (*world.app.config).clone();
        config.database.disk_reserve_mb = 1 << 40;
        let mut full = world.app.clone();
        full.config = Arc::new(config);
        world.serve(full);
        let answer = world.post(&cast::SERVICE_MANAGER, &path, &why).await;
        answer
            .is(503)
            .shows("disk of the service is full")
            .shows("Nobody is free before the 26th");
        // Reading goes on, and is still on the record.
        world
            .get(&cast::SERVICE_MANAGER, &format!("/cases/{case}"))
            .await
            .is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_is_unreadable_without_its_key() {
    on_each_engine(|world| async move {
        if !is_sqlite(&world) {
            return;
        }
        referral::send(&world, &cast::SOCIAL_WORKER, &referral::MONTY).await;
        for name in ["t.db", "t.db-wal"] {
            let bytes = std::fs::read(world.folder().join(name)).unwrap_or_default();
            for secret in referral::MONTY
                .secrets
                .iter()
                .copied()
                .chain(["SQLite format 3"])
            {
                let found = bytes
                    .windows(secret.len())
                    .any(|window| window == secret.as_bytes());
                assert!(!found, "{name} holds “{secret}”");
            }
        }
        let mut config = (*world.app.config).clone();
        config.database.key_file = world.folder().join("another.key");
        write_private(&config.database.key_file, &"08".repeat(32)).unwrap();
        let said = App::open(config, cusp::hooks())
            .err()
            .map(|error| error.to_string());
        assert!(
            said.unwrap_or_default()
                .contains("the key does not open this database")
        );
    })
    .await;
}
