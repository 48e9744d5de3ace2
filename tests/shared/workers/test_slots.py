"""Slots: what a supervisor reads of its processes."""

import multiprocessing
import time

from shared.workers.slots import Slots

CONTEXT = multiprocessing.get_context("spawn")


def test_a_slot_holds_token_and_deadline_while_its_task_runs():
    slots = Slots(CONTEXT, 2)
    slots.attach()
    now = time.monotonic()
    with slots.hold("a", 10):
        with slots.hold("b", 5) as held:
            assert sorted(slots.tokens()) == ["a", "b"]
            assert slots.overdue(now) == []
            assert slots.overdue(now + 7) == ["b"]
            held.restart(20)
            assert slots.overdue(now + 15) == ["a"]
        assert slots.tokens() == ["a"]
    assert slots.tokens() == []
    assert slots.overdue(now + 100) == []
    assert slots.ended == 2


def test_a_new_process_starts_with_empty_slots():
    slots = Slots(CONTEXT, 1)
    slots.attach()
    slots.ready = True
    with slots.hold("a", 10):
        slots.clear()
        assert (slots.tokens(), slots.ready, slots.ended) == ([], False, 0)
