"""`/metrics` for Prometheus: read from the ledger's counters at each scrape, so nothing is counted twice or lost.

docs/metrics.md describes each; a test compares.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Annotated

import redis
from fastapi import APIRouter, Depends, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from services.web.dependencies import parts_of
from services.web.health import health_of
from services.web.parts import Parts
from shared.ledger import LedgerError, Status
from shared.queues import queue_lengths

router = APIRouter(tags=["operation"])

# Name -> (kind, label, help). A counter's name gets `_total` in the output.
METRICS: dict[str, tuple[type[CounterMetricFamily | GaugeMetricFamily], str | None, str]] = {
    "tearsheet_up": (GaugeMetricFamily, "part", "Whether ledger and store answer (1) or not (0)."),
    "tearsheet_submitted": (CounterMetricFamily, None, "URLs submitted."),
    "tearsheet_outcomes": (CounterMetricFamily, "outcome", "Submitted URLs that ended, by outcome."),
    "tearsheet_errors": (CounterMetricFamily, "cause", "Failed attempts, by cause."),
    "tearsheet_in_flight": (GaugeMetricFamily, "state", "Pages in flight, by state."),
    "tearsheet_pages": (GaugeMetricFamily, "outcome", "Pages, by how their last fetch ended."),
    "tearsheet_records": (GaugeMetricFamily, "kind", "Records stored, by kind."),
    "tearsheet_ready": (GaugeMetricFamily, "stage", "Pages that wait for a worker, by stage."),
    "tearsheet_leased": (GaugeMetricFamily, "stage", "Pages that a worker has, by stage."),
    "tearsheet_oldest_ready_seconds": (GaugeMetricFamily, "stage", "How long the page waiting longest has waited."),
    "tearsheet_queue_messages": (GaugeMetricFamily, "stage", "Celery messages that wait, by stage."),
    "tearsheet_ledger_memory_bytes": (GaugeMetricFamily, None, "Memory that Redis uses."),
    "tearsheet_ledger_memory_limit_bytes": (GaugeMetricFamily, None, "Memory that Redis may use; 0: no limit."),
    "tearsheet_ledger_on_disk": (GaugeMetricFamily, None, "Whether Redis's append-only file is on and written (1)."),
    "tearsheet_open_crawls": (GaugeMetricFamily, None, "Crawls that have not finished."),
    "tearsheet_hosts": (GaugeMetricFamily, "pace", "Hosts with pages waiting that are set aside or slowed, to 1,000."),
    "tearsheet_wrong": (GaugeMetricFamily, "what", "1 for each thing that is wrong now; `tearsheet status` says more."),
}

Values = Mapping[str, float | Mapping[str, float]]


class _Collector(Collector):
    """Asks the ledger when Prometheus asks."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def collect(self) -> Iterator[Metric]:
        health = health_of(self._parts)
        values: dict[str, float | Mapping[str, float]] = {
            "tearsheet_up": {"ledger": health.ledger == "ok", "store": health.store == "ok"}
        }
        if health.ledger == "ok":  # one that says nothing would be waited for until Prometheus has gone
            with suppress(LedgerError, redis.RedisError):  # a figure that is not known is left out, not made 0
                ledger = self._parts.ledger()
                values |= _of_status(ledger.status())
                values["tearsheet_queue_messages"] = {s: float(n) for s, n in queue_lengths(ledger.client).items()}
        yield from _families(values)


def _of_status(status: Status) -> Values:
    kinds = ("articles", "comments", "replies", "widgets", "gone")
    return {
        "tearsheet_submitted": status.submitted,
        "tearsheet_outcomes": {outcome.value: n for outcome, n in status.outcomes.items()},
        "tearsheet_errors": status.errors,
        "tearsheet_in_flight": {str(state): n for state, n in status.in_flight.items()},
        "tearsheet_pages": status.pages,
        "tearsheet_records": {kind: getattr(status.records, kind) for kind in kinds},
        "tearsheet_ready": {stage: ready for stage, (ready, _) in status.backlog.items()},
        "tearsheet_leased": {stage: leased for stage, (_, leased) in status.backlog.items()},
        "tearsheet_oldest_ready_seconds": {stage: status.oldest.get(stage, 0.0) for stage in status.backlog},
        "tearsheet_ledger_memory_bytes": status.memory.used,
        "tearsheet_ledger_memory_limit_bytes": status.memory.limit,
        "tearsheet_ledger_on_disk": float(status.on_disk),
        "tearsheet_open_crawls": len(status.crawls),
        "tearsheet_hosts": {"aside": len(status.hosts.aside), "slowed": len(status.hosts.slowed)},
        "tearsheet_wrong": dict.fromkeys(status.notes, 1.0),
    }


def _families(values: Values) -> Iterator[Metric]:
    for name, (kind, label, help_) in METRICS.items():
        if name not in values:
            continue
        family = kind(name, help_, labels=[label] if label else [])
        value = values[name]
        for key, number in value.items() if isinstance(value, Mapping) else [(None, value)]:
            family.add_metric([key] if key is not None else [], float(number))
        yield family


@router.get("/metrics", summary="Figures for Prometheus", response_class=PlainTextResponse)
def metrics(parts: Annotated[Parts, Depends(parts_of)]) -> Response:
    """The figures in Prometheus's text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(parts))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
