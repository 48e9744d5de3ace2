"""Scrapy and nothing behind it: `python scrapy_alone.py BASE_URL PAGES`, 32 requests at once.

Prints how many pages came and the CPU seconds that it took. Of `bench/pipeline/requirements.txt`.
"""

import sys
import time
from collections.abc import AsyncIterator

import scrapy
from scrapy.crawler import CrawlerProcess

AT_ONCE = 32


class Alone(scrapy.Spider):  # type: ignore[misc]
    """Fetches `/page/0` to `/page/N-1`."""

    name = "alone"

    def __init__(self, base: str, pages: int) -> None:
        super().__init__()
        self.base, self.pages, self.came = base, pages, 0

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for number in range(self.pages):
            yield scrapy.Request(f"{self.base}/page/{number}", dont_filter=True)

    def parse(self, response: scrapy.http.Response) -> None:
        self.came += bool(response.body)

    def closed(self, reason: str) -> None:  # noqa: ARG002 - Scrapy's signature
        print(self.came, time.process_time() - started, flush=True)


if __name__ == "__main__":
    process = CrawlerProcess(
        {
            "CONCURRENT_REQUESTS": AT_ONCE,
            "CONCURRENT_REQUESTS_PER_DOMAIN": AT_ONCE,
            "DOWNLOAD_DELAY": 0,
            "LOG_LEVEL": "ERROR",
            "ROBOTSTXT_OBEY": False,
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(Alone, base=sys.argv[1], pages=int(sys.argv[2]))
    started = time.process_time()
    process.start()
