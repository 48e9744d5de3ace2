"""The words by which a comment says which other it answers: 'in reply to …', in a dozen languages."""

import re

_REFERS = re.compile(
    r"\W*(?:in (?:reply|response|answer) to|repl(?:ying|ied) to|respond(?:ing|ed) to|reply to(?= ?#\d)|"
    r"(?:als )?antwort(?:et)? auf|en réponse à|en respuesta a|em resposta a|in risposta a|w odpowiedzi (?:na|do)|"
    r"als (?:reactie|antwoord) op|in antwoord op|som svar p[åa]|(?:в )?ответ на|yanıt olarak|σε απάντηση)\b",
    re.IGNORECASE,
)


def refers(words: str) -> str | None:
    """What follows the words that say that this answers another comment; None where it does not begin with them."""
    found = _REFERS.match(words)
    return words[found.end() :] if found else None
