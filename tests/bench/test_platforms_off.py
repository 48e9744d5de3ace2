"""What is one platform's can be left out of the core to measure it, and nothing else with it."""

import pytest

from core import Core

# Of each kind of question: names that any site may have, and those of one platform alone.
NAMES = {
    "by_class": (["comment", "msg", "review", "h-cite"], ["jdgm-rev", "postbitlegacy"]),
    "is_body_name": (["comment-text", "e-content"], ["cooked"]),
    "groups_of_names": (["sidebar"], ["disqus", "postbits", "infoboxes", "woocommercex"]),
    "kind_of_name": (["commentform"], ["respond", "responds", "commentrespondx"]),
}


@pytest.mark.parametrize("platforms", [True, False])
@pytest.mark.parametrize("function", NAMES)
def test_only_the_platforms_names_are_off(function: str, *, platforms: bool) -> None:
    general, of_platforms = NAMES[function]
    names = [*general, *of_platforms]
    said = Core(platforms=platforms).call(function, texts=names, names=names, of=names)
    assert [name for name, answer in zip(names, said, strict=True) if answer] == (names if platforms else general)
