"""Records as streams of bytes, in pieces of some 64 kB. Each format says at its end that it is whole."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from services.web.api.records import record_json
from services.web.api.tables import COLUMNS, Value, row
from shared.records import AnyRecord

if TYPE_CHECKING:
    import pyarrow as pa

Format = Literal["jsonl", "csv", "parquet"]
MEDIA_TYPES: dict[Format, str] = {
    "jsonl": "application/x-ndjson",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
}

_PIECE = 65_536
# A row group of Parquet: what is held in memory, and costs some kB at the file's end.
_GROUP_ROWS = 10_000
_GROUP_LETTERS = 8_000_000

Next = Callable[[], str | None]
"""Where an export of changes goes on; called when all records were taken."""
Stream = Callable[[Iterable[AnyRecord], Next], Iterator[bytes]]


def json_lines(records: Iterable[AnyRecord], following: Next) -> Iterator[bytes]:
    """`{"kind", "record"}` a line; the last one is `{"kind": "end", "records": N, "next": …}`."""
    count = 0

    def lines() -> Iterator[str]:
        nonlocal count
        for record in records:
            count += 1
            yield record_json(record) + "\n"
        yield json.dumps({"kind": "end", "records": count, "next": following()}) + "\n"

    yield from _pieces(lines())


def rows(records: Iterable[AnyRecord], following: Next) -> Iterator[bytes]:
    """CSV (RFC 4180) with a header; the last row is `end,N,NEXT`."""
    cell = io.StringIO()
    writer = csv.writer(cell)

    def line(values: Iterable[object]) -> str:
        cell.seek(0)
        cell.truncate()
        writer.writerow(values)
        return cell.getvalue()

    def lines() -> Iterator[str]:
        yield line(COLUMNS)
        count = 0
        for record in records:
            count += 1
            found = row(record)
            yield line(_cell(found.get(name)) for name in COLUMNS)
        end = ["end", count, following()]
        yield line([*end, *[""] * (len(COLUMNS) - len(end))])

    yield from _pieces(lines())


def parquet(records: Iterable[AnyRecord], following: Next) -> Iterator[bytes]:
    """Parquet, whose description stands at its end: what is not whole cannot be opened. `next` is in its metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = _Sink()
    count = 0
    with pq.ParquetWriter(sink, _schema(), compression="zstd") as writer:
        for batch in _groups(records):
            count += len(batch)
            writer.write_table(pa.Table.from_pylist(batch, schema=_schema()))
            yield sink.taken()
        writer.add_key_value_metadata({"tearsheet.records": str(count), "tearsheet.next": following() or ""})
    yield sink.taken()


STREAMS: dict[Format, Stream] = {"jsonl": json_lines, "csv": rows, "parquet": parquet}


def _pieces(lines: Iterable[str]) -> Iterator[bytes]:
    piece = bytearray()
    for line in lines:
        piece += line.encode("utf-8", "replace")
        if len(piece) >= _PIECE:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece)


def _cell(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _groups(records: Iterable[AnyRecord]) -> Iterator[list[dict[str, Value]]]:
    batch: list[dict[str, Value]] = []
    letters = 0
    for record in records:
        found = row(record)
        batch.append(found)
        letters += len(str(found.get("text") or ""))
        if len(batch) >= _GROUP_ROWS or letters >= _GROUP_LETTERS:
            yield batch
            batch, letters = [], 0
    if batch:
        yield batch


def _schema() -> "pa.Schema":
    import pyarrow as pa

    types = {str: pa.string(), int: pa.int64(), datetime: pa.timestamp("us", tz="UTC")}
    return pa.schema([(name, types[kind]) for name, kind in COLUMNS.items()])


class _Sink(io.RawIOBase):
    """A file that hands on what is written."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()
        self._at = 0

    def writable(self) -> bool:
        """It is for writing."""
        return True

    def write(self, data: object) -> int:
        """Takes all of it."""
        view = memoryview(data)  # type: ignore[arg-type]  # whatever has a buffer
        self._held += view
        self._at += view.nbytes
        return view.nbytes

    def tell(self) -> int:
        """Bytes written so far."""
        return self._at

    def taken(self) -> bytes:
        """What was written since the last call."""
        held, self._held = bytes(self._held), bytearray()
        return held
