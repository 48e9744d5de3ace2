"""Turns in a threaded process: many at once, or one alone."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.workers.turns import TurnNotComeError, Turns


def test_who_wants_to_be_alone_goes_before_those_who_come_later():
    turns = Turns()
    order = []
    entered, leave = threading.Event(), threading.Event()

    def first():
        with turns.take(alone=False, timeout=10):
            entered.set()
            leave.wait()

    def alone():
        with turns.take(alone=True, timeout=10):
            order.append("alone")

    def later():
        with turns.take(alone=False, timeout=10):
            order.append("later")

    with ThreadPoolExecutor(3) as pool:
        pool.submit(first)
        entered.wait()
        waits = pool.submit(alone)
        while not turns._waiting_alone:
            pass
        behind = pool.submit(later)
        leave.set()
        waits.result()
        behind.result()
    assert order == ["alone", "later"]


def test_a_turn_that_does_not_come():
    turns = Turns()
    with turns.take(alone=False, timeout=1), pytest.raises(TurnNotComeError), turns.take(alone=True, timeout=0.01):
        pass
    with turns.take(alone=True, timeout=1), pytest.raises(TurnNotComeError), turns.take(alone=False, timeout=0.01):
        pass
    with turns.take(alone=True, timeout=0.01):
        pass


@settings(max_examples=20, deadline=None)
@given(st.lists(st.booleans(), max_size=30))
def test_nobody_is_beside_one_alone(wishes):
    turns = Turns()
    inside, beside = [], []
    lock = threading.Lock()

    def visit(alone):
        with turns.take(alone=alone, timeout=10):
            with lock:
                inside.append(alone)
                beside.append(list(inside))
            with lock:
                inside.remove(alone)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(visit, wishes))
    assert len(beside) == len(wishes)
    assert all(len(seen) == 1 for seen in beside if True in seen)
