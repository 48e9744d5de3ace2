"""Publishing: what goes out, what is left out, and a Redis that does not take it."""

import base64
import json

import pytest

from shared.ledger import Ledger
from shared.queues import app, broker_url, celery_settings, configure, hint, publish, queue_lengths
from shared.settings import Settings
from shared.stage import INDEX


@pytest.fixture
def ledger(valkey):
    configure(Settings(redis_url=valkey.url))
    ledger = Ledger.connect(Settings(redis_url=valkey.url))
    yield ledger
    ledger.client.close()
    app.close()


def ids(ledger: Ledger, queue: str) -> list[list[str]]:
    """The page ids of each message, oldest first."""
    messages = [json.loads(raw) for raw in reversed(ledger.client.lrange(queue, 0, -1))]
    assert all(m["headers"]["task"] == queue for m in messages)
    return [json.loads(base64.b64decode(m["body"]))[0][0] for m in messages]


def test_a_message_carries_ids_and_stages_of_several_pages_share_one(ledger):
    sent = publish([("fetch", "a"), ("fetch", "b"), ("index", "c"), ("index", "d")])
    assert sent == 3
    assert queue_lengths(ledger.client) == {"fetch": 2, "parse": 0, "index": 1}
    assert ids(ledger, "fetch") == [["a"], ["b"]]
    assert ids(ledger, "index") == [["c", "d"]]


def test_a_message_to_the_indexer_holds_no_more_ids_than_a_task_takes(ledger):
    publish([("index", str(n)) for n in range(INDEX.batch + 1)])
    assert [len(found) for found in ids(ledger, "index")] == [INDEX.batch, 1]


def test_a_queue_that_has_messages_enough_gets_no_more(ledger):
    for n in range(INDEX.hints + 3):
        hint([("index", str(n))], ledger.client)
    assert queue_lengths(ledger.client)["index"] == INDEX.hints
    assert [hint([("fetch", str(n))], ledger.client) for n in range(9)] == [1] * 9


def test_a_full_redis_is_no_error(valkey, ledger):
    with valkey.client() as client:
        client.config_set("maxmemory", 1)
        assert publish([("fetch", "a")]) == 0
        assert publish([("fetch", "a"), ("fetch", "b")]) == 0
        client.config_set("maxmemory", 0)
    assert publish([("fetch", "a")]) == 1


def test_a_restarted_redis_takes_messages_again(valkey, ledger):
    assert publish([("fetch", "a")]) == 1
    valkey.restart()
    publish([("fetch", "b")])  # may find its connection broken, and is no error
    assert publish([("fetch", "c")]) == 1
    assert queue_lengths(ledger.client)["fetch"] in {2, 3}


@pytest.mark.parametrize(
    ("redis_url", "expected"),
    [
        ("unix:///run/s", "redis+socket:///run/s"),
        ("redis://:word@redis:6379/0", "redis://:word@redis:6379/0"),
        ("redis://redis", "redis://redis"),
    ],
)
def test_kombu_s_name_for_redis(redis_url, expected):
    assert broker_url(redis_url) == expected
    assert celery_settings(Settings(redis_url=redis_url))["broker_url"] == expected
