//! What the parts of the core hand each other: labels, items, boxes, and the records as `shared/records.py` has them.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::SecondsFormat;
use serde::Serialize;

use crate::metadata::Metadata;
use crate::visible_text::{El, Page, Tx};

/// A point in time with its zone.
pub type Moment = chrono::DateTime<chrono::FixedOffset>;

macro_rules! names {
    ($(#[$about:meta])* $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name { $($variant),+ }

        impl $name {
            /// All of them, in order; of some kinds nobody asks.
            #[allow(dead_code)]
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }
    };
}

names!(PageKind {
    Article = "article",
    Forum = "forum",
    Product = "product",
    Collection = "collection",
    Listing = "listing",
    Documentation = "documentation",
    Service = "service",
    Other = "other",
});

names!(
    /// The kinds of widgets in the order of the model's outputs; one more output stands for what is no widget at all.
    WidgetKind {
        Header = "header",
        Navigation = "navigation",
        Search = "search",
        Profile = "profile",
        RecentPosts = "recent_posts",
        PopularPosts = "popular_posts",
        RelatedPosts = "related_posts",
        FeaturedPost = "featured_post",
        Archive = "archive",
        Labels = "labels",
        RecentComments = "recent_comments",
        Links = "links",
        Subscribe = "subscribe",
        Social = "social",
        Embed = "embed",
        Gallery = "gallery",
        Poll = "poll",
        Calendar = "calendar",
        Stats = "stats",
        Translate = "translate",
        Ad = "ad",
        CommentForm = "comment_form",
        Footer = "footer",
        Notice = "notice",
        Text = "text",
    }
);

names!(Region {
    Header = "header",
    Left = "left",
    Right = "right",
    Inline = "inline",
    Main = "main",
    Footer = "footer",
});

names!(Source {
    JsonLd = "json-ld",
    OpenGraph = "opengraph",
    Microdata = "microdata",
    Markup = "markup",
    Heuristic = "heuristic",
    Noscript = "noscript",
    Hidden = "hidden",
});

names!(Role {
    Title = "title",
    Subtitle = "subtitle",
    Byline = "byline",
    Date = "date",
    Body = "body",
    Caption = "caption",
    Label = "label",
    Quote = "quote",
    Chrome = "chrome",
});

names!(
    /// How comments name themselves; in the order of preference.
    Family {
        Comment = "comment",
        Answer = "answer",
        Review = "review",
        Post = "post",
    }
);

names!(PartKind {
    Article = "article",
    Comment = "comment",
    Widget = "widget",
    Hidden = "hidden",
});

names!(Status {
    Shown = "shown",
    Deleted = "deleted",
    Hidden = "hidden",
});

/// A number of a part in `Labelled::parts`.
pub type PartId = usize;

/// A record to be. `Hidden`: no record, of text that is not visible and neither the article's nor a comment's.
#[derive(Clone, Debug)]
pub struct Part {
    pub kind: PartKind,
    /// The block that it stands in.
    pub element: El,
    pub score: f64,
    pub widget_kind: WidgetKind,
    pub region: Region,
    /// The comment that a comment answers.
    pub parent: Option<PartId>,
}

impl Part {
    pub fn new(kind: PartKind, element: El, score: f64) -> Self {
        Part { kind, element, score, widget_kind: WidgetKind::Text, region: Region::Inline, parent: None }
    }
}

/// One text's place.
#[derive(Clone, Copy, Debug)]
pub struct Label {
    pub part: PartId,
    pub role: Role,
    pub score: f64,
}

/// A page's labels: one for each of its texts, in their order.
pub struct Labelled {
    pub parts: Vec<Part>,
    pub labels: Vec<Label>,
    pub page_kind: PageKind,
}

/// One comment as found: its block, and what stands in it.
#[derive(Clone, Debug)]
pub struct Item {
    pub element: El,
    pub family: Family,
    pub body: Vec<El>,
    pub author: Option<El>,
    pub date: Option<El>,
    /// Without an element of its own: the text that says when.
    pub date_text: Option<Tx>,
    /// The item that it answers, by its number among the items found.
    pub parent: Option<usize>,
    /// The blocks of comments that stand in this one's block.
    pub inner: Vec<El>,
}

impl Item {
    pub fn new(element: El, family: Family) -> Self {
        Item {
            element,
            family,
            body: Vec::new(),
            author: None,
            date: None,
            date_text: None,
            parent: None,
            inner: Vec::new(),
        }
    }

    /// Its texts before the first comment inside it.
    pub fn head_texts(&self, page: &Page<'_>) -> Range<Tx> {
        let e = page.e(self.element);
        e.first..self.inner.first().map_or(e.last, |&inner| page.e(inner).first)
    }
}

/// A widget to be: what is left of the page, cut into boxes.
#[derive(Clone, Debug)]
pub struct WidgetBox {
    pub elements: Vec<El>,
    pub texts: Vec<Tx>,
    pub kind: WidgetKind,
    pub region: Region,
    pub score: f64,
    pub title: Option<El>,
}

/// A byline or a date as found above or below an article: an element, or one text.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    pub element: Option<El>,
    pub text: Option<Tx>,
    pub rank: f64,
}

/// What stands at an article's head.
#[derive(Clone, Copy, Default, Debug)]
pub struct Heading {
    pub title: Option<El>,
    pub subtitle: Option<El>,
    pub byline: Option<El>,
    pub date: Option<El>,
    pub byline_text: Option<Tx>,
    pub date_text: Option<Tx>,
}

/// A page read and not yet labelled: its visible text and what its head says.
pub struct Segmented<'p> {
    pub visible: Page<'p>,
    pub metadata: Metadata,
    /// What its links are relative to.
    pub url: String,
}

