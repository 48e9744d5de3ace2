//! When the article was published: what its page shows against what its head and its address say.

use chrono::{Datelike, NaiveDate, TimeDelta};

use crate::any_case::folded;
use crate::date_rules::{date_at_start, date_in, find_date, is_date, is_of_change};
use crate::dates::{in_zone_of, parse_date};
use crate::heading_place::place_of;
use crate::parts::PartTexts;
use crate::types::{Moment, Role, Source};
use crate::url_dates::date_in_url;
use crate::visible_text::{Page, Tx};
use crate::{any_case, py, rx};

/// What a page calls the day of publication, where it says it far from its article: below it, beside it.
const PUBLISHED: &str = concat!(
    r"^(\W*(?:veröffentlicht|erschienen|veröffentlichungsdatum|erscheinungsdatum|published|publish date|",
    r"publication date|date published|first published|mise? en ligne|publiée?|date de publication|publicad[oa]|",
    r"fecha de publicación|",
    r"pubblicat[oa]|data di pubblicazione|data de publicação|gepubliceerd|publicatiedatum|opublikowano|",
    r"data publikacji|publicerad|publisert|julkaistu|опубликовано|дата публикации|公開日|发布时间))(?:[\W\d_]|$)",
);
/// Characters of a label and its date, with a weekday and a time: what is longer is a sentence.
const LONGEST_LABELLED: usize = 60;
/// Texts between a title and a date that is the article's own beyond doubt, below it and above.
const RIGHT_BELOW: usize = 10;
const RIGHT_ABOVE: usize = 1;
/// A day and a month of which either may come first.
const IN_DIGITS: &str = concat!(
    r"(?:^|\D)(?:0?[1-9]|1[0-2])(?:\.(?:0?[1-9]|1[0-2])\.|/(?:0?[1-9]|1[0-2])/|-(?:0?[1-9]|1[0-2])-)",
    r"(?:\d{4}|\d\d)(?:\D|$)",
);

/// A date that the page shows.
#[derive(Clone, Copy, Debug)]
struct Shown {
    at: Moment,
    /// Whether it says its year; else it is counted from the time of the fetch.
    has_year: bool,
    /// Whether the page says that it is that of an update.
    of_change: bool,
    /// Whether it stands right below the title, or right above it.
    by_title: bool,
    /// The day that its digits mean where its month and day come in the other order.
    other_way: Option<Moment>,
}

/// The time of publication and where it is from; None: from the article's own date line.
pub fn published_of(texts: &PartTexts<'_, '_>, languages: &[&str], base: Moment) -> (Option<Moment>, Option<Source>) {
    let metadata = &texts.page.metadata;
    let shown = shown(texts, languages, base).map(|shown| told_apart(texts, shown, base));
    if let Some(claimed) = metadata.published_at {
        let source = metadata.provenance.get("published_at").copied().unwrap_or(Source::Markup);
        let Some(shown) = shown.filter(|shown| shown.has_year && !shown.of_change) else {
            return (Some(claimed), Some(source));
        };
        for (at, its) in std::iter::once((claimed, source)).chain(metadata.other_dates.iter().copied()) {
            let local = in_zone_of(at, shown.at, shown.by_title);
            if local.date_naive() == shown.at.date_naive() {
                return (Some(local), Some(its));
            }
        }
        // A page cannot show a day before it is published: the head's is that of an import or an update.
        if shown.by_title
            && (shown.at < claimed - TimeDelta::hours(24 + 14)
                || is_anew(shown.at.date_naive(), claimed.date_naive(), metadata.modified_at))
        {
            return (Some(shown.at), None);
        }
        return (Some(claimed), Some(source));
    }
    match shown {
        Some(shown) if shown.has_year && !shown.of_change => (Some(shown.at), None),
        _ => elsewhere(texts, shown, languages, base),
    }
}

/// The date where no date line says it, or but that of a change or a day without its year.
fn elsewhere(
    texts: &PartTexts<'_, '_>,
    shown: Option<Shown>,
    languages: &[&str],
    base: Moment,
) -> (Option<Moment>, Option<Source>) {
    let metadata = &texts.page.metadata;
    if let Some((at, source)) = metadata.loose_date {
        return (Some(at), Some(source));
    }
    let said = labelled(texts, languages).or_else(|| if shown.is_none() { alone(texts, languages) } else { None });
    if said.is_some() {
        return (said, None);
    }
    let in_url = in_address(texts, base);
    if in_url.is_some() {
        return (in_url, Some(Source::Heuristic));
    }
    let said = shown.map(|shown| shown.at).or_else(|| section_begins(texts, languages));
    if said.is_some() {
        return (said, None);
    }
    let scripted = metadata.script_date.filter(|&at| at <= base);
    (scripted, scripted.map(|_| Source::Heuristic))
}

/// Whether a day by the title, later than the head's, is when the article came out anew, not that of a change.
///
/// The day after the head's may be the same in another zone, unless the last change was before it.
fn is_anew(shown: NaiveDate, claimed: NaiveDate, modified: Option<Moment>) -> bool {
    let is_later = shown > claimed + TimeDelta::days(1);
    match modified.map(|at| at.date_naive()) {
        Some(modified) => shown != modified && ((claimed <= modified && modified < shown) || is_later),
        None => is_later,
    }
}

fn in_address(texts: &PartTexts<'_, '_>, base: Moment) -> Option<Moment> {
    let canonical = texts.page.metadata.canonical_url.as_deref();
    let urls = canonical.into_iter().chain(std::iter::once(texts.page.url.as_str()));
    urls.filter_map(date_in_url).find(|&at| at <= base)
}

