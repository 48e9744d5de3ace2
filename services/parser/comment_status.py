"""Whether a comment is shown: the words that stand for a deleted or a hidden one, in a dozen languages, and the classes
that say so."""

import re
from typing import Literal

from services.parser.visible_text import Element

Status = Literal["shown", "deleted", "hidden"]

_DELETED = re.compile(
    r"^\W*(?:\[?(?:deleted|removed)\]?|"
    r"(?:(?:this|the) )?(?:comment|post|message|reply|answer|review) (?:(?:has been|was|is) )?(?:deleted|removed)\b.*|"
    r"(?:dieser )?(?:kommentar|beitrag) (?:wurde )?(?:.{0,40} )?(?:gelöscht|entfernt).*|"
    r"(?:ce )?(?:commentaire|message) (?:a été )?(?:supprimé|effacé|retiré).*|"
    r"(?:este )?(?:comentario|mensaje) (?:ha sido |fue )?(?:eliminado|borrado|suprimido).*|"
    r"(?:este )?comentário (?:foi )?(?:removido|eliminado|excluído|apagado).*|"
    r"(?:questo )?commento (?:è stato )?(?:eliminato|rimosso|cancellato).*|"
    r"(?:deze )?reactie (?:is |werd )?verwijderd.*|(?:ten )?komentarz (?:został )?usunięty.*|"
    r"удал[её]нн(?:ый|ое) (?:комментарий|сообщение).*|(?:этот )?(?:комментарий|сообщение) (?:был[о]? )?удал[её]н.*|"
    r"αυτό το σχόλιο (?:αφαιρέθηκε|διαγράφηκε).*|bu yorum .{0,40}(?:silindi|kaldırıldı).*|"
    r"このコメントは.{0,30}削除されました.*)\W*$",
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"^\W*(?:\[?(?:flagged|dead|hidden)\]?|(?:this|the) (?:comment|post|message) is (?:hidden|below threshold).*|"
    r"comment (?:hidden|score below threshold).*)\W*$",
    re.IGNORECASE,
)
_DELETED_NAME = re.compile(r"(?:^|[\s_-])(?:is-?)?(?:deleted|removed)(?:$|[\s_-])", re.IGNORECASE)
# A longer text is what somebody wrote.
_LONGEST = 200


def status_of(text: str, blocks: list[Element]) -> Status:
    """The status of a comment with this text; `blocks`: its own block and those that its text stands in."""
    if len(text) > _LONGEST:
        return "shown"
    if _DELETED.match(text) or any(_DELETED_NAME.search(e.name) for e in blocks):
        return "deleted"
    return "hidden" if _HIDDEN.match(text) else "shown"
