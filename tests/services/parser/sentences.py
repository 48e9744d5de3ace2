"""Sentences for each encoding of the Encoding Standard, in a language that was written in it, and its codec."""

from typing import NamedTuple


class Sample(NamedTuple):
    """Text of a page in an encoding."""

    codec: str
    """Python's, which makes the bytes."""
    text: str


_RUSSIAN = (
    "Вчера вечером в городе открыли новую библиотеку. На открытие пришли жители соседних улиц, учителя и дети из "
    "двух школ. «Мы ждали этого десять лет», — сказала заведующая. Читальный зал работает каждый день, кроме "
    "понедельника."
)
_UKRAINIAN = (
    "Учора ввечері в місті відкрили нову бібліотеку. На відкриття прийшли мешканці сусідніх вулиць, учителі й діти "
    "з двох шкіл. «Ми чекали на це десять років», — сказала завідувачка. Її мати теж їздила сюди. Ґанок іще "
    "фарбують."
)
_CZECH = (
    "Včera večer byla ve městě otevřena nová knihovna. Přišli obyvatelé sousedních ulic, učitelé a děti ze dvou "
    "škol. Čekali jsme na to deset let, řekla ředitelka. Čítárna je otevřená každý den kromě pondělí, žlutý dům u "
    "řeky."
)
_GREEK = (
    "Χθες το βράδυ άνοιξε στην πόλη μια νέα βιβλιοθήκη. Ήρθαν κάτοικοι από τους γύρω δρόμους, δάσκαλοι και παιδιά "
    "από δύο σχολεία. Την περιμέναμε δέκα χρόνια, είπε η διευθύντρια. Το αναγνωστήριο είναι ανοιχτό κάθε μέρα."
)
_HEBREW = (
    "אתמול בערב נפתחה בעיר ספרייה חדשה. לפתיחה הגיעו תושבי הרחובות הסמוכים, מורים וילדים משני בתי ספר. חיכינו לזה "
    "עשר שנים, אמרה המנהלת. אולם הקריאה פתוח בכל יום חוץ משבת, והכניסה אליו חופשית לכולם."
)
_ARABIC = (
    "افتتحت مساء أمس في المدينة مكتبة جديدة. حضر الافتتاح سكان الشوارع المجاورة ومعلمون وأطفال من مدرستين. انتظرنا "
    "هذا عشر سنوات، قالت المديرة. قاعة القراءة مفتوحة كل يوم ما عدا يوم الجمعة، والدخول إليها مجاني للجميع."
)
_LITHUANIAN = (
    "Vakar vakare mieste atidaryta nauja biblioteka. Į atidarymą atėjo gretimų gatvių gyventojai, mokytojai ir "
    "vaikai iš dviejų mokyklų. Šito laukėme dešimt metų, sakė vedėja. Skaitykla veikia kiekvieną dieną, išskyrus "
    "pirmadienį, žalias namas prie upės, įėjimas iš kiemo pusės."
)
_GERMAN = (
    "Gestern Abend wurde in der Stadt eine neue Bücherei eröffnet. Es kamen Anwohner aus den Straßen ringsum, "
    "Lehrer und Schüler zweier Schulen. Darauf haben wir zehn Jahre gewartet, sagte die Leiterin. Der Lesesaal ist "
    "täglich geöffnet, außer montags; für Kinder gibt es ein größeres Zimmer über dem Café."
)
_CHINESE = (
    "昨天晚上，市里的新图书馆开门了。附近街道的居民、两所学校的老师和孩子们都来了。馆长说：“我们等这一天等了十年。”"
    "阅览室除星期一外每天开放，入场免费。"
)
_TRADITIONAL = (
    "昨天晚上，市裡的新圖書館開門了。附近街道的居民、兩所學校的老師和孩子們都來了。館長說：「我們等這一天等了十年。"
    "」閱覽室除星期一外每天開放，入場免費。"
)
_JAPANESE = (
    "昨日の夜、町に新しい図書館が開きました。近くに住む人たち、二つの学校の先生と子どもたちが来ました。館長は「十年"
    "間この日を待っていました」と話しました。閲覧室は月曜日を除いて毎日開いていて、入場は無料です。"
)

