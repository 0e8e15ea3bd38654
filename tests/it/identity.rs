//! Signing in, the second factor, sessions, and what keeps strangers out.


use crate::support::*;

use cusp::demo::cast;

#[tokio::test(flavor = "multi_thread")]
async fn the_account_page_says_who_i_am() {
    on_each_engine(|world| async move {
        world
            .get(&cast::SOCIAL_WORKER, "/account")
            .await
            .is(200)
            .shows("Ines Calloway")
            .shows("London Borough of Larkmoor")
            .shows("Social worker")
            .shows("name=\"csrf\" value=\"");
    })
    .await;
}
