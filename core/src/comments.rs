//! Comment records from their parts: author, date, place in the thread.

use crate::hash::Map;

use crate::any_case;
use crate::any_case::folded;
use crate::bylines::without_by;
use crate::clean_html::clean_html;
use crate::comment_signatures::{may_be_name, names_author};
use crate::comment_status::status_of;
use crate::dates::parse_date;
use crate::ids::RecordIds;
use crate::memo::NAMES;
use crate::parts::{date_of, language_of, PartTexts};
use crate::platforms::{also, named};
use crate::types::{Comment, Context, PartId, Role};
use crate::urls::join;
use crate::visible_text::{El, Page};
use crate::{memo, py, rx};

/// A comment's language shows in its first words; a call costs 10 us a hundred characters.
const LANGUAGE_SAMPLE: usize = 200;
const LONGEST_SIGNED: usize = 100;
/// Texts of a comment among whose links its author's address is looked for.
const FIRST: usize = 60;
/// What is left out at the ends of a name.
const AROUND_NAMES: &str = " ,:;|·•–—";

/// The comments in document order, and the record id of each part.
pub fn build_comments(
    parts: &[PartTexts<'_, '_>],
    ids: &mut RecordIds,
    context: &Context,
) -> (Vec<Comment>, Map<PartId, String>) {
    let mut comments: Vec<Comment> = Vec::with_capacity(parts.len());
    // Of each part its comment's place among all, and how many answers each comment has; None has those at the top.
    let mut places: Map<PartId, usize> = Map::default();
    let mut answers: Map<Option<usize>, usize> = Map::default();
    for texts in parts {
        let above = texts.part.parent.and_then(|parent| places.get(&parent).copied());
        let count = answers.entry(above).or_insert(0);
        *count += 1;
        let above = above.map(|above| &comments[above]);
        let position = match above {
            Some(above) => format!("{}.{count}", above.position),
            None => count.to_string(),
        };
        let comment = build(texts, above.map(|above| above.id.clone()), position, ids, context);
        places.insert(texts.id, comments.len());
        comments.push(comment);
    }
    let records = places.into_iter().map(|(part, place)| (part, comments[place].id.clone())).collect();
    (comments, records)
}

fn build(
    texts: &PartTexts<'_, '_>,
    parent: Option<String>,
    position: String,
    ids: &mut RecordIds,
    context: &Context,
) -> Comment {
    let page = &texts.page.visible;
    let mut body = texts.text(&[Role::Body, Role::Caption]);
    body.truncate(without_brackets(&body).len());
    let mut author = texts.line(&[Role::Byline]).and_then(|line| name_in(&line));
    let language = language_of(py::head(&body, LANGUAGE_SAMPLE), context.language.as_deref());
    let said = [&context.language, &language];
    let languages: Vec<&str> = said.into_iter().flatten().map(String::as_str).filter(|x| !x.is_empty()).collect();
    let base = Some(context.fetched_at);
    let (mut published_at, mut published_raw) = date_of(texts, &languages, base);
    if author.is_none() {
        let line = published_raw.as_deref().unwrap_or("");
        if let Some((name, when)) = signed(texts, line, &languages) {
            published_at = parse_date(&when, &languages, base).or(published_at);
            (author, published_raw) = (Some(name), Some(when));
        }
    }
    let shown = texts.texts(&[Role::Body, Role::Caption, Role::Quote]);
    let quotes = texts.text(&[Role::Quote]);
    let chrome = texts.elements(&[Role::Chrome]);
    let block = texts.part.element;
    let blocks = std::iter::once(block).chain(texts.elements(&[Role::Body]));
    Comment {
        id: ids.comment(native(page, block), parent.as_deref(), author.as_deref(), &body),
        page_id: context.page_id.clone(),
        paths: texts.paths.clone(),
        provenance: texts.provenance(),
        parent_id: parent,
        depth: position.matches('.').count(),
        position,
        author_url: link(page, &texts.elements(&[Role::Byline]), &context.url)
            .or_else(|| link_of(page, author.as_deref()?, &chrome, &context.url)),
        author,
        published_at,
        published_raw,
        edited_at: None,
        html: clean_html(page, block, &shown, &context.url),
        quotes: if quotes.is_empty() { Vec::new() } else { vec![quotes] },
        language,
        permalink: permalink(texts, &chrome, &context.url),
        votes: votes(page, &chrome),
        status: status_of(&body, blocks.map(|e| page.e(e).name)),
        text: body,
    }
}

