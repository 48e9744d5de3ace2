"""Connections to a node: kept, opened again where the node closed them, given up where it says nothing."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from queue import Queue

import pytest
from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as NoConnectionError
from opensearchpy.exceptions import ConnectionTimeout

from shared.stores.opensearch_connection import Access, connect

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n%s"


def answer(content: bytes, more: bytes = b"") -> bytes:
    return ANSWER % (len(content), more, content)


@contextmanager
def node(talk: Callable[[socket.socket, int], None], timeout: float = 5) -> Iterator[OpenSearch]:
    """A client of what `talk` does on each connection, which has a number."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for number in range(100):
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    talk(connection, number)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            with closing(connect(f"http://127.0.0.1:{listener.getsockname()[1]}", Access(timeout=timeout))) as client:
                yield client
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def test_a_connection_is_kept() -> None:
    def talk(connection: socket.socket, number: int) -> None:
        while connection.recv(65536):
            connection.sendall(answer(b'{"connection": %d, "text": "\xc3\xa9"}' % number))

    with node(talk) as client:
        for _ in range(3):
            assert client.info() == {"connection": 0, "text": "é"}
        client.close()


def test_one_that_the_node_closed_meanwhile_is_opened_again() -> None:
    closed: Queue[int] = Queue()

    def talk(connection: socket.socket, number: int) -> None:
        connection.recv(65536)
        connection.sendall(answer(b'{"connection": %d}' % number))
        connection.close()
        closed.put(number)

    with node(talk) as client:
        for number in range(3):
            assert client.info() == {"connection": number}
            assert closed.get(timeout=5) == number


def test_one_that_the_node_announces_to_close_is_not_used_again() -> None:
    def talk(connection: socket.socket, number: int) -> None:
        connection.recv(65536)
        connection.sendall(answer(b'{"connection": %d}' % number, b"Connection: close\r\n"))

    with node(talk) as client:
        assert [client.info()["connection"] for _ in range(3)] == [0, 1, 2]


def test_who_says_nothing_is_not_waited_for() -> None:
    def talk(connection: socket.socket, _: int) -> None:
        while connection.recv(65536):
            pass

    with node(talk, timeout=0.2) as client, pytest.raises(ConnectionTimeout):
        client.info()


@pytest.mark.parametrize("said", [b"SSH-2.0-dropbear\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", b""])
def test_what_is_no_whole_answer_is_an_error_of_the_connection(said: bytes) -> None:
    def talk(connection: socket.socket, _: int) -> None:
        connection.recv(65536)
        connection.sendall(said)

    with node(talk) as client, pytest.raises(NoConnectionError):
        client.info()
