//! Whether a comment is shown: the words that stand for a deleted or a hidden one, in a dozen languages, and the classes
//! that say so.

use crate::any_case;
use crate::any_case::folded;
use crate::memo;
use crate::memo::NAMES;
use crate::py;
use crate::types::Status;

/// A longer text is what somebody wrote.
const LONGEST: usize = 200;

/// The status of a comment with this text; `names`: of its own block and of those that its text stands in.
pub fn status_of<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> Status {
    if py::len(text) > LONGEST {
        return Status::Shown;
    }
    let low = folded(text);
    if says_deleted(&low) || names.into_iter().any(is_deleted_name) {
        Status::Deleted
    } else if says_hidden(&low) {
        Status::Hidden
    } else {
        Status::Shown
    }
}

fn says_deleted(low: &str) -> bool {
    any_case!(concat!(
        r"^\W*(?:\[?(?:deleted|removed)\]?|",
        r"(?:(?:this|the) )?(?:comment|post|message|reply|answer|review) (?:(?:has been|was|is) )?(?:deleted|removed)(?:[^\w\n].*)?|",
        r"(?:dieser )?(?:kommentar|beitrag) (?:wurde )?(?:.{0,40} )?(?:gelöscht|entfernt).*|",
        r"(?:ce )?(?:commentaire|message) (?:a été )?(?:supprimé|effacé|retiré).*|",
        r"(?:este )?(?:comentario|mensaje) (?:ha sido |fue )?(?:eliminado|borrado|suprimido).*|",
        r"(?:este )?comentário (?:foi )?(?:removido|eliminado|excluído|apagado).*|",
        r"(?:questo )?commento (?:è stato )?(?:eliminato|rimosso|cancellato).*|",
        r"(?:deze )?reactie (?:is |werd )?verwijderd.*|(?:ten )?komentarz (?:został )?usunięty.*|",
        r"удал[её]нн(?:ый|ое) (?:комментарий|сообщение).*|(?:этот )?(?:комментарий|сообщение) (?:был[о]? )?удал[её]н.*|",
        r"αυτό το σχόλιο (?:αφαιρέθηκε|διαγράφηκε).*|bu yorum .{0,40}(?:silindi|kaldırıldı).*|",
        r"このコメントは.{0,30}削除されました.*)\W*$",
    ))
    .is_match(low)
}

fn says_hidden(low: &str) -> bool {
    any_case!(concat!(
        r"^\W*(?:\[?(?:flagged|dead|hidden)\]?|(?:this|the) (?:comment|post|message) is (?:hidden|below threshold).*|",
        r"comment (?:hidden|score below threshold).*)\W*$",
    ))
    .is_match(low)
}

fn is_deleted_name(name: &str) -> bool {
    !name.is_empty()
        && memo!(NAMES, name, str => bool, {
            any_case!(r"(?:^|[\s_-])(?:is-?)?(?:deleted|removed)(?:$|[\s_-])").is_match(&folded(name))
        })
}
