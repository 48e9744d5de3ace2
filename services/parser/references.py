"""Character references of a text that was escaped twice: `&amp;#39;` in a title, `&#39;` in JSON-LD."""

import html
import re

# Python takes no number of more than 4,300 digits (sys.set_int_max_str_digits) and raises; no character has as many.
_ENDLESS = re.compile(r"&#[0-9]{1000,};?")


def unescape(text: str) -> str:
    """The text with its references read. Nothing raises: what stands for no character becomes U+FFFD."""
    return html.unescape(_ENDLESS.sub("\ufffd", text) if "&#" in text else text)
