//! The words that `keywords` knows kinds by. The first kind that matches wins, so what is specific comes before what is
//! general.

use crate::types::WidgetKind;

/// Words of ids and classes.
pub const NAMES: &[(WidgetKind, &str)] = &[
    (
        WidgetKind::Notice,
        "cookie consent gdpr ccpa modal popup alert noscript nojs onetrust disclaimer toast notice lightbox",
    ),
    (
        WidgetKind::CommentForm,
        "commentform replyform replybox addcomment postcomment newcomment writecomment leavecomment leavereply \
         commentlogin quickreply postform commentsclosed nocomment commentbox-form",
    ),
    (WidgetKind::RecentComments, "recentcomment latestcomment lastcomment"),
    (
        WidgetKind::Social,
        "share sharing sharedaddy sharebutton sharebar sharethis social addthis addtoany follow followus sns \
         heateor shariff ssba likebutton facebooklike twittershare bookmark whatsapp",
    ),
    (
        WidgetKind::RelatedPosts,
        "related youmay youmight alsolike yarpp similar morepost morestories morearticles morefrom morenews \
         recommend recommended recommendation readnext readalso upnext outbrain taboola linkwithin furtherreading \
         seealso suggested suggestion",
    ),
    (
        WidgetKind::PopularPosts,
        "popular mostread mostviewed mostshared mostcommented trending toppost topstories toparticle hotpost \
         hottopic hotnetwork bestsell bestseller",
    ),
    (
        WidgetKind::RecentPosts,
        "recentpost recententries recentarticle recentnews recentby recent latest newest newpost lastpost rpwe \
         ticker newsticker",
    ),
    (
        WidgetKind::FeaturedPost,
        "featured spotlight editorspick editorpick editorschoice stickypost highlightedpost",
    ),
    (
        WidgetKind::Subscribe,
        "subscribe subscription subscriber newsletter mailing mailchimp mcembed mcwp signup signin login register \
         registration followbyemail rss feedlink postfeed paywall accountmenu accountlink optin membership",
    ),
    (WidgetKind::Archive, "archive blogarchive archivelist"),
    (
        WidgetKind::Labels,
        "tag taglist taglink tagcloud posttag postlabel entrytag entrycategor catlink categor category categories \
         label topicslist keyword taxonomy posttaglist articletag",
    ),
    (
        WidgetKind::Translate,
        "translate translation languages languageswitch languageselect languagepicker langswitch langselect wpml \
         polylang lang",
    ),
    (WidgetKind::Search, "search searchform searchbox"),
    (
        WidgetKind::Profile,
        "authorbox authorbio authorinfo authorcard authorprofile authorblock authordesc authorabout aboutauthor \
         aboutme aboutus bio biograph profile saboxplugin",
    ),
    (WidgetKind::Poll, "poll survey quiz"),
    (WidgetKind::Calendar, "calendar eventlist eventwidget tribeevents"),
    (WidgetKind::Gallery, "gallery slideshow carousel slider instagram flickr photolist photogrid"),
    (
        WidgetKind::Embed,
        "embed omnicalculator calculator player map gmap googlemap youtube vimeo podcast weather",
    ),
    (
        WidgetKind::Stats,
        "stat stats counter pageview postview rating vote voting scorebox statistic statistics whoisonline \
         usersonline viewscount likescount",
    ),
    (
        WidgetKind::Ad,
        "ad adsbygoogle advert advertisement adsense adslot adunit adwrap adcontainer adbanner adbox adblock adzone \
         adspace sponsor sponsored promo promotion banner dfp gpt affiliate commercial donate donation cta upsell \
         werbung anzeige publicidad",
    ),
    (
        WidgetKind::Links,
        "blogroll bloglist linklist partner friendslink usefullink quicklink externallink",
    ),
    (
        WidgetKind::Navigation,
        "nav navbar skiplink skipto skipnav skip navigation navi menu breadcrumb pagination pager paging pagenumber \
         pagenav prevnext nextprev postlink toc tableofcontents tab toolbar sitemap jumpto backtotop scrolltop \
         sitelink crumb pagelink topbar",
    ),
    (
        WidgetKind::Footer,
        "footer copyright colophon credit attribution siteinfo legal bottombar imprint poweredby",
    ),
    (
        WidgetKind::Header,
        "header sitetitle sitebranding sitename siteheader sitelogo sitedescription logo branding masthead tagline \
         titlewrapper blogtitle headerinner",
    ),
];

