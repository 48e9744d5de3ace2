//! The labeller's last steps: what no record has, cut into widgets, and their kinds.

use crate::element_features::{box_rows, is_short, Elements};
use crate::kind_words::{names_of, words_of, Words};
use crate::labeller::{first_largest, Painter};
use crate::types::{Label, Matrix, Part, PartKind, Role, WidgetBox, WidgetKind};
use crate::visible_text::{El, Tx};
use crate::widget_rules::divide;

/// From which probability on a block is one widget: by folds widgets F1 is 0.694 at 0.5, 0.700 at 0.45, 0.703 at 0.4.
const WHOLE: f32 = 0.4;
/// Below these probabilities of the model's own kind a rule that is as sure as its partner is right more often. By
/// folds, where the two differ: a heading that is nothing but the kind's name is right in 25 of 29 cases and the model
/// in two; the next in 86 of 168 against 37, and in 56 of 173 against 41.
const UNSURE: [(f64, f64); 3] = [(0.75, 0.9), (0.4, 0.7), (0.3, 0.6)];
/// From which probability on a short box is none. By folds widgets F1 is 0.716 at 0.65, 0.720 at 0.5 and at 0.4, 0.719
/// at 0.35, 0.712 at 0.25, and the kind of those found right in 0.791, 0.795 (0.5), 0.800 (0.35) and 0.805 (0.25).
const NONE: f32 = 0.4;
/// What a rule is as sure of is a widget, however short.
const SURE: f64 = 0.8;
/// How sure the label of a bit beside a record is.
const LOOSE: f64 = 0.3;

/// What the model is asked of boxes: their rows, and the words in their texts and in their names.
pub type Asked = (Matrix, Vec<Words>, Vec<Words>);

impl Painter<'_, '_> {
    /// What is known of the elements.
    pub fn elements(&self, labels: &[Option<Label>]) -> Elements<'_> {
        let mut free = vec![true; self.blocks.len()];
        for (n, _) in labels.iter().enumerate().filter(|(_, label)| label.is_some()) {
            free[self.blocks.of_text[n]] = false;
        }
        Elements::new(self.visible, &self.blocks, &self.tree, &self.rows, &self.p, &free, &self.kinds)
    }

    /// Which of these elements are one widget, if no record has a part of them.
    fn whole(&self, elements: &Elements<'_>, of: &[El]) -> Vec<bool> {
        // What has no children is never cut, and what another record has a part of always is.
        let asked: Vec<El> = of.iter().copied().filter(|&e| elements.may_be_cut(e)).collect();
        if asked.is_empty() {
            return vec![false; of.len()];
        }
        let mut p = self.models.whole.probability(&elements.rows(&asked)).into_iter();
        of.iter().map(|&e| elements.may_be_cut(e) && p.next().is_some_and(|p| p > WHOLE)).collect()
    }

    /// What is left, cut into widgets by the model.
    pub fn boxes(&self, labels: &[Option<Label>], elements: &Elements<'_>) -> Vec<WidgetBox> {
        self.cut(labels, |of| self.whole(elements, of))
    }

    /// What is left, cut into widgets; `whole` says which of some elements are one.
    pub fn cut(&self, labels: &[Option<Label>], whole: impl Fn(&[El]) -> Vec<bool>) -> Vec<WidgetBox> {
        let (start, end) = self.extent(labels);
        let free: Vec<bool> = labels.iter().map(Option::is_none).collect();
        divide(self.visible, &free, whole, start, end)
    }

    /// What the model is asked of these boxes.
    pub fn asked(&self, boxes: &[WidgetBox], elements: &Elements<'_>) -> Asked {
        let texts = boxes.iter().map(|of| words_of(self.page, of)).collect();
        let names = boxes.iter().map(|of| names_of(self.page, of)).collect();
        (box_rows(self.page, elements, boxes), texts, names)
    }

    /// Labels the texts of the boxes; `asked`: of the same ones.
    pub fn widgets(&mut self, boxes: &[WidgetBox], asked: &Asked, labels: &mut [Option<Label>]) {
        if boxes.is_empty() {
            return;
        }
        let (rows, texts, names) = asked;
        let chances = self.models.widgets(rows, texts, names);
        let mut loose: Vec<Tx> = Vec::new();
        for (k, of) in boxes.iter().enumerate() {
            let Some((&none, chance)) = chances.row(k).split_last() else { continue };
            if none > NONE && of.score < SURE && is_short(self.visible, of) {
                loose.extend(&of.texts);
                continue;
            }
            let best = first_largest(chance);
            let (mut score, mut kind) = (f64::from(chance[best]), WidgetKind::ALL[best]);
            if UNSURE.iter().any(|&(unsure, named)| score < unsure && of.score >= named) {
                (score, kind) = (of.score, of.kind);
            }
            let (widget_kind, region) = (kind, of.region);
            let part =
                self.add(Part { widget_kind, region, ..Part::new(PartKind::Widget, of.elements[0], score) });
            let title = of.title.map_or(0..0, |title| self.visible.e(title).texts());
            for &n in &of.texts {
                let role = if title.contains(&n) { Role::Title } else { Role::Body };
                labels[n] = Some(Label { part, role, score });
            }
        }
        self.label_loose(loose, labels);
    }

    /// Bits that are no block of their own are chrome of what they follow, or at the page's begin of what comes next.
    fn label_loose(&self, mut loose: Vec<Tx>, labels: &mut [Option<Label>]) {
        loose.sort_unstable();
        let shown = |label: &Option<Label>| label.filter(|label| self.parts[label.part].kind != PartKind::Hidden);
        let mut before = None;
        let mut seen = 0;
        for n in loose {
            before = labels[seen..n].iter().rev().find_map(shown).or(before);
            seen = n;
            let Some(near) = before.or_else(|| labels[n + 1..].iter().find_map(shown)) else { return };
            labels[n] = Some(Label { part: near.part, role: Role::Chrome, score: LOOSE });
        }
    }
}
