//! How comments, answers, reviews and forum posts name themselves: by class, by id, by schema.org type.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::LazyLock;

use regex::Regex;

use crate::memo;
use crate::memo::{NAMES, WORDS};
use crate::platforms::{self, also};
use crate::py;
use crate::rx;
use crate::types::Family;
use crate::visible_text::{El, Element, Page};

/// A family, and the token that says so.
pub type Named = (Family, Rc<str>);

const WRAP: &str = "(?:[-_]*(?:item|entry|wrap(?:per)?|container|box|block|single|node|row|list-?item|card|outer|inner|\
                    main|body|root|full|content|view|article|li))";
/// Class tokens that name one comment. `post` and `message` also name other things, so they must be repeated.
static TOKENS: LazyLock<[(Family, Regex); 4]> = LazyLock::new(|| {
    let (review, post, comment) = (also("review"), also("post"), also("comment"));
    [
        (
            Family::Comment,
            py::regex(&format!(
                concat!(
                    r"^(?:[\w-]*[-_])?(?:comments?|comm|cmt|cmnt|kommentar|comentario|commentaire|commento|",
                    r"komentarz|yorum|reactie){WRAP}?$|^(?:singlecomment|usercomment|h-cite{comment})$",
                ),
                WRAP = WRAP,
                comment = comment
            )),
        ),
        (Family::Answer, py::regex(&format!(r"^(?:[\w-]*[-_])?answers?{WRAP}?$|^suggested-?answer$"))),
        (Family::Review, py::regex(&format!(r"^(?:(?:[\w-]*[-_])?(?:reviews?){WRAP}?{review})$"))),
        (
            Family::Post,
            py::regex(&format!(
                r"^(?:(?:[\w-]*[-_])?(?:posts?|messages?|msg|repl(?:y|ies)){WRAP}?|forumpost|threadpost{post})$"
            )),
        ),
    ]
});
/// What an id has before its number.
static IDS: LazyLock<[(Family, Regex); 4]> = LazyLock::new(|| {
    let (comment, post) = (also("comment id"), also("post id"));
    [
        (Family::Comment, py::regex(&format!("^(?:comment|cmt|comm|kommentar{comment})[-_]?$"))),
        (Family::Answer, py::regex("^answer[-_]?$")),
        (Family::Review, py::regex("^review[-_]?$")),
        (Family::Post, py::regex(&format!("^(?:post|msg|message|reply|forum_post{post})[-_]?$"))),
    ]
});
/// Digits that a comment's or post's number has at most.
const LONGEST_NUMBER: usize = 12;
/// Classes of one element that are looked at.
const MOST_TOKENS: usize = 12;

fn is_item_tag(tag: &str) -> bool {
    matches!(tag, "li" | "div" | "article" | "section" | "tr" | "tbody" | "table" | "dl" | "dd" | "details")
}

/// Whether names have what every token that the patterns match has in it, the platforms' too: passes over nine of ten.
fn has_stem(names: &str) -> bool {
    let bytes = names.as_bytes();
    let at = |n: usize| bytes.get(n).map_or(0, u8::to_ascii_lowercase);
    let goes_on = |n: usize, rest: &[u8]| bytes.get(n..n + rest.len()).is_some_and(|b| b.eq_ignore_ascii_case(rest));
    (0..bytes.len()).any(|n| match at(n) {
        b'a' => goes_on(n, b"answer"),
        b'b' => goes_on(n, b"bv-"),
        b'c' => match at(n + 1) {
            b'o' => at(n + 2) == b'm' && matches!(at(n + 3), b'm' | b't'),
            b'm' => at(n + 2) == b't' || goes_on(n + 2, b"nt"),
            _ => false,
        },
        b'd' => goes_on(n, b"discussion"),
        b'h' => goes_on(n, b"h-cite"),
        b'j' => goes_on(n, b"jdgm"),
        b'k' => goes_on(n, b"kom"),
        b'l' => goes_on(n, b"leaf"),
        b'm' => match at(n + 1) {
            b'e' => goes_on(n + 2, b"ssag"),
            b's' => at(n + 2) == b'g',
            _ => false,
        },
        b'p' => goes_on(n, b"post"),
        b'r' => at(n + 1) == b'e' && (goes_on(n, b"repl") || goes_on(n, b"review") || goes_on(n, b"reactie")),
        b'w' => goes_on(n, b"window"),
        b'y' => goes_on(n, b"yorum"),
        _ => false,
    })
}

