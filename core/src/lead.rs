//! What stands between an article's title and its body: a standfirst, and bits of a meta line.

use crate::any_case::folded;
use crate::names::kind_of_name;
use crate::types::{Label, Part, PartId, Role, WidgetKind};
use crate::visible_text::{El, Page, Tx};
use crate::{any_case, py};

/// Texts between title and body at most, for a standfirst and for bits of a meta line; letters from which on one is a
/// sentence and no such bit, and those from which on it is a text of its own.
const MOST: usize = 60;
const MOST_BITS: usize = 25;
const SENTENCE: usize = 60;
const LONGEST: usize = 600;
/// A standfirst is one of the first lines after the title that have no label and are no link, signs not counted.
const NEAR: usize = 4;
const SIGNS: usize = 3;
/// A subtitle with fewer letters is a heading: a standfirst may follow it.
const HEADING: usize = 80;
/// How a line begins that is of names, days, prices or the reader's consent.
const NO_STANDFIRST: &str = concat!(
    r"^\W*(?:(?:written|reviewed|edited|posted|published|updated|fact.checked|medically|last (?:updated|",
    r"modified|edited)|aktualisiert|veröffentlicht|publié|mis à jour|publicado|actualizado|aggiornato|pubblicato)\b|",
    r"(?:by|von|par|por|di|door|av|af) \w|[$€£]|we (?:independently|may|earn)|when you|this (?:post|page|article)|",
    r"benachrichtigung|share|print|follow)",
);

/// Labels what has no label there: the first sentence is the subtitle, or of the body where there is one, and bits are
/// chrome, but for what names a widget.
pub fn label_lead(page: &Page<'_>, parts: &[Part], article: PartId, labels: &mut [Option<Label>]) {
    let (mut title, mut body) = (None, None);
    let mut subtitles = 0;
    let mut has_subtitle = false;
    for (n, label) in labels.iter().enumerate() {
        match label {
            Some(label) if label.part == article => match label.role {
                Role::Title => title = Some(n),
                Role::Body => body = body.or(Some(n)),
                Role::Subtitle => {
                    has_subtitle = true;
                    subtitles += page.t(n).chars;
                }
                _ => {}
            },
            _ => {}
        }
    }
    let (Some(title), Some(body)) = (title, body) else { return };
    if body <= title || body - title > MOST {
        return;
    }
    let element = parts[article].element;
    let free: Vec<Tx> = (title + 1..body).filter(|&n| labels[n].is_none()).collect();
    if subtitles < HEADING {
        let role = if has_subtitle { Role::Body } else { Role::Subtitle };
        for n in standfirst(page, &free, element) {
            labels[n] = Some(Label { part: article, role, score: 0.5 });
        }
    }
    if body - title > MOST_BITS {
        return;
    }
    for n in free {
        let t = page.t(n);
        if labels[n].is_none()
            && !page.in_link[t.parent]
            && !is_longer(t.value, SENTENCE)
            && !names_widget(page, t.parent, element)
        {
            labels[n] = Some(Label { part: article, role: Role::Chrome, score: 0.5 });
        }
    }
}

/// The texts of the first line there that is a sentence, none of it a link.
fn standfirst(page: &Page<'_>, free: &[Tx], article: El) -> Vec<Tx> {
    let in_link = |n: Tx| page.in_link[page.t(n).parent];
    let mut lines = 0;
    let mut line = None;
    let mut first = None;
    for &n in free {
        let t = page.t(n);
        if t.chars <= SIGNS || in_link(n) {
            continue;
        }
        if line != Some(t.line) {
            line = Some(t.line);
            lines += 1;
            if lines > NEAR {
                break;
            }
        }
        if is_longer(t.value, SENTENCE) {
            first = Some(n);
            break;
        }
    }
    let Some(first) = first else { return Vec::new() };
    let first = page.t(first);
    let line: Vec<Tx> = free.iter().copied().filter(|&n| page.t(n).line == first.line).collect();
    let size: usize = line.iter().map(|&n| page.t(n).chars).sum();
    if size > LONGEST
        || line.iter().any(|&n| in_link(n))
        || any_case!(NO_STANDFIRST).is_match(&folded(first.value))
        || names_widget(page, first.parent, article)
    {
        return Vec::new();
    }
    line
}

/// Whether a text has more characters.
fn is_longer(text: &str, most: usize) -> bool {
    text.len() > most && py::len(text) > most
}

/// Whether an element or one around it is named as a widget, beside the article.
fn names_widget(page: &Page<'_>, e: El, article: El) -> bool {
    std::iter::once(e)
        .chain(page.ancestors(e).take(3))
        .map(|at| page.e(at))
        .filter(|at| !at.name.is_empty() && !at.has(article))
        .any(|at| !matches!(kind_of_name(at.name), None | Some(WidgetKind::Header)))
}