/// What headings say, as patterns in lower case. A `\b` stands behind letters alone.
pub const HEADINGS: &[(WidgetKind, &str)] = &[
    (
        WidgetKind::RecentComments,
        concat!(
            r"(?:recent|latest|newest|last) (?:comments|replies|discussion)|(?:letzte|neueste) kommentare|",
            r"commentaires récents|comentarios recientes|comentários recentes|commenti recenti|",
            r"ostatnie komentarze|последние комментарии|son yorumlar",
        ),
    ),
    (
        WidgetKind::CommentForm,
        concat!(
            r"leave (?:a|your) (?:comment|reply|response)|(?:add|post|write|submit) (?:a |your |new )?(?:comment|",
            r"reply|answer|review)|join the (?:conversation|discussion)|your answer|",
            r"schreibe? (?:einen )?kommentar|kommentar (?:schreiben|verfassen|hinterlassen)|(?:laisser|ajouter|",
            r"écrire|publier) un commentaire|(?:deja|deixe|dejar) (?:un|um) comentari|publicar un comentario|",
            r"lascia un commento|dodaj komentarz|reageer|geef een reactie|добавить комментарий|",
            r"оставить комментарий|δημοσίευση σχολίου|comments (?:are|have been) (?:closed|disabled)|yorum yap|",
            r"yorum yaz|コメントを",
        ),
    ),
    (
        WidgetKind::RelatedPosts,
        concat!(
            r"related|you (?:may|might) (?:also )?(?:like|enjoy|be interested)|also (?:like|read)|more (?:from|on|",
            r"like|stories|articles|posts|news|in )|similar|recommended|read (?:next|more|also)|further reading|",
            r"see also|keep reading|up next|suggested|ähnliche|verwandte|mehr (?:zum|aus|von)|weitere artikel|",
            r"das könnte|auch interessant|à lire aussi|sur le même sujet|articles (?:similaires|liés)|",
            r"entradas relacionadas|(?:te|le) puede interesar|relacionad|artigos relacionados|leia também|",
            r"veja também|correlati|leggi anche|potrebbe interessarti|czytaj (?:także|też|również)|zobacz (?:też|",
            r"również|także)|podobne|powiązane|lees ook|gerelateerd|читайте также|похожие|по теме|σχετικά|",
            r"διαβάστε|ilgili|benzer|関連|相关|相關|関連記事|linked",
        ),
    ),
    (
        WidgetKind::PopularPosts,
        concat!(
            r"popular|most (?:read|viewed|shared|commented|recent)|trending|top (?:stories|posts|articles|\d)|",
            r"hot topics|best ?sellers|beliebt|meistgelesen|meist(?:e)?|les plus (?:lus|populaires)|más (?:leíd|",
            r"vist|popular)|mais (?:lid|vist|popular)|più (?:letti|lette|visti)|najpopularniejsze|najczęściej|",
            r"popularne|meest gelezen|популярн|самое|δημοφιλή|popüler|çok okunan|人気|热门|熱門",
        ),
    ),
    (
        WidgetKind::RecentPosts,
        concat!(
            r"(?:recent|latest|newest|new|last) (?:posts?|articles?|entries|news|stories|blogs?|updates|from|",
            r"topics|threads|videos|releases|questions)|^(?:latest|news|recent|recently|latest news)$|(?:letzte|",
            r"neueste|aktuelle) |articles récents|derni[eè]r|entradas recientes|últim|recentes|recenti|ultim[ei]|",
            r"ostatnie|najnowsze|aktualności|recente berichten|laatste|последние|свежие|новости|πρόσφατα|",
            r"τελευταία|son (?:yazılar|haberler)|最新|新着|最近",
        ),
    ),
    (
        WidgetKind::FeaturedPost,
        r"featured|editors?.? (?:pick|choice)|spotlight|don.t miss|highlights?$|in focus|must read",
    ),
    (
        WidgetKind::Archive,
        r"^(?:blog )?archives?\b|^archiv|^archivo|^arquivo|^archivio|^archiwum|архив|αρχείο|arşiv|アーカイブ",
    ),
    (
        WidgetKind::Labels,
        concat!(
            r"^(?:tags?|categor(?:y|ies)|topics?|labels?|filed under|tagged|tag cloud|kategorien?|schlagw|thema|",
            r"themen|catégories|mots.clés|étiquettes|categorías|etiquetas|categorias|categorie|kategorie|etykiety|",
            r"tagi|rubriken|рубрики|категории|метки|теги|κατηγορίες|ετικέτες|kategoriler|etiketler|標籤|标签|分类|",
            r"カテゴリー?|タグ)\b",
        ),
    ),
    (
        WidgetKind::Subscribe,
        concat!(
            r"subscri|newsletter|sign ?up|sign ?in|log ?in|join (?:us|our|now|free)|email updates|get (?:the|",
            r"our) .*(?:email|inbox|newsletter)|stay (?:informed|up to date|in the loop|updated)|abonn|suscr[ií]b|",
            r"assine|iscriviti|anmelden|rss|feed|mailing list|inbox|create (?:an |your )?account|members? only|",
            r"register|рассылк|подпис",
        ),
    ),
    (
        WidgetKind::Social,
        concat!(
            r"^share|follow (?:us|me)|share (?:this|on|with)|connect with|social|stay connected|find us|folge|",
            r"teilen|partag|suivez|compart|síguenos|siga|condividi|seguici|udostępnij|delen|поделит|μοιραστείτε|",
            r"paylaş|シェア|分享",
        ),
    ),
    (
        WidgetKind::Search,
        concat!(
            r"^(?:search|suche|recherche|buscar|búsqueda|pesquisar|cerca|szukaj|zoeken|поиск|αναζήτηση|ara|検索|",
            r"搜索)\b",
        ),
    ),
    (
        WidgetKind::Profile,
        concat!(
            r"about (?:me|(?:the )?author)|über (?:mich|den autor|die autorin)|o mnie|об авторе|written by|",
            r"the author|contributors?$|author bio|meet the",
        ),
    ),
    (
        WidgetKind::Translate,
        r"translate|select language|^languages?$|choose (?:a |your )?language",
    ),
    (
        WidgetKind::Links,
        r"blog ?roll|links?$|partners?$|hot network|useful|resources?$|blogs (?:i|we)|friends",
    ),
    (
        WidgetKind::Poll,
        r"^polls?\b|umfrage|sondage|encuesta|enquete|sondaggio|ankieta|опрос",
    ),
    (
        WidgetKind::Calendar,
        r"calendar|upcoming|events?$|kalender|termine|agenda",
    ),
    (
        WidgetKind::Gallery,
        r"gallery|photos?$|images?$|instagram|flickr|galerie|bilder",
    ),
    (
        WidgetKind::Stats,
        r"statistics|stats$|page ?views|visitors|total|counter|who.s online|προβολές|besucher",
    ),
    (
        WidgetKind::Ad,
        concat!(
            r"^(?:ad|ads|advertisements?|sponsored|sponsors?|anzeige|werbung|publicité|publicidad|reklama|",
            r"advertising)\b|promoted|sponsored|special offer|deals?$",
        ),
    ),
    (
        WidgetKind::Notice,
        concat!(
            r"cookies?\b|privacy (?:preference|settings)|javascript|we value your privacy|consent|^notice|warning|",
            r"browser",
        ),
    ),
    (
        WidgetKind::Navigation,
        concat!(
            r"^(?:menu|navigation|main menu|contents|table of contents|in this (?:article|section|page)|",
            r"on this page|sections?|pages|browse|explore|sitemap|jump to|share options|quick links|help|support|",
            r"company|products?|shop|departments?|inhalt|inhaltsverzeichnis|sommaire|contenido|índice)\b",
        ),
    ),
];

/// What headings of a kind say with more words behind.
pub const BEGINNINGS: &[(WidgetKind, &str)] = &[(
    WidgetKind::Profile,
    r"^(?:about|über|sobre|à propos|chi siamo|o mnie|over|об авторе|σχετικά με)| about us",
)];

/// What the names begin with that programs give which make widgets of one kind and nothing else: 35 of 35 widgets of
/// theirs in the annotated pages are of the kind that their names speak of.
pub const MAKERS: [&str; 9] =
    ["linkwithin", "yarpp", "jp-relatedposts", "mc4wp", "mc-embed", "cmplz", "saboxplugin", "gtranslate", "wpml"];
