"""Words by which a line amid an article says that it is none of it: it points elsewhere, it asks the reader for
something, or it says whose picture stands above."""

import re
from typing import Final

# How a line begins that sends the reader to another page.
_POINTERS: Final = re.compile(
    r"(?:read (?:also|more|next|on|here|the full|our)|also (?:read|see|on|in)\b|see (?:also|more|our)|related\b|"
    r"more (?:on|from|about|stories|news|like this|articles|information)|(?:don.t|do not) miss|further reading|"
    r"recommended|you (?:may|might) (?:also )?(?:like|enjoy|be interested)|up next|watch(?: also| now)?\s*:|"
    r"listen(?: to| now)?\s*:|learn more|check out|(?:click|tap) here|find out more|in case you missed|"
    r"continue reading|lesen sie|lest\b|lies\b|auch (?:interessant|lesen|lesenswert)|mehr (?:zum|zur|zu|dazu|"
    r"darüber|lesen|aus|von|über|infos?|informationen|themen|news)|mehr\s*:|weitere (?:beiträge|artikel|"
    r"informationen|infos|meldungen|themen|news|berichte|nachrichten|tipps)|weiterlesen|weiterführende|siehe auch|"
    r"hier (?:lesen|geht|gibt|finden|klicken)|zum (?:thema|artikel|weiterlesen)|passend (?:dazu|zum)|das könnte|"
    r"unser lesetipp|lesetipps?\b|jetzt (?:lesen|ansehen)|à (?:lire|voir|découvrir)|lire (?:aussi|la suite|"
    r"également|plus)|voir (?:aussi|également)|sur le même|pour aller plus loin|en savoir plus|lea\b|lee\b|leer\b|"
    r"leé\b|vea\b|(?:ver|ve) (?:también|más|además)|mir[aá]\b|te (?:puede|podría|recomendamos)|le puede|"
    r"también (?:te|le|lee|puedes)|conoce más|más (?:sobre|noticias|información)|sig[ua]e? leyendo|"
    r"noticias? relacionad|no te pierdas|entérate|leggi\b|vedi anche|potrebbe|per approfondire|leia\b|veja\b|"
    r"saiba mais|confira\b|czytaj\b|zobacz\b|przeczytaj|dowiedz się|polecamy|warto przeczytać|więcej\b|lees\b|"
    r"zie ook|bekijk ook|meer (?:over|weten|lezen|nieuws)|läs (?:också|mer|även)|les (?:også|mer)|læs (?:også|"
    r"mere)|se (?:också|også)|lue (?:myös|lisää)|katso myös|читайте\b|читать (?:также|далее|ещё)|смотрите также|"
    r"подробнее|см\. также|по теме|дивіться також|čtěte|přečtěte|mohlo by|bunları da|ayrıca|διαβάστε|δείτε|اقرأ|"
    r"إقرأ|citește|vezi și|olvass|baca (?:juga|selengkapnya)|関連|あわせて読みたい|"
    r"延伸[阅閱][读讀]|相[关關][阅閱][读讀]|推[荐薦][阅閱][读讀])"
)
_MARKS_BEFORE: Final = ' \t\n>»›→➜▶►•·*+-–—|#([¡!"“„«'
_FIRST_WORD: Final = re.compile(r"[^\W\d_]*")
# The first words of those phrases whose letters are parted by spaces: nine lines of ten begin otherwise.
_SPACED: Final = frozenset(
    "read also see related more don do further recommended you up watch listen learn check click tap find in "
    "continue lesen lest lies auch mehr weitere weiterlesen weiterführende siehe hier zum passend das unser "
    "lesetipp lesetipps jetzt à lire voir sur pour en lea lee leer leé vea ver ve mira mirá te le también conoce "
    "más sigue siga noticias noticia no entérate leggi vedi potrebbe per leia veja saiba confira czytaj zobacz "
    "przeczytaj dowiedz polecamy warto więcej lees zie bekijk meer läs les læs se lue katso читайте читать смотрите "
    "подробнее см по дивіться čtěte přečtěte mohlo bunları ayrıca διαβάστε δείτε اقرأ إقرأ citește vezi olvassa "
    "olvass olvasd baca".split()
)
_UNSPACED: Final = ("関", "あ", "延", "相", "推")


def points_elsewhere(text: str) -> bool:
    """Whether a line, in lower case, begins like one that sends the reader to another page."""
    text = text[:80].lstrip(_MARKS_BEFORE)
    if not text.startswith(_UNSPACED) and _FIRST_WORD.match(text)[0] not in _SPACED:  # type: ignore[index] # matches ""
        return False
    return _POINTERS.match(text) is not None


def _as_written(words: str) -> frozenset[str]:
    """Words as they stand between spaces."""
    return frozenset(f"{b}{w}{a}" for w in words.split() for b in ("", "(", "„", "“") for a in ("", *".,:!?)"))


# Of a reader something is asked: to subscribe, follow, give, register, agree, buy.
ASKING: Final = _as_written(
    "newsletter newsletters subscribe subscribed subscriber subscribers subscription signup sign inbox follow "
    "facebook twitter instagram whatsapp telegram youtube tiktok linkedin donate donation donations patreon paypal "
    "support sponsored sponsor affiliate commission advertisement advertising advertisers promo coupon app cookies "
    "cookie privacy consent javascript login log register registered account password email e-mail unsubscribe "
    "membership member members podcast rss copyright reserved permission abonnieren abonniere abonniert abonnement "
    "abo abonnenten folgen folge spenden spende spendenkonto unterstützen unterstütze unterstützung anzeige werbung "
    "affiliate-links affiliatelinks provision datenschutz datenschutzerklärung einwilligung anmelden angemeldet "
    "registrieren registriert konto passwort bestellen gutschein warenkorb kanal abonner abonnez abonnez-vous "
    "abonné suivez suivez-nous don dons inscrivez-vous inscription publicité compte suscríbete suscribirse "
    "suscripción síguenos únete canal boletín correo publicidad cuenta regístrate donar iscriviti iscrizione "
    "seguici pubblicità registrati assine inscreva-se siga cadastre-se subskrypcji subskrybuj zapisz zaloguj "
    "reklama wesprzyj abonneer nieuwsbrief volg prenumerera nyhetsbrev подпишитесь подписывайтесь подписка канал "
    "телеграм реклама"
)
# Whose picture it is, or that one is spoken of.
CREDITING: Final = _as_written(
    "photo photos photograph photographer image images picture credit credits courtesy getty gettyimages "
    "shutterstock istock unsplash pixabay pexels flickr reuters afp ap epa dpa imago wikimedia commons screenshot "
    "illustration figure fig foto fotos bild bilder symbolbild symbolfoto archivfoto titelbild quelle abb abbildung "
    "grafik fotograf crédit crédits fuente imagen fotografía imágenes fonte immagine créditos zdjęcie fot źródło "
    "kuva фото © (c) (©"
)
