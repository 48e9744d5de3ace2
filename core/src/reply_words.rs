//! The words by which a comment says which other it answers: 'in reply to …', in a dozen languages.

use crate::any_case;
use crate::any_case::folded;
use crate::py;

/// More characters than the words have.
const LONGEST: usize = 24;

fn is_word(c: char) -> bool {
    c == '_' || py::is_alnum(c)
}

/// What follows the words that say that this answers another comment; None where it does not begin with them.
pub fn refers(words: &str) -> Option<&str> {
    let from = words.trim_start_matches(|c| !is_word(c));
    // Nearly all texts begin with other letters.
    if !may_refer(from) {
        return None;
    }
    let low = folded(py::head(from, LONGEST));
    let said = any_case!(
        r"^(?:(?:in (?:reply|response|answer) to|repl(?:ying|ied) to|respond(?:ing|ed) to|(?:als )?antwort(?:et)? auf|en réponse à|en respuesta a|em resposta a|in risposta a|w odpowiedzi (?:na|do)|als (?:reactie|antwoord) op|in antwoord op|som svar p[åa]|(?:в )?ответ на|yanıt olarak|σε απάντηση)()(?:$|\W)|reply to() ?#\d)"
    );
    let found = said.captures(&low)?;
    let end = found.get(1).or(found.get(2))?.end();
    // Folded letters may have other sizes.
    Some(py::tail(from, py::len(&low[..end])))
}

/// Whether a text begins with the first two letters of some such words.
fn may_refer(text: &str) -> bool {
    let mut letters = text.chars();
    let (Some(first), Some(second)) = (letters.next(), letters.next()) else { return false };
    matches!(
        (first, second),
        ('i' | 'I' | 'ı' | 'İ' | 'a' | 'A' | 'e' | 'E', 'n' | 'N')
            | ('r' | 'R', 'e' | 'E')
            | ('a' | 'A', 'l' | 'L')
            | ('e' | 'E', 'm' | 'M')
            | ('w' | 'W' | 'в' | 'В', ' ')
            | ('s' | 'S' | 'ſ', 'o' | 'O')
            | ('y' | 'Y', 'a' | 'A')
    ) || (!first.is_ascii() && !second.is_ascii())
}
