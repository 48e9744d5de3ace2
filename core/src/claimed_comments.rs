//! The comments that a page's JSON-LD has in its article.

use crate::dates::parse_date;
use crate::json::Value;
use crate::json_ld::{self, ById, Item};
use crate::types::Moment;
use crate::urls::join;

/// Comments of one property, and levels of replies.
const MOST: usize = 1000;
const DEEPEST: usize = 50;

/// A comment as JSON-LD gives it; `replies` are those nested in it.
#[derive(Clone, Debug, Default)]
pub struct ClaimedComment {
    pub text: String,
    pub author: Option<String>,
    pub author_url: Option<String>,
    pub published_at: Option<Moment>,
    pub published_raw: Option<String>,
    pub url: Option<String>,
    pub votes: Option<i64>,
    pub replies: Vec<ClaimedComment>,
}

/// What the claims of a page are read in.
pub struct Place<'s, 'a> {
    pub url: &'s str,
    pub language: Option<&'s str>,
    /// The time of the fetch, that relative dates count from.
    pub base: Moment,
    pub by_id: &'s ById<'a>,
}

impl Place<'_, '_> {
    /// The time that a claim gives.
    pub fn date(&self, claim: &str) -> Option<Moment> {
        if claim.is_empty() {
            return None;
        }
        parse_date(claim, self.language.as_slice(), Some(self.base))
    }
}

/// The comments and answers that an item has.
pub fn claimed_comments<'a>(item: Item<'a>, place: &Place<'_, 'a>, depth: usize) -> Vec<ClaimedComment> {
    let mut found = Vec::new();
    for key in ["comment", "acceptedAnswer", "suggestedAnswer"] {
        let values = item.get(key);
        let listed = values.listed().iter().take(MOST).filter_map(|value| value.object());
        found.extend(listed.filter_map(|value| claimed_comment(value, place, depth)));
    }
    found
}

fn claimed_comment<'a>(value: Item<'a>, place: &Place<'_, 'a>, depth: usize) -> Option<ClaimedComment> {
    let text = json_ld::body_of(value.get("text").or(value.get("description")))?;
    let mut author = value.get("author").or(value.get("creator"));
    if let Value::List(authors) = author {
        author = authors.first().copied().unwrap_or(author);
    }
    let raw = json_ld::text_of(value.get("dateCreated").or(value.get("datePublished")));
    let at = |object: Item<'a>| join(place.url, &json_ld::text_of(object.get("url"))?);
    Some(ClaimedComment {
        text,
        author: json_ld::names_of(author, place.by_id).into_iter().next().map(String::from),
        author_url: author.object().and_then(at),
        published_at: raw.as_deref().and_then(|raw| place.date(raw)),
        published_raw: raw.map(String::from),
        url: at(value),
        votes: json_ld::count_of(value.get("upvoteCount")),
        replies: if depth < DEEPEST { claimed_comments(value, place, depth + 1) } else { Vec::new() },
    })
}
