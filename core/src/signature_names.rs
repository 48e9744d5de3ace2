//! How what says who wrote a comment, or when, names itself, and what a name may be.

use std::sync::LazyLock;

use regex::Regex;

use crate::any_case::{after, first_word, folded};
use crate::comment_times::says_when;
use crate::memo;
use crate::memo::NAMES;
use crate::platforms::{also, named};
use crate::py;
use crate::rx;

// Names are looked at in small letters, and so are the patterns for them.
static AUTHOR: LazyLock<Regex> = LazyLock::new(|| {
    py::regex(&format!(
        concat!(
            r"(?:^|[\s_-])(?:fn|author|authors|username|user-?name|userlink|user|nick|nickname|poster|creator|",
            r"commenter|display-?name|autor|auteur|autore|pseudo|member|name|profile-?link|screen-?name|",
            r"benutzer(?:name)?|nutzername|verfasser|utilisateur|usuario|utente|gebruiker|uzytkownik|owner|byline|",
            r"by{})(?:$|[\s_-])",
        ),
        also("author").to_lowercase()
    ))
});
static SURE_AUTHORS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let mut sure = vec!["fn", "username"];
    sure.extend(named("sure author"));
    sure
});
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    py::regex(&format!(
        concat!(
            r"(?:^|[\s_-])(?:date|time|datetime|date-?time|published|posted|posted-?on|post-?date|postdate|",
            r"timestamp|created|ago|when|meta|permalink|datum|fecha{})(?:$|[\s_-])",
        ),
        also("date").to_lowercase()
    ))
});

/// What a button or a thread's heading says, where an author's name is looked for.
pub(crate) fn is_label(text: &str) -> bool {
    text.len() <= 24
        && matches!(
            &*py::lower(text),
            "reply" | "replies" | "répondre" | "antworten" | "antwort" | "responder" | "rispondi" | "odpowiedz"
                | "ответить" | "comment" | "comments" | "kommentar" | "kommentare" | "commentaire" | "commentaires"
                | "comentario" | "comentarios" | "commenti" | "komentarz" | "komentarze" | "reacties" | "share"
                | "report" | "quote"
        )
}

/// Whether a text begins with a button's word, in any of its forms: 'Reply', 'edited', 'Sharing'; '#', 're:'.
fn is_no_name(text: &str) -> bool {
    if text.starts_with('#') || after(text, "re:").is_some() {
        return true;
    }
    let Some((word, size)) = first_word::<12>(text) else { return false };
    let word = &word[..size];
    let is_stem = |stem: &[u8]| {
        matches!(
            stem,
            b"repl" | b"reply" | b"replie" | b"edit" | b"share" | b"report" | b"quote" | b"link" | b"like"
                | b"permalink" | b"delete" | b"more" | b"read" | b"show" | b"hide" | b"post" | b"comment"
                | b"antworten"
        )
    };
    is_stem(word) || [&b"ed"[..], b"d", b"s", b"ing"].iter().any(|end| word.strip_suffix(*end).is_some_and(is_stem))
}

/// Whether a short text is no date, button or heading.
pub fn may_be_name(text: &str) -> bool {
    text.chars().next().is_some_and(py::is_alpha) && !says_when(text) && !is_no_name(text) && !is_label(text)
}

pub(crate) fn speaks_of_author(name: &str) -> bool {
    memo!(NAMES, name, str => bool, AUTHOR.is_match(&folded(name)))
}

/// A name with a hyphen where 'listAuthor' is two words.
fn parted(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let bytes = name.as_bytes();
    let mut done = 0;
    for at in 1..bytes.len().saturating_sub(1) {
        if bytes[at - 1].is_ascii_lowercase() && bytes[at].is_ascii_uppercase() && bytes[at + 1].is_ascii_lowercase() {
            out.push_str(&name[done..at]);
            out.push('-');
            done = at;
        }
    }
    out.push_str(&name[done..]);
    out
}

pub(crate) fn is_author_name(name: &str) -> bool {
    memo!(NAMES, name, str => bool, {
        let name = parted(name).to_lowercase();
        AUTHOR.is_match(&folded(&name))
            && !rx!("meta|date|time|avatar|reply|title|role|rank|badge|action").is_match(&name)
    })
}

/// Whether a class is one that only authors have, whole or as a block's part: `username`, `author__username`.
pub(crate) fn is_sure_name(name: &str) -> bool {
    memo!(NAMES, name, str => bool, {
        let name = py::lower(name);
        let is_sure = |token: &str| {
            let last = token.rfind("__").map_or(token, |at| &token[at + 2..]);
            SURE_AUTHORS.contains(&last)
        };
        let sure = py::words(&name).any(is_sure);
        sure
    })
}

pub(crate) fn is_date_name(name: &str) -> bool {
    memo!(NAMES, name, str => bool, DATE.is_match(&folded(&parted(name))))
}

/// Where a post says whose it is, with the day that they joined.
pub(crate) fn is_poster_name(name: &str) -> bool {
    rx!(r"profile|user-?info|author[-_]?info|joined|register").is_match(&folded(name))
}