/// The date shown, its day and month in the order in which head or address give that day.
///
/// English pages write 10/09/2021 for either, and rarely say whose English they are in.
fn told_apart(texts: &PartTexts<'_, '_>, shown: Shown, base: Moment) -> Shown {
    let Some(other) = shown.other_way else { return shown };
    let metadata = &texts.page.metadata;
    let given = metadata.published_at.into_iter().chain(metadata.other_dates.iter().map(|(at, _)| *at));
    let days: Vec<NaiveDate> = given.chain(in_address(texts, base)).map(|at| at.date_naive()).collect();
    if days.contains(&shown.at.date_naive()) || !days.contains(&other.date_naive()) {
        return shown;
    }
    Shown { at: other, other_way: None, ..shown }
}

/// The date of the article's date line; else the one near its title, or that its text begins with.
fn shown(texts: &PartTexts<'_, '_>, languages: &[&str], base: Moment) -> Option<Shown> {
    let page = &texts.page.visible;
    let mut numbers = numbers_of(texts, Role::Date);
    if numbers.is_empty() {
        numbers = found_near(texts);
    }
    if numbers.is_empty() {
        numbers = numbers_of(texts, Role::Byline);
    }
    let (Some(said), Some(&first), Some(&last)) =
        (date_in(page, &numbers, languages, Some(base)), numbers.first(), numbers.last())
    else {
        return begun(texts, languages);
    };
    let titles = numbers_of(texts, Role::Title);
    let is_within = |from: Tx, to: Tx, most: usize| from < to && to - from <= most;
    let below = titles.last().is_some_and(|&title| is_within(title, first, RIGHT_BELOW));
    let above = titles.first().is_some_and(|&title| is_within(last, title, RIGHT_ABOVE));
    let turns = said.at.day() <= 12 && rx!(IN_DIGITS).is_match(&page.line_text(numbers.iter().copied()));
    Some(Shown {
        at: said.at,
        has_year: said.has_year,
        of_change: is_of_change(page, first, last + 1),
        by_title: below || above,
        other_way: if turns { turned(said.at) } else { None },
    })
}

/// The moment with its month as the day, and its day as the month.
fn turned(at: Moment) -> Option<Moment> {
    at.with_day(1)?.with_month(at.day())?.with_day(at.month())
}

/// The date that the text begins with, or the title's line.
fn begun(texts: &PartTexts<'_, '_>, languages: &[&str]) -> Option<Shown> {
    let at = date_at_start(&texts.text(&[Role::Body]), languages)
        .or_else(|| date_at_start(&texts.line(&[Role::Title])?, languages))
        .or_else(|| date_at_start(texts.page.metadata.document_title.as_deref()?, languages))?;
    Some(Shown { at, has_year: true, of_change: false, by_title: false, other_way: None })
}

/// The date that the page calls that of publication, wherever it stands; None where it calls several so.
fn labelled(texts: &PartTexts<'_, '_>, languages: &[&str]) -> Option<Moment> {
    let page = &texts.page.visible;
    only(page.texts.iter().enumerate().filter_map(|(n, text)| {
        if py::len(text.value) >= LONGEST_LABELLED {
            return None;
        }
        let text = folded(text.value);
        let label = any_case!(PUBLISHED).captures(&text)?.get(1)?.end();
        let at = if text[label..].chars().any(py::is_digit) { n } else { n + 1 };
        if at >= page.texts.len() {
            return None;
        }
        date_in(page, &[at], languages, None).map(|said| said.at)
    }))
}

/// The day that a section of the text begins with, right below its heading; None where several begin with one.
fn section_begins(texts: &PartTexts<'_, '_>, languages: &[&str]) -> Option<Moment> {
    let page = &texts.page.visible;
    let begins = numbers_of(texts, Role::Body).into_iter().filter(|&n| n > 0 && is_of_heading(page, n - 1));
    only(begins.filter_map(|n| date_at_start(py::strip(page.t(n).value), languages)))
}

fn is_of_heading(page: &Page<'_>, text: Tx) -> bool {
    let parent = page.t(text).parent;
    let mut around = std::iter::once(parent).chain(page.ancestors(parent).take(2));
    around.any(|e| matches!(page.e(e).tag, "h2" | "h3" | "h4" | "h5" | "h6"))
}

/// The one day that stands by itself outside others' blocks; None where there are several.
fn alone(texts: &PartTexts<'_, '_>, languages: &[&str]) -> Option<Moment> {
    let (page, place) = (&texts.page.visible, place_of(texts));
    let dates = page.texts.iter().filter(|t| {
        py::len(t.value) < LONGEST_LABELLED && is_date(t.value, languages) && !place.stands_elsewhere(t.parent)
    });
    only(dates.filter_map(|t| parse_date(t.value, languages, None)))
}

/// The last of these moments where all are of one day.
fn only(moments: impl Iterator<Item = Moment>) -> Option<Moment> {
    let mut found: Option<Moment> = None;
    for at in moments {
        if found.is_some_and(|found| found.date_naive() != at.date_naive()) {
            return None;
        }
        found = Some(at);
    }
    found
}

fn numbers_of(texts: &PartTexts<'_, '_>, role: Role) -> Vec<Tx> {
    texts.numbers.iter().zip(&texts.roles).filter(|(_, its)| **its == role).map(|(&n, _)| n).collect()
}

/// The texts of a date that stands near the title and was not labelled.
fn found_near(texts: &PartTexts<'_, '_>) -> Vec<Tx> {
    let Some(found) = find_date(&place_of(texts)) else { return Vec::new() };
    match found.element {
        Some(e) => texts.page.visible.e(e).texts().collect(),
        None => found.text.into_iter().collect(),
    }
}
