//! The words of bylines in some thirty languages, as alternatives of patterns for folded texts.

/// What may stand before 'by': a verb, or what was written.
pub const VERB: &str = concat!(
    r"(?:(?:this|the) (?:post|article|story) (?:was|is) \w+|posted|written|published|submitted|",
    r"created|authored|reported|reporting|story|words?|text|article|recipe|",
    r"review|interview|essay|analysis|column|commentary|guest post|a|an|ein|eine|un|une|una|",
    r"beitrag|artikel|kommentar|analyse|gastbeitrag|geschrieben|veröffentlicht|verfasst|erstellt|",
    r"publié|écrit|rédigé|proposé|publicado|escrito|texto|scritto|pubblicato|testo|geplaatst|geschreven|",
    r"napisane|opublikowane|skrevet|skriven|tekst|teksti|kirjoittanut|написано|опубликовано|текст|",
    r"(?:view|see|read|zeige|mehr) (?:all|alle|more)(?: (?:posts|articles|stories|beiträge|artikel))?)",
);

/// 'By'.
pub const BEFORE_A_NAME: &str = "(?:by|von|vom|par|por|di|door|przez|av|af|από|от|oleh|bởi|yazan)";

/// The same, word by word.
pub fn is_before_a_name(word: &str) -> bool {
    matches!(
        word,
        "by" | "von" | "vom" | "par" | "por" | "di" | "door" | "przez" | "av" | "af" | "από" | "от" | "oleh" | "bởi"
            | "yazan"
    )
}

/// 'Author'.
pub const LABEL: &str = concat!(
    r"(?:authors?|contributors?:|autor(?:in|en|innen|i|zy|es|as|a|e|ka)?|autrice|auteure?s?|auteur|autori|forfatter|",
    r"författare|kirjoittaja|szerző|írta|napsala?|yazar|penulis|tác giả|συντάκτης|συγγραφέας|автор[ыи]?)",
);

/// Labels only with a colon; without one they are words of a sentence.
pub const WITH_COLON: &str = concat!(
    r"(?:text|words|texte|texto|testo|tekst|teksti|текст|reporter|writer|interview|redaktion|γράφει|",
    r"作者|文|撰文|著者|執筆者?|ライター|記者|记者|글쓴이|글|기자|작성자|بقلم|الكاتب|نویسنده|מאת)",
);

/// What follows a name, with what parts it: a date, a count, a label, a sentence about whoever bears it.
pub const AFTER: &str = concat!(
    r"(?s)\s*(?:[|»•·∙(\[<]|\s[-–—]\s|[\s,;]+(?:on|am|le|el|il|um|den|at|in|updated|stand|publié|posted|published|",
    r"publicado|veröffentlicht|aktualisiert)\W.*\d|,?\s+\d|,\d",
    r"|\s+(?:is an?|is the|ist (?:ein|der|die)|est une?|es una?|è una?|for the|für die)\s",
    r"|\s+(?:on behalf of|im auftrag)(?:\W|$))",
);

/// Names of others who had a part in it: after a writer's they end the byline, alone they are none.
pub const CREDIT: &str = concat!(
    r"(?:^|[\s,;/.]+)(?:fotos?|photos?|photograph(?:y|s|er)?|pictures?|images?|illustration(?:en|s)?|bild(?:er)?|",
    r"grafik|video|kamera|edited|editing|redigiert|lektorat|translat(?:ed|ion)|übersetzt|übersetzung|traducción|",
    r"(?:medically |fact.?)?(?:reviewed|checked))\s*(?:by|von|par|por|di|:)(?:\s|$)",
);

/// 'And'.
pub const AND: &str = "(?:and|und|sowie|et|y|e|i|og|och|ja|en|és|и|та|και|ve)";

/// The same, word by word, as it is written.
pub fn is_and(word: &str) -> bool {
    matches!(
        word,
        "and" | "und" | "sowie" | "et" | "y" | "e" | "i" | "og" | "och" | "ja" | "en" | "és" | "и" | "та" | "και"
            | "ve"
    )
}

