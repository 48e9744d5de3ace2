//! The article's record from its part and from what the page's head says.

use crate::hash::{Map, Set};

use crate::any_case::folded;
use crate::article_authors::authors_of;
use crate::article_dates::published_of;
use crate::clean_html::clean_html;
use crate::ids::article_id;
use crate::parts::{language_of, PartTexts};
use crate::segments::paragraphs;
use crate::source::{source_in_line, split_source};
use crate::title_rules::title_of;
use crate::types::{Article, Context, Image, Link, Role, Source};
use crate::urls::join;
use crate::visible_text::{El, Tx};
use crate::{any_case, py};

/// From the beginning of a number, and all of it.
const COUNT: &str = concat!(
    r"[.,]*(\d[\d.,]*)\s*(?:comments?|kommentare?|commentaires?|comentarios?|comentários?|commenti|",
    r"komentarz\w*|repl(?:y|ies)|reacties|комментари\w*|σχόλι\w*|yorum\w*|コメント|answers?)",
);
/// Digits of a count at most.
const MOST_DIGITS: usize = 8;
/// Lines at an article's end that may say where it is from, and so many texts hold them: a note or an address may
/// follow.
const SIGNED: usize = 3;
const LAST: usize = 12;
/// Elements around an image that may be its figure.
const AROUND: usize = 4;

/// The article's record.
pub fn build_article(texts: &PartTexts<'_, '_>, context: &Context) -> Article {
    let metadata = &texts.page.metadata;
    let body = texts.text(&[Role::Subtitle, Role::Body, Role::Caption]);
    let language = language_of(&body, context.language.as_deref());
    let mut provenance = texts.provenance();
    let title = title_of(texts);
    if title.is_some() && texts.texts(&[Role::Title]).is_empty() {
        provenance.insert("title", metadata.provenance.get("title").copied().unwrap_or(Source::Markup));
    }
    let (authors, named_in) = authors_of(texts);
    if let Some(source) = named_in {
        provenance.insert("authors", source);
    }
    let languages: Vec<&str> = language.as_deref().filter(|l| !l.is_empty()).into_iter().collect();
    let (published_at, dated_in) = published_of(texts, &languages, context.fetched_at);
    if let Some(source) = dated_in {
        provenance.insert("published_at", source);
    }
    let mine = Own::new(texts);
    Article {
        id: article_id(&context.page_id),
        page_id: context.page_id.clone(),
        paths: texts.paths.clone(),
        provenance,
        subtitle: texts.line(&[Role::Subtitle]),
        authors,
        published_at,
        modified_at: metadata.modified_at,
        source: source_of(texts, title.as_deref(), &context.url),
        title,
        language,
        text: body,
        html: clean_html(&texts.page.visible, texts.part.element, &mine.numbers, &context.url),
        description: metadata.description.clone(),
        tags: metadata.tags.clone(),
        images: images(texts, &mine, &context.url),
        links: links(texts, &mine, &context.url),
        comment_count: metadata.comment_count.or_else(|| count(texts)),
        paywalled: metadata.paywalled,
    }
}

/// Where a reprint is from: as the title says, else one of the last lines.
fn source_of(texts: &PartTexts<'_, '_>, title: Option<&str>, url: &str) -> Option<String> {
    let site = texts.page.metadata.site_name.as_deref();
    let in_title = title.filter(|t| !t.is_empty()).and_then(|title| split_source(title, site, url));
    in_title.or_else(|| {
        let body = texts.texts(&[Role::Body]);
        let last = paragraphs(&texts.page.visible, &body[body.len().saturating_sub(LAST)..]);
        let lines = lines(&last);
        lines[lines.len().saturating_sub(SIGNED)..].iter().find_map(|line| source_in_line(line))
    })
}

/// `str.splitlines()`.
fn lines(text: &str) -> Vec<&str> {
    let is_end = |c| matches!(c, '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let Some(end) = rest.find(is_end) else {
            lines.push(rest);
            break;
        };
        lines.push(&rest[..end]);
        let size = if rest[end..].starts_with("\r\n") { 2 } else { rest[end..].chars().next().map_or(1, char::len_utf8) };
        rest = &rest[end + size..];
    }
    lines
}

