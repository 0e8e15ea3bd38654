//! The controls of the demonstration. Outside it they answer as if they were not there.

use axum::response::Response;
use jiff::civil::{Date, time};
use kernel::{
    form::Problem,
    label::Office,
    time::{Instant, london},
};
use platform::{App, Error, Pressed, Public, Result, identity::sessions};

use super::{model::Onward, web::go};
use crate::demo::cast;

platform::rows! {
    /// One of the cast.
    pub struct Player for Office {
        id: kernel::ids::UserId,
        name: &'static str,
        what: &'static str,
    }
}

/// Whom one may become.
pub(super) fn players() -> Vec<Player> {
    cast::CAST
        .iter()
        .map(|persona| Player {
            id: persona.id,
            name: persona.name,
            what: persona.what,
        })
        .collect()
}

fn only_in_demo(app: &App) -> Result<()> {
    if app.is_demo() {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// Becomes one of the cast. Refused for anybody else.
pub(super) async fn become_persona(public: Public, pressed: Pressed) -> Result<Response> {
    let app = public.app();
    only_in_demo(app)?;
    let user = pressed
        .typed
        .get("user")
        .parse()
        .map_err(|_| Error::NotFound)?;
    let token = sessions::become_persona(app, user).await?;
    if let Some(before) = public.session() {
        sessions::end(app, before).await?;
    }
    let onward = Onward::of(&pressed.typed);
    Ok(go(
        &onward.place(),
        &vec![sessions::set_cookie(app, Some(&token))],
    ))
}

/// Moves the clock to nine in the morning of a day, and goes on from there.
///
/// Whoever is signed in stays so: sessions end by the clock, and it jumps.
pub(super) async fn set_clock(public: Public, pressed: Pressed) -> Result<Response> {
    let app = public.app();
    only_in_demo(app)?;
    let typed = pressed.typed.get("date");
    let day: Date = typed
        .parse()
        .ok()
        .filter(|day: &Date| (1900..=2200).contains(&day.year()))
        .ok_or_else(|| {
            let said = "The day must be a date between 1900 and 2200";
            Error::Refused(vec![Problem::new("date", said)])
        })?;
    let nine = day
        .to_datetime(time(9, 0, 0, 0))
        .to_zoned(london())
        .map_err(|e| Error::Broken(e.to_string()))?;
    let before = public.session().cloned();
    app.clock.set(Instant::new(nine.timestamp()));
    let Some(before) = before else {
        return Ok(go("/sign-in", &Vec::new()));
    };
    let token = sessions::become_persona(app, before.actor.user).await?;
    sessions::end(app, &before).await?;
    Ok(go("/", &vec![sessions::set_cookie(app, Some(&token))]))
}
