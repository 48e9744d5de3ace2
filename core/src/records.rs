//! A page's records from its labels.

use crate::hash::Set;

use crate::article::build_article;
use crate::comments::build_comments;
use crate::ids::{page_id, RecordIds};
use crate::language::detect;
use crate::parts::{gather, PartTexts};
use crate::paths::paths_of;
use crate::py;
use crate::segments::{line_of_page, segments};
use crate::types::{
    Context, Labelled, Moment, PageRecord, ParsedPage, PartKind, Provenance, Region, Segmented, Source, Widget,
    WidgetKind,
};
use crate::widgets::build_widgets;

/// A list of more labels is the site's, and a longer one a sentence.
const MOST_TAGS: usize = 20;
const LONGEST_TAG: usize = 60;
/// The page's fields that a page's head may give.
const OF_PAGE: [&str; 5] = ["canonical_url", "site_name", "status", "language", "title"];

/// All records of a page. `url`: as submitted, normalised; `page.url`: what links are relative to.
pub fn build(
    page: &Segmented<'_>,
    labelled: &Labelled,
    url: &str,
    final_url: &str,
    fetched_at: Moment,
    explain: bool,
) -> ParsedPage {
    let metadata = &page.metadata;
    let ident = page_id(url);
    let paths = paths_of(&page.visible, &labelled.parts, &labelled.labels);
    let (mut of_article, mut of_comments, mut of_widgets) = (None, Vec::new(), Vec::new());
    for part in gather(page, &labelled.parts, &labelled.labels, paths) {
        match part.part.kind {
            PartKind::Article => {
                of_article.get_or_insert(part);
            }
            PartKind::Comment => of_comments.push(part),
            PartKind::Widget => of_widgets.push(part),
            PartKind::Hidden => {}
        }
    }
    let context = Context {
        language: said(&metadata.language).or_else(|| detect(&line_of_page(&page.visible))),
        page_id: ident,
        url: page.url.clone(),
        fetched_at,
    };
    let mut ids = RecordIds::new(&context.page_id);
    let mut article = of_article.as_ref().map(|texts: &PartTexts<'_, '_>| build_article(texts, &context));
    let (comments, mut records) = build_comments(&of_comments, &mut ids, &context);
    let (widgets, ids_of_widgets) = build_widgets(&of_widgets, &mut ids, &context);
    records.extend(ids_of_widgets);
    if let (Some(article), Some(texts)) = (&mut article, &of_article) {
        records.insert(texts.id, article.id.clone());
        let shown = tags_shown(&widgets);
        if !shown.is_empty() {
            article.tags = shown;
            article.provenance.insert("tags", Source::Markup);
        }
    }
    let of_text = article.as_ref().and_then(|a| said(&a.language));
    let title = said(&metadata.title).or_else(|| article.as_ref().and_then(|a| a.title.clone()));
    ParsedPage {
        page: PageRecord {
            url: url.to_owned(),
            final_url: final_url.to_owned(),
            canonical_url: metadata.canonical_url.clone(),
            site_name: metadata.site_name.clone(),
            // What the host alone knows of the page stands in its record at the end (`exports`).
            fetched_at: String::new(),
            status: None,
            content_hash: String::new(),
            parser_version: String::new(),
            kind: labelled.page_kind,
            language: of_text.or(context.language),
            title,
            provenance: provenance(&metadata.provenance),
            id: context.page_id,
        },
        article,
        comments,
        widgets,
        segments: explain.then(|| segments(&page.visible, labelled, &records)),
    }
}

/// What is there and not empty.
fn said(text: &Option<String>) -> Option<String> {
    text.as_ref().filter(|text| !text.is_empty()).cloned()
}

/// What the page files its article under where readers see it: the labels that stand with it. The head's keywords are
/// for search engines: of the annotated pages' tags these are 0.46 and the head's 0.36.
fn tags_shown(widgets: &[Widget]) -> Vec<String> {
    let mut known = Set::default();
    let is_list = |w: &&Widget| {
        w.kind == WidgetKind::Labels && matches!(w.region, Region::Inline | Region::Main) && w.items.len() <= MOST_TAGS
    };
    let shown = widgets.iter().filter(is_list).flat_map(|w| &w.items);
    let texts = shown.map(|i| said(&i.title).or_else(|| i.text.clone()).unwrap_or_default());
    let tags = texts.map(|t| py::collapse(&t).trim_start_matches('#').to_owned());
    tags.filter(|t| (1..=LONGEST_TAG).contains(&py::len(t))).filter(|t| known.insert(t.clone())).collect()
}

fn provenance(claimed: &Provenance) -> Provenance {
    OF_PAGE.iter().filter_map(|&field| claimed.get(field).map(|&source| (field, source))).collect()
}
