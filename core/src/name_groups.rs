//! Names of classes and ids as groups of words that mean alike.

use std::sync::LazyLock;

use crate::hash::Map;

use crate::keywords::LONGEST_TOKEN;
use crate::platforms::listed;
use crate::py;

/// Words of names that mean alike. A word matches a group where it begins with one of its stems.
pub const GROUPS: [(&str, &str); 57] = [
    ("comment", "comment cmt kommentar comentario discuss respond replies thread"),
    ("reply", "reply answer antwort respuesta message msg"),
    ("review", "review rating testimonial feedback bewertung"),
    ("sidebar", "sidebar aside secondary rail rightcol leftcol marginal"),
    ("footer", "footer foot colophon bottom copyright impressum"),
    ("header", "header masthead topbar banner branding head"),
    ("nav", "nav navigation navbar menu submenu megamenu dropdown drawer"),
    ("crumb", "breadcrumb crumb path"),
    ("page", "pagination pager paging pagenavi"),
    ("social", "social share sharing follow facebook twitter whatsapp addthis sharedaddy pinterest"),
    ("related", "related recommend similar further more suggest mehr read-more readnext upnext"),
    ("popular", "popular trending top most latest recent new newest"),
    ("post", "post entry hentry story artikel beitrag blogpost"),
    ("article", "article articlebody news"),
    ("content", "content contents inhalt contenido"),
    ("main", "main primary maincontent"),
    ("body", "body text txt richtext copy prose wysiwyg markdown editor rte cms"),
    ("summary", "summary excerpt teaser intro lead abstract dek standfirst description desc"),
    ("widget", "widget gadget module portlet plugin block"),
    ("ad", "ad ads advert advertisement adsense sponsor sponsored promo promotion banner-ad dfp cta werbung anzeige"),
    ("cookie", "cookie consent gdpr ccpa privacy onetrust cmp"),
    ("modal", "modal popup overlay dialog lightbox offcanvas tooltip popover"),
    ("subscribe", "subscribe subscription newsletter signup mailing paywall premium"),
    ("login", "login signin register account user-menu auth"),
    ("search", "search suche recherche buscar"),
    ("title", "title headline heading subject name ueberschrift"),
    ("byline", "author byline writer autor contributor creator"),
    ("date", "date time published timestamp datum posted"),
    ("meta", "meta info details infos metadata"),
    ("tag", "tag tags category categories cat topic label labels taxonomy keyword"),
    ("figure", "figure caption image img photo picture thumb thumbnail media credit"),
    ("product", "product price cart shop sku buy variant stock offer basket checkout"),
    ("spec", "spec specs specification attribute feature features detail benefit"),
    ("user", "user profile avatar member poster signature vcard"),
    ("list", "list listing archive results feed items loop grid collection catalog"),
    ("item", "item card tile cell entry-item li row"),
    ("hero", "hero jumbotron splash cover"),
    ("quote", "quote blockquote pullquote testimonial"),
    ("code", "code highlight pre syntax snippet"),
    ("table", "table tbl datatable"),
    ("faq", "faq accordion collapse question toggle tab tabs"),
    ("legal", "legal terms disclaimer notice alert warning note"),
    ("lang", "lang language locale translate country"),
    ("contact", "contact address map location phone hours team staff"),
    ("form", "form input field select option checkbox submit"),
    ("button", "button btn action actions control toolbar tools"),
    ("gallery", "gallery slider carousel swiper slick slide slideshow"),
    ("video", "video player audio podcast embed iframe"),
    ("layout", "col column container wrapper wrap inner outer section region"),
    ("wiki", "wiki toc references footnote"),
    ("doc", "doc docs documentation sphinx rst apidoc readme manual guide"),
    ("event", "event calendar schedule ticket"),
    ("job", "job career position vacancy"),
    ("stats", "stats count counter views votes like likes score"),
    ("hidden", "hidden hide sr-only visually screen-reader invisible noprint print"),
    ("print", "print email bookmark report flag edit"),
    ("skip", "skip jump anchor back"),
];
/// The groups that have words of platforms too, and where those stand in their table.
const OF_PLATFORMS: [(&str, &str); 4] = [
    ("comment", "comment group"),
    ("reply", "reply group"),
    ("product", "product group"),
    ("wiki", "wiki group"),
];
/// A stem of so many letters is known at the beginning and at the end of a longer word.
const OPEN_FROM: usize = 5;