/// Numbers in rows, one after the other.
#[derive(Clone, Debug, Default)]
pub struct Matrix {
    pub rows: usize,
    pub columns: usize,
    pub data: Vec<f32>,
}

impl Matrix {
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Matrix { rows, columns, data: vec![0.0; rows * columns] }
    }

    #[inline]
    pub fn row(&self, row: usize) -> &[f32] {
        &self.data[row * self.columns..(row + 1) * self.columns]
    }

    #[inline]
    pub fn row_mut(&mut self, row: usize) -> &mut [f32] {
        &mut self.data[row * self.columns..(row + 1) * self.columns]
    }

    #[inline]
    pub fn at(&self, row: usize, column: usize) -> f32 {
        self.data[row * self.columns + column]
    }
}

/// What all records of a page share.
pub struct Context {
    pub page_id: String,
    pub url: String,
    pub language: Option<String>,
    pub fetched_at: Moment,
}

/// Field name -> where its value came from.
pub type Provenance = BTreeMap<&'static str, Source>;

#[derive(Serialize, Clone, Debug)]
pub struct Image {
    pub url: String,
    pub alt: Option<String>,
    pub caption: Option<String>,
}

#[derive(Serialize, Clone, Debug)]
pub struct Link {
    pub url: String,
    pub text: Option<String>,
}

#[derive(Serialize, Clone, Debug)]
pub struct PageRecord {
    pub id: String,
    pub url: String,
    pub final_url: String,
    pub canonical_url: Option<String>,
    pub site_name: Option<String>,
    pub fetched_at: String,
    pub status: Option<u64>,
    pub kind: PageKind,
    pub language: Option<String>,
    pub title: Option<String>,
    pub content_hash: String,
    pub parser_version: String,
    pub provenance: Provenance,
}

#[derive(Serialize, Clone, Debug)]
pub struct Article {
    pub id: String,
    pub page_id: String,
    pub paths: Vec<String>,
    pub provenance: Provenance,
    pub title: Option<String>,
    pub subtitle: Option<String>,
    pub authors: Vec<String>,
    #[serde(serialize_with = "iso")]
    pub published_at: Option<Moment>,
    #[serde(serialize_with = "iso")]
    pub modified_at: Option<Moment>,
    pub source: Option<String>,
    pub language: Option<String>,
    pub text: String,
    pub html: String,
    pub description: Option<String>,
    pub tags: Vec<String>,
    pub images: Vec<Image>,
    pub links: Vec<Link>,
    pub comment_count: Option<u64>,
    pub paywalled: Option<bool>,
}

#[derive(Serialize, Clone, Debug)]
pub struct Comment {
    pub id: String,
    pub page_id: String,
    pub paths: Vec<String>,
    pub provenance: Provenance,
    pub parent_id: Option<String>,
    pub position: String,
    pub depth: usize,
    pub author: Option<String>,
    pub author_url: Option<String>,
    #[serde(serialize_with = "iso")]
    pub published_at: Option<Moment>,
    pub published_raw: Option<String>,
    #[serde(serialize_with = "iso")]
    pub edited_at: Option<Moment>,
    pub text: String,
    pub html: String,
    pub quotes: Vec<String>,
    pub language: Option<String>,
    pub permalink: Option<String>,
    pub votes: Option<i64>,
    pub status: Status,
}

#[derive(Serialize, Clone, Debug)]
pub struct WidgetItem {
    pub title: Option<String>,
    pub url: Option<String>,
    pub author: Option<String>,
    #[serde(serialize_with = "iso")]
    pub published_at: Option<Moment>,
    pub text: Option<String>,
}

#[derive(Serialize, Clone, Debug)]
pub struct Widget {
    pub id: String,
    pub page_id: String,
    pub paths: Vec<String>,
    pub provenance: Provenance,
    pub kind: WidgetKind,
    pub title: Option<String>,
    pub text: String,
    pub items: Vec<WidgetItem>,
    pub region: Region,
    pub language: Option<String>,
    pub embed_url: Option<String>,
}

#[derive(Serialize, Clone, Debug)]
pub struct Segment {
    pub text: String,
    pub record: Option<String>,
    pub role: Role,
    pub score: f64,
    pub path: String,
}

#[derive(Serialize, Debug)]
pub struct ParsedPage {
    pub page: PageRecord,
    pub article: Option<Article>,
    pub comments: Vec<Comment>,
    pub widgets: Vec<Widget>,
    pub segments: Option<Vec<Segment>>,
}

/// ISO 8601, as `datetime.isoformat` writes it.
pub fn iso<S: serde::Serializer>(moment: &Option<Moment>, to: S) -> Result<S::Ok, S::Error> {
    match moment {
        Some(at) => to.serialize_some(&iso_text(at)),
        None => to.serialize_none(),
    }
}

pub fn iso_text(at: &Moment) -> String {
    let whole = at.timestamp_subsec_micros() == 0;
    let mut text = at.to_rfc3339_opts(if whole { SecondsFormat::Secs } else { SecondsFormat::Micros }, false);
    let offset = at.offset().local_minus_utc();
    if offset % 60 != 0 {
        let (sign, offset) = (if offset < 0 { '-' } else { '+' }, offset.abs());
        let (hours, minutes, seconds) = (offset / 3600, offset / 60 % 60, offset % 60);
        text.truncate(text.len() - "+00:00".len());
        text.push_str(&format!("{sign}{hours:02}:{minutes:02}:{seconds:02}"));
    }
    text
}

/// Reads what `iso_text` or `datetime.isoformat` wrote.
pub fn moment(text: &str) -> Option<Moment> {
    chrono::DateTime::parse_from_rfc3339(text).ok()
}
