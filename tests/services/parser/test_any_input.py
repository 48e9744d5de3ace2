"""Whatever the bytes, a page ends as records: in time, its partition whole. What fuzzing found and kept is replayed.

The fuzzer itself (`bench/fuzz`) runs for longer and elsewhere; `python -m bench.fuzz.keep` writes its corpus anew.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.fuzz.check import fault_of, join, split
from bench.fuzz.keep import CORPUS, read
from bench.fuzz.mutations import CHARSETS, MOST, Mutator
from bench.fuzz.seeds import dictionary, pages, small, words

PAGES = list(pages(Path(__file__).parent / "pages"))
SMALL = list(small())
SEEDS = st.integers(0, 2**32 - 1)
CONTENT_TYPES = st.none() | st.sampled_from(CHARSETS).map("text/html; charset={}".format) | st.text(max_size=30)
# Bytes alone hardly ever make a tag.
BYTES = st.binary(max_size=400) | st.lists(st.sampled_from(list(words())) | st.binary(max_size=8)).map(b"".join)


def test_the_corpus_ends_well() -> None:
    inputs = read(CORPUS)
    assert inputs
    assert {name: fault for name, data in inputs.items() if (fault := fault_of(data)) is not None} == {}


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BYTES, CONTENT_TYPES)
def test_any_bytes_end_well(body: bytes, content_type: str | None) -> None:
    assert fault_of(join(body, content_type)) is None


@pytest.mark.parametrize("number", range(len(SMALL)))
def test_small_inputs_end_well(number: int) -> None:
    assert fault_of(SMALL[number]) is None


# The same mutations each time: to look for others is the fuzzer's work.
@settings(max_examples=150, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PAGES), st.lists(SEEDS, min_size=1, max_size=6))
def test_mutations_of_pages_end_well(page: bytes, seeds: list[int]) -> None:
    mutate = Mutator(PAGES)
    for seed in seeds:
        page = mutate(page, seed)
    assert fault_of(page) is None


@settings(deadline=None)
@given(BYTES, SEEDS, st.integers(0, 500))
def test_a_mutation_can_be_made_again(data: bytes, seed: int, most: int) -> None:
    mutated = Mutator(SMALL, most)(data, seed)
    assert mutated == Mutator(SMALL, most)(data, seed)
    assert len(mutated) <= most


@given(st.binary(), st.none() | st.text("abc=;/ ").map(str.strip))
def test_an_input_is_body_and_content_type(body: bytes, content_type: str | None) -> None:
    data = join(body, content_type)
    assert split(data) == (body, content_type) or content_type is None


def test_seeds_fit_and_the_dictionary_is_one() -> None:
    assert max(map(len, PAGES)) <= MOST
    assert all(line[0] == line[-1] == '"' and len(line) % 4 == 2 for line in dictionary().splitlines())


def test_faults_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.fuzz.check.walk", lambda _: "other words")
    fault = fault_of(b"<p>words")
    assert fault is not None
    assert fault.kind == "partition"
    monkeypatch.setattr("services.parser.body_hash", None)
    fault = fault_of(b"<p>words")
    assert fault is not None
    assert fault.kind.startswith("TypeError-__init__-")
