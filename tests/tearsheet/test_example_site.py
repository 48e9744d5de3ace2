"""The example site is served whole, and its pages are what they are meant to show."""

import re
import socket

import requests

from tearsheet.example_site import FOLDER, serve


def test_serves_every_page_and_robots_txt():
    with serve() as site:
        assert len(site.urls) == len(list(FOLDER.glob("*.html")))
        for url in site.urls:
            answer = requests.get(url, timeout=5)
            assert answer.status_code == 200
            assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "Disallow" in requests.get(f"{site.base}/robots.txt", timeout=5).text


def test_taken_port_is_no_hindrance():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with serve(port=taken.getsockname()[1]) as site:
            assert requests.get(site.urls[0], timeout=5).ok


def test_index_links_to_every_page_and_every_link_within_the_site_leads_somewhere():
    names = {path.name for path in FOLDER.glob("*.html")}
    for path in FOLDER.glob("*.html"):
        links = re.findall(r'<a [^>]*href="([^"#?]+\.html)', path.read_text())
        assert set(links) <= names, path.name
    index = (FOLDER / "index.html").read_text()
    assert all(f'href="{name}"' in index for name in names)
