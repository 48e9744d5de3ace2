//! What a page says of itself: JSON-LD, Open Graph, microdata and the usual meta elements.

use std::borrow::Cow;

use bumpalo::Bump;
use crate::hash::Set;

use crate::author_claims::{best_claim, Said};
pub use crate::claimed_comments::ClaimedComment;
use crate::claimed_comments::{claimed_comments, Place};
use crate::dom::Dom;
use crate::head::{read_head, Head};
use crate::json::Object;
use crate::json_ld::{self, ById, Item};
use crate::main_item::main_item;
use crate::microdata::{read_microdata, Microdata};
use crate::references::line;
use crate::script_dates::day_in_scripts;
use crate::source::{site_in_title, without_site};
use crate::types::{Moment, Provenance, Source};
use crate::urls::join;
use crate::{py, rx};

// Names of meta elements, the more telling first.
const PUBLISHED: [&str; 19] = [
    "article:published_time",
    "article:published",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "publish-date",
    "publish_date",
    "publishdate",
    "pubdate",
    "publication_date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.issued",
    "dcterms.date",
    "dc.date",
    "citation_publication_date",
    "cxenseparse:recs:publishtime",
    "date",
];
const MODIFIED: [&str; 6] =
    ["article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified", "lastmod"];
const SITE: [&str; 3] = ["og:site_name", "application-name", "apple-mobile-web-app-title"];
const DESCRIPTION: [&str; 4] = ["og:description", "description", "twitter:description", "dcterms.description"];
const TITLE: [&str; 6] = ["og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title", "citation_title"];
const LONGEST_TAG: usize = 100;
const MOST_TAGS: usize = 50;
const MOST_IMAGES: usize = 20;
const MOST_CANONICAL: usize = 3;

/// What a page says of itself. `provenance` names the source of each field that has a value.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// `headline`, else the document's title without the site's name.
    pub title: Option<String>,
    /// The title as JSON-LD, Open Graph or microdata give it, without the site's name.
    pub headline: Option<String>,
    /// All titles that the head gives, without the site's name.
    pub titles: Vec<String>,
    /// The text of the `title` element, whole.
    pub document_title: Option<String>,
    pub authors: Vec<String>,
    /// Whether no person is named: the authors are the site, an organisation, or what somebody signs in with.
    pub has_weak_authors: bool,
    pub published_at: Option<Moment>,
    /// What other sources of the head give as the time of publication, each with where that is.
    pub other_dates: Vec<(Moment, Source)>,
    /// A day that the head gives elsewhere, and where: less telling than one that the page shows.
    pub loose_date: Option<(Moment, Source)>,
    /// The only day of publication in the page's scripts; looked for where the head gives none.
    pub script_date: Option<Moment>,
    pub modified_at: Option<Moment>,
    pub site_name: Option<String>,
    pub canonical_url: Option<String>,
    pub description: Option<String>,
    pub tags: Vec<String>,
    pub language: Option<String>,
    pub paywalled: Option<bool>,
    pub comment_count: Option<u64>,
    pub images: Vec<String>,
    /// The schema.org types that JSON-LD and microdata name, in order of appearance, once each.
    pub types: Vec<String>,
    pub og_type: Option<String>,
    pub generator: Option<String>,
    pub article_body: Option<String>,
    pub comments: Vec<ClaimedComment>,
    pub provenance: Provenance,
}

impl Metadata {
    /// What dates on the page are read in: its language, where it says one.
    pub fn languages(&self) -> Vec<&str> {
        self.language.as_deref().into_iter().collect()
    }
}

/// What the page at this URL says of itself. `base` is the time of the fetch, that relative dates count from.
pub fn read_metadata(dom: &Dom<'_>, url: &str, base: Moment) -> Metadata {
    let head = read_head(dom);
    let arena = Bump::new();
    let items = json_ld::items_of(&head.json_ld, &arena);
    let by_id = json_ld::by_id(&items);
    let micro = read_microdata(dom, &head.scopes);
    let canonical = canonical_of(&head, url);
    let main = main_item(&items, url, canonical.as_ref().map_or("", |(address, _)| address));
    let reader = Reader {
        url,
        base,
        language: head.language_code(),
        main: main.unwrap_or(Object(&[])),
        document_title: head.title.as_deref().and_then(line).map(Cow::into_owned),
        provenance: Provenance::default(),
        head: &head,
        items: &items,
        by_id: &by_id,
        micro: &micro,
    };
    reader.read(dom, canonical)
}