/// The stems, and how they are found.
struct Stems {
    /// The groups of words that are a stem, in the plural or not.
    whole: Map<String, u8>,
    /// The long stems by their first and by their last letters, the longest first.
    by_beginning: Map<[u8; OPEN_FROM], Vec<(String, u8)>>,
    by_ending: Map<[u8; OPEN_FROM], Vec<(String, u8)>>,
}

static STEMS: LazyLock<Stems> = LazyLock::new(|| {
    // A stem that stands in two groups is the later one's.
    let mut of_stem: Map<String, u8> = Map::default();
    for (n, (group, stems)) in GROUPS.iter().enumerate() {
        let more = OF_PLATFORMS.iter().find(|(name, _)| name == group).map(|(_, place)| listed(place));
        for stem in stems.split(' ').chain(more.as_deref().unwrap_or("").split(' ')).filter(|stem| !stem.is_empty()) {
            of_stem.insert(stem.replace('-', ""), n as u8);
        }
    }
    let mut stems = Stems {
        whole: of_stem.iter().map(|(stem, &n)| (format!("{stem}s"), n)).collect(),
        by_beginning: Map::default(),
        by_ending: Map::default(),
    };
    for (stem, &n) in &of_stem {
        if let Some(beginning) = stem.as_bytes().first_chunk::<OPEN_FROM>() {
            stems.by_beginning.entry(*beginning).or_default().push((stem.clone(), n));
        }
        if let Some(ending) = stem.as_bytes().last_chunk::<OPEN_FROM>() {
            stems.by_ending.entry(*ending).or_default().push((stem.clone(), n));
        }
    }
    for long in stems.by_beginning.values_mut().chain(stems.by_ending.values_mut()) {
        long.sort_by_key(|(stem, _)| std::cmp::Reverse(stem.len()));
    }
    stems.whole.extend(of_stem);
    stems
});

/// The group of a word that is a stem, in the plural or not; else of the longest that it begins or ends with.
fn group_of_word(word: &str) -> Option<u8> {
    let stems = &*STEMS;
    let whole = stems.whole.get(word).copied();
    if whole.is_some() || word.len() <= OPEN_FROM {
        return whole;
    }
    let beginning = word.as_bytes().first_chunk().and_then(|key| stems.by_beginning.get(key));
    let ending = word.as_bytes().last_chunk().and_then(|key| stems.by_ending.get(key));
    let begins = beginning.and_then(|long| long.iter().find(|(stem, _)| word.starts_with(&**stem)));
    let ends = ending.and_then(|long| long.iter().find(|(stem, _)| word.ends_with(&**stem)));
    match (begins, ends) {
        (Some(begins), Some(ends)) => Some(if ends.0.len() > begins.0.len() { ends.1 } else { begins.1 }),
        (found, other) => found.or(other).map(|&(_, n)| n),
    }
}

/// The groups of a token's words, and of two that follow one another taken as one, as bits.
pub fn groups_of_token(token: &str) -> u64 {
    let token = py::head(token, LONGEST_TOKEN);
    let mut letters = String::with_capacity(token.len());
    // Where each word begins and ends among the letters; two that follow one another touch.
    let mut words: Vec<(usize, usize)> = Vec::new();
    let mut read = |text: &str| {
        let mut before = ' ';
        for c in text.chars() {
            if c.is_ascii_alphabetic() {
                // "commentForm" is two words.
                let begins = before.is_ascii_lowercase() && c.is_ascii_uppercase();
                if begins || !before.is_ascii_alphabetic() {
                    words.push((letters.len(), letters.len()));
                }
                letters.push(c.to_ascii_lowercase());
                if let Some(word) = words.last_mut() {
                    word.1 = letters.len();
                }
            }
            before = c;
        }
    };
    if token.is_ascii() {
        read(token);
    } else {
        read(&token.to_lowercase());
    }
    let pairs = words.windows(2).map(|pair| (pair[0].0, pair[1].1));
    let each = words.iter().copied().chain(pairs);
    each.filter_map(|(begin, end)| group_of_word(&letters[begin..end])).fold(0, |bits, n| bits | 1 << n)
}
