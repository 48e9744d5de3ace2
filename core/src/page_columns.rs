//! What a page as a whole says: its size, its tags, its address, what its head claims.

use crate::blocks::Blocks;
use crate::numbers::sum;
use crate::py;
use crate::types::{Matrix, Segmented};

/// Elements that are counted.
const TAGS: [&str; 16] = [
    "p", "li", "h1", "h2", "h3", "article", "main", "form", "table", "img", "time", "pre", "input", "button", "option",
    "iframe",
];
/// Which of `TAGS` a tag is.
fn place_of_tag(tag: &str) -> Option<usize> {
    Some(match tag {
        "p" => 0, "li" => 1, "h1" => 2, "h2" => 3, "h3" => 4, "article" => 5, "main" => 6, "form" => 7,
        "table" => 8, "img" => 9, "time" => 10, "pre" => 11, "input" => 12, "button" => 13, "option" => 14,
        "iframe" => 15,
        _ => return None,
    })
}

/// Words in an address that speak of a kind of page. `$` ends it, `\b` a word of it, `\d` is any digit.
const URL_WORDS: [(&str, &str); 6] = [
    ("forum", r"forum|thread|topic|viewtopic|showthread|/t/|community|question|discuss"),
    ("product", r"product|/p/|/dp/|shop|item|store"),
    ("collection", r"categor|collection|/c/|catalog|/shop$|/shop/$|tag/"),
    ("documentation", r"doc\b|docs\b|documentation|manual|reference|readthedocs|/api/|wiki|guide|tutorial|help"),
    ("article", r"blog|news|article|story|/20\d\d/|post|magazine"),
    ("service", r"service|solution|about|contact|pricing|plans|company"),
];
/// The schema.org types that are told.
const TYPES: [&str; 25] = [
    "Article", "NewsArticle", "BlogPosting", "Product", "ProductGroup", "FAQPage", "QAPage",
    "DiscussionForumPosting", "CollectionPage", "ItemList", "WebPage", "Organization", "LocalBusiness", "Recipe",
    "TechArticle", "BreadcrumbList", "VideoObject", "Event", "Person", "Service", "JobPosting",
    "SoftwareApplication", "WebSite", "Question", "Review",
];
/// How many columns there are.
pub const PAGE_COLUMNS: usize = 10 + TAGS.len() + 6 + URL_WORDS.len() + TYPES.len() + 7;

/// The columns' names.
pub fn names() -> impl Iterator<Item = String> {
    let said = "blocks chars link_share long_share long prices dates read_more copyright function_words".split(' ');
    let path = "path_depth path_length path_digits path_hyphens path_empty query".split(' ');
    let head = "og_type has_date has_author description title_length comment_count article_body".split(' ');
    said.map(str::to_owned)
        .chain(TAGS.iter().map(|tag| format!("n_{tag}")))
        .chain(path.map(str::to_owned))
        .chain(URL_WORDS.iter().map(|(name, _)| format!("url_{name}")))
        .chain(TYPES.iter().map(|name| format!("type_{name}")))
        .chain(head.map(str::to_owned))
}

/// What the page as a whole says; the same for each of its blocks. `words`: what the words of each block say
/// (`block_words`); `link_share`: of each block's characters those of links.
pub fn page_columns(page: &Segmented<'_>, blocks: &Blocks, words: &Matrix, link_share: &[f32]) -> Vec<f32> {
    let metadata = &page.metadata;
    let column = |n: usize| -> Vec<f32> { (0..words.rows).map(|row| words.at(row, n)).collect() };
    let product = |a: &[f32], b: &[f32]| -> Vec<f32> { a.iter().zip(b).map(|(a, b)| a * b).collect() };
    let (chars, said) = (column(0), column(1));
    let whole = f64::from(sum(&chars));
    let total = if whole == 0.0 { 1.0 } else { whole };
    let share = |part: &[f32], total: f64| (f64::from(sum(part)) / total) as f32;
    let long: Vec<f32> =
        chars.iter().zip(link_share).filter(|&(&chars, &links)| chars > 80.0 && links < 0.3).map(|(&n, _)| n).collect();
    let flag = |is: bool| f32::from(u8::from(is));
    let mut values = Vec::with_capacity(PAGE_COLUMNS);
    values.extend([
        blocks.len() as f32,
        total as f32,
        share(&product(&chars, link_share), total),
        share(&long, total),
        long.len() as f32,
        sum(&column(10)),
        sum(&column(11)),
        sum(&column(12)),
        sum(&column(9)),
        share(&product(&column(7), &said), f64::from(sum(&said)).max(1.0)),
    ]);
    let mut tags = [0u32; TAGS.len()];
    for e in &page.visible.elements {
        if let Some(n) = place_of_tag(e.tag) {
            tags[n] += 1;
        }
    }
    values.extend(tags.map(|n| n as f32));
    let path = page.url.split_once("://").map_or("", |(_, rest)| rest);
    let path = path.split_once('/').map_or("", |(_, path)| path);
    let count = |of: char| path.matches(of).count() as f32;
    values.extend([
        count('/'),
        py::len(path) as f32,
        path.chars().filter(|&c| py::is_decimal(c)).count() as f32,
        count('-'),
        flag(matches!(path, "" | "index.html" | "index.php")),
        flag(path.contains('?')),
    ]);
    let url = in_small_letters(&page.url);
    values.extend(URL_WORDS.map(|(_, words)| flag(words.split('|').any(|word| speaks_of(&url, word)))));
    let types: Vec<&str> = metadata.types.iter().filter_map(|name| name.rsplit('/').next()).collect();
    values.extend(TYPES.map(|name| flag(types.contains(&name))));
    let og_type = metadata.og_type.as_deref().unwrap_or("");
    let og_type = py::lower(og_type.split('.').next().unwrap_or(""));
    let size = |text: &Option<String>| text.as_deref().map_or(0, py::len) as f32;
    values.extend([
        match &*og_type {
            "article" => 1.0,
            "website" => 2.0,
            "product" => 3.0,
            _ => 0.0,
        },
        flag(metadata.published_at.is_some()),
        flag(!metadata.authors.is_empty()),
        size(&metadata.description),
        size(&metadata.title),
        metadata.comment_count.unwrap_or(0) as f32,
        size(&metadata.article_body),
    ]);
    values
}

/// An address in small letters: those that `re.IGNORECASE` takes for others among them.
fn in_small_letters(url: &str) -> String {
    let mut small = url.to_ascii_lowercase();
    if !small.is_ascii() {
        small = small.replace('ſ', "s").replace('\u{212a}', "k").replace(['ı', 'İ'], "i");
    }
    small
}

/// Whether an address has one of `URL_WORDS`.
fn speaks_of(url: &str, word: &str) -> bool {
    if let Some(end) = word.strip_suffix('$') {
        return url.strip_suffix('\n').unwrap_or(url).ends_with(end) || url.ends_with(end);
    }
    if let Some(whole) = word.strip_suffix(r"\b") {
        let goes_on = |c: char| c == '_' || py::is_alnum(c);
        return url.match_indices(whole).any(|(at, _)| !url[at + whole.len()..].starts_with(goes_on));
    }
    if let Some(begin) = word.strip_suffix(r"\d\d/") {
        return url.match_indices(begin).any(|(at, _)| {
            let mut rest = url[at + begin.len()..].chars();
            let mut is_digit = || rest.next().is_some_and(py::is_decimal);
            is_digit() && is_digit() && rest.next() == Some('/')
        });
    }
    url.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_have_their_places() {
        assert!(TAGS.iter().enumerate().all(|(n, tag)| place_of_tag(tag) == Some(n)));
    }
}
