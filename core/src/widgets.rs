//! Widget records from their parts: title, items with links, authors and dates, embeds.

use crate::hash::Map;

use crate::dates::parse_date;
use crate::ids::RecordIds;
use crate::language::detect;
use crate::memo::TEXTS;
use crate::parts::{language_of, PartTexts};
use crate::types::{Context, PartId, Role, Widget, WidgetItem, WidgetKind};
use crate::urls::join;
use crate::visible_text::{is_heading, El, Page};
use crate::{memo, py, rx};

const MOST_ITEMS: usize = 300;
/// Real pages have up to 250 widgets; of the ones beyond this number a page gives text and kind alone.
const MOST_WIDGETS: usize = 1000;
/// A widget's language shows in its first words; a call costs 10 us a hundred characters.
const LANGUAGE_SAMPLE: usize = 120;
/// Of a widget with very many items only the first are read for dates: a date costs up to a millisecond.
const MOST_DATES: usize = 30;
const LONGEST_WITH_DATE: usize = 200;

/// Kinds that have entries.
fn is_list(kind: WidgetKind) -> bool {
    use WidgetKind::*;
    is_dated(kind) || matches!(kind, Archive | Labels | Links | Navigation | Gallery)
}

/// Kinds whose entries may say who wrote them and when.
fn is_dated(kind: WidgetKind) -> bool {
    use WidgetKind::*;
    matches!(kind, RecentPosts | PopularPosts | RelatedPosts | FeaturedPost | RecentComments | Calendar | Text)
}

/// What may hold one entry of a list that is none by its tags.
fn is_entry(tag: &str) -> bool {
    matches!(tag, "div" | "article" | "tr" | "section" | "p" | "dd")
}

/// `detect`, remembered: menus and footers are the same on all pages of a site.
fn detected(text: &str) -> Option<String> {
    memo!(TEXTS, text, str => Option<String>, { detect(text) })
}

/// The widgets in document order, and the record id of each part.
pub fn build_widgets(
    parts: &[PartTexts<'_, '_>],
    ids: &mut RecordIds,
    context: &Context,
) -> (Vec<Widget>, Map<PartId, String>) {
    let mut by_part = Map::default();
    let mut build = |(n, texts): (usize, &PartTexts<'_, '_>)| {
        let kind = texts.part.widget_kind;
        let text = texts.text(&[Role::Title, Role::Body]);
        let closely = n < MOST_WIDGETS;
        let otherwise = context.language.as_deref();
        let language = if closely {
            let sample = py::head(&text, LANGUAGE_SAMPLE);
            memo!(TEXTS, sample, str => Option<String>, { language_of(sample, None) }).or(otherwise.map(str::to_owned))
        } else {
            otherwise.map(str::to_owned)
        };
        let listed = closely && is_list(kind);
        let widget = Widget {
            id: ids.widget(kind.as_str(), &text),
            page_id: context.page_id.clone(),
            paths: texts.paths.clone(),
            provenance: texts.provenance(),
            kind,
            title: texts.line(&[Role::Title]),
            items: if listed { items(texts, language.as_deref(), context) } else { Vec::new() },
            region: texts.part.region,
            embed_url: embed(texts, &context.url),
            text,
            language,
        };
        by_part.insert(texts.id, widget.id.clone());
        widget
    };
    let widgets = parts.iter().enumerate().map(&mut build).collect();
    (widgets, by_part)
}

/// What a widget embeds: a frame's address, else for an embed its first link's.
fn embed(texts: &PartTexts<'_, '_>, url: &str) -> Option<String> {
    let page = &texts.page.visible;
    let inside = &page.elements[page.inside(texts.part.element)];
    let frames = inside.iter().filter(|e| matches!(e.tag, "iframe" | "embed"));
    let first = |a: &'static str, b: &'static str| {
        move |e: &crate::visible_text::Element<'_>| {
            let value = e.get(a);
            join(url, if value.is_empty() { e.get(b) } else { value }).filter(|url| !url.is_empty())
        }
    };
    let framed = frames.clone().find_map(first("src", "data-src"));
    if framed.is_some() || texts.part.widget_kind != WidgetKind::Embed {
        return framed;
    }
    let link = inside.iter().find(|e| e.tag == "a" && !e.get("href").is_empty())?;
    join(url, link.get("href"))
}

/// The entries of a widget's list.
fn items(texts: &PartTexts<'_, '_>, language: Option<&str>, context: &Context) -> Vec<WidgetItem> {
    let page = &texts.page.visible;
    let dated = is_dated(texts.part.widget_kind);
    let entries = entries(texts);
    let items = entries.into_iter().take(MOST_ITEMS).enumerate();
    let items = items.map(|(n, e)| item(page, e, language, context, dated && n < MOST_DATES));
    let says = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
    items.filter(|item| says(&item.title) || says(&item.url) || says(&item.text)).collect()
}

