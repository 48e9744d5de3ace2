"""Words by which a block names itself: in its id and classes, and in its heading. Kinds as `shared.records` has them.

The first kind that matches wins, so what is specific comes before what is general.
"""

import re
from typing import Final

from services.parser.any_case import ASCII_LETTERS_ALONE, Pattern, Subject
from services.parser.cache_sizes import NAMES, TEXTS, WORDS
from services.parser.platforms import listed
from shared.records import WidgetKind
from shared.remembered import remembered

_NAMES: Final[list[tuple[WidgetKind, str]]] = [
    ("notice", "cookie consent gdpr ccpa modal popup alert noscript nojs onetrust disclaimer toast notice lightbox"),
    ("comment_form",
        "commentform replyform replybox addcomment postcomment newcomment writecomment leavecomment leavereply "
        f"commentlogin quickreply postform commentsclosed nocomment commentbox-form {listed('comment form')}"
    ),
    ("recent_comments", "recentcomment latestcomment lastcomment"),
    ("social",
        "share sharing sharedaddy sharebutton sharebar sharethis social addthis addtoany follow followus sns "
        "heateor shariff ssba likebutton facebooklike twittershare bookmark whatsapp"
    ),
    ("related_posts",
        "related youmay youmight alsolike yarpp similar morepost morestories morearticles morefrom morenews "
        "recommend recommended recommendation readnext readalso upnext outbrain taboola linkwithin "
        "furtherreading seealso suggested suggestion"
    ),
    ("popular_posts",
        "popular mostread mostviewed mostshared mostcommented trending toppost topstories toparticle hotpost "
        "hottopic hotnetwork bestsell bestseller"
    ),
    ("recent_posts",
        "recentpost recententries recentarticle recentnews recentby recent latest newest newpost lastpost "
        "rpwe ticker newsticker"
    ),
    ("featured_post", "featured spotlight editorspick editorpick editorschoice stickypost highlightedpost"),
    ("subscribe",
        "subscribe subscription subscriber newsletter mailing mailchimp mcembed mcwp signup signin login "
        "register registration followbyemail rss feedlink postfeed paywall accountmenu accountlink optin "
        "membership"
    ),
    ("archive", "archive blogarchive archivelist"),
    ("labels",
        "tag taglist taglink tagcloud posttag postlabel entrytag entrycategor catlink categor category "
        "categories label topicslist keyword taxonomy posttaglist articletag"
    ),
    ("translate",
        "translate translation languages languageswitch languageselect languagepicker langswitch langselect "
        "wpml polylang lang"
    ),
    ("search", "search searchform searchbox"),
    ("profile",
        "authorbox authorbio authorinfo authorcard authorprofile authorblock authordesc authorabout "
        "aboutauthor aboutme aboutus bio biograph profile saboxplugin"
    ),
    ("poll", "poll survey quiz"),
    ("calendar", "calendar eventlist eventwidget tribeevents"),
    ("gallery", "gallery slideshow carousel slider instagram flickr photolist photogrid"),
    ("embed", "embed omnicalculator calculator player map gmap googlemap youtube vimeo podcast weather"),
    ("stats",
        "stat stats counter pageview postview rating vote voting scorebox statistic statistics whoisonline "
        "usersonline viewscount likescount"
    ),
    ("ad",
        "ad adsbygoogle advert advertisement adsense adslot adunit adwrap adcontainer adbanner adbox adblock "
        "adzone adspace sponsor sponsored promo promotion banner dfp gpt affiliate commercial donate "
        "donation cta upsell werbung anzeige publicidad"
    ),
    ("links", "blogroll bloglist linklist partner friendslink usefullink quicklink externallink"),
    ("navigation",
        "nav navbar skiplink skipto skipnav skip navigation navi menu breadcrumb pagination pager paging "
        "pagenumber pagenav prevnext nextprev postlink toc tableofcontents tab toolbar sitemap jumpto "
        "backtotop scrolltop sitelink crumb pagelink topbar"
    ),
    ("footer", "footer copyright colophon credit attribution siteinfo legal bottombar imprint poweredby"),
    ("header",
        "header sitetitle sitebranding sitename siteheader sitelogo sitedescription logo branding masthead "
        "tagline titlewrapper blogtitle headerinner"
    ),
]  # fmt: skip
_HEADINGS: Final[list[tuple[WidgetKind, str]]] = [
    ("recent_comments",
        r"(?:recent|latest|newest|last) (?:comments|replies|discussion)|(?:letzte|neueste) kommentare|"
        r"commentaires récents|comentarios recientes|comentários recentes|commenti recenti|"
        r"ostatnie komentarze|последние комментарии|son yorumlar"
    ),
    ("comment_form",
        r"leave (?:a|your) (?:comment|reply|response)|(?:add|post|write|submit) (?:a |your |new )?(?:comment|"
        r"reply|answer|review)|join the (?:conversation|discussion)|your answer|"
        r"schreibe? (?:einen )?kommentar|kommentar (?:schreiben|verfassen|hinterlassen)|(?:laisser|ajouter|"
        r"écrire|publier) un commentaire|(?:deja|deixe|dejar) (?:un|um) comentari|publicar un comentario|"
        r"lascia un commento|dodaj komentarz|reageer|geef een reactie|добавить комментарий|"
        r"оставить комментарий|δημοσίευση σχολίου|comments (?:are|have been) (?:closed|disabled)|yorum yap|"
        r"yorum yaz|コメントを"
    ),
    ("related_posts",
        r"related|you (?:may|might) (?:also )?(?:like|enjoy|be interested)|also (?:like|read)|more (?:from|on|"
        r"like|stories|articles|posts|news|in )|similar|recommended|read (?:next|more|also)|further reading|"
        r"see also|keep reading|up next|suggested|ähnliche|verwandte|mehr (?:zum|aus|von)|weitere artikel|"
        r"das könnte|auch interessant|à lire aussi|sur le même sujet|articles (?:similaires|liés)|"
        r"entradas relacionadas|(?:te|le) puede interesar|relacionad|artigos relacionados|leia também|"
        r"veja também|correlati|leggi anche|potrebbe interessarti|czytaj (?:także|też|również)|zobacz (?:też|"
        r"również|także)|podobne|powiązane|lees ook|gerelateerd|читайте также|похожие|по теме|σχετικά|"
        r"διαβάστε|ilgili|benzer|関連|相关|相關|関連記事|linked"
    ),
    ("popular_posts",
        r"popular|most (?:read|viewed|shared|commented|recent)|trending|top (?:stories|posts|articles|\d)|"
        r"hot topics|best ?sellers|beliebt|meistgelesen|meist(?:e)?|les plus (?:lus|populaires)|"
        r"más (?:leíd|vist|popular)|mais (?:lid|vist|popular)|più (?:letti|lette|visti)|najpopularniejsze|"
        r"najczęściej|popularne|meest gelezen|популярн|самое|δημοφιλή|popüler|çok okunan|人気|热门|熱門"
    ),
    ("recent_posts",
        r"(?:recent|latest|newest|new|last) (?:posts?|articles?|entries|news|stories|blogs?|updates|from|"
        r"topics|threads|videos|releases|questions)|^(?:latest|news|recent|recently|latest news)$|(?:letzte|neueste|"
        r"aktuelle) |articles récents|derni[eè]r|entradas recientes|últim|recentes|recenti|ultim[ei]|ostatnie|"
        r"najnowsze|aktualności|recente berichten|laatste|последние|свежие|новости|πρόσφατα|τελευταία|"
        r"son (?:yazılar|haberler)|最新|新着|最近"
    ),
    ("featured_post", r"featured|editors?.? (?:pick|choice)|spotlight|don.t miss|highlights?$|in focus|must read"),
    ("archive", r"^(?:blog )?archives?\b|^archiv|^archivo|^arquivo|^archivio|^archiwum|архив|αρχείο|arşiv|アーカイブ"),
    ("labels",
        r"^(?:tags?|categor(?:y|ies)|topics?|labels?|filed under|tagged|tag cloud|kategorien?|schlagw|thema|"
        r"themen|catégories|mots.clés|étiquettes|categorías|etiquetas|categorias|categorie|kategorie|etykiety|"
        r"tagi|rubriken|рубрики|категории|метки|теги|κατηγορίες|ετικέτες|kategoriler|etiketler|標籤|标签|分类|"
        r"カテゴリー?|タグ)\b"
    ),
    ("subscribe",
        r"subscri|newsletter|sign ?up|sign ?in|log ?in|join (?:us|our|now|free)|email updates|get (?:the|"
        r"our) .*(?:email|inbox|newsletter)|stay (?:informed|up to date|in the loop|updated)|abonn|suscr[ií]b|"
        r"assine|iscriviti|anmelden|rss|feed|mailing list|inbox|create (?:an |your )?account|members? only|"
        r"register|рассылк|подпис"
    ),
    ("social",
        r"^share|follow (?:us|me)|share (?:this|on|with)|connect with|social|stay connected|find us|folge|"
        r"teilen|partag|suivez|compart|síguenos|siga|condividi|seguici|udostępnij|delen|поделит|μοιραστείτε|"
        r"paylaş|シェア|分享"
    ),
    ("search",
        r"^(?:search|suche|recherche|buscar|búsqueda|pesquisar|cerca|szukaj|zoeken|поиск|αναζήτηση|ara|検索|"
        r"搜索)\b"
    ),
    ("profile",
        r"^(?=about|über|sobre|à propos|chi siamo|o mnie|over|об авторе|σχετικά με)|(?<= )about us|"
        r"about (?:me|(?:the )?author)|über (?:mich|den autor|die autorin)|o mnie|об авторе|written by|the author|"
        r"contributors?$|author bio|meet the"
    ),
    ("translate", r"translate|select language|^languages?$|choose (?:a |your )?language"),
    ("links", r"blog ?roll|links?$|partners?$|hot network|useful|resources?$|blogs (?:i|we)|friends"),
    ("poll", r"^polls?\b|umfrage|sondage|encuesta|enquete|sondaggio|ankieta|опрос"),
    ("calendar", r"calendar|upcoming|events?$|kalender|termine|agenda"),
    ("gallery", r"gallery|photos?$|images?$|instagram|flickr|galerie|bilder"),
    ("stats", r"statistics|stats$|page ?views|visitors|total|counter|who.s online|προβολές|besucher"),
    ("ad",
        r"^(?:ad|ads|advertisements?|sponsored|sponsors?|anzeige|werbung|publicité|publicidad|reklama|"
        r"advertising)\b|promoted|sponsored|special offer|deals?$"
    ),
    ("notice",
        r"cookies?\b|privacy (?:preference|settings)|javascript|we value your privacy|consent|^notice|warning|"
        r"browser"
    ),
    ("navigation",
        r"^(?:menu|navigation|main menu|contents|table of contents|in this (?:article|section|page)|"
        r"on this page|sections?|pages|browse|explore|sitemap|jump to|share options|quick links|help|support|"
        r"company|products?|shop|departments?|inhalt|inhaltsverzeichnis|sommaire|contenido|índice)\b"
    ),
]  # fmt: skip
# Word -> place of its kind in `_NAMES`. A word of a name matches whole or in the plural, two that follow one another
# as one ("comment-form"), and a long one also as the beginning or the end of a word ("sitefooter", "searchresults").
_WORDS: Final = {
    word.replace("-", ""): n for n, (_, words) in reversed(list(enumerate(_NAMES))) for word in words.split()
}
# What the names begin with that programs give which make widgets of one kind and nothing else: 35 of 35 widgets of
# theirs in the annotated pages are of the kind that their names speak of.
_MAKERS: Final = (
    "linkwithin",
    "yarpp",
    "jp-relatedposts",
    "mc4wp",
    "mc-embed",
    "cmplz",
    "saboxplugin",
    "gtranslate",
    "wpml",
)
_OPEN_FROM = 6
# What every word that speaks of a kind begins or ends with: passes over nine words of ten.
_BEGINNINGS: Final = {word[:_OPEN_FROM] for known in _WORDS for word in (known, f"{known}s")}
_ENDINGS: Final = {word[-_OPEN_FROM:] for word in _WORDS if len(word) >= _OPEN_FROM}
_NONE: Final = len(_NAMES)


