"""`bench.quality.platforms` switches off what is one platform's, and nothing else."""

import json
import subprocess
import sys

# In a process of its own: what is switched off stays so.
SCRIPT = """
import json, sys
from bench.quality.platforms import switch_off
if sys.argv[1] == "off":
    switch_off()
from services.parser import comment_rules
from services.parser.comment_fields import _BODY
from services.parser.keywords import kind_of_name
from services.parser.name_groups import groups_of_name
from services.parser.visible_text import Element
names = ["jdgm-rev", "postbitlegacy", "comment", "msg", "review", "h-cite"]
found = [n for n in names if comment_rules.families(Element("li", {"class": n}, None, 0, 0))]
found += [n for n in ("cooked", "comment-text", "e-content", "") if _BODY.search(n)]
found += [n for n in ("disqus", "postbits", "infoboxes", "sidebar", "woocommercex") if groups_of_name(n)]
found += [n for n in ("respond", "responds", "commentrespondx", "commentform") if kind_of_name(n)]
print(json.dumps(found))
"""


def known(how: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", SCRIPT, how], capture_output=True, text=True, check=True)
    names: list[str] = json.loads(done.stdout)
    return names


def test_only_the_platforms_names_are_off() -> None:
    general = ["comment", "msg", "review", "h-cite", "comment-text", "e-content", "sidebar", "commentform"]
    platforms = ["jdgm-rev", "postbitlegacy", "cooked", "disqus", "postbits", "infoboxes", "woocommercex"]
    platforms += ["respond", "responds", "commentrespondx"]
    assert known("off") == general
    assert sorted(known("on")) == sorted([*general, *platforms])
