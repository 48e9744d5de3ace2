//! Who wrote the article, by what the page's head says: JSON-LD, microdata, meta elements.

use std::borrow::Cow;

use crate::hash::Set;

use crate::bylines::{is_admin, is_login, names_in, only_by, without_by};
use crate::head::Head;
use crate::json::Value;
use crate::json_ld::{self, ById, Item};
use crate::py;
use crate::source::is_site;
use crate::types::Source;

/// Names of meta elements, the more telling first.
const AUTHOR: [&str; 7] = [
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
];
/// Ends of others that name an author: 'cXenseParse:author', 'article.authors', 'byl'; 'twitter:creator' is an account.
const ANY_AUTHOR: [&str; 8] =
    ["author", "authors", "authorname", "author_name", "author-name", "byl", "byline", "dc.creator"];
const LAST_FIRST: [&str; 3] = ["citation_author", "dc.creator", "dcterms.creator"];
/// What generators and themes write where a person's name belongs.
const PLACEHOLDERS: [&str; 14] = [
    "author",
    "authors",
    "editor",
    "editors",
    "staff",
    "unknown",
    "anonymous",
    "none",
    "null",
    "undefined",
    "default",
    "name",
    "autor",
    "redaktion",
];
/// Names of one claim, and characters of a name.
const MOST: usize = 20;
const LONGEST: usize = 200;
/// Characters of a tag in a name.
const LONGEST_TAG: usize = 200;

/// What the page's head holds, as far as authors are named by it.
pub struct Said<'a, 'p> {
    pub head: &'a Head<'p>,
    pub items: &'a [Item<'a>],
    /// The page's article.
    pub main: Item<'a>,
    pub by_id: &'a ById<'a>,
    /// The authors that microdata names.
    pub micro: &'a [String],
    pub site: Option<&'a str>,
    pub url: &'a str,
}

/// Names from one source.
#[derive(Debug)]
pub struct AuthorClaim {
    pub source: Source,
    pub names: Vec<String>,
    /// The names are the site's own, an organisation's, or what somebody signs in with: a visible byline is better.
    pub weak: bool,
}

/// The first claim that names people; else the first that names but the site or a login.
pub fn best_claim(said: &Said<'_, '_>) -> Option<AuthorClaim> {
    let ends = ends(said.head.title.as_deref().unwrap_or(""));
    let mut weak = None;
    let found = raw(said, &mut |source, values, organisation| {
        let claim = claim(said, &ends, source, values, organisation)?;
        if claim.weak {
            weak.get_or_insert(claim);
            return None;
        }
        Some(claim)
    });
    found.or(weak)
}

fn claim(
    said: &Said<'_, '_>,
    ends: &[&str],
    source: Source,
    values: Vec<Cow<'_, str>>,
    organisation: bool,
) -> Option<AuthorClaim> {
    let bare = values.iter().map(|value| without_tags(value));
    let own: Vec<String> = bare.map(|value| py::strip(&value).to_owned()).filter(|name| !is_nothing(name)).collect();
    let mut people = Vec::new();
    if !organisation {
        people.extend(own.iter().flat_map(|value| people_in(value, said.site, said.url)));
    }
    if !people.is_empty() {
        let weak = people.iter().all(|name| is_login(name) || ends.iter().any(|end| end.contains(&**name)));
        return Some(AuthorClaim { source, names: once(people), weak });
    }
    (!own.is_empty()).then(|| AuthorClaim { source, names: once(own), weak: true })
}

fn once(names: Vec<String>) -> Vec<String> {
    let mut seen = Set::default();
    names.into_iter().filter(|name| seen.insert(name.clone())).take(MOST).collect()
}

/// The first and the last part of a document's title: one of them is the site's name.
fn ends(document_title: &str) -> Vec<&str> {
    let is_mark = |c| "|–—·•»:-".contains(c);
    let mut parts = split_spaced(document_title, is_mark, usize::MAX).filter(|part| !part.is_empty());
    match (parts.next(), parts.last()) {
        (Some(first), Some(last)) => vec![first, last],
        _ => Vec::new(),
    }
}

/// The parts of a text between marks that stand between white space, at most so many in a row.
fn split_spaced(text: &str, is_mark: impl Fn(char) -> bool, most: usize) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let whole = rest?;
        let mut at = 0;
        while let Some(n) = whole[at..].find(py::is_space) {
            let begin = at + n;
            let marked = whole[begin..].trim_start_matches(py::is_space);
            let mut after = marked;
            for _ in 0..most {
                match after.chars().next().filter(|&c| is_mark(c)) {
                    Some(c) => after = &after[c.len_utf8()..],
                    None => break,
                }
            }
            let next = after.trim_start_matches(py::is_space);
            if after.len() < marked.len() && next.len() < after.len() {
                rest = Some(next);
                return Some(&whole[..begin]);
            }
            at = whole.len() - marked.len();
        }
        rest = None;
        Some(whole)
    })
}

