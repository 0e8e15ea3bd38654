//! Ties for tests of pages: what allocation does, without its rules.

#![allow(dead_code, reason = "each test file uses a part of it")]

use axum::{
    body::{Body, to_bytes},
    extract::Path,
    http::{Request, header},
};
use cusp::demo::cast::Persona;
use kernel::access::Tie;
use platform::{App, Case, Result, Routes, casefile};
use tower::ServiceExt as _;

platform::permission! {
    /// Ties anybody.
    pub TieAnybody = "test.tie", Workers, ties Tie::WORKING, changes;
}

#[derive(Debug)]
struct Tied;
impl platform::Event for Tied {
    fn name(&self) -> &'static str {
        "tied by a test"
    }
    fn item(&self) -> String {
        String::new()
    }
}

async fn tie(
    case: Case<TieAnybody>,
    Path((_, who, kind)): Path<(String, String, String)>,
) -> Result<&'static str> {
    case.change(move |tx| {
        casefile::add_tie(
            tx,
            who.parse().unwrap(),
            Tie::parse(&kind).unwrap(),
            None,
            None,
        )?;
        Ok((Tied, ()))
    })
    .await?;
    Ok("tied")
}

/// Ties `who` to the case at `path` (`/cases/...`), in the name of `by`.
pub async fn tied(app: &App, by: &Persona, path: &str, who: &Persona, kind: Tie) {
    let router = Routes::new()
        .get("/cases/{case}/tie/{who}/{kind}", tie)
        .serve(app.clone());
    let token = platform::identity::sessions::become_persona(app, by.id)
        .await
        .unwrap();
    let request = Request::get(format!("{path}/tie/{}/{}", who.id, kind.code()))
        .header(header::COOKIE, format!("{}={token}", app.cookie_name()))
        .body(Body::empty())
        .unwrap();
    let answer = router.oneshot(request).await.unwrap();
    assert_eq!(answer.status(), 200);
}

/// Uploads bytes as a browser does: status, where to, page.
pub async fn uploaded(app: &App, who: &Persona, path: &str, bytes: &[u8]) -> (u16, String, String) {
    let router = cusp::routes().serve(app.clone());
    let token = platform::identity::sessions::become_persona(app, who.id)
        .await
        .unwrap();
    let cookie = format!("{}={token}", app.cookie_name());
    let send = |request: Request<Body>| {
        let router = router.clone();
        async move {
            let answer = router.oneshot(request).await.unwrap();
            let status = answer.status().as_u16();
            let place = answer.headers().get(header::LOCATION);
            let place = place.map_or("", |v| v.to_str().unwrap()).to_owned();
            let body = to_bytes(answer.into_body(), 64 << 20).await.unwrap();
            (status, place, String::from_utf8_lossy(&body).into_owned())
        }
    };
    let account = Request::get("/account")
        .header(header::COOKIE, &cookie)
        .body(Body::empty());
    let (_, _, page) = send(account.unwrap()).await;
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
    let csrf = rest.split_once('"').unwrap().0;
    let mut body = format!(
        "--xx\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--xx\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"a.json\"\r\n\
         Content-Type: application/json\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--xx--\r\n");
    let request = Request::post(path)
        .header(header::COOKIE, &cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=xx")
        .body(Body::from(body))
        .unwrap();
    send(request).await
}

/// The text of a PDF as another program reads it, without line ends and direction marks.
pub fn text_of(pdf: &[u8]) -> String {
    use std::{
        io::Write as _,
        process::{Command, Stdio},
    };
    let mut reader = Command::new("pdftotext")
        .args(["-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        // pdftotext is needed for this test: install poppler-utils.
        .unwrap();
    reader.stdin.take().unwrap().write_all(pdf).unwrap();
    let output = reader.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().replace(
        |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{200e}' | '\u{200f}'),
        "",
    )
}

/// The same with nothing between the letters: lines of a page end where they must.
pub fn dense(text: &str) -> String {
    text.split_whitespace().collect()
}