/// The elements that hold one entry each: list items, else the most repeated element with a link, else links.
fn entries(texts: &PartTexts<'_, '_>) -> Vec<El> {
    let page = &texts.page.visible;
    let root = texts.part.element;
    // Whether an element begins with a text of the widget's that is no title.
    let is_mine = |e: El| {
        let e = page.e(e);
        let at = texts.numbers.binary_search(&e.first);
        e.last > e.first && at.is_ok_and(|at| texts.roles[at] != Role::Title)
    };
    let inside = || page.inside(root);
    let is_item = |&e: &El| {
        page.e(e).tag == "li" && !page.e(e).children.iter().any(|&c| matches!(page.e(c).tag, "ul" | "ol")) && is_mine(e)
    };
    let found: Vec<El> = inside().filter(is_item).collect();
    if !found.is_empty() {
        return found;
    }
    let links: Vec<El> = inside().filter(|&e| page.e(e).tag == "a" && !page.get(e, "href").is_empty()).collect();
    let is_linked = |&e: &El| {
        let next = links.partition_point(|&link| link < e);
        is_entry(page.e(e).tag)
            && e != root
            && links.get(next).is_some_and(|&link| link < page.e(e).end)
            && is_mine(e)
    };
    let linked: Vec<El> = inside().filter(is_linked).collect();
    let kind = |e: El| (page.e(e).depth, page.e(e).tag, page.get(e, "class"));
    let mut counts: Map<(usize, &str, &str), usize> = Map::default();
    for &e in &linked {
        *counts.entry(kind(e)).or_default() += 1;
    }
    // The outermost of those that stand there more than once, of these the most, of these the first.
    let mut top: Option<((usize, &str, &str), usize)> = None;
    for &e in &linked {
        let (its, many) = (kind(e), counts[&kind(e)]);
        if many > 1 && top.is_none_or(|(best, most)| its.0 < best.0 || (its.0 == best.0 && many > most)) {
            top = Some((its, many));
        }
    }
    if let Some((top, _)) = top {
        return linked.into_iter().filter(|&e| kind(e) == top).collect();
    }
    if let Some(&first) = linked.first() {
        return vec![first];
    }
    links.into_iter().filter(|&e| is_mine(e)).collect()
}

/// One entry: its title is its heading, else its first link's words; the rest is its text, with author and date.
fn item(page: &Page<'_>, e: El, language: Option<&str>, context: &Context, dated: bool) -> WidgetItem {
    let (mut link, mut named, mut heading) = (None, None, None);
    let mut time = "";
    for x in &page.elements[page.inside(e)] {
        let has_text = x.last > x.first;
        match x.tag {
            "a" => {
                if let Some(href) = x.attr("href") {
                    link = link.or(Some(href));
                    if named.is_none() && has_text {
                        named = Some(x);
                    }
                }
            }
            "time" if time.is_empty() => time = x.get("datetime"),
            tag if heading.is_none() && has_text && is_heading(tag) => heading = Some(x),
            _ => {}
        }
    }
    let text = page.text(e);
    let (title, rest) = match heading.or(named) {
        None => (None, text),
        Some(named) if named.texts() == page.e(e).texts() => (Some(text), String::new()),
        Some(named) => {
            let title = page.text(named.index);
            let rest = text.replacen(&title, "", 1);
            (Some(title), py::strip(&rest).to_owned())
        }
    };
    let (mut published_at, mut author) = (None, None);
    if dated && !(rest.is_empty() && time.is_empty()) && py::len(&rest) < LONGEST_WITH_DATE {
        if !time.is_empty() || rest.chars().any(py::is_digit) {
            let own = detected(&rest);
            let languages: Vec<&str> =
                own.as_deref().into_iter().chain(language).filter(|language| !language.is_empty()).collect();
            published_at = parse_date(if time.is_empty() { &rest } else { time }, &languages, Some(context.fetched_at));
        }
        author = author_in(&rest);
    }
    WidgetItem {
        title,
        url: link.and_then(|href| join(&context.url, href)),
        author,
        published_at,
        text: (!rest.is_empty()).then_some(rest),
    }
}

/// The words before an author's name, as letters of both cases are in lower case.
const BY: [&str; 14] = [
    "by", "von", "par", "por", "di", "dı", "di\u{307}", "door", "από", "от", "автор", "av", "af", "przez",
];
/// Bytes of the longest, and some for letters that are shorter in lower case.
const LONGEST_BY: usize = 12;

/// Who an entry says that it is by.
fn author_in(text: &str) -> Option<String> {
    // The pattern takes its time, and few entries have one of its first words.
    if !py::words(text).any(|word| word.len() <= LONGEST_BY && BY.contains(&&*py::lower(word))) {
        return None;
    }
    let found = rx!(concat!(
        r"(?i)(?:^|\s)(?:by|von|par|por|d[iıİ]|door|από|от|автор|av|af|przez)\s+(?P<name>[^\W\d_][^\d,|·•:]{1,48}?)",
        r"(?:\s+(?:on|am|le|el|[iıİ]l|op|στις|at|[iıİ]n|kl|w dn[iıİ]u|em|den)\s|\s*[,|·•]|\s+\d|\s*$)",
    ));
    found.captures(text).map(|found| py::strip(&found["name"]).to_owned())
}
