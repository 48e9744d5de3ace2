"""requests in a bare thread pool: `python requests_pool.py BASE_URL PAGES`, 32 threads, a session each.

Prints how many pages came and the CPU seconds that it took. Of `bench/pipeline/requirements.txt`.
"""

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import requests

AT_ONCE = 32
_local = threading.local()


def fetch(url: str) -> bool:
    """Whether the page came."""
    if not hasattr(_local, "session"):
        _local.session = requests.Session()
    return bool(_local.session.get(url, timeout=30).content)


if __name__ == "__main__":
    started = time.process_time()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        came = sum(pool.map(fetch, [f"{sys.argv[1]}/page/{number}" for number in range(int(sys.argv[2]))]))
    print(came, time.process_time() - started, flush=True)
