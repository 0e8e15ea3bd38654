//! Prepares the style sheet, the script and the fonts that are embedded in the program.
//!
//! What comes from npm is never committed: `npm ci` fetches exactly what `package-lock.json` names
//! into cargo's own build folder, where cargo's lock keeps two builds apart. The network is used
//! only when that lock file changes.
//!
//! A build without npm or network sets `CUSP_ASSETS` to a folder made on another machine: the
//! folder `ready` that this script leaves in `target/<profile>/build/assets-<hash>/out`.

use std::ffi::{OsStr, OsString};
use std::fmt::Display;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Why the build stops, in words for the person who started it.
type Reason = String;

/// The stand-in for npm: see the head of this file.
const READY_FOLDER: &str = "CUSP_ASSETS";
const PACKAGE: &str = "package.json";
const LOCK: &str = "package-lock.json";
const STYLE: &str = "app.scss";

/// The names inside the ready folder. `src/lib.rs` embeds these.
const CSS: &str = "app.css";
const LIBRARY: &str = "govuk-frontend.min.js";
const FONTS: &str = "fonts";
const FONT_LICENCE: &str = "font-licence.txt";

/// Text that would show that the GOV.UK typeface is asked for. Its licence allows GOV.UK services
/// only, and this is not one.
const REFUSED_IN_CSS: [&str; 2] = ["GDS Transport", "@font-face"];

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            for line in reason.lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), Reason> {
    let frontend = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("../../frontend");
    let out = PathBuf::from(variable("OUT_DIR")?);
    let ready = out.join("ready");
    watch(&frontend)?;

    match std::env::var_os(READY_FOLDER).filter(|folder| !folder.is_empty()) {
        Some(folder) => take_ready(Path::new(&folder), &ready)?,
        None => make_ready(&frontend, &out.join("npm"), &ready)?,
    }

    refuse_foreign_typeface(&ready.join(CSS))?;
    write_font_list(&ready.join(FONTS), &out.join("fonts.rs"))?;
    let version = version(&[
        ready.join(CSS),
        ready.join(LIBRARY),
        frontend.join("app.js"),
        frontend.join("icon.svg"),
    ])?;
    println!("cargo::rustc-env=ASSETS_VERSION={version}");
    Ok(())
}

fn variable(name: &str) -> Result<OsString, Reason> {
    std::env::var_os(name).ok_or_else(|| format!("cargo did not set {name}"))
}

/// Tells cargo what the result depends on, so that nothing else starts this script again.
fn watch(frontend: &Path) -> Result<(), Reason> {
    println!("cargo::rerun-if-env-changed={READY_FOLDER}");
    println!("cargo::rerun-if-changed=build.rs");
    for name in [PACKAGE, LOCK, "app.js", "icon.svg"] {
        println!("cargo::rerun-if-changed={}", frontend.join(name).display());
    }
    for sheet in files_in(frontend, "scss")? {
        println!("cargo::rerun-if-changed={}", sheet.display());
    }
    Ok(())
}

/// Copies a folder prepared elsewhere.
fn take_ready(from: &Path, ready: &Path) -> Result<(), Reason> {
    if !from.join(CSS).is_file() {
        return Err(format!(
            "{READY_FOLDER} names {}, which holds no {CSS}: give the absolute path of a folder \
             `ready` from the build folder of an earlier build",
            from.display()
        ));
    }
    println!("cargo::rerun-if-changed={}", from.display());
    start_empty(&ready.join(FONTS))?;
    for name in [CSS, LIBRARY, FONT_LICENCE] {
        copy(&from.join(name), &ready.join(name))?;
    }
    copy_into(&files_in(&from.join(FONTS), "ttf")?, &ready.join(FONTS))
}

/// Fetches the packages if the lock file changed since the last time, and compiles the style sheet.
fn make_ready(frontend: &Path, npm: &Path, ready: &Path) -> Result<(), Reason> {
    let lock = read(&frontend.join(LOCK))?;
    // Written last, so that an interrupted installation is made again.
    let installed = npm.join("installed.lock");
    if fs::read(&installed).ok().as_ref() != Some(&lock) {
        install(frontend, npm)?;
        keep_fonts(&npm.join("node_modules/@expo-google-fonts"), ready)?;
        copy(
            &npm.join("node_modules/govuk-frontend/dist/govuk")
                .join(LIBRARY),
            &ready.join(LIBRARY),
        )?;
        fs::write(&installed, lock).map_err(told(&installed))?;
    }
    compile_style(frontend, &npm.join("node_modules"), &ready.join(CSS))
}

/// Runs `npm ci`, which installs what the lock file names or nothing. The short retries let a
/// machine without network fail in seconds; npm's own take more than a minute.
fn install(frontend: &Path, npm: &Path) -> Result<(), Reason> {
    start_empty(npm)?;
    for name in [PACKAGE, LOCK] {
        copy(&frontend.join(name), &npm.join(name))?;
    }
    // On Windows npm is a script, which only its full name starts.
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let ci = [
        "ci",
        "--ignore-scripts",
        "--prefer-offline",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        "--fetch-retries=1",
        "--fetch-retry-mintimeout=1000",
        "--fetch-retry-maxtimeout=5000",
    ];
    run(
        Command::new(program).args(ci).current_dir(npm),
        "the first build needs the npm registry, later ones do not; without network set \
         CUSP_ASSETS as crates/assets/build.rs says",
    )
}

