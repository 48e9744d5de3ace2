//! What stands in a comment's block: its body, quotes of other posts, and chrome. Who and when: `comment_signatures`.

use std::sync::LazyLock;

use regex::Regex;

use crate::any_case::folded;
use crate::comment_signatures::{sign, signs, META_CHARS};
use crate::memo;
use crate::memo::NAMES;
use crate::platforms::{also, named};
use crate::py;
use crate::reply_words::refers;
use crate::rx;
use crate::types::{Family, Item};
use crate::visible_text::{is_heading, El, Page};

static BODY: LazyLock<Regex> = LazyLock::new(|| {
    let (copy, body, word) = (also("body copy"), also("body"), also("body word"));
    py::regex(
        &format!(
            concat!(
                r"(?:^|[\s_-])(?:(?:comments?|cmt|message|messages|post|reply|review|answer|cpost|",
                r"msg)[-_]?(?:text|txt|body|content|contents|message|entry|data{copy})|entry-content|",
                r"e-content{body})(?:$|[\s_-])|(?:^|\s)(?:content|text|body|message|description{word})(?:$|\s)|",
                r"__(?:text|body|message)(?:$|\s)",
            ),
            copy = copy,
            body = body,
            word = word
        )
        .to_lowercase(),
    )
});
static CHROME: LazyLock<Regex> = LazyLock::new(|| {
    py::regex(
        &format!(
            concat!(
                r"(?:^|[\s_-])(?:reply|replies|actions?|buttons?|btn|toolbar|controls?|avatar|author|vcard|",
                r"meta(?:data)?|votes?|voting|likes?|rating|signature|sig|user-?info|user-?details|profile|poster|",
                r"share|flag|report|permalink|footer|edit|moderation|tools|menu|count(?:er)?|date|time|badge|rank|",
                r"username|header|reactions?|karma|score|attribution|thumbs?|helpful|links{})(?:$|[\s_-])",
            ),
            also("chrome")
        )
        .to_lowercase(),
    )
});
/// What quotes' names have and a few others, and of these the quotes' alone.
static LIKE_QUOTE: LazyLock<Regex> = LazyLock::new(|| py::regex(&quote_pattern("")));
static QUOTE: LazyLock<fancy_regex::Regex> = LazyLock::new(|| {
    py::fancy(&quote_pattern(&format!(r"(?!\s{})", also("no quote").to_lowercase())))
});
static CHROME_ATTRIBUTES: LazyLock<Vec<&str>> = LazyLock::new(|| named("chrome attribute"));
/// What names the comment that is answered begins with, in an element that shows it.
static PARENT_PREVIEWS: LazyLock<Vec<&str>> = LazyLock::new(|| named("parent preview"));
/// What a review's title calls itself; shops let them have a hundred letters.
const LONGEST_TITLE: usize = 150;
/// What names the comment answered, at most.
const LONGEST_REFERENCE: usize = 200;

fn quote_pattern(unless: &str) -> String {
    let quote = also("quote").to_lowercase();
    format!(r"(?:^|[\s_-])(?:{unless}[^\W_]*quote|quote-?\w*|citation{quote})(?:$|[\s_-])")
}

fn is_body_prop(itemprop: &str) -> bool {
    matches!(itemprop, "text" | "commentText" | "reviewBody" | "articleBody" | "description")
}

/// What a quote of another post stands in; a button or a link that is named so offers to quote.
fn is_quote_tag(tag: &str) -> bool {
    matches!(tag, "blockquote" | "div" | "aside" | "table" | "fieldset" | "section" | "figure" | "dl")
}

pub(crate) fn is_body_name(name: &str) -> bool {
    !name.is_empty() && memo!(NAMES, name, str => bool, BODY.is_match(&folded(name)))
}

pub(crate) fn is_chrome_name(name: &str) -> bool {
    !name.is_empty() && memo!(NAMES, name, str => bool, CHROME.is_match(&folded(name)))
}

pub(crate) fn is_quote_name(name: &str) -> bool {
    !name.is_empty()
        && memo!(NAMES, name, str => bool, {
            let name = folded(name);
            LIKE_QUOTE.is_match(&name) && QUOTE.is_match(&name).unwrap_or(false)
        })
}

