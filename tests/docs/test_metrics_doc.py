"""docs/metrics.md describes every metric with its label, and none that is not there."""

import re
from pathlib import Path

from prometheus_client.core import CounterMetricFamily

from services.web.metrics import METRICS

DOC = Path(__file__).parents[2] / "docs" / "metrics.md"


def test_metrics_and_their_labels_are_described() -> None:
    rows = re.findall(r"^\| `(tearsheet_\w+)` \| (?:`(\w+)`)?[^|]*\| [^|]+ \|$", DOC.read_text("utf-8"), re.MULTILINE)
    described = {name: label or None for name, label in rows}
    there = {
        name + ("_total" if kind is CounterMetricFamily else ""): label for name, (kind, label, _) in METRICS.items()
    }
    assert described == there