/// Asks of each claim in the order of trust (its source, its values, whether they name an organisation), until one is
/// taken.
fn raw<'a>(
    said: &Said<'a, '_>,
    take: &mut dyn FnMut(Source, Vec<Cow<'a, str>>, bool) -> Option<AuthorClaim>,
) -> Option<AuthorClaim> {
    let by_id = said.by_id;
    let pages = said.items.iter().copied().filter(|item| json_ld::has_type(*item, "WebPage"));
    for item in std::iter::once(said.main).chain(pages) {
        let (author, creator) = (item.get("author"), item.get("creator"));
        let authors = json_ld::names_of(author, by_id);
        let creators = json_ld::names_of(creator, by_id);
        // A creator's list that has the author in it is the whole of them.
        let names = if authors.is_empty() || is_less(&authors, &creators) { creators } else { authors };
        let names = if names.is_empty() { json_ld::names_of(item.get("contributor"), by_id) } else { names };
        let organisation = is_organisation(author.or(creator), by_id);
        if let Some(found) = take(Source::JsonLd, names, organisation) {
            return Some(found);
        }
    }
    let borrowed = |values: &[&'a str]| values.iter().map(|value| Cow::Borrowed(*value)).collect::<Vec<_>>();
    let micro = said.micro.iter().map(|name| Cow::Borrowed(&**name)).collect();
    if let Some(found) = take(Source::Microdata, micro, false) {
        return Some(found);
    }
    for name in AUTHOR {
        // Several elements of one name are several authors.
        let mut values = borrowed(said.head.all(name));
        if LAST_FIRST.contains(&name) {
            values = values.into_iter().map(first_last).collect();
        }
        let source = if name.starts_with("article:") { Source::OpenGraph } else { Source::Markup };
        if let Some(found) = take(source, values, false) {
            return Some(found);
        }
    }
    for (name, values) in &said.head.metas {
        if names_an_author(name) && !AUTHOR.contains(&&**name) && (!name.starts_with("itemprop:") || values.len() == 1)
        {
            if let Some(found) = take(Source::Markup, borrowed(values), false) {
                return Some(found);
            }
        }
    }
    for (label, value) in [("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")] {
        // 'Written by', in the reader's language, and who.
        let (Some(label), Some(value)) = (said.head.meta(&[label]), said.head.meta(&[value])) else { continue };
        if only_by(label).is_some() {
            if let Some(found) = take(Source::Markup, vec![Cow::Borrowed(value)], false) {
                return Some(found);
            }
        }
    }
    let persons = said.items.iter().copied().filter(|item| json_ld::has_type(*item, "Person"));
    let people: Set<_> = persons.flat_map(|item| json_ld::names_of(Value::Object(item), by_id)).collect();
    if people.len() == 1 {
        return take(Source::JsonLd, people.into_iter().collect(), true);
    }
    None
}

/// Whether all of some names are among others, which are more.
fn is_less(some: &[Cow<'_, str>], others: &[Cow<'_, str>]) -> bool {
    some.iter().all(|name| others.contains(name)) && others.iter().any(|name| !some.contains(name))
}

fn names_an_author(name: &str) -> bool {
    let ends_so = |end: &&str| {
        name.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with(['.', ':', '_', '-']))
    };
    ANY_AUTHOR.iter().any(ends_so)
}

fn is_organisation<'a>(value: Value<'a>, by_id: &ById<'a>) -> bool {
    let mut objects = value.listed().iter().filter_map(|one| one.object()).peekable();
    objects.peek().is_some()
        && objects.all(|object| {
            let target = json_ld::target(object, by_id);
            let named = |name: &str| {
                name == "Brand"
                    || ["Organization", "Organisation", "Corporation", "WebSite"].iter().any(|one| name.contains(one))
            };
            json_ld::types_of(target).any(named) && !json_ld::has_type(target, "Person")
        })
}

/// Whether a value is an address, an account, a number, a template's hole or a placeholder.
fn is_nothing(name: &str) -> bool {
    let size = py::len(name);
    if !(2..=LONGEST).contains(&size) || !name.starts_with(py::is_alnum) || !name.contains(py::is_alpha) {
        return true;
    }
    if name.contains("://") || name.contains('@') || name.matches('.').count() > 1 + name.matches(' ').count() {
        return true;
    }
    is_admin(name) || PLACEHOLDERS.contains(&&*py::lower(name))
}

/// The names in one value that are not the site's: 'The Quay - Jane Roe', 'Von Jane Roe', 'Jane Roe, The Quay'.
fn people_in(value: &str, site: Option<&str>, url: &str) -> Vec<String> {
    let mut parts = split_spaced(value, |c| "-–—|".contains(c), 1);
    let part = parts.find(|part| !part.is_empty() && !is_site(part, site, url)).unwrap_or("");
    let mut names = names_in(part);
    names.retain(|name| !is_site(name, site, url) && !is_nothing(name));
    // 'Center for Ferry Evaluation and Research' is one: more is left out of it than a word for 'and'.
    let bare = without_by(part);
    let kept: usize = names.iter().map(|name| py::words(name).count()).sum();
    if !names.is_empty() && !bare.contains(',') && py::words(bare).count() > kept + names.len() {
        return vec![bare.to_owned()];
    }
    names
}

/// 'Roe, Jane' as it is said.
fn first_last(name: Cow<'_, str>) -> Cow<'_, str> {
    let Some((last, first)) = name.split_once(',') else { return name };
    let said = py::strip(first);
    if first.contains(',') || said.is_empty() {
        return name;
    }
    Cow::Owned(format!("{said} {}", py::strip(last)))
}

/// A text without tags.
fn without_tags(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut done = 0;
    while let Some(begin) = text[done..].find('<').map(|n| done + n) {
        // The first '<' from here that has its '>' near enough.
        let tag = text[begin..].match_indices('<').find_map(|(n, _)| {
            let inner = &text[begin + n + 1..];
            // A character has four bytes at most.
            let near = &inner.as_bytes()[..inner.len().min(4 * LONGEST_TAG + 1)];
            let size = memchr::memchr(b'>', near).filter(|&size| py::len(&inner[..size]) <= LONGEST_TAG)?;
            Some((begin + n, begin + n + 1 + size + 1))
        });
        let Some((from, to)) = tag else { break };
        out.push_str(&text[done..from]);
        done = to;
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}
