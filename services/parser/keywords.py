"""Words by which a block names itself: in its id and classes, and in its heading. Kinds as `shared.records` has them.

The first kind that matches wins, so what is specific comes before what is general.
"""

import re
from functools import lru_cache
from typing import Final

from shared.records import WidgetKind

_NAMES: Final[list[tuple[WidgetKind, str]]] = [
    ("notice", r"cookie|consent|gdpr|ccpa|modal|popup|pop-up|alert(?!ness)|noscript|no-js|onetrust|disclaimer|toast|\bnotices?\b|skip-?(?:link|to|nav)"),
    ("comment_form", r"comment-?form|commentform|\brespond\b|comment-?respond|reply-?form|replybox|add-?comment|post-?comment|new-?comment|write-?comment|leave-?(?:a-)?(?:comment|reply)|comment-login|quick-?reply|post-form|comments-?closed|nocomments|no-comments"),
    ("recent_comments", r"recent-?comments?|latest-?comments?|recentcomments|last-?comments"),
    ("social", r"\bshar(?:e|ing)|sharedaddy|share-?(?:buttons?|bar|links?|tools?|this)|social|addthis|addtoany|a2a_kit|follow-?(?:us|me|buttons?)|sns|jp-?relatedposts-share|\bheateor|shariff|ssba|like-?button|facebook-?like|twitter-?(?:share|follow)|bookmarks?\b"),
    ("related_posts", r"related|you-?may|you-?might|also-?like|yarpp|similar|more-?(?:posts|stories|articles|from|news)|recommend|read-?(?:more-?)?(?:next|also)|up-?next|outbrain|taboola|linkwithin|further-?reading|see-?also|suggested|crp_related|jp-relatedposts"),
    ("popular_posts", r"popular|most-?(?:read|viewed|shared|popular|commented)|trending|top-?(?:posts|stories|articles)|hot-?(?:posts|topics|network)|best-?sell|bestsell"),
    ("recent_posts", r"recent-?(?:posts?|entries|articles|news|by)|latest|newest|new-?posts|last-?posts|rpwe|recent_entries|\brecent\b|news-?ticker|ticker"),
    ("featured_post", r"featured|spotlight|editors?-?(?:pick|choice)|sticky-?post|highlight(?:ed)?-?post"),
    ("subscribe", r"subscri|newsletter|mailing|mailchimp|mc_embed|mc4wp|signup|sign-?up|sign-?in|log-?in\b|login|register|follow-?by-?email|rss|feed-?links?|post-feeds|paywall|account-?(?:menu|links)|optin|opt-in|membership"),
    ("archive", r"archives?\b|blogarchive|archive-?list"),
    ("labels", r"\btags?\b|tag-?(?:list|links|cloud|s)|tags-?links|tagcloud|post-?(?:tags|labels|categor)|entry-?(?:tags|categor)|cat-?links|categor(?:y|ies)|\blabels?\b|topics?-?list|keywords|taxonomy|post-taglist|article-?tags"),
    ("translate", r"translate|lang(?:uage)?-?(?:switch|select|menu|picker|nav|chooser|bar|list)|^languages?$|wpml|polylang|^lang$"),
    ("search", r"search"),
    ("profile", r"author-?(?:box|bio|info|card|profile|description|block|desc|about|vcard)|about-?(?:author|the-author|me|us|box)|\bbio\b|biograph|\bprofile|post-?author-?box|autor|saboxplugin"),
    ("poll", r"\bpolls?\b|wp-polls|survey|\bquiz"),
    ("calendar", r"calendar|\bevents?-?(?:list|widget|calendar)|tribe-events"),
    ("gallery", r"gallery|slideshow|carousel|slider|instagram|flickr|lightbox|photo-?(?:list|grid)"),
    ("embed", r"\bembed|omni-?calculator|calculator|player|\bmap\b|gmap|google-?map|youtube|vimeo|podcast|weather|widgetpreview"),
    ("stats", r"stats?\b|counter|page-?views|post-?views|ratings?\b|\bvot(?:e|es|ing)\b|rating-|score-?box|statistics|who-?is-?online|users-?online|post-ratings|\bviews?-?count|likes?-?count|post-?meta-?stats"),
    ("ad", r"\bads?\b|\bads?-|-ads?\b|advert|adsense|adslot|ad-?(?:slot|unit|wrap|container|banner|box|block|zone|space)|sponsor|promo|banner|dfp|\bgpt|affiliate|commercial|donat|\bcta\b|upsell|werbung|anzeige|publicidad"),
    ("links", r"blog-?roll|bloglist|link-?list|linklist|partners?\b|friends-?links|useful-?links|quick-?links|external-?links"),
    ("navigation", r"\bnav|navi|menu|breadcrumb|bread-?crumb|pagination|pager|paging|page-?numbers?|pagenav|prev-?next|next-?prev|post-?links?|toc\b|table-?of-?contents|tabs?\b|toolbar|sitemap|jump-?to|back-?to-?top|scroll-?top|site-?links|crumbs?\b|pagelinks|topbar|top-bar"),
    ("footer", r"footer|copyright|colophon|credits?\b|attribution|site-?info|legal|bottom-?bar|imprint|powered-?by"),
    ("header", r"\bheader|site-?(?:title|branding|name|header|logo|description)|\blogo|branding|masthead|tagline|titlewrapper|blog-?title|header-inner|banner-?title"),
]  # fmt: skip
_HEADINGS: Final[list[tuple[WidgetKind, str]]] = [
    ("recent_comments", r"(?:recent|latest|newest|last) (?:comments|replies|discussion)|(?:letzte|neueste) kommentare|commentaires récents|comentarios recientes|comentários recentes|commenti recenti|ostatnie komentarze|последние комментарии|son yorumlar"),
    ("comment_form", r"leave (?:a|your) (?:comment|reply|response)|(?:add|post|write|submit) (?:a |your |new )?(?:comment|reply|answer|review)|join the (?:conversation|discussion)|your answer|schreibe? (?:einen )?kommentar|kommentar (?:schreiben|verfassen|hinterlassen)|(?:laisser|ajouter|écrire|publier) un commentaire|(?:deja|deixe|dejar) (?:un|um) comentari|publicar un comentario|lascia un commento|dodaj komentarz|reageer|geef een reactie|добавить комментарий|оставить комментарий|δημοσίευση σχολίου|comments (?:are|have been) (?:closed|disabled)|yorum yap|yorum yaz|コメントを"),
    ("related_posts", r"related|you (?:may|might) (?:also )?(?:like|enjoy|be interested)|also (?:like|read)|more (?:from|on|like|stories|articles|posts|news|in )|similar|recommended|read (?:next|more|also)|further reading|see also|keep reading|up next|suggested|ähnliche|verwandte|mehr (?:zum|aus|von)|weitere artikel|das könnte|auch interessant|à lire aussi|sur le même sujet|articles (?:similaires|liés)|entradas relacionadas|(?:te|le) puede interesar|relacionad|artigos relacionados|leia também|veja também|correlati|leggi anche|potrebbe interessarti|czytaj (?:także|też|również)|zobacz (?:też|również|także)|podobne|powiązane|lees ook|gerelateerd|читайте также|похожие|по теме|σχετικά|διαβάστε|ilgili|benzer|関連|相关|相關|関連記事|linked"),
    ("popular_posts", r"popular|most (?:read|viewed|shared|commented|recent)|trending|top (?:stories|posts|articles|\d)|hot (?:network|topics)|best ?sellers|beliebt|meistgelesen|meist(?:e)?|les plus (?:lus|populaires)|más (?:leíd|vist|popular)|mais (?:lid|vist|popular)|più (?:letti|lette|visti)|najpopularniejsze|najczęściej|popularne|meest gelezen|популярн|самое|δημοφιλή|popüler|çok okunan|人気|热门|熱門"),
    ("recent_posts", r"(?:recent|latest|newest|new|last) (?:posts?|articles?|entries|news|stories|blogs?|updates|from|topics|videos|releases|questions)|^(?:latest|news|recent|recently|latest news)$|(?:letzte|neueste|aktuelle) |articles récents|derni[eè]r|entradas recientes|últim|recentes|recenti|ultim[ei]|ostatnie|najnowsze|aktualności|recente berichten|laatste|последние|свежие|новости|πρόσφατα|τελευταία|son (?:yazılar|haberler)|最新|新着|最近"),
    ("featured_post", r"featured|editors?.? (?:pick|choice)|spotlight|don.t miss|highlights?$|in focus|must read"),
    ("archive", r"^(?:blog )?archives?\b|^archiv|^archivo|^arquivo|^archivio|^archiwum|архив|αρχείο|arşiv|アーカイブ"),
    ("labels", r"^(?:tags?|categor(?:y|ies)|topics?|labels?|filed under|tagged|tag cloud|kategorien?|schlagw|thema|themen|catégories|mots.clés|étiquettes|categorías|etiquetas|categorias|categorie|kategorie|etykiety|tagi|rubriken|рубрики|категории|метки|теги|κατηγορίες|ετικέτες|kategoriler|etiketler|標籤|标签|分类|カテゴリー?|タグ)\b"),
    ("subscribe", r"subscri|newsletter|sign ?up|sign ?in|log ?in|join (?:us|our|now|free)|email updates|get (?:the|our) .*(?:email|inbox|newsletter)|stay (?:informed|up to date|in the loop|updated)|abonn|suscr[ií]b|assine|iscriviti|anmelden|rss|feed|mailing list|inbox|create (?:an |your )?account|members? only|register|рассылк|подпис"),
    ("social", r"^share|follow (?:us|me)|share (?:this|on|with)|connect with|social|stay connected|find us|folge|teilen|partag|suivez|compart|síguenos|siga|condividi|seguici|udostępnij|delen|поделит|μοιραστείτε|paylaş|シェア|分享"),
    ("search", r"^(?:search|suche|recherche|buscar|búsqueda|pesquisar|cerca|szukaj|zoeken|поиск|αναζήτηση|ara|検索|搜索)\b"),
    ("profile", r"^about|about (?:the author|me|us|author)|^(?:über|sobre|à propos|chi siamo|o mnie|over|об авторе|σχετικά με)|written by|the author|contributors?$|author bio|meet the"),
    ("translate", r"translate|select language|^languages?$|choose (?:a |your )?language"),
    ("links", r"blog ?roll|links?$|partners?$|useful|resources?$|blogs (?:i|we)|friends"),
    ("poll", r"^polls?\b|umfrage|sondage|encuesta|enquete|sondaggio|ankieta|опрос"),
    ("calendar", r"calendar|upcoming|events?$|kalender|termine|agenda"),
    ("gallery", r"gallery|photos?$|images?$|instagram|flickr|galerie|bilder"),
    ("stats", r"statistics|stats$|page ?views|visitors|total|counter|who.s online|προβολές|besucher"),
    ("ad", r"^(?:ad|ads|advertisements?|sponsored|sponsors?|anzeige|werbung|publicité|publicidad|reklama|advertising)\b|promoted|sponsored|special offer|deals?$"),
    ("notice", r"cookies?\b|privacy (?:preference|settings)|javascript|we value your privacy|consent|^notice|warning|browser"),
    ("navigation", r"^(?:menu|navigation|main menu|contents|table of contents|in this (?:article|section|page)|on this page|sections?|pages|browse|explore|sitemap|jump to|share options|quick links|help|support|company|products?|shop|departments?|inhalt|inhaltsverzeichnis|sommaire|contenido|índice)\b"),
]  # fmt: skip
_NAME_RULES = [(kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _NAMES]
_HEADING_RULES = [(kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _HEADINGS]
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DIGITS = re.compile(r"\d+")
_SEPARATORS = str.maketrans("_:./", "----")
# Utility classes (Tailwind and the like) come by the dozen and say nothing after the first few.
_MOST_TOKENS = 12


@lru_cache(maxsize=16_384)
def _plain_token(token: str) -> str:
    return _CAMEL.sub("-", token[:60]).translate(_SEPARATORS).lower()


@lru_cache(maxsize=32_768)
def plain(name: str) -> str:
    """Id and classes in lower case, words parted by hyphens, as the patterns here expect them."""
    return " ".join(map(_plain_token, name.split()[:_MOST_TOKENS]))


@lru_cache(maxsize=32_768)
def _rank_of_token(token: str) -> int:
    """The place of the first kind that matches a token; past the end where none does."""
    return next((n for n, (_, rule) in enumerate(_NAME_RULES) if rule.search(token)), len(_NAME_RULES))


@lru_cache(maxsize=32_768)
def kind_of_name(name: str) -> WidgetKind | None:
    """The widget kind that an id and classes speak of."""
    rank = len(_NAME_RULES)
    for token in name.split()[:_MOST_TOKENS]:
        rank = min(rank, _rank_of_token(_DIGITS.sub("", _plain_token(token))))
    return _NAME_RULES[rank][0] if rank < len(_NAME_RULES) else None


@lru_cache(maxsize=4096)
def kind_of_heading(heading: str) -> WidgetKind | None:
    """The widget kind that a block's heading speaks of."""
    text = heading[:80].strip()
    return next((kind for kind, rule in _HEADING_RULES if rule.search(text)), None)