/// Whether a token that the patterns match never is one comment.
fn is_no_item(token: &str) -> bool {
    rx!(concat!(
        r"form|respond|replies|reply-?box|thread|holder|recent|latest|list$|^comments$|count|link|",
        r"^no-?comments|header|title|toggle|author|meta|avatar|button|",
        r"^post-?(?:content|body|entry|box|inner|main|view)$|^article|^(?:blog-?)?posts?-?(?:list|container|",
        r"wrapper|block|row|item|card)?$|",
        r"^live-|ticker|related|popular|featured|share|area|section|sidebar|widget|nav|footer|summary|rating|",
        r"date|hide|show|user"
    ))
    .is_match(token)
}

/// What posts on Flarum's page for readers without scripts are known by.
const FLARUM: &str = "post-body";
/// A class that names a post on a board and an article on a blog.
const BARE_POST: &str = "post";

/// Whether a group of this name is Flarum's.
pub fn is_flarum(family: Family, token: &str) -> bool {
    family == Family::Post && token == FLARUM
}

/// What an element's own names make it, each with the token that says so: its class or id, and its schema.org type.
pub fn families(page: &Page<'_>, e: El) -> Vec<Named> {
    let e = page.e(e);
    let mut found = Vec::new();
    if !is_item_tag(e.tag) {
        // A custom element's tag is its name, as on new Reddit.
        if e.tag.contains('-') && platforms::are_known() {
            found.extend(family_of_token(e.tag).map(|family| (family, Rc::from(e.tag))));
        }
        return found;
    }
    if e.attrs.is_empty() {
        // Flarum's page for readers without scripts: its posts are known by what they hold alone.
        let is_flarum = || e.children.iter().any(|&c| page.get(c, "class").contains("Post-body"));
        if e.tag == "article" && platforms::are_known() && is_flarum() {
            found.push((Family::Post, Rc::from(FLARUM)));
        }
        return found;
    }
    if !e.name.is_empty() {
        found.extend(by_name(e));
    }
    if let Some(kind) = e.attr("itemtype") {
        // The types' names have capitals, and some sites none.
        let family = match &*py::lower(kind.rsplit('/').next().unwrap_or("")) {
            "comment" | "usercomments" => Some(Family::Comment),
            "answer" => Some(Family::Answer),
            "review" => Some(Family::Review),
            _ => None,
        };
        found.extend(family.map(|family| (family, Rc::from("schema"))));
    }
    found
}

fn family_of_token(token: &str) -> Option<Family> {
    if !has_stem(token) {
        return None;
    }
    memo!(WORDS, token, str => Option<Family>, {
        if is_no_item(token) {
            None
        } else {
            TOKENS.iter().find(|(_, pattern)| pattern.is_match(token)).map(|&(family, _)| family)
        }
    })
}

/// The class, of those given, that names the block of a post's own words: `post-body`, `msg_text`, `postText`.
pub fn body_token(names: &str) -> Option<Rc<str>> {
    let has_any = names.as_bytes().windows(4).any(|part| {
        matches!(part[0] | 0x20, b'b' | b't')
            && (part.eq_ignore_ascii_case(b"body") || part.eq_ignore_ascii_case(b"text"))
    });
    if !has_any {
        return None;
    }
    let names = py::lower(names);
    let token = py::words(&names).find(|token| is_body(token)).map(Rc::from);
    token
}