/// A text without the empty brackets at its end: what is left of a signature ('Name (talk) 12:03, …') when its links
/// are taken out.
fn without_brackets(text: &str) -> &str {
    let spaces = |text: &str| text.trim_end_matches(py::is_space).len();
    let mut kept = text;
    loop {
        let within = kept[..spaces(kept)].strip_suffix([')', ']']);
        let before = within.and_then(|within| within[..spaces(within)].strip_suffix(['(', '[']));
        match before {
            Some(before) => kept = &before[..spaces(before)],
            None => return kept,
        }
    }
}

/// The name in a byline: without 'by', without 'says', without what the site adds to it.
fn name_in(line: &str) -> Option<String> {
    // What a site adds to the name of one who has no account there.
    let note = any_case!(format!(r"\s*\((?:unverified|guest|gast{})\)\s*$", also("note")));
    let line = if line.trim_end_matches(py::is_space).ends_with(')') { before(note, line) } else { line };
    let mut name = py::strip_chars(without_by(before_says(line)), AROUND_NAMES);
    if name.contains('@') {
        name = without_server(name);
    }
    if name.matches('(').count() != name.matches(')').count() || (name.starts_with('(') && name.ends_with(')')) {
        name = py::strip_chars(name, " ()");
    }
    (!name.is_empty()).then(|| name.to_owned())
}

/// A text without 'says' or 'wrote' at its end.
fn before_says(text: &str) -> &str {
    before(
        any_case!(
            r"\s+(?:says|said|wrote|schreibt|sagt|dit|dice|disse|zegt|pisze|пишет|writes|commented|dijo|disse|a écrit|hat geschrieben|meint|schrieb|napisał|ha scritto|yazdı)\s*:?\s*$"
        ),
        text,
    )
}

/// A text up to what a pattern for folded texts finds.
fn before<'s>(pattern: &regex::Regex, text: &'s str) -> &'s str {
    let low = folded(text);
    match pattern.find(&low) {
        // Folded letters may have other sizes.
        Some(found) => py::head(text, py::len(&low[..found.start()])),
        None => text,
    }
}

/// Where servers share their threads, that of a member's own follows the name: 'ida @hens.example'.
fn without_server(name: &str) -> &str {
    let found = rx!(r"[^\s@](\s+@[\w-]+(?:\.[\w-]+)+)$").captures(name).and_then(|found| found.get(1));
    found.map_or(name, |server| &name[..server.start()])
}

/// Name and date of a line that is both: 'Ida Rook | 21.04.2020'. With a space between them only where it is named for
/// a name.
fn signed(texts: &PartTexts<'_, '_>, line: &str, languages: &[&str]) -> Option<(String, String)> {
    if line.is_empty() || py::len(line) > LONGEST_SIGNED {
        return None;
    }
    let low = folded(line);
    let found = any_case!(
        r"^([^|·•]{2,40}?)(?:(?:\s*([|·•])|,|\s[–—-]|\s(?:on|am|at|le|el|il|op|den)\s)\s*([^|·•]*\d[^|·•]*)|\s(\d[^|·•]*))$"
    )
    .captures(&low)?;
    // Folded letters may have other sizes.
    let in_line = |at: usize| line.len() - py::tail(line, py::len(&low[..at])).len();
    let name = &line[..in_line(found.get(1)?.end())];
    let when = &line[in_line(found.get(3).or(found.get(4))?.start())..];
    if !may_be_name(name) || parse_date(name, languages, None).is_some() {
        return None;
    }
    let page = &texts.page.visible;
    let is_said = found.get(2).is_some() || before_says(name).len() < name.len();
    if !is_said && !texts.elements(&[Role::Date]).into_iter().any(|e| names_author(page, e)) {
        return None;
    }
    Some((name_in(name)?, when.to_owned()))
}

/// The site's own id of a comment: an attribute with a number, of its block or of the first blocks in it.
fn native<'p>(page: &Page<'p>, block: El) -> Option<&'p str> {
    let blocks = || std::iter::once(block).chain(page.e(block).children.iter().copied().take(2));
    let first = ["data-comment-id", "data-commentid", "data-post-id", "data-message-id", "data-reply-id"];
    let names: Vec<&str> = first.into_iter().chain(named("native id")).chain(["data-id", "id", "name"]).collect();
    let values = blocks().flat_map(|e| names.iter().map(move |name| page.get(e, name)));
    values.into_iter().find(|value| value.chars().any(py::is_decimal))
}

/// Where the first link around or at these elements leads.
fn link(page: &Page<'_>, elements: &[El], url: &str) -> Option<String> {
    let mut around = elements.iter().flat_map(|&e| std::iter::once(e).chain(page.ancestors(e).take(3)));
    let link = around.find(|&e| page.e(e).tag == "a" && !page.get(e, "href").is_empty())?;
    join(url, page.get(link, "href"))
}

