//! Words by which a line amid an article says that it is none of it: it points elsewhere, it asks the reader for
//! something, or it says whose picture stands above.

use std::sync::LazyLock;

use crate::hash::Set;

use crate::py::is_letter;
use crate::py;
use crate::rx;

/// How a line begins that sends the reader to another page. A word's end is written out, as `\b` takes marks for
/// parts of words.
const POINTERS: &str = concat!(
    r"^(?:read (?:also|more|next|on|here|the full|our)|also (?:read|see|on|in)(?:\W|$)|see (?:also|more|our)|",
    r"related(?:\W|$)|more (?:on|from|about|stories|news|like this|articles|information)|(?:don.t|do not) miss|",
    r"further reading|recommended|you (?:may|might) (?:also )?(?:like|enjoy|be interested)|up next|",
    r"watch(?: also| now)?\s*:|listen(?: to| now)?\s*:|learn more|check out|(?:click|tap) here|find out more|",
    r"in case you missed|continue reading|lesen sie|lest(?:\W|$)|lies(?:\W|$)|",
    r"auch (?:interessant|lesen|lesenswert)|",
    r"mehr (?:zum|zur|zu|dazu|darüber|lesen|aus|von|über|infos?|informationen|themen|news)|mehr\s*:|",
    r"weitere (?:beiträge|artikel|informationen|infos|meldungen|themen|news|berichte|nachrichten|tipps)|",
    r"weiterlesen|weiterführende|siehe auch|hier (?:lesen|geht|gibt|finden|klicken)|",
    r"zum (?:thema|artikel|weiterlesen)|passend (?:dazu|zum)|das könnte|unser lesetipp|lesetipps?(?:\W|$)|",
    r"jetzt (?:lesen|ansehen)|à (?:lire|voir|découvrir)|lire (?:aussi|la suite|également|plus)|",
    r"voir (?:aussi|également)|sur le même|pour aller plus loin|en savoir plus|lea(?:\W|$)|lee(?:\W|$)|",
    r"leer(?:\W|$)|leé(?:\W|$)|vea(?:\W|$)|(?:ver|ve) (?:también|más|además)|mir[aá](?:\W|$)|",
    r"te (?:puede|podría|recomendamos)|le puede|también (?:te|le|lee|puedes)|conoce más|",
    r"más (?:sobre|noticias|información)|sig[ua]e? leyendo|noticias? relacionad|no te pierdas|entérate|",
    r"leggi(?:\W|$)|vedi anche|potrebbe|per approfondire|leia(?:\W|$)|veja(?:\W|$)|saiba mais|confira(?:\W|$)|",
    r"czytaj(?:\W|$)|zobacz(?:\W|$)|przeczytaj|dowiedz się|polecamy|warto przeczytać|więcej(?:\W|$)|lees(?:\W|$)|",
    r"zie ook|bekijk ook|meer (?:over|weten|lezen|nieuws)|läs (?:också|mer|även)|les (?:også|mer)|",
    r"læs (?:også|mere)|se (?:också|også)|lue (?:myös|lisää)|katso myös|читайте(?:\W|$)|",
    r"читать (?:также|далее|ещё)|смотрите также|подробнее|см\. также|по теме|дивіться також|čtěte|přečtěte|",
    r"mohlo by|bunları da|ayrıca|διαβάστε|δείτε|اقرأ|إقرأ|citește|vezi și|olvass|baca (?:juga|selengkapnya)|関連|",
    r"あわせて読みたい|延伸[阅閱][读讀]|相[关關][阅閱][读讀]|推[荐薦][阅閱][读讀])",
);
/// Characters of a line that are looked at.
const BEGINNING: usize = 80;
/// After so many bytes of marks there is still room for a first word of theirs in the beginning.
const FEW: usize = 40;
/// The first words of those phrases whose letters are parted by spaces: nine lines of ten begin otherwise.
const SPACED: &str = "\
    read also see related more don do further recommended you up watch listen learn check click tap find in \
    continue lesen lest lies auch mehr weitere weiterlesen weiterführende siehe hier zum passend das unser \
    lesetipp lesetipps jetzt à lire voir sur pour en lea lee leer leé vea ver ve mira mirá te le también \
    conoce más sigue siga noticias noticia no entérate leggi vedi potrebbe per leia veja saiba confira czytaj \
    zobacz przeczytaj dowiedz polecamy warto więcej lees zie bekijk meer läs les læs se lue katso читайте \
    читать смотрите подробнее см по дивіться čtěte přečtěte mohlo bunları ayrıca διαβάστε δείτε اقرأ إقرأ \
    citește vezi olvassa olvass olvasd baca";
