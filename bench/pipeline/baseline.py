"""What one would build without Tearsheet: Scrapy fetches, trafilatura parses, tantivy stores. One process.

`python baseline.py BASE_URL PAGES INDEX_FOLDER`, in an environment of its own (`bench/pipeline/requirements.txt`).
Prints the number of pages stored. Robots and delays are off, 32 requests at once: nothing but the work is timed.
"""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import scrapy
import tantivy
import trafilatura
from scrapy.crawler import CrawlerProcess

# Pages between two commits of the index: the batch of a writer that cares more for speed than for freshness.
COMMIT_EVERY = 500


class Baseline(scrapy.Spider):  # type: ignore[misc]
    """Fetches `/p/0` to `/p/N-1`, and stores URL, title, text and comments of each."""

    name = "baseline"

    def __init__(self, base: str, pages: int, index: tantivy.Index) -> None:
        super().__init__()
        self.base, self.pages, self.stored = base, pages, 0
        self.writer = index.writer(heap_size=128_000_000)

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for number in range(self.pages):
            yield scrapy.Request(f"{self.base}/p/{number}", dont_filter=True)

    def parse(self, response: scrapy.http.Response) -> None:
        found = trafilatura.bare_extraction(response.body, url=response.url, include_comments=True, with_metadata=True)
        parts = found.as_dict() if found else {}
        texts = {name: parts.get(name) or "" for name in ("title", "text", "comments")}
        self.writer.add_document(tantivy.Document(url=response.url, **texts))
        self.stored += 1
        if self.stored % COMMIT_EVERY == 0:
            self.writer.commit()

    def closed(self, reason: str) -> None:  # noqa: ARG002 - Scrapy's signature
        self.writer.commit()
        self.writer.wait_merging_threads()
        print(self.stored, flush=True)


def main(base: str, pages: int, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    schema = tantivy.SchemaBuilder()
    for name in ("url", "title", "text", "comments"):
        schema.add_text_field(name, stored=True)
    process = CrawlerProcess(
        {
            "CONCURRENT_REQUESTS": 32,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 32,
            "DOWNLOAD_DELAY": 0,
            "LOG_LEVEL": "ERROR",
            "ROBOTSTXT_OBEY": False,
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(Baseline, base=base, pages=pages, index=tantivy.Index(schema.build(), path=str(folder)))
    process.start()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