/// Where a link among the comment's own texts leads whose words are its author's name.
fn link_of(page: &Page<'_>, author: &str, chrome: &[El], url: &str) -> Option<String> {
    let is_author = |&&e: &&El| {
        page.e(e).tag == "a" && !page.get(e, "href").is_empty() && page.chars(e) <= author.len() && page.text(e) == author
    };
    let link = chrome.iter().take(FIRST).find(is_author)?;
    join(url, page.get(*link, "href"))
}

/// The comment's own address: its date's link, a link that says so or is its number, or the page's with the block's id.
fn permalink(texts: &PartTexts<'_, '_>, chrome: &[El], url: &str) -> Option<String> {
    let page = &texts.page.visible;
    if let Some(found) = link(page, &texts.elements(&[Role::Date]), url) {
        return Some(found);
    }
    let block = page.e(texts.part.element);
    for said in ["data-permalink", "permalink"].map(|name| block.get(name)) {
        if !said.is_empty() {
            return join(url, said);
        }
    }
    let mut looked = None;
    for &e in chrome {
        if looked.replace(e) == Some(e) {
            continue;
        }
        let e = match page.e(e).parent {
            Some(parent) if matches!(page.e(e).tag, "b" | "strong" | "span") => parent,
            _ => e,
        };
        if page.e(e).tag == "a" && is_own_address(texts, e) {
            return join(url, page.get(e, "href"));
        }
    }
    let ident = block.get("id");
    if ident.chars().any(py::is_decimal) {
        join(url, &format!("#{ident}"))
    } else {
        None
    }
}

/// Whether a link says that it is the comment's own, or is its number.
fn is_own_address(texts: &PartTexts<'_, '_>, link: El) -> bool {
    let page = &texts.page.visible;
    let e = page.e(link);
    if [e.name, e.get("rel"), e.get("title")].into_iter().any(is_named_permalink) {
        return true;
    }
    // What the first text begins with tells most apart.
    let first = e.texts().next().and_then(|t| py::strip(page.t(t).value).chars().next());
    if !first.is_some_and(|c| matches!(c, '#' | 'p' | 'P') || py::is_digit(c)) {
        return false;
    }
    let text = page.text(link);
    if any_case!(r"^(?:permalink|#\s?\d+)$").is_match(&folded(&text)) {
        return true;
    }
    // A number behind a '#' that stands outside of it.
    let begins = page.e(texts.part.element).first;
    let before = if e.first > begins { page.t(e.first - 1).value } else { "" };
    before.trim_end_matches(py::is_space).ends_with('#') && text.chars().all(py::is_digit)
}

fn is_named_permalink(name: &str) -> bool {
    !name.is_empty() && any_case!("permalink|bookmark").is_match(&folded(name))
}

/// The comment's score; of several (as it were with one vote more or less) the one without the reader's own.
fn votes(page: &Page<'_>, chrome: &[El]) -> Option<i64> {
    let is_named = |e: El| {
        let around = std::iter::once(e).chain(page.e(e).parent);
        around.into_iter().any(|a| is_named_votes(page.e(a).name)) || page.get(e, "itemprop") == "upvoteCount"
    };
    let named: Vec<El> = chrome.iter().copied().filter(|&e| is_named(e)).collect();
    let (own, others): (Vec<El>, Vec<El>) = named.into_iter().partition(|&e| page.e(e).name.contains("unvoted"));
    own.into_iter().chain(others).find_map(|e| count_in(&page.text(e)))?
}

fn is_named_votes(name: &str) -> bool {
    !name.is_empty()
        && memo!(NAMES, name, str => bool, {
            any_case!(r"(?:^|[\s_-])(?:score|votes?|vote-?count|points?|karma|likes?|likes?-?count|upvotes?|rating-?count)(?:$|[\s_-])")
                .is_match(&folded(name))
        })
}

/// The first number of a text, None where it has none; within, None where the number is none of votes.
fn count_in(text: &str) -> Option<Option<i64>> {
    let found = rx!(r"[-+−]?\d[\d,.]*").find(text)?.as_str();
    let digits: Vec<u32> = found.chars().filter_map(py::digit).collect();
    let is_negative = found.starts_with(['-', '−']);
    if digits.len() + usize::from(is_negative) >= 10 {
        return Some(None);
    }
    let number = digits.into_iter().fold(0, |number, digit| 10 * number + i64::from(digit));
    Some(Some(if is_negative { -number } else { number }))
}
