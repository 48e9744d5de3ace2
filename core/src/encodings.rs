//! Whether bytes are a page's text in UTF-8, whatever encoding is declared; else the host decodes them
//! (`shared/markup/decoding.py`, whose rules these are).

use memchr::{memchr, memmem};

const MARK: &[u8] = b"\xef\xbb\xbf";
/// Bytes beyond the first of a character that text in an encoding of pairs may have by chance.
const BY_CHANCE: usize = 4;

/// The text, where it needs no decoding.
pub fn as_it_is(body: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(body).ok()?;
    let beyond = body.iter().filter(|&&byte| byte & 0xc0 == 0x80).count();
    let is_plain = if beyond == 0 {
        // Encodings in seven bits have escapes.
        memchr(0x1b, body).is_none() && memmem::find(body, b"~{").is_none()
    } else {
        beyond > BY_CHANCE
    };
    (is_plain && !body.starts_with(MARK) && memchr(0, body).is_none()).then_some(text)
}
