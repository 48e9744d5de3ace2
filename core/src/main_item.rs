//! Which of the items in a page's JSON-LD is the page's own.

use crate::hash::Set;

use crate::json::Value;
use crate::json_ld::{has_type, types_of, Item};
use crate::urls::join;

/// The item that is the page's article: the only one, or the one with the page's own address.
pub fn main_item<'a>(items: &[Item<'a>], url: &str, canonical: &str) -> Option<Item<'a>> {
    let of_type = |item: &&Item<'a>| types_of(**item).any(is_article);
    let articles: Vec<Item<'a>> = items.iter().filter(of_type).copied().collect();
    if articles.len() == 1 {
        return Some(articles[0]);
    }
    if articles.len() > 1 {
        let own = [bare_address(url), bare_address(canonical)];
        if let Some(mine) = articles.iter().find(|item| is_at(**item, url, &own)) {
            return Some(*mine);
        }
        let kinds: Set<Vec<&str>> = articles.iter().map(|item| types_of(*item).collect()).collect();
        if kinds.len() == articles.len() {
            return Some(articles[0]);
        }
    }
    let mut products = items.iter().filter(|item| has_type(**item, "Product"));
    match (products.next(), products.next()) {
        (Some(only), None) => Some(*only),
        _ => None,
    }
}

fn is_article(name: &str) -> bool {
    let name = name.strip_suffix('\n').unwrap_or(name);
    name.ends_with("Article")
        || name.ends_with("Posting")
        || matches!(name, "Question" | "Report" | "Recipe" | "Review" | "Course" | "Event" | "VideoObject")
}

/// Whether an item gives one of these addresses as its own.
fn is_at(item: Item<'_>, url: &str, own: &[&str]) -> bool {
    ["url", "@id", "mainEntityOfPage", "isPartOf"].iter().any(|key| {
        let claim = match item.get(key) {
            Value::Object(object) => object.get("@id").or(object.get("url")),
            other => other,
        };
        match claim {
            Value::Text(reference) if !reference.is_empty() => {
                join(url, reference).is_some_and(|address| own.contains(&bare_address(&address)))
            }
            _ => false,
        }
    })
}

/// An address without its fragment and the slashes at its end.
fn bare_address(url: &str) -> &str {
    url.split('#').next().unwrap_or("").trim_end_matches('/')
}
