//! The labeller's last steps: what no record has, cut into widgets, and their kinds.

use crate::element_features::{box_rows, element_rows, is_short, FREE, KIDS};
use crate::kind_words::{names_of, words_of};
use crate::labeller::{first_largest, Painter};
use crate::types::{Label, Matrix, Part, PartKind, Role, WidgetBox, WidgetKind};
use crate::visible_text::Tx;
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

impl Painter<'_, '_> {
    /// A row for each element (`element_features`).
    pub fn elements(&self, labels: &[Option<Label>]) -> Matrix {
        let mut free = vec![true; self.blocks.len()];
        for (n, _) in labels.iter().enumerate().filter(|(_, label)| label.is_some()) {
            free[self.blocks.of_text[n]] = false;
        }
        element_rows(self.visible, &self.blocks, &self.tree, &self.rows, &self.p, &free, &self.kinds)
    }

    /// For each element whether it is one widget, if no record has a part of it; `table`: what `elements` says.
    pub fn whole(&self, table: &Matrix) -> Vec<bool> {
        // What has no children is never cut, and what another record has a part of always is.
        let asked: Vec<usize> =
            (0..table.rows).filter(|&n| table.at(n, FREE) == 1.0 && table.at(n, KIDS) > 0.0).collect();
        let mut rows = Matrix { rows: asked.len(), columns: table.columns, data: Vec::new() };
        rows.data.reserve_exact(asked.len() * table.columns);
        for &n in &asked {
            rows.data.extend_from_slice(table.row(n));
        }
        let mut found = vec![false; table.rows];
        for (n, p) in asked.into_iter().zip(self.models.whole.probability(&rows)) {
            found[n] = p > WHOLE;
        }
        found
    }

    /// What is left, cut into widgets.
    pub fn boxes(&self, labels: &[Option<Label>], whole: &[bool]) -> Vec<WidgetBox> {
        let (start, end) = self.extent(labels);
        let free: Vec<bool> = labels.iter().map(Option::is_none).collect();
        divide(self.visible, &free, whole, start, end)
    }

    /// The boxes' rows, and the words in their texts and in their names.
    pub fn asked(&self, boxes: &[WidgetBox], table: &Matrix) -> (Matrix, Vec<Vec<String>>, Vec<Vec<String>>) {
        let texts = boxes.iter().map(|of| words_of(self.page, of)).collect();
        let names = boxes.iter().map(|of| names_of(self.page, of)).collect();
        (box_rows(self.page, table, boxes), texts, names)
    }

    /// Labels the texts of the boxes.
    pub fn widgets(&mut self, boxes: &[WidgetBox], table: &Matrix, labels: &mut [Option<Label>]) {
        if boxes.is_empty() {
            return;
        }
        let (rows, texts, names) = self.asked(boxes, table);
        let chances = self.models.widgets(&rows, &texts, &names);
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
