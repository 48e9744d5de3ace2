//! A page's metadata elements, wherever they stand, by one walk over its tree.

use std::borrow::Cow;

use crate::hash::Map;

use crate::dom::{Dom, Kind, NONE};
use crate::{microdata, py};

// A page has fifty meta elements; thousands are an attack or a fault.
const MOST: usize = 1000;
// How frameworks in Remix's manner name a script of JSON-LD among a page's meta elements; some write it as one of those.
const SCRIPT_AS_META: &str = "script:ld+json";
const FEEDS: [&str; 2] = ["application/atom+xml", "application/rss+xml"];

/// What the elements of a page's head hold, as written.
#[derive(Default, Debug)]
pub struct Head<'p> {
    pub language: Option<&'p str>,
    pub title: Option<Cow<'p, str>>,
    /// Contents by property, name or http-equiv in lower case; else by itemprop, as "itemprop:name"; in their order.
    pub metas: Vec<(Cow<'p, str>, Vec<&'p str>)>,
    at: Map<Cow<'p, str>, usize>,
    pub canonical: Vec<&'p str>,
    pub feed_titles: Vec<&'p str>,
    pub json_ld: Vec<Cow<'p, str>>,
    /// Elements that are items of microdata.
    pub scopes: Vec<usize>,
}

impl<'p> Head<'p> {
    /// The first content under the first of the names that has one.
    pub fn meta(&self, names: &[&str]) -> Option<&'p str> {
        names.iter().find_map(|name| self.all(name).first().copied())
    }

    /// All contents under a name, in their order.
    pub fn all(&self, name: &str) -> &[&'p str] {
        self.at.get(name).map_or(&[], |&at| &self.metas[at].1)
    }

    /// The code of the language that the page says it is in.
    pub fn language_code(&self) -> Option<String> {
        let claims = [self.language, self.meta(&["content-language", "og:locale"])];
        let said = claims.into_iter().flatten().map(py::strip);
        said.filter(|claim| is_language(claim)).map(written_language).next()
    }
}

/// The metadata elements of a page.
pub fn read_head<'p>(dom: &Dom<'p>) -> Head<'p> {
    let mut head = Head::default();
    if dom.html != NONE {
        let lang = |name| dom.attr(dom.html, name).filter(|said| !said.is_empty());
        head.language = lang("lang").or_else(|| lang("xml:lang"));
    }
    let mut seen = 0;
    let mut n = 0;
    while let Some(node) = dom.nodes.get(n) {
        let this = n;
        n += 1;
        if node.kind != Kind::Element {
            continue;
        }
        let attr = |name: &str| dom.attr(this, name);
        match node.tag {
            // What stands in it is no part of the page.
            "template" => n = node.end.max(n),
            "meta" if seen < MOST => {
                if let Some(content) = attr("content") {
                    seen += 1;
                    read_meta(attr, py::strip(content), &mut head);
                }
            }
            "link" if seen < MOST => {
                if let Some(rel) = attr("rel") {
                    seen += 1;
                    read_link(attr, rel, &mut head);
                }
            }
            "title" if seen < MOST => {
                seen += 1;
                if head.title.is_none() {
                    head.title = Some(dom.text(this));
                }
            }
            "script" if seen < MOST => {
                if let Some(kind) = attr("type") {
                    seen += 1;
                    if py::lower(py::strip(kind)).starts_with("application/ld+json") {
                        head.json_ld.push(dom.text(this));
                    }
                }
            }
            _ => {}
        }
        if head.scopes.len() < microdata::MOST && microdata::is_item(node) {
            head.scopes.push(this);
        }
    }
    head
}

fn read_meta<'p>(attr: impl Fn(&str) -> Option<&'p str>, content: &'p str, head: &mut Head<'p>) {
    let said = |name| attr(name).filter(|said| !said.is_empty());
    let name: Cow<'p, str> = match said("property").or_else(|| said("name")).or_else(|| said("http-equiv")) {
        Some(SCRIPT_AS_META) => return head.json_ld.push(Cow::Borrowed(content)),
        Some(name) => py::lower(py::strip(name)),
        None => match said("itemprop") {
            Some(prop) => py::lower(py::strip(&format!("itemprop:{prop}"))).into_owned().into(),
            None => return,
        },
    };
    if content.is_empty() {
        return;
    }
    match head.at.get(&name) {
        Some(&at) => head.metas[at].1.push(content),
        None => {
            head.at.insert(name.clone(), head.metas.len());
            head.metas.push((name, vec![content]));
        }
    }
}

fn read_link<'p>(attr: impl Fn(&str) -> Option<&'p str>, rel: &'p str, head: &mut Head<'p>) {
    let said = |name| attr(name).filter(|said| !said.is_empty());
    let relations = py::lower(rel);
    let has = |relation| py::words(&relations).any(|word| word == relation);
    if has("canonical") {
        if let Some(address) = said("href") {
            return head.canonical.push(address);
        }
    }
    if has("alternate") && attr("type").is_some_and(|kind| FEEDS.contains(&&*py::lower(kind))) {
        head.feed_titles.extend(said("title"));
    }
}

/// Whether a text is a language's code: 'en', 'pt-BR', 'zh_Hant_TW'.
fn is_language(claim: &str) -> bool {
    let mut parts = claim.split(['-', '_']);
    let language = parts.next().unwrap_or("");
    (2..=3).contains(&language.len())
        && language.bytes().all(|c| c.is_ascii_alphabetic())
        && parts.clone().count() <= 3
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|c| c.is_ascii_alphanumeric()))
        && !["und", "mul", "zxx"].iter().any(|none| claim.eq_ignore_ascii_case(none))
}

fn written_language(claim: &str) -> String {
    let mut parts = claim.split(['-', '_']);
    let mut out = parts.next().unwrap_or("").to_ascii_lowercase();
    for part in parts {
        out.push('-');
        if part.len() == 2 {
            out.push_str(&part.to_ascii_uppercase());
        } else {
            out.push_str(part);
        }
    }
    out
}
