//! What the models know of each box that may be a widget: what rules say of it, and the row of its largest element.

use std::sync::LazyLock;

use crate::element_features::{place_of, Elements, ELEMENT_COLUMNS};
use crate::keywords::kind_of_heading;
use crate::pattern_set::PatternSet;
use crate::py;
use crate::source::is_site;
use crate::topic_words::topics;
use crate::types::{Matrix, Segmented, WidgetBox};
use crate::urls::join;
use crate::visible_text::{El, Page};

/// A site's name is the first link of its header, or soon after; and no longer than so many letters.
const FIRST_LINKS: usize = 5;
const LONGEST_NAME: usize = 60;
/// So many links say where a box leads.
const MOST_LINKS: usize = 20;
/// What is read of a box: its first texts and their characters.
const MOST_TEXTS: usize = 40;
const MOST_CHARS: usize = 600;

/// What the words of a box may say of its kind, in the languages that most pages are in: words that stand anywhere in
/// it.
const CUES: [&str; 17] = [
    // Powered.
    "powered by|designed by|hosted by|theme",
    // Legal.
    "privacy|terms|imprint|impressum|datenschutz|mentions légales|aviso legal|cookie policy|agb",
    // Share.
    "share|tweet|facebook|twitter|whatsapp|pinterest|linkedin|instagram|teilen|follow|folge",
    // Script.
    "javascript|browser|enable|adblock",
    // Related.
    "related|similar|you may|also like|more from|more in|more on|recommended|mehr|weiter|lesen sie",
    // Recent.
    "recent|latest|newest|neueste|letzte|dernier|últim",
    // Language.
    "english|deutsch|español|français|italiano|language|sprache",
    // Menu.
    "menu|home|about|contact|blog|shop",
    // Login.
    "log in|login|sign in|signin|sign up|signup|register|anmelden|account|subscribe|abonn|newsletter|e-mail",
    // Buy.
    "add to cart|add to basket|add to bag|buy|in den warenkorb|quantity|shipping|price",
    // Cookie.
    "cookie|consent|gdpr|privacy preference",
    // Ad.
    "advertis|sponsor|anzeige|werbung|publicidad|publicité|promo|offer|deal",
    // Popular.
    "popular|trending|most read|most viewed|beliebt|meist",
    // Pages.
    "previous|next|older|newer|vorherig|nächst|précédent|suivant|anterior|siguiente|«|»",
    // Copyright.
    "©|copyright|all rights reserved|alle rechte|tous droits|derechos reservados",
    // Comment.
    "comment|kommentar|commentaire|comentario|reply|antwort",
    // Leave.
    "leave a|add a comment|add comment|add a review|post a comment|post comment|schreib|your email address",
];
/// And how it begins.
const BEGINNINGS: [&str; 5] = [
    // Skip.
    r"\A\W*(?:skip|jump|direkt|zum|aller|ir|saltar) (?:to|zum|inhalt|au|al)",
    // Search.
    r"\A\W*(?:search|suche|recherche|buscar|pesquisar|cerca|szukaj|zoeken)",
    // Tags.
    r"\A\W*(?:tags?|categor|topics?|filed under|posted in|kategorie|schlagw|thema|tagged)",
    // By.
    r"\A\W*(?:by|von|par|por|written by|about the author|author)(?:\W|\Z)",
    // Count.
    r"\A\W*\d[\d.,]*[km]? (?:views?|comments?|likes?|shares?|votes?|replies|reviews?|ratings?|members?)",
];
/// One column for each of them, in this order.
static SAYS: LazyLock<PatternSet> = LazyLock::new(|| {
    let patterns = CUES.into_iter().chain(BEGINNINGS).map(py::pattern);
    PatternSet::new(patterns)
});

/// Of the box itself, and of where it leads.
const OWN: usize = 8;
const LINKS: usize = 6;
const TOPICS: usize = 21;
const SITE_AT: usize = OWN + LINKS;
const SAYS_AT: usize = SITE_AT + 1 + TOPICS;
const ELEMENT_AT: usize = SAYS_AT + CUES.len() + BEGINNINGS.len();
/// How many numbers a row of a box has.
pub const BOX_COLUMNS: usize = ELEMENT_AT + ELEMENT_COLUMNS;

