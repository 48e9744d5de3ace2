"""The house with real processes: joined, taken over, killed in every order; nothing may be left behind."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
import redis

from tearsheet.embedded.places import Places
from tearsheet.embedded.visit import HouseError, Visit
from tearsheet.embedded.words import Hello

# Stands for the workers; the folder in its command line makes it countable.
WORKER = [sys.executable, "-c", "import sys, time; time.sleep(600)"]
GUEST = """
import sys, time
from pathlib import Path
import json
from tearsheet.embedded.visit import Visit
from tearsheet.embedded.words import Hello
visit = Visit(Path(sys.argv[1]), Hello(workers=True, memory=50_000_000), json.loads(sys.argv[2]))
visit.join()
visit.ready()
print("joined" if visit.joined else "started", flush=True)
sys.stdin.readline()
visit.leave()
"""


@dataclass
class Plan:
    """A data folder, and what stands for the workers there."""

    data: Path
    workers: dict[str, list[str]]

    def visit(self, *, workers: bool, **more: Any) -> Visit:
        return Visit(self.data, Hello(workers=workers, memory=50_000_000, **more), self.workers)


@pytest.fixture
def plan(tmp_path: Path) -> Iterator[Plan]:
    plan = Plan(tmp_path / "data", {"workers": [*WORKER, str(tmp_path)]})
    yield plan
    until(lambda: not processes(plan))


@pytest.fixture
def guests(plan: Plan) -> Iterator[Callable[[], "subprocess.Popen[str]"]]:
    """Starts commands that visit the house; what is left of them at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def start() -> "subprocess.Popen[str]":
        guest = subprocess.Popen(
            [sys.executable, "-c", GUEST, str(plan.data), json.dumps(plan.workers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(guest)
        return guest

    yield start
    for guest in started:
        guest.kill()
        guest.communicate()


def test_a_guest_finds_the_sockets_whatever_its_environment_says(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A house that was started in a session, and a command from cron: another XDG_RUNTIME_DIR, or none."""
    first = plan.visit(workers=False)
    with tempfile.TemporaryDirectory(dir="/tmp") as other:
        first.join()
        first.ready()
        monkeypatch.setenv("XDG_RUNTIME_DIR", other)
        second = plan.visit(workers=False)
        second.join()
        second.ready()
        assert second.joined
        assert second.places == first.places
        with redis.Redis.from_url(second.places.redis_url) as client:
            assert client.ping()
        second.leave()
        first.leave()
        until(lambda: not processes(plan))
        third = plan.visit(workers=False)  # nobody is there any more: it chooses anew
        third.join()
        third.ready()
        assert third.places.sockets.parent == Path(other)
        third.leave()
        until(lambda: not processes(plan))


def until(holds: Callable[[], object], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.01)


def processes(plan: Plan) -> dict[str, int]:
    """What runs of the house: house, valkey, worker."""
    places = Places.of(plan.data)
    found: dict[str, int] = {}
    holder = places.lock.read_text().strip() if places.lock.exists() else ""
    for process in psutil.process_iter(["cmdline", "status"]):
        words = " ".join(process.info["cmdline"] or [])
        if process.info["status"] == psutil.STATUS_ZOMBIE:
            continue
        if "-m tearsheet.embedded.house" in words and str(process.pid) == holder:
            found["house"] = process.pid
        elif "valkey-server" in words and (str(places.redis) in words or str(places.queue) in words):
            found["valkey"] = process.pid
        elif "time.sleep(600)" in words and words.endswith(str(plan.data.parent)):
            found["worker"] = process.pid
    return found


def everyone(plan: Plan) -> bool:
    return len(processes(plan)) == 3


def says(guest: "subprocess.Popen[str]") -> str:
    assert guest.stdout
    return guest.stdout.readline().strip()


def test_ends_in_order_with_its_last_guest(plan: Plan) -> None:
    visit = plan.visit(workers=True)
    visit.join()
    visit.ready()
    with redis.Redis.from_url(visit.places.redis_url) as client:
        client.set("kept", "yes")
        until(lambda: everyone(plan))
    assert visit.places.sockets.stat().st_mode & 0o777 == 0o700
    assert visit.leave()
    until(lambda: not processes(plan))
    assert not visit.places.run.exists()
    again = plan.visit(workers=False)
    again.join()
    again.ready()
    with redis.Redis.from_url(again.places.redis_url) as client:
        assert client.get("kept") == b"yes"
        assert client.config_get("appendonly")["appendonly"] == "yes"
        assert client.config_get("port")["port"] == "0"
        assert client.config_get("maxmemory")["maxmemory"] == "50000000"
    assert "worker" not in processes(plan)
    assert again.leave()


@pytest.mark.skipif(sys.platform != "linux", reason="the heap is glibc's")
def test_valkey_gives_back_the_memory_of_pages_between_those_that_stay(plan: Plan) -> None:
    visit = plan.visit(workers=False)
    visit.join()
    visit.ready()
    with redis.Redis.from_url(visit.places.redis_url) as client:
        for number in range(1000):
            client.set(f"page:{number}", bytes(30_000))
        valkey = psutil.Process(processes(plan)["valkey"])
        full = valkey.memory_info().rss
        client.delete(*(f"page:{number}" for number in range(1000) if number % 10))
        until(lambda: full - valkey.memory_info().rss > 20_000_000)
    assert visit.leave()


def test_second_guest_joins_and_stays_when_the_first_goes(
    plan: Plan, guests: Callable[[], "subprocess.Popen[str]"]
) -> None:
    first = guests()
    assert says(first) == "started"
    until(lambda: everyone(plan))
    before = processes(plan)
    second = guests()
    assert says(second) == "joined"
    assert first.stdin
    first.stdin.write("\n")
    first.stdin.flush()
    first.wait(20)
    assert processes(plan) == before


def test_workers_run_while_somebody_needs_them(plan: Plan, guests: Callable[[], "subprocess.Popen[str]"]) -> None:
    reader = plan.visit(workers=False)
    reader.join()
    reader.ready()
    crawl = guests()
    assert says(crawl) == "joined"
    until(lambda: everyone(plan))
    crawl.kill()
    until(lambda: "worker" not in processes(plan))
    assert set(processes(plan)) == {"house", "valkey"}
    reader.leave()


@pytest.mark.parametrize("kill", [["guest"], ["guest", "house"], ["house", "guest"]], ids=" and ".join)
def test_nothing_is_left_after_a_kill(
    plan: Plan, guests: Callable[[], "subprocess.Popen[str]"], kill: list[str]
) -> None:
    guest = guests()
    assert says(guest) == "started"
    until(lambda: everyone(plan))
    victims = processes(plan) | {"guest": guest.pid}
    for victim in kill:
        os.kill(victims[victim], signal.SIGKILL)
    until(lambda: not processes(plan), 5.0)


def test_killed_house_is_taken_over(plan: Plan, guests: Callable[[], "subprocess.Popen[str]"]) -> None:
    first, second = guests(), guests()
    assert {says(first), says(second)} == {"started", "joined"}
    until(lambda: everyone(plan))
    before = processes(plan)
    os.kill(before["house"], signal.SIGKILL)
    until(lambda: everyone(plan) and not set(processes(plan).values()) & set(before.values()))
    after = processes(plan)
    first.kill()
    first.wait()
    assert processes(plan) == after


@pytest.mark.parametrize("victim", ["valkey", "worker"])
def test_what_dies_is_started_again(plan: Plan, victim: str) -> None:
    visit = plan.visit(workers=True)
    visit.join()
    visit.ready()
    for _ in range(3):
        until(lambda: everyone(plan))
        pid = processes(plan)[victim]
        os.kill(pid, signal.SIGKILL)
        until(lambda: processes(plan).get(victim, pid) != pid and everyone(plan))  # noqa: B023 - it is called at once
    assert visit.leave()


def test_says_why_it_does_not_start(plan: Plan) -> None:
    places = Places.of(plan.data)
    folder = places.queue / "appendonlydir"
    folder.mkdir()
    (folder / "appendonly.aof.manifest").write_text("nonsense\n")
    visit = plan.visit(workers=False)
    visit.join()
    with pytest.raises(HouseError, match=r"Valkey does not start: .*manifest"):
        visit.ready()
    visit.leave()
    (folder / "appendonly.aof.manifest").unlink()
    visit = plan.visit(workers=False)
    visit.join()
    visit.ready()
    assert visit.leave()


def test_sockets_of_a_killed_house_do_not_matter(plan: Plan) -> None:
    places = Places.of(plan.data)
    places.control.write_text("")
    places.redis.write_text("")
    places.run.write_text(json.dumps({"control": str(places.control), "redis": places.redis_url}))
    visit = plan.visit(workers=False)
    visit.join()
    visit.ready()
    assert not visit.joined
    assert visit.leave()


def test_whose_settings_hold(plan: Plan) -> None:
    reader = plan.visit(workers=False, environment={"TEARSHEET_X": "of the reader"}, settings={"x": "1"})
    reader.join()
    reader.ready()
    assert not reader.joined
    crawl = plan.visit(workers=True, environment={"TEARSHEET_X": "of the crawl"}, settings={"x": "2"})
    crawl.join()
    crawl.ready()
    assert crawl.joined
    assert crawl.other_settings == []
    until(lambda: everyone(plan))
    worker = psutil.Process(processes(plan)["worker"])
    assert worker.environ()["TEARSHEET_X"] == "of the crawl"
    assert worker.environ()["TEARSHEET_REDIS_URL"] == crawl.places.redis_url
    late = plan.visit(workers=True, environment={"TEARSHEET_X": "of the late one"}, settings={"x": "3"})
    late.join()
    late.ready()
    assert late.other_settings == ["x"]
    assert processes(plan)["worker"] == worker.pid
    for visit in (late, crawl, reader):
        assert visit.leave()


def test_head_start_that_nobody_takes_up_leaves_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TEARSHEET_")}
    command = [sys.executable, "-m", "tearsheet", "crawl", "--nonsense", "--data", str(data)]
    ended = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, env=environment, cwd=tmp_path
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith("error: No such option")
    until(lambda: not processes(Plan(data, {})))
