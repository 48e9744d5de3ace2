//! What only one platform's markup has: the names, attributes and addresses by which its comments are known.
//!
//! Words that any site may use (`comment`, `reply`, `author` in any language), schema.org's and microformats' stand with
//! the rules. `bench.quality.platforms` measures what is found without this table.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the table counts.
static KNOWN: AtomicBool = AtomicBool::new(true);

/// Whether what is one platform's is known: the table, and the rules that stand in none.
pub fn are_known() -> bool {
    KNOWN.load(Ordering::Relaxed)
}

/// Knows none from now on, which is right only before anything was asked.
pub fn forget() {
    KNOWN.store(false, Ordering::Relaxed);
}

/// Places, as they are named in the rules, with the platforms' words in the order of their names: in one place each
/// platform has one, alternatives of a pattern parted by '|'.
const PLATFORMS: &[(&str, &[(&str, &str)])] = &[
    ("Bazaarvoice", &[
        ("review", "bv-content-(?:item|review)"),
    ]),
    ("Discourse", &[
        ("body", "cooked"),
        ("profile", "/u/"),
    ]),
    ("Disqus", &[
        ("comment group", "disqus"),
        ("parent link", "parent-?link"),
        ("link name", "data-role"),
    ]),
    ("Drupal", &[
        ("answers", "indented"),
        ("note", "not verified|nicht überprüft|non vérifié|no verificado|non verificato|niet gecontroleerd|não verificado|niezweryfikowany|не проверено"),
    ]),
    ("Facebook", &[
        ("body", "userContent"),
    ]),
    ("FluxBB", &[
        ("post", "blockpost"),
        ("post id", "p"),
        ("body", "postmsg"),
        ("chrome", "postleft|(?:post|last)-?edit(?:ed)?"),
    ]),
    ("Hacker News", &[
        ("comment", "comtr"),
        ("body", "commtext"),
        ("indent", "indent"),
        ("parent word", "parent"),
    ]),
    ("Invision", &[
        ("post", "cpost|ipscomment"),
        ("body", "ipsType_richText|ipsRichText"),
        ("chrome", "author-?pane"),
        ("chrome attribute", "data-excludequote"),
    ]),
    ("Judge.me", &[
        ("review", "jdgm-rev"),
    ]),
    ("LiveJournal", &[
        ("comment", "comentry|b-leaf"),
        ("chrome", "userpic"),
        ("level", "twig"),
    ]),
    ("MediaWiki", &[
        ("wiki group", "mw mediawiki infobox reflist"),
    ]),
    ("MyBuilder", &[
        ("comment", "discussionboard-item"),
        ("body", "discussionboard-message"),
    ]),
    ("NodeBB", &[
        ("parent preview", "data-parent-"),
        ("parent id", "pid"),
        ("kind", "component"),
    ]),
    ("phpBB", &[
        ("post id", "p|table"),
        ("author", "postauthor"),
        ("profile", r"memberlist\.php"),
        ("chrome", "postprofile"),
    ]),
    ("Reddit", &[
        ("body", "usertext-body"),
        ("body word", "md"),
        ("date", "live-?timestamp|tagline"),
        ("profile", "/u/"),
        ("own id", "data-fullname|thingid"),
        ("native id", "data-fullname"),
        ("depth", "depth"),
    ]),
    ("SMF", &[
        ("post", "windowbg2?"),
        ("body", r"msg_\d+ inner"),
    ]),
    ("Stack Exchange", &[
        ("body", "s-prose"),
        ("body copy", "copy"),
        ("date", "relativetime"),
        ("native id", "data-answerid"),
    ]),
    ("vBulletin", &[
        ("post", r"postbit\w*"),
        ("post id", "td_post|edit|post_message"),
        ("author", "bigusername|popupctrl"),
        ("sure author", "bigusername"),
        ("profile", r"member\.php"),
        ("quote", "bbcode_container"),
        ("reply group", "postbit"),
    ]),
    ("WooCommerce", &[
        ("product group", "woocommerce"),
    ]),
    ("WordPress", &[
        ("comment form", "respond commentrespond"),
        ("comment id", "(?:li|div)-comment"),
        ("date", "comment-?meta(?:data)?"),
        ("chrome", "says"),
    ]),
    ("XenForo", &[
        ("post id", "js-post"),
        ("body", "bbwrapper"),
        ("author", "message-name"),
        ("sure author", "message-name"),
        ("no quote", "selectToQuote"),
        ("own id", "data-content"),
        ("native id", "data-content"),
        ("date attribute", "data-time-string"),
    ]),
];

/// What the platforms have in a place, where it is no pattern.
pub fn named(place: &str) -> Vec<&'static str> {
    if !are_known() {
        return Vec::new();
    }
    PLATFORMS.iter().filter_map(|(_, words)| words.iter().find(|(at, _)| *at == place).map(|(_, word)| *word)).collect()
}

/// The platforms' alternatives for the end of a pattern's group, each begun with '|'; empty where there are none.
pub fn also(place: &str) -> String {
    named(place).iter().map(|word| format!("|{word}")).collect()
}

/// The platforms' words, for the end of a list of words.
pub fn listed(place: &str) -> String {
    named(place).join(" ")
}