SAMPLES = {
    "utf-8": Sample("utf-8", f"{_GERMAN} {_JAPANESE} {_RUSSIAN} 📚"),
    "ibm866": Sample("cp866", _RUSSIAN.translate(str.maketrans("«»—", '""-'))),
    "iso-8859-2": Sample(
        "iso8859-2",
        "Wczoraj wieczorem otwarto w mieście nową bibliotekę. Przyszli mieszkańcy sąsiednich ulic, nauczyciele i "
        "dzieci z dwóch szkół. Czekaliśmy na to dziesięć lat, powiedziała kierowniczka. Czytelnia działa "
        "codziennie, oprócz poniedziałków, a wstęp jest dla wszystkich wolny; żółty dom stoi nad rzeką.",
    ),
    "iso-8859-3": Sample(
        "iso8859-3",
        "Hieraŭ vespere oni malfermis en la urbo novan bibliotekon. Venis loĝantoj de la apudaj stratoj, "
        "instruistoj kaj geknaboj el du lernejoj. Tion ni atendis dum dek jaroj, diris la estrino. La legoĉambro "
        "estas malfermita ĉiun tagon krom lundo; ĵaŭde ĝi fermiĝas pli frue.",
    ),
    "iso-8859-4": Sample(
        "iso8859-4",
        "Vakar vakarā pilsētā atklāja jaunu bibliotēku. Ieradās tuvējo ielu iedzīvotāji, skolotāji un bērni no "
        "divām skolām. Mēs to gaidījām desmit gadus, teica vadītāja. Lasītava ir atvērta katru dienu, izņemot "
        "pirmdienu, ķieģeļu mājā pie upes, ieeja visiem ir brīva.",
    ),
    "iso-8859-5": Sample(
        "iso8859-5",
        "Синоћ је у граду отворена нова библиотека. Дошли су становници суседних улица, учитељи и деца из две "
        "школе. Чекали смо на то десет година, рекла је управница. Читаоница ради сваког дана осим понедељка, а "
        "улаз је за све бесплатан; ђаци седе у већој соби, џемпер није потребан.",
    ),
    "iso-8859-6": Sample("iso8859-6", _ARABIC),
    "iso-8859-7": Sample("iso8859-7", f"{_GREEK} Η είσοδος κοστίζει 2 €."),
    "iso-8859-8": Sample("iso8859-8", _HEBREW),
    "iso-8859-8-i": Sample("iso8859-8", _HEBREW),
    "iso-8859-10": Sample(
        "iso8859-10",
        "Í gærkvöldi var nýtt bókasafn opnað í bænum. Íbúar úr næstu götum komu, kennarar og börn úr tveimur "
        "skólum. Eftir þessu höfum við beðið í tíu ár, sagði forstöðukonan. Lestrarsalurinn er opinn alla daga "
        "nema mánudaga og aðgangur er ókeypis fyrir alla, þar á meðal á kvöldin. Čáhci, ŋuolli, đuođđi.",
    ),
    "iso-8859-13": Sample("iso8859-13", _LITHUANIAN),
    "iso-8859-14": Sample(
        "iso8859-14",
        "Agorwyd llyfrgell newydd yn y dref neithiwr. Daeth trigolion y strydoedd cyfagos, athrawon a phlant o "
        "ddwy ysgol. Fe fuom yn aros am hyn ers deng mlynedd, meddai’r pennaeth wrth y tŷ. Mae’r ystafell ddarllen "
        "ar agor bob dydd ond dydd Llun; mae dŵr a the ar gael, a’r ŵyl ym mis Mai.".replace("’", "'"),
    ),
    "iso-8859-15": Sample(
        "iso8859-15",
        "Hier soir, une nouvelle bibliothèque a été ouverte dans la ville. Des habitants des rues voisines, des "
        "maîtres et des élèves de deux écoles sont venus. Nous l'avons attendue dix ans, a dit la directrice, sœur "
        "du maire. L'entrée coûte 2 €, sauf pour les élèves; la salle de lecture est fermée le lundi, à Noël et à "
        "Pâques.",
    ),
    "iso-8859-16": Sample(
        "iso8859-16",
        "Aseară a fost deschisă în oraș o nouă bibliotecă. Au venit locuitori de pe străzile vecine, învățători și "
        "copii de la două școli. Așteptăm asta de zece ani, a spus directoarea. Sala de lectură este deschisă în "
        "fiecare zi în afară de luni, iar intrarea costă 2 € pentru oaspeți.",
    ),
    "koi8-r": Sample("koi8-r", _RUSSIAN.translate(str.maketrans("«»—", '""-'))),
    "koi8-u": Sample("koi8-u", _UKRAINIAN.translate(str.maketrans("«»—", '""-'))),
    "macintosh": Sample("mac-roman", f"{_GERMAN} „So schön hat’s hier noch niemand gehabt“, hieß es – für 2 €."),
    "windows-874": Sample(
        "cp874",
        "เมื่อวานตอนเย็นมีการเปิดห้องสมุดแห่งใหม่ในเมือง ชาวบ้านจากถนนใกล้เคียง ครู และเด็กจากสองโรงเรียนมาร่วมงาน "
        "ผู้อำนวยการกล่าวว่า “เรารอสิ่งนี้มาสิบปี” ห้องอ่านหนังสือเปิดทุกวันยกเว้นวันจันทร์ และเข้าชมได้โดยไม่เสียค่าใช้จ่าย",
    ),
    "windows-1250": Sample("cp1250", f"{_CZECH} „Je to krásné,“ řekl někdo – a zaplatil 2 €."),
    "windows-1251": Sample("cp1251", _RUSSIAN),
    "windows-1252": Sample("cp1252", f"{_GERMAN} „So schön hat’s hier noch niemand gehabt“, hieß es – für 2 €."),
    "windows-1253": Sample("cp1253", f"{_GREEK} «Ωραία», είπε κάποιος – και πλήρωσε 2 €."),
    "windows-1254": Sample(
        "cp1254",
        "Dün akşam şehirde yeni bir kütüphane açıldı. Açılışa çevredeki sokaklarda oturanlar, öğretmenler ve iki "
        "okuldan çocuklar geldi. “Bunu on yıl bekledik,” dedi müdire. Okuma salonu pazartesi dışında her gün açık, "
        "giriş ise herkes için ücretsiz; ırmağın yanındaki sarı ev, ağaçların altında.",
    ),
    "windows-1255": Sample("cp1255", f"{_HEBREW} שָׁלוֹם – “2 ₪”."),
    "windows-1256": Sample(
        "cp1256",
        f"{_ARABIC} دیروز عصر در شهر ما کتابخانهٔ تازه‌ای باز شد. چای و گپ هم بود.".replace("ی", "ي").replace("ٔ", ""),
    ),
    "windows-1257": Sample("cp1257", f"{_LITHUANIAN} „Gražu“, pasakė kažkas – ir sumokėjo 2 €."),
    "windows-1258": Sample(
        "cp1258",
        "Tối hôm qua, một thư viện mới đã mở cửa trong thành phố. Người dân ở các phố bên cạnh, thầy cô và học "
        "sinh của hai trường đã đến. “Chúng tôi đã chờ điều này mười năm”, bà giám đốc nói. Phòng đọc mở cửa hằng "
        "ngày trừ thứ hai.",
    ),
    "x-mac-cyrillic": Sample("mac-cyrillic", _UKRAINIAN),
    "gbk": Sample("gbk", _CHINESE),
    "gb18030": Sample("gb18030", f"{_CHINESE}㐀、𠀀、ǹ、藏文བོད་、€。"),
    "big5": Sample("big5hkscs", f"{_TRADITIONAL}佢哋喺度等咗十年。"),
    "euc-jp": Sample("euc_jp", f"{_JAPANESE}ﾃｽﾄ、丂。"),
    "iso-2022-jp": Sample("iso2022_jp", _JAPANESE),
    "shift_jis": Sample("cp932", f"{_JAPANESE}①㈱～ﾃｽﾄ。"),
    "euc-kr": Sample(
        "cp949",
        "어제 저녁 시내에 새 도서관이 문을 열었다. 이웃 거리의 주민들과 두 학교의 선생님, 아이들이 찾아왔다. "
        "관장은 “십 년 동안 이날을 기다렸다”고 말했다. 열람실은 월요일을 빼고 날마다 열리며, 누구나 무료로 들어갈 "
        "수 있다. 똠방각하, 펲시콜라.",
    ),
    "utf-16be": Sample("utf-16-be", f"{_JAPANESE} {_RUSSIAN} 📚"),
    "utf-16le": Sample("utf-16-le", f"{_JAPANESE} {_RUSSIAN} 📚"),
}
"""By the Standard's name; without `replacement` and `x-user-defined`, which no language is written in."""