pub(crate) fn is_meta_name(name: &str) -> bool {
    !name.is_empty()
        && memo!(NAMES, name, str => bool, {
            rx!(r"meta|author|footer|header|avatar|vcard|action|user-?info|title|date").is_match(&folded(name))
        })
}

pub(crate) fn is_title_name(name: &str) -> bool {
    !name.is_empty() && rx!(r"(?:^|[\s_-])(?:title|headline|heading|subject)(?:$|\s)").is_match(&folded(name))
}

/// Finds body, author and date of an item.
pub fn fill(page: &Page<'_>, item: &mut Item) {
    let mut own = own(page, item);
    item.body = body(page, item, &own).into_iter().collect();
    let title = title(page, item, &own);
    if let Some(title) = title {
        own.retain(|&e| !page.e(title).has(e));
    }
    let in_body = item.body.first().map_or(0..0, |&b| page.inside(b));
    let outside = own.iter().copied().filter(|e| !in_body.contains(e)).collect();
    let outside = without_references(page, item, outside);
    let inside: Vec<El> = own.iter().copied().filter(|&e| in_body.contains(&e) && e != in_body.start).collect();
    sign(page, item, &own, &outside, &inside);
    if let Some(title) = title {
        item.body.insert(0, title);
    }
}

/// Elements that are in no 'in reply to …' and no preview of the comment answered: those name another's author.
fn without_references(page: &Page<'_>, item: &Item, elements: Vec<El>) -> Vec<El> {
    let previews = |e: El| page.e(e).attrs.iter().any(|(name, _)| PARENT_PREVIEWS.iter().any(|p| name.starts_with(p)));
    let says_whom = item.head_texts(page).any(|t| refers(page.t(t).value).is_some());
    let refers_to_other = |e: El| says_whom && page.chars(e) < LONGEST_REFERENCE && refers(&page.text(e)).is_some();
    // Where the last of those that began before ends: elements stand in document order, and inside one another.
    let mut until = 0;
    let is_free = |&e: &El| {
        if e >= until && (previews(e) || refers_to_other(e)) {
            until = page.e(e).end;
        }
        e >= until
    };
    elements.into_iter().filter(is_free).collect()
}

/// The comments inside an item's block, in document order.
fn inner_of(item: &Item) -> Vec<El> {
    let mut inner = item.inner.clone();
    inner.sort_unstable();
    inner
}

/// Elements with text in an item's block that stand in no comment inside it.
fn own(page: &Page<'_>, item: &Item) -> Vec<El> {
    let inner = inner_of(item);
    let mut next = inner.iter().copied().peekable();
    let mut own = Vec::new();
    let block = page.e(item.element);
    let mut at = block.index + 1;
    while at < block.end {
        let e = page.e(at);
        while next.next_if(|&n| n < at).is_some() {}
        if next.peek() == Some(&at) {
            at = e.end;
            continue;
        }
        if e.last > e.first {
            own.push(at);
        }
        at += 1;
    }
    own
}

/// The element with the words of a comment: by its name, the innermost that holds most of what such names hold.
fn body(page: &Page<'_>, item: &Item, own: &[El]) -> Option<El> {
    let inner = inner_of(item);
    let holds_inner = |e: El| {
        let after = inner.partition_point(|&n| n <= e);
        inner.get(after).is_some_and(|&n| n < page.e(e).end)
    };
    let chosen = |is_named: &dyn Fn(El) -> bool| -> Vec<El> {
        own.iter().copied().filter(|&e| is_named(e) && !holds_inner(e)).collect()
    };
    let mut named = chosen(&|e| is_body_name(page.e(e).name) || is_body_prop(page.get(e, "itemprop")));
    if named.is_empty() {
        named = chosen(&|e| page.e(e).tag == "div" && page.get(e, "class") == "comment");
    }
    let in_quote = |e: El| {
        let block = page.e(item.element);
        std::iter::once(e)
            .chain(page.ancestors(e).take(3))
            .any(|a| block.has(a) && is_quote_name(page.e(a).name))
    };
    named.retain(|&e| !is_meta(page, e) && !in_quote(e));
    let size = |e: El| page.chars(e) as i64 - (page.link_chars(e) / 2) as i64;
    let mut best = named.iter().copied().min_by_key(|&e| (-size(e), e))?;
    let mut rest = None;
    for e in named {
        if e == best || !page.e(best).has(e) {
            continue;
        }
        // What is taken for the body later stands in what was before, so one look is enough.
        let mut beside = || rest.get_or_insert_with(|| Chrome::new(page, best)).left(best, e);
        if page.chars(e) as f64 >= 0.6 * page.chars(best) as f64 || beside() < META_CHARS {
            best = e;
        }
    }
    Some(best)
}

