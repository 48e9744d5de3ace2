//! A page's parts with their texts: what article, comments and widgets are built from.

use crate::hash::Map;

use crate::dates::{in_zone_of, parse_date};
use crate::language::detect;
use crate::platforms::named;
use crate::py;
use crate::segments::paragraphs;
use crate::types::{Label, Moment, Part, PartId, Provenance, Role, Segmented, Source};
use crate::visible_text::{El, Tx, MOMENTS};

/// Shorter texts are guessed wrong too often; the page's language is the better guess.
const LEAST_FOR_LANGUAGE: usize = 32;

/// A part and its texts in document order.
pub struct PartTexts<'a, 'p> {
    pub id: PartId,
    pub part: &'a Part,
    pub page: &'a Segmented<'p>,
    pub numbers: Vec<Tx>,
    pub roles: Vec<Role>,
    pub paths: Vec<String>,
}

/// A role's place in a set of them.
fn bit(role: Role) -> u16 {
    1 << role as u16
}

impl<'a, 'p> PartTexts<'a, 'p> {
    /// Its texts of these roles; all where none is named.
    pub fn texts(&self, roles: &[Role]) -> Vec<Tx> {
        let bits = |roles: &[Role]| roles.iter().fold(0, |all, &role| all | bit(role));
        let (asked, present) = (bits(roles), bits(&self.roles));
        // Most parts have two or three roles of the nine.
        if asked == 0 || present & !asked == 0 {
            return self.numbers.clone();
        }
        if present & asked == 0 {
            return Vec::new();
        }
        let these = self.numbers.iter().zip(&self.roles);
        these.filter(|(_, &role)| asked & bit(role) != 0).map(|(&n, _)| n).collect()
    }

    /// Its text of these roles, in paragraphs.
    pub fn text(&self, roles: &[Role]) -> String {
        paragraphs(&self.page.visible, &self.texts(roles))
    }

    /// Its text of these roles in one line; None where there is none.
    pub fn line(&self, roles: &[Role]) -> Option<String> {
        let text = self.text(roles);
        let line = py::collapse(&text);
        (!line.is_empty()).then(|| line.into_owned())
    }

    /// The parents of its texts of these roles.
    pub fn elements(&self, roles: &[Role]) -> Vec<El> {
        let mut found = self.texts(roles);
        for n in &mut found {
            *n = self.page.visible.t(*n).parent;
        }
        found
    }

    /// Says where its text is from, where that is not the visible page.
    pub fn provenance(&self) -> Provenance {
        let page = &self.page.visible;
        let mut said = Provenance::default();
        if !self.numbers.iter().all(|&n| page.t(n).visible) {
            let mut around = page.ancestors(page.t(self.numbers[0]).parent);
            let unread = around.any(|a| page.e(a).tag == "noscript");
            said.insert("text", if unread { Source::Noscript } else { Source::Hidden });
        }
        said
    }
}

/// The parts that labels name, by first appearance, with their texts and paths.
pub fn gather<'a, 'p>(
    page: &'a Segmented<'p>,
    parts: &'a [Part],
    labels: &[Label],
    mut paths: Map<PartId, Vec<String>>,
) -> Vec<PartTexts<'a, 'p>> {
    let mut found: Vec<PartTexts<'a, 'p>> = Vec::new();
    let mut places = vec![usize::MAX; parts.len()];
    for (n, label) in labels.iter().enumerate() {
        let id = label.part;
        if places[id] == usize::MAX {
            places[id] = found.len();
            let paths = paths.remove(&id).unwrap_or_default();
            let (numbers, roles) = (Vec::new(), Vec::new());
            found.push(PartTexts { id, part: &parts[id], page, numbers, roles, paths });
        }
        let its = &mut found[places[id]];
        its.numbers.push(n);
        its.roles.push(label.role);
    }
    found
}

/// A text's language, where it is long enough to tell.
pub fn language_of(text: &str, otherwise: Option<&str>) -> Option<String> {
    let found = if py::len(text) >= LEAST_FOR_LANGUAGE { detect(text) } else { None };
    found.or_else(|| otherwise.map(str::to_owned))
}

/// The date of a part, and as the page writes it: the machine's form of a `time` or `abbr` first, on the day that the
/// words say, then the words; where there are none, what an element without text says.
pub fn date_of(
    texts: &PartTexts<'_, '_>,
    languages: &[&str],
    base: Option<Moment>,
) -> (Option<Moment>, Option<String>) {
    let page = &texts.page.visible;
    let raw = texts.line(&[Role::Date]);
    let said = raw.as_deref().and_then(|raw| parse_date(raw, languages, base));
    let also = named("date attribute");
    // Attributes with the machine's form of a date.
    let times = || ["datetime", "content"].into_iter().chain(also.iter().copied()).chain(["title"]);
    let mut looked = usize::MAX;
    for e in texts.elements(&[Role::Date]) {
        if e == looked {
            continue;
        }
        looked = e;
        for at in std::iter::once(e).chain(page.ancestors(e).take(2)) {
            for value in times().map(|name| page.get(at, name)) {
                if !value.chars().any(py::is_digit) {
                    continue;
                }
                if let Some(found) = parse_date(value, languages, base) {
                    return (Some(on_day_of(found, said)), raw);
                }
            }
        }
    }
    let at = if raw.is_some() { said } else { moment_of(texts) };
    (at, raw)
}

/// The machine's moment in the page's own zone, where the page's words say the day before or after.
fn on_day_of(found: Moment, said: Option<Moment>) -> Moment {
    match said {
        Some(said) if (found.date_naive() - said.date_naive()).num_days().abs() == 1 => {
            in_zone_of(found.with_timezone(&chrono::Utc).fixed_offset(), said, true)
        }
        _ => found,
    }
}

/// The first moment that an element without text gives, before the part's last text or, where no other part is inside,
/// behind it.
fn moment_of(texts: &PartTexts<'_, '_>) -> Option<Moment> {
    let page = &texts.page.visible;
    let whole = page.e(texts.part.element);
    let last = *texts.numbers.last()?;
    let end = if whole.last == last + 1 { last + 1 } else { last };
    let empty = page.elements[page.inside(whole.index)].iter().filter(|e| e.first == e.last && e.last <= end);
    for e in empty.filter(|e| !e.attrs.is_empty()) {
        for value in MOMENTS.into_iter().map(|name| e.get(name)) {
            if value.chars().next().is_some_and(py::is_digit) {
                if let Some(at) = parse_date(value, &[], None) {
                    return Some(at);
                }
            }
        }
    }
    None
}