/// A claim and where it stands.
type Claim<'a> = (Source, Option<Cow<'a, str>>);

/// Reads one page. Each claim is asked for in the order of trust: JSON-LD, Open Graph, microdata, markup.
struct Reader<'a, 'p> {
    url: &'a str,
    base: Moment,
    head: &'a Head<'p>,
    items: &'a [Item<'a>],
    by_id: &'a ById<'a>,
    micro: &'a Microdata,
    /// The item that is the page's article; empty where there is none.
    main: Item<'a>,
    language: Option<String>,
    document_title: Option<String>,
    provenance: Provenance,
}

impl<'a> Reader<'a, '_> {
    fn read(mut self, dom: &Dom<'_>, canonical: Option<(String, Source)>) -> Metadata {
        let main = self.main;
        let claimed = self.title_claims();
        let site = self.site(&claimed);
        let site_name = site.as_deref();
        let headline = claimed.first().map(|(source, title)| {
            self.provenance.insert("title", *source);
            without_site(title, site_name, self.url)
        });
        let document_title = self.document_title.take();
        let title = headline.clone().or_else(|| {
            let title = document_title.as_deref()?;
            self.provenance.insert("title", Source::Markup);
            Some(without_site(title, site_name, self.url))
        });
        if let Some((_, source)) = &canonical {
            self.provenance.insert("canonical_url", *source);
        }
        let authors = best_claim(&Said {
            head: self.head,
            items: self.items,
            main,
            by_id: self.by_id,
            micro: &self.micro.authors,
            site: site_name,
            url: self.url,
        });
        if let Some(claim) = &authors {
            self.provenance.insert("authors", claim.source);
        }
        let keys = ["datePublished", "dateCreated", "uploadDate"];
        let mut published = self.dates("published_at", self.micro.published.as_deref(), &keys, &PUBLISHED);
        let loose_date = self.loose_date();
        let modified = self.dates("modified_at", self.micro.modified.as_deref(), &["dateModified"], &MODIFIED);
        let said = claimed.iter().map(|(_, title)| &**title).chain(document_title.as_deref());
        let titles = once(said.map(|title| without_site(title, site_name, self.url)), usize::MAX);
        let (has_weak_authors, authors) = authors.map_or((false, Vec::new()), |claim| (claim.weak, claim.names));
        Metadata {
            title,
            headline,
            titles,
            authors,
            has_weak_authors,
            script_date: if published.is_empty() && loose_date.is_none() { day_in_scripts(dom) } else { None },
            published_at: published.first().map(|(at, _)| *at),
            other_dates: if published.is_empty() { published } else { published.split_off(1) },
            loose_date,
            modified_at: modified.first().map(|(at, _)| *at),
            canonical_url: canonical.map(|(address, _)| address),
            description: self.description(),
            tags: self.tags(),
            paywalled: self.paywalled(),
            comment_count: self.comment_count(),
            images: self.images(),
            types: self.types(),
            og_type: self.head.meta(&["og:type"]).and_then(line).map(Cow::into_owned),
            generator: self.head.meta(&["generator"]).and_then(line).map(Cow::into_owned),
            article_body: json_ld::body_of(main.get("articleBody").or(main.get("text"))),
            comments: claimed_comments(main, &self.dated(), 0),
            site_name: site,
            document_title,
            language: self.language,
            provenance: self.provenance,
        }
    }

    fn dated(&self) -> Place<'_, 'a> {
        Place { url: self.url, language: self.language.as_deref(), base: self.base, by_id: self.by_id }
    }

    fn from_meta<'s>(&'s self, names: &'s [&'s str]) -> impl Iterator<Item = (Source, &'a str)> + 's {
        names.iter().flat_map(move |name| {
            let open_graph = name.starts_with("og:") || name.starts_with("article:");
            let source = if open_graph { Source::OpenGraph } else { Source::Markup };
            self.head.all(name).iter().map(move |value| (source, *value))
        })
    }

    /// Notes where a field's value stands.
    fn noted<T>(&mut self, name: &'static str, source: Source, value: T) -> T {
        self.provenance.insert(name, source);
        value
    }

    /// The first claim that says something, as one line; its source is noted.
    fn first<'c>(
        &mut self,
        name: &'static str,
        claims: impl IntoIterator<Item = (Source, Cow<'c, str>)>,
    ) -> Option<String> {
        let mut lines = claims.into_iter().filter_map(|(source, claim)| Some((source, line(&claim)?.into_owned())));
        let (source, line) = lines.next()?;
        Some(self.noted(name, source, line))
    }

    /// The titles that the head gives, as lines.
    fn title_claims(&self) -> Vec<(Source, String)> {
        let own = json_ld::text_of(self.main.get("headline").or(self.main.get("name")));
        let own = own.and_then(|title| Some((Source::JsonLd, line(&title)?.into_owned())));
        let lined = |(source, title): (Source, &str)| Some((source, line(title)?.into_owned()));
        let micro = self.micro.headline.as_deref().map(|title| (Source::Microdata, title));
        let metas = self.from_meta(&TITLE[..1]).chain(micro).chain(self.from_meta(&TITLE[1..]));
        own.into_iter().chain(metas.filter_map(lined)).collect()
    }

    fn site(&mut self, titles: &[(Source, String)]) -> Option<String> {
        let told: Vec<_> = self.from_meta(&SITE[..1]).map(borrowed).collect();
        if let Some(found) = self.first("site_name", told) {
            return Some(found);
        }
        let sites = self.items.iter().filter(|item| json_ld::has_type(**item, "WebSite"));
        let mut names: Vec<Cow<'a, str>> = sites.filter_map(|item| json_ld::text_of(item.get("name"))).collect();
        names.extend(json_ld::names_of(self.main.get("publisher"), self.by_id));
        let mut claims: Vec<_> = names.into_iter().map(|name| (Source::JsonLd, name)).collect();
        claims.extend(self.from_meta(&SITE[1..]).map(borrowed));
        // "Only News - Atom", "The Quay » Feed": where a site names itself nowhere else.
        let feed = self.head.feed_titles.first().map(|title| without_feed(title));
        let is_name = |name: &Cow<'_, str>| !["rss", "atom", "feed", "rss 2.0"].contains(&&*py::lower(name));
        claims.extend(feed.filter(is_name).map(|name| (Source::Markup, name)));
        if let Some(found) = self.first("site_name", claims) {
            return Some(found);
        }
        let whole = self.document_title.as_deref()?;
        let mut named = titles.iter().filter_map(|(_, title)| Some(line(&site_in_title(whole, title)?)?.into_owned()));
        let found = named.next()?;
        Some(self.noted("site_name", Source::Heuristic, found))
    }

    fn description(&mut self) -> Option<String> {
        let own = json_ld::text_of(self.main.get("description").or(self.main.get("abstract")));
        let own = own.map(|text| (Source::JsonLd, text));
        let metas: Vec<_> = self.from_meta(&DESCRIPTION).map(borrowed).collect();
        self.first("description", own.into_iter().chain(metas))
    }

    /// All times that the head gives for a field, the most trusted source's first.
    fn dates(
        &mut self,
        name: &'static str,
        micro: Option<&str>,
        keys: &[&str],
        metas: &[&str],
    ) -> Vec<(Moment, Source)> {
        let page = self.items.iter().find(|item| json_ld::has_type(**item, "WebPage"));
        let own = keys.iter().map(|key| (Source::JsonLd, json_ld::text_of(self.main.get(key))));
        let meta = |(source, said): (Source, &'a str)| (source, Some(Cow::Borrowed(said)));
        let claims: Vec<Claim<'_>> = own
            .chain(self.from_meta(&metas[..3]).map(meta))
            .chain([(Source::Microdata, micro.map(Cow::Borrowed))])
            .chain(self.from_meta(&metas[3..]).map(meta))
            .chain(page.map(|page| (Source::JsonLd, json_ld::text_of(page.get(keys[0])))))
            .collect();
        let found: Vec<_> =
            claims.iter().filter_map(|(source, claim)| Some((self.day(claim.as_deref()?)?, *source))).collect();
        if let Some((_, source)) = found.first() {
            self.provenance.insert(name, *source);
        }
        found
    }

    fn day(&self, claim: &str) -> Option<Moment> {
        // What is dated at a computer's zero has no date: 1970-01-03.
        self.dated().date(claim).filter(|at| at.timestamp_micros() > 2 * 86_400_000_000)
    }

    /// Of meta elements of other names; of microdata outside any item, where it says one day and not a list's.
    fn loose_date(&self) -> Option<(Moment, Source)> {
        let any = rx!(
            r"(?:^|[.:_-])(?:(?:first-?)?publi(?:sh|shed|cation)(?:[._-]?(?:date|time|on|at))?|pub[._-]?date|date[._-]?(?:published|issued|created)|release[._-]?date|ms\.date)$"
        );
        // Others under which pages give the day: 'w-published-date', 'ms.date', 'pub_date'.
        let is_other = |name: &str| {
            (name.contains("pub") || name.contains("date"))
                && !PUBLISHED.contains(&name)
                && !name.starts_with("itemprop:")
                && any.is_match(name)
        };
        let others = self.head.metas.iter().filter(|(name, _)| is_other(name));
        let found = others.filter_map(|(_, values)| self.day(values[0])).next();
        if let Some(at) = found {
            return Some((at, Source::Markup));
        }
        let days = self.head.all("itemprop:datepublished");
        let first = days.first().filter(|first| days.iter().all(|day| day == *first))?;
        self.day(first).map(|at| (at, Source::Microdata))
    }

    fn tags(&mut self) -> Vec<String> {
        let words = self.main.get("keywords");
        let claimed: Vec<_> = words.listed().iter().filter_map(|word| json_ld::text_of(*word)).collect();
        let news = self.head.all("news_keywords");
        let markup = if news.is_empty() { self.head.all("keywords") } else { news };
        let sources: [(Source, Vec<&str>); 3] = [
            (Source::JsonLd, claimed.iter().map(|words| &**words).collect()),
            (Source::OpenGraph, self.head.all("article:tag").to_vec()),
            (Source::Markup, markup.to_vec()),
        ];
        for (source, values) in sources {
            let lines = values.iter().flat_map(|value| value.split([',', ';'])).filter_map(line);
            let tags = once(lines.filter(|tag| py::len(tag) <= LONGEST_TAG).map(Cow::into_owned), MOST_TAGS);
            if !tags.is_empty() {
                return self.noted("tags", source, tags);
            }
        }
        Vec::new()
    }

    fn paywalled(&mut self) -> Option<bool> {
        if let Some(free) = json_ld::truth_of(self.main.get("isAccessibleForFree")) {
            return Some(self.noted("paywalled", Source::JsonLd, !free));
        }
        let tier = py::lower(self.head.meta(&["article:content_tier"])?);
        if !["free", "metered", "locked"].contains(&&*tier) {
            return None;
        }
        Some(self.noted("paywalled", Source::OpenGraph, tier != "free"))
    }

    fn comment_count(&mut self) -> Option<u64> {
        let (answers, comments) = (self.main.get("answerCount"), self.main.get("commentCount"));
        let claimed = json_ld::count_of(answers).or_else(|| json_ld::count_of(comments));
        let (source, count) = match claimed.or_else(|| json_ld::interactions(self.main)) {
            Some(count) => (Source::JsonLd, count),
            None => (Source::Microdata, self.micro.comment_count?),
        };
        self.noted("comment_count", source, u64::try_from(count).ok())
    }

    fn images(&mut self) -> Vec<String> {
        let sources = [
            (Source::JsonLd, json_ld::urls_of(self.main.get("image"), self.by_id)),
            (Source::OpenGraph, self.head.all("og:image").to_vec()),
            (Source::Markup, self.head.all("twitter:image").to_vec()),
        ];
        for (source, values) in sources {
            let urls = once(values.iter().filter_map(|value| join(self.url, value)), MOST_IMAGES);
            if !urls.is_empty() {
                return self.noted("images", source, urls);
            }
        }
        Vec::new()
    }

    fn types(&self) -> Vec<String> {
        let named = self.items.iter().flat_map(|item| json_ld::types_of(*item));
        once(named.chain(self.micro.types.iter().map(String::as_str)).map(str::to_owned), usize::MAX)
    }
}

fn borrowed<'a>((source, text): (Source, &'a str)) -> (Source, Cow<'a, str>) {
    (source, Cow::Borrowed(text))
}

/// Each value once, in order, at most so many.
fn once(values: impl Iterator<Item = String>, most: usize) -> Vec<String> {
    let mut seen = Set::default();
    values.filter(|value| seen.insert(value.clone())).take(most).collect()
}

fn canonical_of(head: &Head<'_>, url: &str) -> Option<(String, Source)> {
    let said = head.canonical.iter().take(MOST_CANONICAL).find_map(|reference| join(url, reference));
    said.map(|found| (found, Source::Markup)).or_else(|| Some((join(url, head.meta(&["og:url"])?)?, Source::OpenGraph)))
}

/// A feed's title without what follows the site's name in it. A last line break is kept, as it is no part of a line.
fn without_feed(title: &str) -> Cow<'_, str> {
    rx!(r"(?i)(?:\s+(?:[-–|:]|»|&raquo;|›|—)\s+.*|\s+(?:RSS|Atom|Feed)\b.*)(\n?)\Z").replace_all(title, "$1")
}