def _ranks_by(part: slice) -> dict[str, list[tuple[str, int]]]:
    """The long words and the places of their kinds, by what they begin or end with."""
    ranks: dict[str, list[tuple[str, int]]] = {}
    for word, rank in _WORDS.items():
        if len(word) >= _OPEN_FROM:
            ranks.setdefault(word[part], []).append((word, rank))
    return ranks


_BY_BEGINNING: Final = _ranks_by(slice(None, _OPEN_FROM))
_BY_ENDING: Final = _ranks_by(slice(-_OPEN_FROM, None))
_HEADING_RULES = {kind: Pattern(pattern) for kind, pattern in _HEADINGS}
# Kinds whose words head columns of menus and footers as well.
_OF_MENUS: Final[frozenset[WidgetKind]] = frozenset(["labels", "links", "navigation"])
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^\W\d_]+")
# What a post with a picture is called by themes: it is no featured post.
_FEATURED_PICTURE = re.compile(r"featured[-_]?(?:image|img|media|photo|thumb)", re.IGNORECASE)
_SEPARATORS = str.maketrans("_:./", "----")
# Utility classes (Tailwind and the like) come by the dozen and say nothing after the first few.
MOST_TOKENS = 12
LONGEST_TOKEN = 60


def _plain_token(token: str) -> str:
    token = token[:LONGEST_TOKEN]
    return _plain_ascii(token) if token.isascii() else token.lower()