/// How many comments the page claims to have.
fn count(texts: &PartTexts<'_, '_>) -> Option<u64> {
    let chrome = texts.texts(&[Role::Chrome]);
    chrome.iter().find_map(|&n| number_in(texts.page.visible.t(n).value)).flatten()
}

/// The number of comments that a line claims: '4 comments', '1.204 Kommentare'.
pub fn count_in(line: &str) -> Option<u64> {
    number_in(line).flatten()
}

/// The same, None where the line claims none; where it does a number that is none is Some(None).
fn number_in(line: &str) -> Option<Option<u64>> {
    if !line.contains(py::is_decimal) {
        return None;
    }
    let line = folded(line);
    let number = any_case!(COUNT).captures(&line)?.get(1)?.as_str();
    let mut found = 0;
    for (n, digit) in number.chars().filter_map(py::digit).enumerate() {
        if n == MOST_DIGITS {
            return Some(None);
        }
        found = found * 10 + u64::from(digit);
    }
    Some(Some(found))
}

/// The texts that are the article's own words.
struct Own {
    numbers: Vec<Tx>,
    /// Whether a text of the part's element is one; the first of them is `first`.
    is: Vec<bool>,
    first: Tx,
}

impl Own {
    fn new(texts: &PartTexts<'_, '_>) -> Self {
        let is_text = |role: Role| matches!(role, Role::Subtitle | Role::Body | Role::Caption | Role::Quote);
        let numbers: Vec<Tx> =
            texts.numbers.iter().zip(&texts.roles).filter(|(_, &role)| is_text(role)).map(|(&n, _)| n).collect();
        let (first, end) = numbers.first().zip(numbers.last()).map_or((0, 0), |(&a, &b)| (a, b + 1));
        let mut is = vec![false; end - first];
        for &n in &numbers {
            is[n - first] = true;
        }
        Own { numbers, is, first }
    }

    fn has(&self, n: Tx) -> bool {
        n.checked_sub(self.first).is_some_and(|at| self.is.get(at) == Some(&true))
    }
}

/// Images among the article's own texts.
fn images(texts: &PartTexts<'_, '_>, mine: &Own, url: &str) -> Vec<Image> {
    let mut found = Vec::new();
    if mine.numbers.is_empty() {
        return found;
    }
    let visible = &texts.page.visible;
    let mut known = Set::default();
    let mut captions = Map::default();
    for e in visible.inside(texts.part.element).map(|n| visible.e(n)) {
        if e.tag != "img" || !(mine.has(e.first) || (e.first > 0 && mine.has(e.first - 1))) {
            continue;
        }
        let src = e.get("src");
        let src = if src.starts_with("data:") { e.get("data-src") } else { src };
        let Some(src) = join(url, src).filter(|src| !src.is_empty() && known.insert(src.clone())) else { continue };
        let alt = Some(e.get("alt")).filter(|alt| !alt.is_empty()).map(str::to_owned);
        let figure = visible.ancestors(e.index).take(AROUND).find(|&a| visible.e(a).tag == "figure");
        let caption = figure.and_then(|figure| caption(texts, figure, &mut captions));
        found.push(Image { url: src, alt, caption });
    }
    found
}

/// A figure's text; `known`: those asked for before.
fn caption(texts: &PartTexts<'_, '_>, figure: El, known: &mut Map<El, String>) -> Option<String> {
    let text = known.entry(figure).or_insert_with(|| texts.page.visible.text(figure));
    (!text.is_empty()).then(|| text.clone())
}

/// Links in the article's own texts, each once.
fn links(texts: &PartTexts<'_, '_>, mine: &Own, url: &str) -> Vec<Link> {
    let visible = &texts.page.visible;
    let mut known = Set::default();
    let mut found = Vec::new();
    for e in visible.inside(texts.part.element).map(|n| visible.e(n)) {
        if e.tag == "a" && mine.has(e.first) && e.last > e.first && !e.get("href").is_empty() {
            if let Some(href) = join(url, e.get("href")).filter(|href| !href.is_empty() && known.insert(href.clone())) {
                found.push(Link { url: href, text: Some(visible.text(e.index)) });
            }
        }
    }
    found
}