/// What is no name: as a whole, by its beginning, or by a word in it.
pub const NO_NAME: &str = concat!(
    r"^(?:(?:posted|published|publiziert|veröffentlicht|geschrieben|erstellt|updated|written|authored)(?: \w{2,3})?$",
    r"|(?:read|view|see|show|learn|load|alle|mehr|zum|zur|back|follow|share|teilen|folgen|send|contact|sign|log|",
    r"subscribe|visit|click|skip|published|posted|info|about|über|updated|link|full bio|the author|more)(?:\W|$)",
    r"|weiter",
    r"|(?:(?:topic|thread) (?:author|starter)|original poster|menu|home|news|blog|",
    r"link|edit|more|e-?mail|email|twitter|facebook|linkedin|instagram|website|image|author|",
    r"autor|by|von|on|am|at|in|and|und|the|date|datum|stand|text|tags?|categor\w+|kategorien?|undefined|null|none|",
    r"unknown|anonymous|guest|gast)$)",
    r"|(?:^|\W)(?:(?:read|posts?|articles?|artikel|fotos?|photos?|app|minuten|minutes?)(?:\W|$)|",
    r"cookies?|licen[sc]e|cc by)",
    r"|(?:comments?|kommentare?)(?:\W|$)|beiträge|newsletter|©|copyright|creative commons|@",
);

/// Words of what somebody is: a part of a byline made of them, or ending in one after a comma, is no name.
pub const ROLE: &str = concat!(
    r"(?:staff|senior|junior|chief|contributing|guest|managing|associate|assistant|freelance|former|special|",
    r"writers?|editors?|reporters?|journalists?|correspondents?|contributors?|columnists?|authors?|bloggers?|",
    r"editorial|redakteur(?:in)?|redaktion|volontär(?:in)?|autor(?:in)?|journalist(?:in)?|chefredakteur(?:in)?|",
    r"korrespondent(?:in)?|reporter(?:in)?|rédact(?:eur|rice|ion)|journaliste|redactor(?:a)?|redacción|periodista|",
    r"redattore|redattrice|redazione|giornalista|redacteur|redactie|dziennikarz|dziennikarka|redakcja|",
    r"редактор|редакция|корреспондент|журналист|toimittaja|toimitus|redaktör|journalistin|",
    r"founder|co-founder|c[a-z]o|manager|director|head|expert|analyst|consultant|specialist|strategist|producer|",
    r"president|professor|dietitian|coordinator|winemaker|advisor|attorney|physician)",
);

/// MD, Ph.D., E-RYT 200, CFP®: after a name and a comma they are a part of it.
pub const DEGREE: &str = "^(?:(?:[A-Z][\\w.-]{0,6}[A-Z.][®™]?(?:\\s\\d{2,4})?)(?:\\s[A-Z][\\w.-]{0,6}[A-Z.][®™]?)*|[JS]r\\.?|II+|Esq\\.?)$";

/// News agencies: in capitals like a degree, and none.
pub const AGENCIES: [&str; 23] = [
    "AP", "AFP", "DPA", "CNN", "BBC", "NPR", "ABC", "CBS", "NBC", "USA", "UPI", "TASS", "SID", "APA", "KNA", "EPD",
    "IPS", "ANI", "PTI", "IANS", "EFE", "ANSA", "PA",
];

/// Words in lower case that are a part of a name.
pub fn is_particle(word: &str) -> bool {
    matches!(
        word,
        "von" | "van" | "de" | "der" | "den" | "del" | "della" | "di" | "da" | "dos" | "das" | "du" | "le" | "la"
            | "les" | "el" | "al" | "bin" | "ibn" | "ben" | "zu" | "zur" | "af" | "av" | "y" | "e" | "i" | "do"
            | "of" | "the"
    )
}

/// What somebody signs in with who is nobody: 'admin', 'webmaster', 'user7'.
pub const ADMIN: &str = "(?:^|[\\W_])(?:web)?(?:admin|administrator|root|webmaster|editor|user\\d*)\\n?$|^\\w*admin\\d*\\n?$";
