"""Pictures of the web page for docs/images: the example site crawled, served and looked at in Chromium.

`python -m bench.screenshots [FOLDER]`. It needs Playwright (`make test` installs it) and a Chromium of the system.
"""

import base64
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from bench.serving import serving
from shared.ids import page_id
from shared.urls import page_url
from tearsheet.example_site import PORT, serve

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
_DESKTOP, _PHONE = (1280, 800), (390, 844)
# Of WebP's scale to 100: letters stay sharp, and a picture stays under 80 kB.
_QUALITY = 70


@dataclass(frozen=True)
class Shot:
    """One picture."""

    name: str
    path: str
    size: tuple[int, int] = _DESKTOP
    scheme: Literal["light", "dark"] = "light"
    settle: float = 0.0
    """Seconds that what it holds takes to draw, beyond its load."""


def shots(base: str) -> list[Shot]:
    """Those of docs/web.md. `base`: the example site's."""
    names = ("tide-mill", "suq-al-kutub", "night-trains")
    mill, books, trains = (page_id(page_url(f"{base}/{name}.html")) for name in names)
    return [
        Shot("search", "/?q=%22spring+tide%22+OR+steam"),
        Shot("page", f"/pages/{mill}"),
        Shot("page-dark", f"/pages/{books}", scheme="dark"),
        Shot("page-phone", f"/pages/{mill}#comments", _PHONE),
        Shot("tear", f"/pages/{trains}/tear", settle=1.0),
        Shot("status", "/status"),
    ]


def main() -> int:
    """Makes them all."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ts-") as data, serve(port=PORT) as site:
        environment = {
            **os.environ,
            "TEARSHEET_DATA": data,
            "TEARSHEET_FETCH_ALLOW_PRIVATE": "127.0.0.0/8",
            "TEARSHEET_FETCH_DELAY": "0",
            "TEARSHEET_FETCH_REQUISITES": "true",
        }
        subprocess.run([sys.executable, "-m", "tearsheet", "crawl", *site.urls], env=environment, check=True)
        with serving(environment) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium") or shutil.which("chrome"))
            for shot in shots(site.base):
                file = folder / f"{shot.name}.webp"
                file.write_bytes(_taken(browser, f"http://{address}", shot))
                print(f"{file}: {file.stat().st_size / 1000:.0f} kB")
            browser.close()
    return 0


def _taken(browser: Browser, home: str, shot: Shot) -> bytes:
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=shot.scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    answer = page.goto(home + shot.path)
    if answer is None or not answer.ok:
        raise RuntimeError(f"{shot.path} answers {answer and answer.status}")
    page.wait_for_timeout(shot.settle * 1000)
    # Playwright itself makes no WebP, which is a third of a PNG here.
    session = context.new_cdp_session(page)
    taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": _QUALITY})
    context.close()
    return base64.b64decode(taken["data"])


if __name__ == "__main__":
    sys.exit(main())