/// Copies the faces that are embedded out of the font packages and removes the rest: all weights of
/// every script would take 55 MB of each build folder.
fn keep_fonts(packages: &Path, ready: &Path) -> Result<(), Reason> {
    let fonts = ready.join(FONTS);
    start_empty(&fonts)?;
    let mut licence = String::new();
    for package in entries(packages)? {
        copy_into(&files_in(&package.join("400Regular"), "ttf")?, &fonts)?;
        let text = read_text(&package.join("LICENSE_FONT"))?;
        let (holder, terms) = text.split_once('\n').unwrap_or((&text, ""));
        if package.ends_with("noto-sans") {
            copy_into(&files_in(&package.join("700Bold"), "ttf")?, &fonts)?;
            licence.push_str(terms);
        }
        // The holders differ, the terms do not: name every holder above one copy of the terms.
        licence.insert_str(0, &format!("{holder}\n"));
    }
    let to = ready.join(FONT_LICENCE);
    fs::write(&to, licence).map_err(told(&to))?;
    fs::remove_dir_all(packages).map_err(told(packages))
}

/// Compiles the style sheet with the sass of the lock file.
fn compile_style(frontend: &Path, modules: &Path, css: &Path) -> Result<(), Reason> {
    run(
        Command::new("node")
            .arg(modules.join("sass/sass.js"))
            // Without `--no-error-css` a failure would leave a style sheet that shows the error.
            .args([
                "--no-source-map",
                "--style=compressed",
                "--quiet-deps",
                "--no-error-css",
            ])
            .arg("--load-path")
            .arg(modules.join("govuk-frontend/dist"))
            .arg(frontend.join(STYLE))
            .arg(css),
        "the style sheet is frontend/app.scss",
    )
}

fn refuse_foreign_typeface(css: &Path) -> Result<(), Reason> {
    let text = read_text(css)?;
    match REFUSED_IN_CSS
        .iter()
        .find(|refused| text.contains(**refused))
    {
        Some(refused) => Err(format!(
            "{CSS} holds `{refused}`: the GOV.UK typeface may not be served here; keep \
             $govuk-font-family in frontend/app.scss"
        )),
        None => Ok(()),
    }
}

/// Writes the Rust list of fonts, so that `package.json` is the only place that names them.
fn write_font_list(fonts: &Path, list: &Path) -> Result<(), Reason> {
    let faces = files_in(fonts, "ttf")?;
    if faces.is_empty() {
        return Err(format!("{} holds no font", fonts.display()));
    }
    let mut code = String::from("&[\n");
    for face in faces {
        let path = face
            .to_str()
            .ok_or_else(|| format!("{} is not UTF-8", face.display()))?;
        // Writing to a `String` cannot fail.
        let _ = writeln!(code, "    include_bytes!({path:?}),");
    }
    code.push(']');
    fs::write(list, code).map_err(told(list))
}

/// A short name for the content: FNV-1a, 64 bits. It only has to differ when a file differs; nobody
/// is kept from making two files alike.
fn version(files: &[PathBuf]) -> Result<String, Reason> {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for file in files {
        for byte in read(file)? {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    Ok(format!("{hash:016x}"))
}

/// Runs a program of the Node.js installation. `hint` is added when the program itself fails.
fn run(command: &mut Command, hint: &str) -> Result<(), Reason> {
    let name = command.get_program().to_string_lossy().into_owned();
    let done = command.output().map_err(|error| {
        format!(
            "cannot start {name} ({error}): install Node.js 20.19 or newer with npm (Debian: \
             apt-get install nodejs npm; else https://nodejs.org) and build again"
        )
    })?;
    if done.status.success() {
        return Ok(());
    }
    Err(format!(
        "{name} failed ({}): {hint}\n{}",
        done.status,
        String::from_utf8_lossy(&done.stderr)
    ))
}

/// The files of a folder with this extension, by name.
fn files_in(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, Reason> {
    let mut files = entries(folder)?;
    files.retain(|file| file.extension() == Some(OsStr::new(extension)));
    Ok(files)
}

/// What a folder holds, by name: the order of the file system would make builds differ.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Reason> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(told(folder))? {
        found.push(entry.map_err(told(folder))?.path());
    }
    found.sort();
    Ok(found)
}

fn start_empty(folder: &Path) -> Result<(), Reason> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(told(folder))?;
    }
    fs::create_dir_all(folder).map_err(told(folder))
}

fn copy_into(files: &[PathBuf], folder: &Path) -> Result<(), Reason> {
    for file in files {
        let name = file
            .file_name()
            .ok_or_else(|| format!("{} has no name", file.display()))?;
        copy(file, &folder.join(name))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<(), Reason> {
    fs::copy(from, to).map(|_| ()).map_err(told(from))
}

fn read(path: &Path) -> Result<Vec<u8>, Reason> {
    fs::read(path).map_err(told(path))
}

fn read_text(path: &Path) -> Result<String, Reason> {
    fs::read_to_string(path).map_err(told(path))
}

/// Adds the path to an error of the file system, which does not name it.
fn told<E: Display>(path: &Path) -> impl Fn(E) -> Reason {
    move |error| format!("{}: {error}", path.display())
}