/// One row a box: that of its largest element, and what rules say of the whole. 
pub fn box_rows(segmented: &Segmented<'_>, elements: &Elements<'_>, boxes: &[WidgetBox]) -> Matrix {
    let page = &segmented.visible;
    let home = join(&segmented.url, "/").unwrap_or_default();
    let mut found = Matrix::zeros(boxes.len(), BOX_COLUMNS);
    let mut text = String::new();
    for (n, of) in boxes.iter().enumerate() {
        beginning(page, of, &mut text);
        let row = found.row_mut(n);
        let size = py::len(&text);
        let heading = of.title.and_then(|title| kind_of_heading(&page.text(title)));
        row[..OWN].copy_from_slice(&[
            place_of(Some(of.kind)),
            of.score as f32,
            of.region as usize as f32,
            of.elements.len() as f32,
            (size as f64).ln_1p() as f32,
            place_of(heading),
            text.bytes().filter(|b| matches!(b, b'@' | b'/')).count() as f32,
            (digits(&text) as f64 / size.max(1) as f64) as f32,
        ]);
        row[OWN..SITE_AT].copy_from_slice(&links(segmented, of, &home));
        let begins = of.texts.first().map_or("", |&first| py::strip(page.t(first).value));
        let names_site = py::len(begins) < LONGEST_NAME
            && is_site(begins, segmented.metadata.site_name.as_deref(), &segmented.url);
        row[SITE_AT] = f32::from(u8::from(names_site));
        for (to, &number) in row[SITE_AT + 1..SAYS_AT].iter_mut().zip(topics(&text).iter()) {
            *to = number;
        }
        for said in SAYS.matches(&py::lower(&text)) {
            row[SAYS_AT + said] = 1.0;
        }
        if let Some(largest) = largest(page, of) {
            elements.write(largest, &mut row[ELEMENT_AT..]);
        }
    }
    found
}

/// A box's largest element, of equal ones the first.
fn largest(page: &Page<'_>, of: &WidgetBox) -> Option<El> {
    let mut elements = of.elements.iter().copied();
    let first = elements.next()?;
    Some(elements.fold(first, |best, e| if page.chars(e) > page.chars(best) { e } else { best }))
}

/// The first characters of a box's first texts.
fn beginning(page: &Page<'_>, of: &WidgetBox, text: &mut String) {
    text.clear();
    for (n, &at) in of.texts.iter().take(MOST_TEXTS).enumerate() {
        if n > 0 {
            text.push(' ');
        }
        text.push_str(py::head(page.t(at).value, MOST_CHARS));
        // No character has more bytes than four.
        if text.len() >= 4 * MOST_CHARS {
            break;
        }
    }
    text.truncate(py::head(text, MOST_CHARS).len());
}

fn digits(text: &str) -> usize {
    if text.is_ascii() {
        text.bytes().filter(u8::is_ascii_digit).count()
    } else {
        text.chars().filter(|&c| py::is_digit(c)).count()
    }
}

/// Where a box leads: whether to the site's own front page (`home`) first, the share of links to other hosts, how many
/// hosts and how long the paths are; its pictures, and those that are links.
fn links(segmented: &Segmented<'_>, of: &WidgetBox, home: &str) -> [f32; LINKS] {
    let page = &segmented.visible;
    let (mut leads_home, mut links, mut outside) = (false, 0usize, 0usize);
    let mut urls: Vec<String> = Vec::new();
    let (mut pictures, mut linked) = (0usize, 0usize);
    for &e in &of.elements {
        for x in &page.elements[page.inside(e)] {
            match x.tag {
                "a" if links < MOST_LINKS => {
                    let Some(href) = x.attr("href") else { continue };
                    let url = join(&segmented.url, href).unwrap_or_default();
                    leads_home |= links < FIRST_LINKS && (url == home || x.get("rel").contains("home"));
                    outside += usize::from(!url.starts_with(home));
                    links += 1;
                    if !url.is_empty() {
                        urls.push(url);
                    }
                }
                "img" => {
                    pictures += 1;
                    linked += usize::from(page.in_link[x.index]);
                }
                _ => {}
            }
        }
    }
    // "https://host/path".
    let parts: Vec<(&str, &str)> =
        urls.iter().filter_map(|url| url.splitn(3, '/').nth(2)?.split_once('/')).collect();
    let mut hosts: Vec<&str> = parts.iter().map(|(host, _)| *host).collect();
    hosts.sort_unstable();
    hosts.dedup();
    let paths: usize = parts.iter().map(|(_, path)| py::len(path)).sum();
    [
        f32::from(u8::from(leads_home)),
        (outside as f64 / links.max(1) as f64) as f32,
        hosts.len() as f32,
        (paths as f64 / parts.len().max(1) as f64) as f32,
        (pictures as f64).ln_1p() as f32,
        (linked as f64).ln_1p() as f32,
    ]
}
