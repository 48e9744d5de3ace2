"""The ledger: what became of every URL submitted, in Redis, one Lua script a transition."""

from shared.ledger.crawls import Crawl, CrawlStatus, ReportLine, Submitted
from shared.ledger.errors import LedgerDownError, LedgerError, LedgerFullError, LedgerSchemaError, UnknownCrawlError
from shared.ledger.ledger import Ledger
from shared.ledger.paces import HostPace, Paces
from shared.ledger.status import Memory, PageEntry, Status
from shared.ledger.transitions import Moved

__all__ = [
    "Crawl",
    "CrawlStatus",
    "HostPace",
    "Ledger",
    "LedgerDownError",
    "LedgerError",
    "LedgerFullError",
    "LedgerSchemaError",
    "Memory",
    "Moved",
    "Paces",
    "PageEntry",
    "ReportLine",
    "Status",
    "Submitted",
    "UnknownCrawlError",
]
