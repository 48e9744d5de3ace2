"""A client that sends what it is told, wrong things too, and gives all that came back."""

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from shared.web_keys import KeyScope, WebKey, new_key


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    def __init__(self, url: str, key: str | None = None) -> None:
        self.netloc = urlsplit(url).netloc
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """`headers`: `_` stands for `-`."""
        connection = http.client.HTTPConnection(self.netloc, timeout=10)
        try:
            named = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", f"/api/v1{path}", **headers)

    def post(self, path: str, content: Any = None, **headers: str) -> Answer:
        body = None if content is None else json.dumps(content).encode()
        given = {} if content is None else {"Content_Type": "application/json"}
        return self.ask("POST", f"/api/v1{path}", body, **given | headers)


def make_key(scope: KeyScope) -> tuple[str, WebKey]:
    return new_key(f"test-{scope}", scope)


def is_problem(answer: Answer, status: int) -> Any:
    """Asserts that it is a problem of this status; its content."""
    assert answer.status == status, answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert "Traceback" not in problem["detail"]
    return problem
