"""What a stylesheet refers to: other stylesheets and images. Read by tinycss2 (CSS Syntax Level 3)."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import tinycss2

from services.fetcher.source_text import HTTP_CHARSET

MOST_BYTES = 500_000
"""Of a stylesheet that are looked at: a second's work at worst. Imports stand at its beginning."""

# One at a time in a process: 500 KB of nothing but brackets become 70 MB of objects.
_ONE_AT_A_TIME = threading.Lock()
# Rules that may stand before an @import.
_BEFORE_IMPORTS = {"charset", "layer"}
# What their URLs name is no image: fonts, and names that nobody fetches.
_PASSED_OVER = {"font-face", "namespace"}
_SETS = {"image-set", "-webkit-image-set"}
_BLOCKS = {"{} block", "() block", "[] block"}


@dataclass(slots=True)
class References:
    """As they stand in the stylesheet, in its order, each once."""

    imports: dict[str, None] = field(default_factory=dict)
    images: dict[str, None] = field(default_factory=dict)


def references_in(sheet: bytes | str, content_type: str | None = None) -> References:
    """What a stylesheet refers to. Whatever it holds, nothing is raised.

    `content_type`: the response's header, where it is one's body.
    """
    found = References()
    with _ONE_AT_A_TIME:
        rules = _rules(sheet[:MOST_BYTES], content_type)
        may_import = True
        for rule in rules:
            name = rule.lower_at_keyword if rule.type == "at-rule" else ""
            if name == "import" and may_import:
                found.imports.update(dict.fromkeys(_first(rule.prelude)))
            may_import = may_import and name in {"import", *_BEFORE_IMPORTS}
            if name not in _PASSED_OVER and rule.type in {"at-rule", "qualified-rule"}:
                found.images.update(dict.fromkeys(_images(rule.content or [])))
    found.imports.pop("", None)
    found.images.pop("", None)
    return found


def images_in(declarations: str) -> Iterable[str]:
    """The images of a `style` attribute."""
    with _ONE_AT_A_TIME:
        return list(_images(tinycss2.parse_component_value_list(declarations[:MOST_BYTES])))


def _rules(sheet: bytes | str, content_type: str | None) -> list[Any]:
    rules: list[Any]
    if isinstance(sheet, str):
        rules = tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)
    else:
        charset = HTTP_CHARSET.search(content_type or "")
        rules, _ = tinycss2.parse_stylesheet_bytes(
            sheet, charset.group(1) if charset else None, skip_comments=True, skip_whitespace=True
        )
    return rules


def _images(nodes: list[Any]) -> Iterator[str]:
    """References in what a rule holds. No recursion: brackets may be nested as deep as the stylesheet is long."""
    stack = [iter(nodes)]
    passed_over = False
    while stack:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
        elif node.type == "at-keyword":
            passed_over = node.lower_value in _PASSED_OVER
        elif node.type == "url" or (node.type == "function" and node.lower_name in {"url", *_SETS}):
            yield from _first([node])
        elif node.type == "function":
            stack.append(iter(node.arguments))
        elif node.type in _BLOCKS:
            if not passed_over:
                stack.append(iter(node.content))
            passed_over = False


def _first(nodes: list[Any]) -> Iterator[str]:
    """The first URL or text of an import, of `url("…")` or of the candidates of an `image-set`."""
    while nodes:
        for node in nodes:
            if node.type in {"url", "string"}:
                if not node.value.startswith("#"):  # a part of the document itself
                    yield node.value.strip()
                return
            if node.type == "function" and node.lower_name in {"url", *_SETS}:
                nodes = node.arguments
                break
        else:
            return
