//! The site's own name in a title, and the origin that a reprint names: '… | Al Jazeera' on another site, 'Source:
//! Reuters' at its end.

use std::rc::Rc;

use crate::hash::Set;
use unicode_normalization::UnicodeNormalization;

use crate::memo::TEXTS;
use crate::py;
use crate::{memo, rx};

/// Bytes of a text whose answers are remembered.
const LONGEST: usize = 500;

/// The origin named at a title's end; None where there is none, or it is the site itself.
///
/// After a bar anything that can be a name is taken for one, after a dash only what sounds like a publication.
pub fn split_source(title: &str, site_name: Option<&str>, url: &str) -> Option<String> {
    // Between a title and a name after it. A bar parts nothing but names; dashes part sentences too.
    let bars = rx!(r"\s+(?:\||‖|｜|::)\s*|\s*(?:‖|｜)\s*");
    let dashes = rx!(r"\s+[-–—·•]\s+");
    // Words by which a publication is known after a dash, where a subtitle may stand as well.
    let press = rx!(
        r"(?i)\b(?:news|times|post|journal|tribune|herald|guardian|gazette|telegraph|chronicle|observer|independent|daily|press|magazine|review|reuters|afp|ap|bbc|cnn|nbc|cbs|abc|npr|tass|xinhua|bloomberg|al jazeera|tv|radio|zeitung|spiegel|monde|figaro|pais|mundo|corriere|repubblica|gazeta|novosti|wire|today)\b|\.(?:com|org|net|gr)\b"
    );
    let (mut head, mut tail) = last(bars, title);
    if tail.is_empty() {
        (head, tail) = last(dashes, title);
        if !press.is_match(tail) {
            return None;
        }
    }
    if py::len(head) < py::len(tail) || !is_a_name(tail) || is_site(tail, site_name, url) {
        return None;
    }
    Some(tail.to_owned())
}

/// The origin of a line like 'Source: Reuters' in an article; None where the line is none such.
pub fn source_in_line(line: &str) -> Option<String> {
    if !line.contains([':', '：']) {
        return None;
    }
    let found = rx!(
        r"(?i)^\W{0,3}(?:source|quelle|fuente|fonte|bron|källa|kilde|lähde|źródło|zdroj|forrás|sursa|πηγή|источник|джерело|източник|kaynak|المصدر|منبع|מקור|nguồn|sumber|出典|来源|來源|출처)\s*[:：]\s*(.{2,60})$"
    )
    .captures(py::strip(line))?;
    Some(py::strip_chars(&found[1], " .").to_owned())
}

/// A document's title without the site's name before or after it.
pub fn without_site(title: &str, site_name: Option<&str>, url: &str) -> String {
    let Some(first) = separator_from(title, 0) else { return title.to_owned() };
    let mut last = first;
    while let Some(next) = separator_from(title, last.1) {
        last = next;
    }
    let part = if is_site(&title[last.1..], site_name, url) {
        &title[..last.0]
    } else if is_site(&title[..first.0], site_name, url) {
        &title[first.1..]
    } else {
        title
    };
    let part = if part.len() < title.len() { py::strip(part) } else { part };
    if part.is_empty() { title } else { part }.to_owned()
}

/// What a document's title has before or after the page's own: the site's name, where the page repeats itself.
pub fn site_in_title(document_title: &str, title: &str) -> Option<String> {
    if title.is_empty() || document_title.len() <= title.len() {
        return None;
    }
    if document_title.starts_with(title) {
        if let Some(end) = separator_at(document_title, title.len()) {
            let after = py::strip(&document_title[end..]);
            return (!after.is_empty()).then(|| after.to_owned());
        }
    }
    let before = document_title.strip_suffix(title)?;
    let part = separator_from(before, 0).map_or(before, |(begin, _)| &before[..begin]);
    let part = part.trim_end_matches([' ', ':']);
    (!part.is_empty()).then(|| part.to_owned())
}

/// Whether a name is that of the site: equal to it, or the host's own name, also by its initials.
pub fn is_site(name: &str, site_name: Option<&str>, url: &str) -> bool {
    let whole = plain(name);
    if whole.text.is_empty() {
        return false;
    }
    if let Some(site) = site_name.map(plain).filter(|site| !site.text.is_empty()) {
        if whole.text == site.text
            || whole.size.min(site.size) >= 5 && (site.text.contains(&whole.text) || whole.text.contains(&site.text))
        {
            return true;
        }
    }
    let own = whole.text.strip_prefix("the").filter(|rest| !rest.is_empty()).unwrap_or(&whole.text);
    let host = labels(url);
    let labels = &host.labels;
    let is_label = |text: &str| labels.iter().any(|label| label == text);
    if is_label(own) || (py::len(own) >= 5 && labels.iter().any(|label| label.contains(own))) || own == host.joined {
        return true;
    }
    if labels[..labels.len().saturating_sub(1)].iter().any(|label| py::len(label) >= 5 && own.starts_with(&**label)) {
        return true;
    }
    let mut words = py::words(name);
    if let Some(site) = site_name.filter(|site| !site.is_empty()) {
        let known = words_of(site);
        if words.clone().all(|word| known.contains(&*py::casefold(word))) {
            return true;
        }
    }
    let few = words.clone().nth(4).is_none();
    let first = words.next().unwrap_or("");
    if few && py::len(first) >= 3 && is_label(&plain(first).text) {
        return true;
    }
    let initials = initials(name);
    let initials = py::casefold(&initials);
    py::len(&initials) >= 3 && is_label(&initials)
}

