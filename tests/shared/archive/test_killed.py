"""`kill -9` of a process that writes, again and again: every file is whole, and what was said to be in is in."""

import os
import random
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from shared.archive import Archive, house
from shared.archive.files import OPEN
from shared.ids import page_id
from shared.stage import version_of
from tests.shared.archive.exchanges import URL, assert_sound, settings, warcs

ROOT = Path(__file__).parents[3]
ROUNDS = 8


def test_nothing_that_was_kept_is_lost(tmp_path: Path) -> None:
    chance = random.Random(1)
    kept: list[int] = []
    for turn in range(ROUNDS):
        kept += _write_for(tmp_path, chance.uniform(0.05, 0.4), 1000 * (turn + 1))
        # Earlier ones are closed by now; none is left where the kill came between one file and the next.
        assert len([path for path in warcs(tmp_path) if path.name.endswith(OPEN)]) <= 1
    house.close_abandoned(tmp_path / "warc")
    assert not [path for path in warcs(tmp_path) if path.name.endswith(OPEN)]
    assert_sound(*warcs(tmp_path))
    with closing(Archive(settings(tmp_path))) as archive:
        for number in kept:
            raw = archive.read(page_id(URL), version_of(number))
            assert raw is not None, number
            assert raw.body.startswith(b"%d " % number)
    assert len(kept) > 10 * ROUNDS


def _write_for(folder: Path, seconds: float, first: int) -> list[int]:
    """Fetch ids of what a process said that it wrote, from its first word on and for so long."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.shared.archive.write_until_killed", str(folder), str(first)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdout
        began = process.stdout.readline()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        return [int(line) for line in (began + process.stdout.read()).splitlines()]
