//! Where somebody may be sent after signing in.

/// The address of `next` if it is a page of this service, else the first page.
///
/// A link that leads through our sign-in to somebody else's page would be believed (ASVS 5.0
/// 3.7.2): only a path is taken, and none that a browser reads as another host.
pub fn local(next: &str) -> &str {
    let path = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && next.bytes().all(|byte| byte.is_ascii_graphic())
        && !next.starts_with("/sign-")
        && !next.starts_with("/unlock");
    if path { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_service() {
        let cases = [
            ("/my-day", "/my-day"),
            ("/cases/1?tab=2", "/cases/1?tab=2"),
            ("", "/"),
            ("my-day", "/"),
            ("//elsewhere.example", "/"),
            ("/\\elsewhere.example", "/"),
            ("https://elsewhere.example", "/"),
            ("/a\r\nSet-Cookie: x", "/"),
            ("/sign-in", "/"),
            ("/sign-out", "/"),
            ("/unlock?next=/x", "/"),
        ];
        for (next, place) in cases {
            assert_eq!(local(next), place, "{next:?}");
        }
    }
}
