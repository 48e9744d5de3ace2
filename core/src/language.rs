//! The language of a text: the host's model, asked for the letters alone.

use crate::host::{ask, Question};

/// The BCP 47 code of the language that a text is written in; None where it is too short or unclear to say.
pub fn detect(text: &str) -> Option<String> {
    let found = ask(Question::Language, crate::py::head(text, 600));
    (!found.is_empty()).then_some(found)
}