/// A review's title, which stands before its body.
fn title(page: &Page<'_>, item: &Item, own: &[El]) -> Option<El> {
    if item.family != Family::Review {
        return None;
    }
    let start = page.e(*item.body.first()?).first;
    own.iter().copied().find(|&e| {
        page.e(e).last <= start && page.chars(e) <= LONGEST_TITLE && is_title_name(page.e(e).name)
    })
}

/// How many characters of the elements in one are headings' and chrome's.
struct Chrome<'a, 'p> {
    page: &'a Page<'p>,
    outer: El,
    /// Of each element those of what stands in it, and the same where it is a heading or chrome itself: all of its own.
    inside: Vec<usize>,
    whole: Vec<usize>,
}

impl<'a, 'p> Chrome<'a, 'p> {
    fn new(page: &'a Page<'p>, outer: El) -> Self {
        let elements = page.inside(outer);
        let (mut inside, mut whole) = (vec![0; elements.len()], vec![0; elements.len()]);
        for n in elements.rev() {
            let e = page.e(n);
            let is_chrome = || is_heading(e.tag) || is_meta(page, n) || is_chrome_name(e.name);
            let at = n - outer;
            whole[at] = if e.last > e.first && is_chrome() { page.chars(n) } else { inside[at] };
            if let Some(up) = e.parent.filter(|_| n > outer) {
                inside[up - outer] += whole[at];
            }
        }
        Chrome { page, outer, inside, whole }
    }

    /// Characters in an element that stand neither in an inner one nor in headings or chrome beside that.
    fn left(&self, around: El, inner: El) -> usize {
        let mut rest = self.page.chars(around) - self.page.chars(inner);
        let mut branch = inner;
        while let Some(up) = self.page.e(branch).parent.filter(|_| branch > around) {
            rest -= self.inside[up - self.outer] - self.whole[branch - self.outer];
            branch = up;
        }
        rest
    }
}

/// Whether an element is a comment's meta line, or a part of it.
fn is_meta(page: &Page<'_>, e: El) -> bool {
    let e = page.e(e);
    matches!(e.tag, "time" | "cite" | "footer" | "header" | "button") || is_meta_name(e.name)
}

/// Boxes in a post's body that quote another post, without those inside them.
pub fn quotes_in(page: &Page<'_>, item: &Item) -> Vec<El> {
    let mut found: Vec<El> = Vec::new();
    for &body in &item.body {
        for n in page.inside(body).skip(1) {
            let e = page.e(n);
            if e.last == e.first || !is_quote_tag(e.tag) || found.last().is_some_and(|&f| page.e(f).has(n)) {
                continue;
            }
            if is_quote_name(e.name) || (e.tag == "blockquote" && item.family == Family::Post) {
                found.push(n);
            }
        }
    }
    found
}

/// Blocks in a comment that are none of its text: panes, buttons, quotes' heads, its meta line, a note of who edited it,
/// the links between a name and a time that sign it.
pub fn chrome_in(page: &Page<'_>, item: &Item) -> Vec<El> {
    let signed = signature(page, item);
    let line = item.author.filter(|&author| signs(page, item, author)).and_then(|author| page.e(author).parent);
    let mut own = own(page, item);
    own.retain(|&n| {
        let e = page.e(n);
        is_chrome_name(e.name)
            || matches!(e.tag, "button" | "form" | "footer" | "header" | "cite" | "time" | "select")
            || e.attrs.iter().any(|(name, _)| CHROME_ATTRIBUTES.contains(name))
            || (e.tag == "a" && signed.contains(&e.first))
            || line == Some(n)
    });
    own
}

/// The texts between author and date where both stand at the end of the comment's own text.
fn signature(page: &Page<'_>, item: &Item) -> std::ops::Range<usize> {
    let end = item.date.map(|d| page.e(d).first).or(item.date_text);
    match (item.author, end) {
        (Some(author), Some(end)) if item.body.contains(&item.element) => page.e(author).last..end,
        _ => 0..0,
    }
}