def _plain_ascii(name: str) -> str:
    return (name if name.islower() else CAMEL.sub("-", name).lower()).translate(_SEPARATORS)


@remembered(NAMES)
def plain(name: str) -> str:
    """Id and classes in lower case, words parted by hyphens, as the patterns here expect them."""
    tokens = name.split()[:MOST_TOKENS]
    plain = " ".join(tokens)
    if len(plain) > LONGEST_TOKEN:
        plain = " ".join([token[:LONGEST_TOKEN] for token in tokens])
    return _plain_ascii(plain) if plain.isascii() else " ".join(map(_plain_token, tokens))


@remembered(WORDS)
def _rank_of_word(word: str) -> int:
    """The place of the first kind that a word speaks of; past the end where it speaks of none."""
    rank = min(_WORDS.get(word, _NONE), _WORDS.get(word.removesuffix("s"), _NONE))
    for known, its in _BY_BEGINNING.get(word[:_OPEN_FROM], ()):
        if its < rank and word.startswith(known):
            rank = its
    for known, its in _BY_ENDING.get(word[-_OPEN_FROM:], ()):
        if its < rank and word.endswith(known):
            rank = its
    return rank


@remembered(WORDS)
def _rank_of_token(token: str) -> int:
    """The place of the first kind that an id or a class speaks of."""
    if "eatured" in token:
        token = _FEATURED_PICTURE.sub("", token)
    token = token[:LONGEST_TOKEN] if token.islower() else _plain_token(token)
    words = token.translate(ASCII_LETTERS_ALONE).split() if token.isascii() else _WORD.findall(token)
    rank, before = _NONE, ""
    for word in words:
        # A single letter is no word, but a part of an id ("t3-1ab2").
        for each in (word, before + word) if len(before) > 1 else (word,):
            if each[:_OPEN_FROM] in _BEGINNINGS or each[-_OPEN_FROM:] in _ENDINGS:
                rank = min(rank, _rank_of_word(each))
        before = word
    return rank


@remembered(NAMES)
def kind_of_name(name: str) -> WidgetKind | None:
    """The widget kind that an id and classes speak of."""
    rank = min(map(_rank_of_token, name.split()[:MOST_TOKENS]), default=_NONE)
    return _NAMES[rank][0] if rank < _NONE else None


@remembered(NAMES)
def is_makers_name(name: str) -> bool:
    """Whether a program gave this id or these classes that makes widgets of one kind only."""
    return any(word.startswith(_MAKERS) for word in plain(name).split())


@remembered(TEXTS)
def kind_of_heading(heading: str) -> WidgetKind | None:
    """The widget kind that a block's heading speaks of."""
    text = Subject(heading[:80].strip())
    return next((kind for kind, rule in _HEADING_RULES.items() if rule.is_in(text)), None)


@remembered(TEXTS)
def is_name_of_kind(heading: str) -> bool:
    """Whether a heading is nothing but words for its kind: "Recent comments", "Über den Autor"."""
    kind = kind_of_heading(heading)
    if kind is None or kind in _OF_MENUS:
        return False
    return _HEADING_RULES[kind].is_all_of(Subject(heading[:80].strip(" \n:.…»>")))
