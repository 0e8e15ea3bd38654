//! Opening the demonstration: keys, an empty encrypted database, the cast, the stories.

use std::path::{Path, PathBuf};

use kernel::{plain::Plain, time::Instant};
use platform::{
    App, Config, Error, Result,
    config::{make_key, write_private},
    identity::passwords,
};

use super::{PASSWORD, cast, player::Player, stories};

/// The first moment of the demo, unless something was recorded later.
const TODAY: &str = "2026-10-15T08:00:00Z";

/// A file that says that the folder holds a demo whose stories were played to the end.
const PLAYED: &str = "demo-played";

/// Opens the demo in `folder`, playing its stories the first time.
///
/// # Errors
/// A folder that holds a database which no demo made is refused.
pub async fn open(folder: &Path, listen: &str, say: impl Fn(&str)) -> Result<App> {
    if !folder.join(PLAYED).exists() {
        if folder.join("cusp.db").exists() {
            return Err(Error::Broken(format!(
                "{} holds a database that no demo made; choose another --data",
                folder.display()
            )));
        }
        // Played aside and moved when it is whole: a demo that was interrupted starts again.
        let aside = aside(folder);
        if aside.exists() {
            std::fs::remove_dir_all(&aside).map_err(|e| disk(&aside, &e))?;
        }
        say("Opening the demonstration for the first time …");
        play(&aside, listen, &say).await?;
        if folder.exists() {
            std::fs::remove_dir(folder).map_err(|e| disk(folder, &e))?;
        }
        std::fs::rename(&aside, folder).map_err(|e| disk(folder, &e))?;
    }
    let app = App::open(config(folder, listen)?, crate::hooks())?;
    let start: jiff::Timestamp = TODAY
        .parse()
        .map_err(|e| Error::Broken(format!("{TODAY}: {e}")))?;
    let last = app.last_recorded().await?;
    app.clock
        .set(last.map_or(Instant::new(start), |last| last.max(Instant::new(start))));
    Ok(app)
}

async fn play(folder: &Path, listen: &str, say: &impl Fn(&str)) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|e| disk(folder, &e))?;
    let config = config(folder, listen)?;
    config.place().map_err(Error::Broken)?.migrate()?;
    let app = App::open(config, crate::hooks())?;
    let player = Player::new(&app);
    player.at("2026-04-01 09:00")?;
    let password = passwords::hash(PASSWORD.to_owned()).await?;
    app.bootstrap(move |b| cast::found(b, &Plain::new(password.as_str())))
        .await?;
    for story in stories::ALL {
        say(&format!("  {}", story.title()));
        story.play(&player).await?;
    }
    app.checkpoint().await?;
    write_private(&folder.join(PLAYED), "Cusp demonstration\n").map_err(Error::Broken)
}

fn aside(folder: &Path) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(".unfinished");
    folder.with_file_name(name)
}

fn config(folder: &Path, listen: &str) -> Result<Config> {
    let mut config = Config::parse("").map_err(Error::Broken)?;
    listen.clone_into(&mut config.listen);
    config.address = format!("http://{listen}");
    config.database.url = format!("sqlite:{}", folder.join("cusp.db").display());
    config.database.key_file = folder.join("database.key");
    config.audit.key_file = folder.join("audit.key");
    config.audit.checkpoint = folder.join("audit.checkpoint");
    config.mail.to = format!("folder:{}", folder.join("mail").display());
    config.session.secure_cookies = false;
    config.demo = true;
    config.cast = cast::CAST
        .iter()
        .map(|persona| {
            (
                persona.id.to_string(),
                format!("{}, {}", persona.name, persona.what),
            )
        })
        .collect();
    make_key(&config.database.key_file).map_err(Error::Broken)?;
    make_key(&config.audit.key_file).map_err(Error::Broken)?;
    Ok(config)
}

fn disk(path: &Path, error: &std::io::Error) -> Error {
    Error::Broken(format!("{}: {error}", path.display()))
}