/// Whether a text is the site's name and no more.
pub fn is_site_name(text: &str, site_name: Option<&str>) -> bool {
    site_name.is_some_and(|site| !site.is_empty() && plain(text).text == plain(site).text)
}

/// What stands before and after the last separator; nothing after where there is none.
fn last<'t>(separator: &regex::Regex, title: &'t str) -> (&'t str, &'t str) {
    match separator.find_iter(title).last() {
        Some(found) => (py::strip(&title[..found.start()]), py::strip(&title[found.end()..])),
        None => (title, ""),
    }
}

/// At most five words in forty characters, the first of them not in lower case.
fn is_a_name(text: &str) -> bool {
    // What stands after a bar and is a part of a site, a page of a series or a word on the text.
    let not_a_name = rx!(
        r"(?i)\d|^(?:home|blog|news|video|live|opinion|review|reviews|part|page|forum|archive|archives|login|search|about|contact|shop|store|faq|update|updated|sponsored|analysis|interview|photos?|gallery|podcast|episode)\b"
    );
    (2..=40).contains(&py::len(text))
        && py::words(text).nth(5).is_none()
        && !text.starts_with(char::is_lowercase)
        && !not_a_name.is_match(text)
}

/// Where the first separator between a title and a site's name begins and ends, from a place on.
fn separator_from(title: &str, from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    while let Some(c) = title[at..].chars().next() {
        if let Some(end) = separator_at(title, at) {
            return Some((at, end));
        }
        // A run of white space is none anywhere in it.
        at += if py::is_space(c) { spaces(&title[at..]) } else { c.len_utf8() };
    }
    None
}

/// Where a separator ends that begins here: a bar, a dash or an arrow between spaces, or a colon after a word.
fn separator_at(title: &str, at: usize) -> Option<usize> {
    let begin = at + spaces(&title[at..]);
    let rest = &title[begin..];
    let mark = rest.chars().next()?;
    if begin > at {
        let size = match mark {
            '|' | '‖' | '-' | '–' | '—' | '·' | '•' | '»' | '«' | '›' => mark.len_utf8(),
            ':' if rest.starts_with("::") => 2,
            '/' if rest.starts_with("//") => 2,
            _ => 0,
        };
        let after = if size > 0 { spaces(&rest[size..]) } else { 0 };
        if after > 0 {
            return Some(begin + size + after);
        }
    }
    let after = spaces(&rest[mark.len_utf8()..]);
    match mark {
        '‖' | '｜' => {}
        ':' if begin == at && after > 0 && title[..at].ends_with(is_word) => {}
        _ => return None,
    }
    Some(begin + mark.len_utf8() + after)
}

/// The size of the white space that a text begins with.
fn spaces(text: &str) -> usize {
    text.len() - text.trim_start_matches(py::is_space).len()
}

/// Whether a character is one of a word, as patterns have it.
fn is_word(c: char) -> bool {
    c == '_' || py::is_alnum(c)
}

/// The first characters of a name's words.
fn initials(name: &str) -> String {
    let mut out = String::new();
    let mut within = false;
    for c in name.chars() {
        let word = is_word(c);
        if word && !within {
            out.push(c);
        }
        within = word;
    }
    out
}

/// The parts of a host's name, and all of them as one.
struct Host {
    labels: Vec<String>,
    joined: String,
}

fn labels(url: &str) -> Rc<Host> {
    // The host stands at the beginning.
    let url = py::head(url, LONGEST);
    memo!(TEXTS, url, str => Rc<Host>, {
        let host = host_name(url).replace('-', "");
        let labels: Vec<String> = host.split('.').filter(|label| *label != "www").map(str::to_owned).collect();
        Rc::new(Host { joined: labels.concat(), labels })
    })
}

/// The host in a URL, in lower case; empty where there is none.
fn host_name(url: &str) -> String {
    let Some((_, rest)) = url.split_once("://") else { return String::new() };
    let place = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host = place.rsplit('@').next().unwrap_or("");
    match host.split_once('[') {
        Some((_, inner)) => inner.split(']').next().unwrap_or("").to_lowercase(),
        None => host.split(':').next().unwrap_or("").to_lowercase(),
    }
}

/// A text's letters and digits in one form, and how many they are.
struct Plain {
    text: String,
    size: usize,
}

fn plain(text: &str) -> Rc<Plain> {
    let make = || {
        let folded = py::casefold(text);
        let mut plain: String = if folded.is_ascii() {
            folded.chars().filter(char::is_ascii_alphanumeric).collect()
        } else {
            folded.nfkd().filter(|&c| py::is_alnum(c)).collect()
        };
        if plain.ends_with("com") {
            plain.truncate(plain.len() - 3);
        }
        Rc::new(Plain { size: py::len(&plain), text: plain })
    };
    if text.len() > LONGEST {
        return make();
    }
    memo!(TEXTS, text, str => Rc<Plain>, make())
}

/// The words of a site's name.
fn words_of(name: &str) -> Rc<Set<String>> {
    let make = || Rc::new(py::words(name).map(|word| py::casefold(word).into_owned()).collect());
    if name.len() > LONGEST {
        return make();
    }
    memo!(TEXTS, name, str => Rc<Set<String>>, make())
}
