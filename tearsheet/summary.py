"""What a crawl came to, in words: how its pages ended and why, what was cut, and what to type next."""

import re
import shlex
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shared.ledger import CrawlStatus, ReportLine
from shared.records import ParsedPage, RecordCounts
from shared.stage import Outcome
from tearsheet.itself import itself
from tearsheet.terminal import counted, harmless

# Of the reasons why pages were refused or quarantined, so many are told with their numbers, the rest as one.
_REASONS = 12
# A reason's variable part (a host, a number) would make each its own group: an example stands for a group.
_WIDTH = 110


@dataclass(slots=True)
class Endings:
    """The lines of a crawl's report, counted as they pass."""

    reasons: dict[Outcome, Counter[str]] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)
    """Reason -> the first URL that ended for it."""
    shown: ReportLine | None = None
    """The first line whose page is in the store: an example to look at."""

    def add(self, line: ReportLine) -> None:
        """Takes in one line."""
        if line.outcome in (Outcome.INDEXED, Outcome.UNCHANGED):
            self.shown = self.shown or line
        if line.kind == "requisite" and line.outcome == Outcome.READ:
            return  # their numbers are told; each has its own size
        if line.outcome in (Outcome.READ, Outcome.REFUSED, Outcome.QUARANTINED):
            reason = ("requisite: " if line.kind == "requisite" else "") + (line.reason or "no reason was kept")
            self.reasons.setdefault(line.outcome, Counter())[reason] += 1
            self.examples.setdefault(reason, line.url)


def summary(
    status: CrawlStatus, endings: Endings, shown: ParsedPage | None, data: Path | None, same_folder: str
) -> str:
    """The whole of it.

    `shown`: the page of `endings.shown` as the store has it. `data`: where records are; None in a stack.
    `same_folder`: ends a command to type, so that it works on the same folder.
    """
    counts = records(status.records)
    lines = [f"{_lines(status)}: {outcomes(of_pages(status))}{'; ' * bool(counts)}{counts}"]
    if shown and status.submitted - status.requisites == 1:
        title = (shown.article.title if shown.article else None) or shown.page.title
        lines += [f"  {title}"] if title else []
    if found := status.found - status.requisites:
        lines.append(f"  {found:,} of these {'was' if found == 1 else 'were'} found on the way")
    lines += requisites(status)
    for outcome in (Outcome.READ, Outcome.REFUSED, Outcome.QUARANTINED):
        lines += _reasons(outcome, endings)
    if status.left:
        lines.append(
            f"  left out: up to {status.left:,} found beyond --limit, or beyond what is taken of one kind of URL"
        )
    if data and endings.shown:
        lines.append(f"Records are in {data}")
    if status.outcomes.get(Outcome.QUARANTINED):
        lines.append(f"Look closer: {itself()} quarantine list{same_folder}")
    lines += _next(endings.shown, shown, same_folder)
    return harmless("\n".join(lines))


def succeeded(status: CrawlStatus) -> bool:
    """Whether every page ended well, or was refused for a reason that the summary states. Requisites may be lacking."""
    return not of_pages(status).get(Outcome.QUARANTINED) and not status.in_flight


def of_pages(status: CrawlStatus) -> dict[Outcome, int]:
    """How many lines ended how, requisites left out."""
    beside = status.requisite_outcomes
    return {outcome: count - beside.get(outcome, 0) for outcome, count in status.outcomes.items()}


def requisites(status: CrawlStatus) -> Iterable[str]:
    """How many stylesheets and images ended how; nothing where there are none."""
    if status.requisites:
        left = f"; left out: {status.requisites_left:,} more than are taken of a page" if status.requisites_left else ""
        yield f"  beside {counted(status.requisites, 'requisite')}: {outcomes(status.requisite_outcomes)}{left}"


def _lines(status: CrawlStatus) -> str:
    """Pages, and beside them sources of pages."""
    lines = status.submitted - status.requisites
    if not status.sources:
        return counted(lines, "page")
    return f"{counted(lines - status.sources, 'page')} and {counted(status.sources, 'source')}"


def outcomes(counts: Mapping[Outcome, int]) -> str:
    """How many ended how."""
    return ", ".join(f"{counts[outcome]:,} {outcome}" for outcome in Outcome if counts.get(outcome)) or "none has ended"


def records(counts: RecordCounts) -> str:
    """How many records of each kind; empty where there are none."""
    if not (counts.articles or counts.comments or counts.widgets):
        return ""
    replies = f" ({counts.replies:,} repl{'y' if counts.replies == 1 else 'ies'})" if counts.replies else ""
    article = "article" if counts.articles == 1 else "articles"
    return f"{article} {counts.articles:,}, comments {counts.comments:,}{replies}, widgets {counts.widgets:,}"


def _reasons(outcome: Outcome, endings: Endings) -> Iterable[str]:
    counted = endings.reasons.get(outcome, Counter())
    for reason, count in counted.most_common(_REASONS):
        example = endings.examples[reason]
        more = "" if count == 1 else f" and {count - 1:,} more"
        yield f"  {outcome}: {reason}: {_short(example)}{more}"
    rest = counted.total() - sum(count for _, count in counted.most_common(_REASONS))
    if rest:
        yield f"  {outcome} for other reasons: {rest:,} (--report FILE tells each)"


def _next(line: ReportLine | None, shown: ParsedPage | None, same_folder: str) -> Iterable[str]:
    if line is None or shown is None:
        return
    title = (shown.article.title if shown.article else None) or shown.page.title or ""
    word = search_word(title)
    if word:
        yield f"Next: {itself()} search {shlex.quote(word)}{same_folder}"
    yield f"      {itself()} show {shlex.quote(line.url)}{same_folder}"


def search_word(title: str) -> str:
    """A word of the title that is likely to say what the page is about: the longest one; empty where none is."""
    return max(re.findall(r"[^\W\d_]+", title), key=len, default="")


def _short(url: str) -> str:
    return url if len(url) <= _WIDTH else url[: _WIDTH - 1] + "…"