/// Not `post-content`, which is an article on as many sites.
fn is_body(token: &str) -> bool {
    let token = token.strip_prefix("forum").map_or(token, |rest| rest.strip_prefix('-').unwrap_or(rest));
    let Some(whose) = token.strip_suffix("body").or_else(|| token.strip_suffix("text")) else { return false };
    let whose = whose.strip_suffix(['-', '_']).unwrap_or(whose);
    matches!(whose, "post" | "msg" | "message" | "reply" | "comment")
}

fn by_name(e: &Element<'_>) -> Option<Named> {
    let by_class = e.attr("class").filter(|classes| !classes.is_empty()).and_then(by_class);
    if by_class.as_ref().is_some_and(|(family, token)| *family != Family::Post || &**token != BARE_POST) {
        return by_class;
    }
    e.attr("id").and_then(by_id).or(by_class)
}

/// Boards number several blocks of each post: `post12` around `edit12` around `post_message_12`.
fn by_id(ident: &str) -> Option<Named> {
    let before = ident.trim_end_matches(py::is_decimal);
    if before.len() == ident.len() {
        return None;
    }
    let family = memo!(NAMES, before, str => Option<Family>, {
        let before = py::lower(before);
        IDS.iter().find(|(_, pattern)| pattern.is_match(&before)).map(|&(family, _)| family)
    })?;
    if matches!(family, Family::Comment | Family::Post) && py::len(&ident[before.len()..]) > LONGEST_NUMBER {
        return None;
    }
    let stem = py::lower(ident);
    Some((family, format!("#{}", stem.trim_end_matches(|c: char| c.is_ascii_digit())).into()))
}

pub(crate) fn by_class(names: &str) -> Option<Named> {
    // Of letters beyond ASCII some become ASCII's.
    if !(if names.is_ascii() { has_stem(names) } else { has_stem(&py::lower(names)) }) {
        return None;
    }
    memo!(NAMES, names, str => Option<Named>, {
        let names = without_hashes(names);
        let names = py::lower(&names);
        let tokens = || py::words(&names);
        // Old Reddit's.
        if platforms::are_known() && tokens().any(|t| t == "thing") && tokens().any(|t| t == "comment") {
            return Some((Family::Comment, Rc::from("thing")));
        }
        let named = tokens().take(MOST_TOKENS).filter_map(|t| family_of_token(t).map(|family| (family, t)));
        match named.min_by_key(|&(family, _)| family) {
            Some((family, token)) => Some((family, Rc::from(token))),
            None => tokens().any(|t| t == BARE_POST).then(|| (Family::Post, Rc::from(BARE_POST))),
        }
    })
}

/// Names without what CSS modules end them with: `Comment_comment__aB3dE`. An element's name in BEM is small letters.
fn without_hashes(names: &str) -> Cow<'_, str> {
    if !names.contains("__") {
        return Cow::Borrowed(names);
    }
    let mut out = String::with_capacity(names.len());
    let mut done = 0;
    let mut at = 0;
    while let Some(found) = names[at..].find("__") {
        let begin = at + found;
        match hash_end(names, begin + 2) {
            Some(end) => {
                out.push_str(&names[done..begin]);
                (done, at) = (end, end);
            }
            None => at = begin + 1,
        }
    }
    out.push_str(&names[done..]);
    Cow::Owned(out)
}

/// Where a hash ends that begins there: five characters, a capital or digit among them, and no more.
fn hash_end(names: &str, begin: usize) -> Option<usize> {
    let mut mixed = false;
    let mut rest = names[begin..].chars();
    for _ in 0..5 {
        let c = rest.next()?;
        mixed |= c.is_ascii_uppercase() || py::is_decimal(c);
        if c != '-' && c != '_' && !py::is_alnum(c) {
            return None;
        }
    }
    let end = names.len() - rest.as_str().len();
    (mixed && rest.next().is_none_or(py::is_space)).then_some(end)
}
