"""URL normalisation, by the WHATWG URL Standard (https://url.spec.whatwg.org/) through `ada-url`."""

import re

import ada_url

from shared.remembered import remembered

# Longer ones are refused: what browsers and servers carry (RFC 9110 asks for 8,000 octets at least).
MAX_LENGTH = 8000


class NotAUrlError(ValueError):
    """The text is no URL that can be fetched; its message says why."""


def normalise(text: str) -> str:
    """The normal form of an absolute http(s) URL.

    Scheme and host in lower case, IDNA in ASCII, no default port, no dot segments, characters percent-encoded as
    the standard says, no fragment. Nothing that a server may tell apart is changed.

    Raises NotAUrlError.
    """
    text = text.strip()
    if not text:
        raise NotAUrlError("empty")
    if len(text) > MAX_LENGTH:
        raise NotAUrlError(f"longer than {MAX_LENGTH} characters")
    try:
        url = ada_url.URL(text)
    except ValueError:
        raise NotAUrlError("not a URL (an absolute one starts with http:// or https://)") from None
    if url.protocol not in {"http:", "https:"}:
        raise NotAUrlError(f"scheme {url.protocol.rstrip(':')!r} is not fetched, only http and https")
    if not url.hostname:
        raise NotAUrlError("no host")
    if url.username or url.password:
        raise NotAUrlError("a user name or password in a URL is not accepted")
    url.hash = ""
    return str(url.href)


# Parameters that tell a site who sent the reader, and never which page is asked for: those of advertisers, newsletters
# and social networks, by their own documentation.
_TRACKING = re.compile(
    r"utm_\w+|at_(?:medium|campaign|custom[1-4])|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|gad_source|msclkid|yclid|ysclid"
    r"|twclid|ttclid|li_fat_id|igshid|igsh|epik|scid|mc_cid|mc_eid|_hsenc|_hsmi|__hs\w+|hsctatracking|mkt_tok|vero_id"
    r"|oly_(?:anon|enc)_id|_openstat|wickedid|__twitter_impression|_ga|_gl",
    re.IGNORECASE,
)


def page_url(text: str) -> str:
    """The URL by which a page is known: `normalise` without tracking parameters. Raises NotAUrlError."""
    url = normalise(text)
    path, mark, query = url.partition("?")
    if not mark:
        return url
    parameters = query.split("&")
    kept = [p for p in parameters if not _TRACKING.fullmatch(p.partition("=")[0])]
    if len(kept) == len(parameters):
        return url
    return f"{path}?{'&'.join(kept)}" if kept else path


# References that are in normal form as they stand: five of six on a page, and parsing one costs 15 us.
_PATH = (
    r"(?:[A-Za-z0-9_~@,+=-][A-Za-z0-9_.~@,+=:-]*+/)*+(?:[A-Za-z0-9_~@,+=-][A-Za-z0-9_.~@,+=:-]*+)?"
    r"(?:\?[A-Za-z0-9_.~@,+=:;&%/!-]++)?+(?:#[A-Za-z0-9_.~@,+=:;&%/!?-]++)?+"
)
_PLAIN_PATH = re.compile(rf"/{_PATH}")
_PLAIN_URL = re.compile(rf"https?://(?:(?!xn--)[a-z0-9-]++\.)++[a-z]{{2,}}+/{_PATH}")


@remembered(256)
def _origin(base: str) -> str | None:
    try:
        url = ada_url.URL(base)
    except ValueError:
        return None
    return f"{url.protocol}//{url.host}" if url.protocol in {"http:", "https:"} else None


def join(base: str, reference: str) -> str | None:
    """An absolute http(s) URL from a reference found on a page at `base`, fragment kept; None where it makes none."""
    if _PLAIN_PATH.fullmatch(reference) and (origin := _origin(base)):
        return origin + reference
    if _PLAIN_URL.fullmatch(reference):
        return reference
    return _join(base, reference)


@remembered(4096)
def _join(base: str, reference: str) -> str | None:
    try:
        url = ada_url.URL(reference.strip(), base=base)
    except ValueError:
        return None
    return str(url.href) if url.protocol in {"http:", "https:"} else None


def host_of(normalised_url: str) -> str:
    """Host and port, as politeness counts them."""
    return str(ada_url.URL(normalised_url).host)


def site_of(normalised_url: str) -> str:
    """The host without port and without a leading `www.`: what `--site` and `forget` mean by a site."""
    return str(ada_url.URL(normalised_url).hostname).removeprefix("www.")


# First labels of hosts that show a site's pages in another form.
_FORM = re.compile(r"(?:(?:www|m|mobile|amp|touch|wap|print)\.)+(?=[^.]+\.)")


def same_site(one: str, other: str) -> bool:
    """Whether two normal URLs are of one site, its hosts for phones, AMP and print included."""
    first, second = (_FORM.sub("", str(ada_url.URL(url).hostname), count=1) for url in (one, other))
    return first == second
