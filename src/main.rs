//! The command `cusp`.

use std::{io::Write as _, path::PathBuf, process::ExitCode, time::Duration};

use clap::{Parser, Subcommand};
use kernel::plain::Plain;
use platform::{App, Config, Error, Result};

/// A case record for programmes run by several agencies together.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Open the demonstration: an invented partnership. This is what `cusp` alone does.
    Demo {
        /// Where to listen.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: String,
        /// The folder of the demonstration; made and filled the first time.
        #[arg(long, default_value = "./data/demo")]
        data: PathBuf,
    },
    /// Serve an installation.
    Serve(Configured),
    /// Bring the database up to date.
    Migrate(Configured),
    /// Print the settings in force, without secrets.
    Config(Configured),
    /// Make keys where there are none, and the first administrator of an empty installation.
    CreateAdmin {
        #[command(flatten)]
        configured: Configured,
        /// The name of the agency that runs the programme.
        #[arg(long)]
        agency: String,
        /// The name of the programme.
        #[arg(long)]
        programme: String,
        /// The administrator's name.
        #[arg(long)]
        name: String,
        /// The administrator's e-mail address.
        #[arg(long)]
        email: String,
    },
    /// List every route with its guard and permission.
    Routes {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// List every rule with its function and its test.
    Rules {
        /// As CSV.
        #[arg(long)]
        csv: bool,
    },
    /// The audit trail.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Referrals.
    Referral {
        #[command(subcommand)]
        command: ReferralCommand,
    },
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Check every chain against its rows, and the checkpoint file against the chains.
    Verify(Configured),
}

#[derive(Subcommand)]
enum ReferralCommand {
    /// Take a referral that came as a file with the boxes of the form.
    Take {
        /// The file, JSON.
        file: PathBuf,
        #[command(flatten)]
        configured: Configured,
    },
}

#[derive(clap::Args)]
struct Configured {
    /// The settings; see config.example.toml.
    #[arg(long)]
    config: PathBuf,
}

impl Configured {
    fn read(&self) -> Result<Config> {
        Config::read(&self.config).map_err(Error::Broken)
    }

    fn open(&self) -> Result<App> {
        App::open(self.read()?, cusp::hooks())
    }
}

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::from_env("CUSP_LOG")
                .add_directive(tracing::Level::INFO.into()),
        )
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        // Connections are few, so are the threads that wait for them.
        .max_blocking_threads(12)
        .enable_all()
        .build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(run(Cli::parse())),
        Err(error) => Err(Error::Broken(format!("no runtime: {error}"))),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("cusp: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<ExitCode> {
    let demo = || Command::Demo {
        listen: "127.0.0.1:8080".to_owned(),
        data: "./data/demo".into(),
    };
    match cli.command.unwrap_or_else(demo) {
        Command::Demo { listen, data } => {
            let app = cusp::demo::open(&data, &listen, say).await?;
            say(&cusp::demo::welcome(&listen));
            serve(app).await
        }
        Command::Serve(configured) => serve(configured.open()?).await,
        Command::Migrate(configured) => {
            let ran = configured
                .read()?
                .place()
                .map_err(Error::Broken)?
                .migrate()?;
            say(&format!("{} migrations were run", ran.len()));
            Ok(ExitCode::SUCCESS)
        }
        Command::Config(configured) => {
            say(&configured.read()?.shown());
            Ok(ExitCode::SUCCESS)
        }
        Command::CreateAdmin {
            configured,
            agency,
            programme,
            name,
            email,
        } => {
            let config = configured.read()?;
            for key in [&config.database.key_file, &config.audit.key_file] {
                platform::config::make_key(key).map_err(Error::Broken)?;
            }
            config.place().map_err(Error::Broken)?.migrate()?;
            let app = App::open(config, cusp::hooks())?;
            let new = cusp::users::store::NewInstallation {
                agency: Plain::new(agency),
                programme: Plain::new(programme),
                name: Plain::new(name),
                email: Plain::new(email),
            };
            let founded = cusp::users::store::found(&app, new).await?;
            app.checkpoint().await?;
            say("Open this link once, within 7 days, to choose a password:");
            say(&founded.link);
            Ok(ExitCode::SUCCESS)
        }
        Command::Routes { json } => {
            say(&cusp::routes_listed(json));
            Ok(ExitCode::SUCCESS)
        }
        Command::Rules { csv: _ } => {
            say(cusp::RULES);
            Ok(ExitCode::SUCCESS)
        }
        Command::Audit {
            command: AuditCommand::Verify(configured),
        } => {
            let done = configured.open()?.verify_audit().await?;
            say(&format!(
                "{} chains, {} rows and {} checkpoints were checked",
                done.chains, done.rows, done.marks
            ));
            for tampering in &done.found {
                say(&tampering.to_string());
            }
            if done.found.is_empty() {
                say("Nothing was changed after it was written.");
                Ok(ExitCode::SUCCESS)
            } else {
                Ok(ExitCode::FAILURE)
            }
        }
        Command::Referral {
            command: ReferralCommand::Take { file, configured },
        } => {
            let bytes = std::fs::read(&file)
                .map_err(|e| Error::Broken(format!("{}: {e}", file.display())))?;
            let app = configured.open()?;
            let taken = cusp::referrals::take_file(&app, &bytes).await?;
            app.checkpoint().await?;
            say(&taken);
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Serves until the process is told to stop, then finishes what was begun.
async fn serve(app: App) -> Result<ExitCode> {
    let listen = app.config.listen.clone();
    let listener = tokio::net::TcpListener::bind(&listen)
        .await
        .map_err(|e| Error::Broken(format!("cannot listen on {listen}: {e}")))?;
    let every = Duration::from_secs(app.config.audit.checkpoint_seconds.max(1));
    let checkpoints = {
        let app = app.clone();
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(every);
            loop {
                ticks.tick().await;
                if let Err(error) = app.checkpoint().await {
                    tracing::error!(%error, "the checkpoint was not written");
                }
            }
        })
    };
    app.keep_missing().await?;
    let chores = tokio::spawn(cusp::chores(app.clone()));
    tracing::info!(%listen, "ready");
    let served = axum::serve(listener, cusp::routes().serve(app.clone()))
        .with_graceful_shutdown(told_to_stop())
        .await;
    checkpoints.abort();
    chores.abort();
    app.checkpoint().await?;
    served.map_err(|e| Error::Broken(format!("serving: {e}")))?;
    Ok(ExitCode::SUCCESS)
}

async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        // Without signals the process can only be killed, which loses nothing acknowledged.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

/// Prints for whoever runs the command; a reader that has seen enough is no error.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