/// Of a reader something is asked: to subscribe, follow, give, register, agree, buy.
pub const ASKING: &str = "\
    newsletter newsletters subscribe subscribed subscriber subscribers subscription signup sign inbox follow \
    facebook twitter instagram whatsapp telegram youtube tiktok linkedin donate donation donations patreon \
    paypal support sponsored sponsor affiliate commission advertisement advertising advertisers promo coupon \
    app cookies cookie privacy consent javascript login log register registered account password email e-mail \
    unsubscribe membership member members podcast rss copyright reserved permission abonnieren abonniere \
    abonniert abonnement abo abonnenten folgen folge spenden spende spendenkonto unterstützen unterstütze \
    unterstützung anzeige werbung affiliate-links affiliatelinks provision datenschutz datenschutzerklärung \
    einwilligung anmelden angemeldet registrieren registriert konto passwort bestellen gutschein warenkorb \
    kanal abonner abonnez abonnez-vous abonné suivez suivez-nous don dons inscrivez-vous inscription \
    publicité compte suscríbete suscribirse suscripción síguenos únete canal boletín correo publicidad cuenta \
    regístrate donar iscriviti iscrizione seguici pubblicità registrati assine inscreva-se siga cadastre-se \
    subskrypcji subskrybuj zapisz zaloguj reklama wesprzyj abonneer nieuwsbrief volg prenumerera nyhetsbrev \
    подпишитесь подписывайтесь подписка канал телеграм реклама";
/// Whose picture it is, or that one is spoken of.
pub const CREDITING: &str = "\
    photo photos photograph photographer image images picture credit credits courtesy getty gettyimages \
    shutterstock istock unsplash pixabay pexels flickr reuters afp ap epa dpa imago wikimedia commons \
    screenshot illustration figure fig foto fotos bild bilder symbolbild symbolfoto archivfoto titelbild \
    quelle abb abbildung grafik fotograf crédit crédits fuente imagen fotografía imágenes fonte immagine \
    créditos zdjęcie fot źródło kuva фото © (c) (©";

/// Whether a line, in lower case, begins like one that sends the reader to another page.
pub fn points_elsewhere(text: &str) -> bool {
    static SPACED_WORDS: LazyLock<Set<&str>> = LazyLock::new(|| SPACED.split(' ').collect());
    let begins = |text: &str| {
        let end = text.find(|c| !is_letter(c)).unwrap_or(text.len());
        SPACED_WORDS.contains(&text[..end]) || text.starts_with(['関', 'あ', '延', '相', '推'])
    };
    let rest = text.trim_start_matches(is_mark_before);
    // Nine of ten are none by their first word, which is whole where few marks are before it.
    if text.len() - rest.len() < FEW && !begins(rest) {
        return false;
    }
    let text = py::head(text, BEGINNING).trim_start_matches(is_mark_before);
    begins(text) && rx!(POINTERS).is_match(text)
}

fn is_mark_before(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\n' | '>' | '»' | '›' | '→' | '➜' | '▶' | '►' | '•' | '·' | '*' | '+' | '-' | '–' | '—' | '|'
            | '#' | '(' | '[' | '¡' | '!' | '"' | '“' | '„' | '«'
    )
}
