"""The core as a program of its own: built from what is there, and whole again after whatever stops it."""

import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path

import psutil
import pytest

import core
from core import Core, CoreError, Question

FOLDER = Path(core.__file__).parent


def test_is_built_from_these_sources() -> None:
    paths = [FOLDER / name for name in ("build", "build.rs", "Cargo.toml", "crates.lock")]
    paths += [path for folder in ("lexbor", "src") for path in (FOLDER / folder).rglob("*") if path.is_file()]
    lines = sorted((str(p.relative_to(FOLDER)), hashlib.sha256(p.read_bytes()).hexdigest()) for p in paths)
    said = "".join(f"{digest}  {name}\n" for name, digest in lines)
    assert (FOLDER / "source.sha256").read_text().strip() == hashlib.sha256(said.encode()).hexdigest(), (
        "core/src has changed since core.wasm was built: make core"
    )


def test_has_the_lexbor_that_python_has() -> None:
    built = (FOLDER / "lexbor" / "requirements.txt").read_text().split()[0]
    assert built == f"selectolax=={metadata.version('selectolax')}"


def no_words(languages: str) -> str:
    return json.dumps(dict.fromkeys(json.loads(languages)))


def test_asks_its_host() -> None:
    asked: list[str] = []

    def year(text: str) -> str:
        asked.append(text)
        return "2031"

    its = Core({Question.YEAR: year, Question.DATE_WORDS: no_words})
    assert its.call("parse_date", text="28.06.30", languages=["de"]) == "2030-06-28T00:00:00+00:00"
    assert asked == [""]


def test_a_question_that_its_host_fails_on_ends_as_an_error_and_the_next_call_has_a_new_core() -> None:
    def fails(_: str) -> str:
        raise ValueError("no clock")

    its = Core({Question.YEAR: fails, Question.DATE_WORDS: no_words})
    with pytest.raises((CoreError, ValueError)):
        its.call("parse_date", text="28.06.30", languages=["de"])
    assert its.call("unescape", text="&amp;") == "&"


@pytest.mark.parametrize("languages", [b"", b"none", b"\xba\x16\x4f\x2f\x0c\0\0\0" + bytes(90)])
def test_a_model_of_languages_that_is_none_is_refused(languages: bytes) -> None:
    with pytest.raises(ValueError, match="model"):
        Core(languages=languages)


def test_without_a_model_languages_are_told_by_their_script() -> None:
    its = Core()
    assert its.call("language", text="Ο φάρος στέκεται στην άκρη του λιμανιού.") == "el"
    assert its.call("language", text="The lighthouse stands at the end of the harbour.") is None


def test_says_what_it_has_not() -> None:
    with pytest.raises(CoreError, match="no function nothing"):
        core.plain().call("nothing")


def test_weights_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="weights"):
        Core(weights=b"none")


def test_threads_share_one_instance_in_turn() -> None:
    its = Core()
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda n: its.call("unescape", text=f"&#{n};"), range(65, 91)))
    assert "".join(said) == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def test_what_made_it_large_leaves_it_small_and_gives_the_memory_back() -> None:
    its = Core()
    process = psutil.Process()
    before = process.memory_info().rss
    for _ in range(5):
        its.call("unescape", text="x" * (40 << 20))
        assert its._instance.size < 40 << 20
    assert process.memory_info().rss - before < 120 << 20


def test_many_threads_may_be_the_first() -> None:
    program = (
        "import threading, core\n"
        "said = []\n"
        "go = threading.Barrier(8)\n"
        "def ask():\n"
        "    go.wait()\n"
        "    said.append(core.plain().call('unescape', text='&gt;'))\n"
        "threads = [threading.Thread(target=ask) for _ in range(8)]\n"
        "[t.start() for t in threads]; [t.join() for t in threads]; print(''.join(said))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == ">" * 8 + "\n"
    assert not run.stderr


def test_works_in_processes_that_were_forked() -> None:
    program = (
        "import multiprocessing, core\n"
        "def ask(text): return core.plain().call('unescape', text=text)\n"
        "with multiprocessing.get_context('fork').Pool(2) as pool: print(''.join(pool.map(ask, ['&gt;', '&lt;'] * 4)))"
    )
    run = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "><" * 4 + "\n"


def test_needs_no_home(tmp_path: Path) -> None:
    program = "import core; print(core.plain().call('unescape', text='&gt;'))"
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(FOLDER.parent), "HOME": "/nonexistent"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == ">\n"
