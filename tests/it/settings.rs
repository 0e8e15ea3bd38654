//! Times and words that a partnership sets.

use cusp::demo::cast;

use crate::support::*;

fn from(
    day: &'static str,
    month: &'static str,
    value: &'static str,
) -> [(&'static str, &'static str); 4] {
    [
        ("value", value),
        ("from-day", day),
        ("from-month", month),
        ("from-year", "2026"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_see_and_set_what() {
    on_each_engine(|world| async move {
        let path = "/settings/value/acknowledge";
        for (who, sees, sets) in [
            (&cast::SERVICE_MANAGER, 200, 200),
            (&cast::ADMINISTRATOR, 200, 200),
            (&cast::GOVERNANCE_OFFICER, 200, 404),
            (&cast::PRACTITIONER, 404, 404),
            (&cast::SPOC, 404, 404),
            (&cast::OUTSIDER, 404, 404),
        ] {
            world.get(who, "/settings").await.is(sees);
            world.get(who, path).await.is(sets);
            if sets == 404 {
                let sent = from("20", "10", "1 working day");
                world.post(who, path, &sent).await.is(404);
            }
        }
        world
            .get(&cast::SERVICE_MANAGER, "/settings/value/nothing")
            .await
            .is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_is_set_from_a_day_and_moves_no_deadline_that_runs() {
    on_each_engine(|world| async move {
        let (who, path) = (&cast::SERVICE_MANAGER, "/settings/value/acknowledge");
        let due = async |case: &str| {
            let duties = world.get(who, &format!("/cases/{case}/duties")).await;
            duties.is(200);
            duties.body
        };
        // Wednesday 14 October 2026: three working days end on Monday 19.
        let before = referral::send(&world, &cast::SOCIAL_WORKER, &referral::MONTY).await;
        world
            .post(who, path, &from("20", "10", "1 working day"))
            .await
            .is(303);
        world
            .get(who, "/settings?done=set")
            .await
            .shows("1 working day from 20 October 2026")
            .shows("3 working days");
        world.set_clock("2026-10-20T09:00:00Z");
        world.forget(who);
        let after = referral::send(&world, &cast::SOCIAL_WORKER, &referral::MONTY).await;
        assert!(due(&before).await.contains("19 October 2026"));
        assert!(due(&after).await.contains("21 October 2026"));
        // What applies already is not taken back; what is to come is.
        let applies = "/settings/value/acknowledge/2026-10-20/take-back";
        world.post(who, applies, &[]).await.is(422);
        world
            .post(who, path, &from("1", "11", "2 working days"))
            .await
            .is(303);
        let coming = "/settings/value/acknowledge/2026-11-01/take-back";
        world.post(who, coming, &[]).await.is(303);
        world.post(who, coming, &[]).await.is(409);
        world.get(who, "/settings").await.hides("1 November 2026");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_stand_is_refused_with_what_was_typed() {
    on_each_engine(|world| async move {
        let (who, path) = (&cast::ADMINISTRATOR, "/settings/value/acknowledge");
        for (sent, said) in [
            (from("20", "10", "soon"), "Write a time such as"),
            (from("14", "10", "2 working days"), "tomorrow or later"),
            (from("31", "2", "2 working days"), "real date"),
        ] {
            world
                .post(who, path, &sent)
                .await
                .is(200)
                .shows(said)
                .shows(&format!("value=\"{}\"", sent[0].1));
        }
        world
            .get(who, "/settings")
            .await
            .hides("from 20 October 2026");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_on_screen_are_the_partnerships_own() {
    on_each_engine(|world| async move {
        let case = referral::send(&world, &cast::SOCIAL_WORKER, &referral::MONTY).await;
        let words = [("word_client", "Participant"), ("word_survivor", "Partner")];
        world
            .post(&cast::SERVICE_MANAGER, "/settings/words", &words)
            .await
            .is(303);
        world
            .get(&cast::SERVICE_MANAGER, &format!("/cases/{case}"))
            .await
            .is(200)
            .shows("Participant")
            .shows("Partner");
        // The administrator's agency runs no programme, so it has no words of its own.
        world
            .post(
                &cast::ADMINISTRATOR,
                "/settings/words",
                &[("word_client", ""), ("word_survivor", "x")],
            )
            .await
            .is(200)
            .shows("Answer “The person causing harm is called”");
    })
    .await;
}
