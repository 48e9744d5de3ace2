"""Exports: all, of a query, of what changed; each format whole to its end, and known as cut where it is cut."""

import csv
import io
import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from services.web.api import streams
from services.web.api.tables import COLUMNS, row
from shared.records import AnyRecord
from shared.search import changes
from shared.settings import Settings
from shared.stores import open_store
from tests.services.web import library
from tests.services.web.api.client import Client, is_problem
from tests.services.web.server import serving
from tests.valkey import Valkey


def stored(settings: Settings) -> list[AnyRecord]:
    store = open_store(settings, write=False)
    try:
        return list(store.export())
    finally:
        store.close()


def lines(body: bytes) -> tuple[list[Any], Any]:
    found = [json.loads(line) for line in body.splitlines()]
    assert found[-1]["kind"] == "end"
    assert found[-1]["records"] == len(found) - 1
    return found[:-1], found[-1]


def test_all_as_json_lines(api: Client, settings: Settings) -> None:
    answer = api.get("/export")
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="tearsheet.jsonl"'
    found, end = lines(answer.body)
    assert [each["record"] for each in found] == [r.model_dump(mode="json") for r in stored(settings)]
    assert end["next"] is None


def test_all_as_csv(api: Client, settings: Settings) -> None:
    answer = api.get("/export?format=csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    head, *rows, end = csv.reader(io.StringIO(answer.body.decode(), newline=""))
    records = stored(settings)
    assert head == list(COLUMNS)
    assert end[:2] == ["end", str(len(records))]
    assert [dict(zip(head, each, strict=True))["text"] for each in rows] == [
        str(row(r).get("text") or "") for r in records
    ]


def test_all_as_parquet(api: Client, settings: Settings) -> None:
    answer = api.get("/export?format=parquet")
    table = pq.read_table(io.BytesIO(answer.body))
    assert table.column_names == list(COLUMNS)
    assert table.to_pylist() == [{name: row(r).get(name) for name in COLUMNS} for r in stored(settings)]
    assert pq.read_metadata(io.BytesIO(answer.body)).metadata[b"tearsheet.records"] == str(len(table)).encode()
    for cut in (0, 4, len(answer.body) // 2, len(answer.body) - 1):
        with pytest.raises(pa.ArrowInvalid):
            pq.read_table(io.BytesIO(answer.body[:cut]))


@pytest.mark.parametrize("kind", streams.STREAMS)
def test_what_a_query_finds(api: Client, kind: str) -> None:
    answer = api.get(f"/export?format={kind}&q=number&kind=comment&from=2000&lang=en")
    assert answer.status == 200
    found = api.get("/search?q=number&kind=comment&from=2000&lang=en").json()
    if kind == "jsonl":
        assert len(lines(answer.body)[0]) == found["total"]


def test_a_query_of_many(api: Client) -> None:
    found, _ = lines(api.get("/export?q=number&kind=comment").body)
    assert len({each["record"]["id"] for each in found}) == len(found) == 300


def test_nothing_found_is_whole_too(api: Client) -> None:
    assert lines(api.get("/export?q=xyzzyplugh&site=nowhere.example").body)[0] == []
    assert pq.read_table(io.BytesIO(api.get("/export?format=parquet&site=nowhere.example").body)).num_rows == 0


def test_changes_since(valkey_server: Valkey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        changes, "_SETTLED", timedelta(seconds=-1)
    )  # else what was written just now comes a little later
    own = Settings(redis_url=valkey_server.url, data=tmp_path)
    library.fill(own, [library.full(), library.bare()])
    with serving(own) as url:
        api = Client(url)
        found, end = lines(api.get("/export?since=").body)
        assert {each["record"]["id"] for each in found} == {record.id for record in stored(own)}
        assert lines(api.get(f"/export?since={end['next']}").body) == (
            [],
            {"kind": "end", "records": 0, "next": end["next"]},
        )
        library.fill(own, [library.arabic()])
        later, new_end = lines(api.get(f"/export?since={end['next']}").body)
        assert [each["kind"] for each in later] == ["page", "article", "comment"]
        assert later[0]["record"]["id"] == library.id_of("suq")
        assert new_end["next"] != end["next"]
        for kind in ("csv", "parquet"):
            body = api.get(f"/export?since={end['next']}&format={kind}").body
            assert new_end["next"].encode() in body


def test_parquet_where_its_library_is_not_installed(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)  # as Python has it, an import of it fails
    assert "pyarrow, which is not installed" in is_problem(api.get("/export?format=parquet"), 422)["detail"]


def test_head_makes_no_export(api: Client) -> None:
    answer = api.ask("HEAD", "/api/v1/export?format=parquet")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["Content-Type"] == "application/vnd.apache.parquet"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("format=xml", "format"),
        ("format=", "format"),
        ("since=rubbish", "since"),
        ("since=&q=x", "since"),
        ("since=&site=a.example", "since"),
        ("q=%22open", "q"),
        ("limit=10", "limit"),
    ],
)
def test_wrong_parameters_are_named(api: Client, query: str, name: str) -> None:
    assert is_problem(api.get(f"/export?{query}"), 422)["errors"][0]["name"] == name


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_records_are_taken_as_the_stream_is_read(kind: streams.Format) -> None:
    """A million records: what stands in memory at once is a piece of them."""
    taken = 0

    def endless() -> Iterator[AnyRecord]:
        nonlocal taken
        comment = library.comment_of("long", "1", text="word " * 100)
        while True:
            taken += 1
            yield comment

    stream = streams.STREAMS[kind](endless(), lambda: None)
    sizes = [len(piece) for piece in islice(stream, 5)]
    assert max(sizes) < 10_000_000
    assert taken <= 5 * 20_000


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_a_stream_that_breaks_off_has_no_end(kind: streams.Format) -> None:
    def broken() -> Iterator[AnyRecord]:
        for n in range(1000):
            yield library.comment_of("long", "1", text=f"number {n} " + "word " * 100)
        raise OSError("the store went")

    pieces = []
    with pytest.raises(OSError, match="the store went"):
        pieces.extend(streams.STREAMS[kind](broken(), lambda: None))
    assert b"end" not in b"".join(pieces).splitlines()[-1]
