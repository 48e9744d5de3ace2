"""A node behind TLS and a password: a real nginx before a real node. No secret is told to anybody else."""

import logging
import re
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from shared.stores.clauses import Match
from shared.stores.opensearch_connection import Access
from shared.stores.opensearch_store import OpenSearchStore
from shared.stores.protocol import Find, StoreDownError
from tests.certificates import Authority, authority
from tests.hostile_site import closed_port
from tests.nginx import nginx
from tests.shared.stores.pages import make, write

USER, PASSWORD, KEY = "ann", "pässword-hunter2", "a2V5LWlkOmh1bnRlcjM="
SECRETS = (PASSWORD, KEY, "hunter", "wrong-one")

SERVER = """
server {{
  listen 127.0.0.1:{port} ssl;
  ssl_certificate {certificate};
  ssl_certificate_key {key};
  location / {{ {check} proxy_pass {node}; }}
}}
"""
BASIC = 'auth_basic "node"; auth_basic_user_file {file};'
BY_KEY = 'if ($http_authorization != "ApiKey {key}") {{ return 401; }}'


@dataclass(frozen=True)
class Proxy:
    """The ports at which one node is reached."""

    ca: Authority
    other_ca: Authority
    basic: int
    by_key: int
    expired: int
    other_name: int

    def access(self) -> Access:
        return Access(ca=self.ca.file, user=USER, password=SecretStr(PASSWORD))


@pytest.fixture(scope="module")
def proxy(opensearch_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("proxy")
    ca = authority(folder, "ca")
    users = folder / "users"
    users.write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
    made = Proxy(ca, authority(folder, "other"), *(closed_port() for _ in range(4)))
    basic, by_key = BASIC.format(file=users), BY_KEY.format(key=KEY)
    servers = [
        (made.basic, basic, ca.sign(folder)),
        (made.by_key, by_key, ca.sign(folder)),
        (made.expired, basic, ca.sign(folder, expired=True)),
        (made.other_name, basic, ca.sign(folder, address="127.0.0.9")),
    ]
    settings = "".join(
        SERVER.format(port=port, check=check, certificate=certificate, key=key, node=opensearch_url)
        for port, check, (certificate, key) in servers
    )
    with nginx(folder, settings=settings):
        yield made


def refusal(store: OpenSearchStore) -> str:
    """The line that every call ends with."""
    lines = set()
    for call in (store.prepare, lambda: store.write([write(make(), 1)]), lambda: store.find(Find(Match(("a",))))):
        with pytest.raises(StoreDownError) as caught:
            call()
        lines.add(str(caught.value))
        told = "".join(traceback.format_exception(caught.value))
        assert not any(secret in told for secret in SECRETS)
    store.close()
    (line,) = lines
    assert "\n" not in line
    return line


@pytest.fixture(autouse=True)
def _nothing_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever level is asked for."""
    with caplog.at_level(logging.DEBUG):
        yield
    assert not any(secret in caplog.text for secret in SECRETS)


@pytest.mark.opensearch
@pytest.mark.parametrize("how", ["settings", "URL", "API key", "unverified"])
def test_who_may_is_let_in(proxy: Proxy, prefix: str, how: str) -> None:
    url, access = f"https://127.0.0.1:{proxy.basic}", proxy.access()
    if how == "URL":
        url, access = f"https://{USER}:p%C3%A4ssword-hunter2@127.0.0.1:{proxy.basic}", Access(ca=proxy.ca.file)
    elif how == "API key":
        url, access = f"https://127.0.0.1:{proxy.by_key}/", Access(ca=proxy.ca.file, api_key=SecretStr(KEY))
    elif how == "unverified":
        url, access = f"https://127.0.0.1:{proxy.expired}", replace(access, ca=None, verify=False)
    store = OpenSearchStore(url, prefix, access)
    store.prepare()
    parsed = make(comments=["a"])
    store.write([write(parsed, 1)])
    store.refresh()
    assert store.page(parsed.page.id) == parsed
    assert store.find(Find(Match(("text",)))).total == 1
    store.close()
    assert not any(secret in repr((access, vars(store))) for secret in SECRETS)


@pytest.mark.opensearch
@pytest.mark.parametrize(
    ("port", "change", "line"),
    [
        ("basic", {"password": SecretStr("wrong-one")}, r"does not take this user and password, or API key: 401 "),
        ("basic", {"user": "", "password": SecretStr("")}, r"does not take this user and password, or API key: 401 "),
        ("by_key", {"api_key": SecretStr("wrong-one")}, r"does not take this user and password, or API key: 401 "),
        ("basic", {"ca": None}, r"refused: .*TEARSHEET_OPENSEARCH_CA$"),
        ("basic", {"ca": "other"}, r"refused: .*TEARSHEET_OPENSEARCH_CA$"),
        ("expired", {}, r"cannot be asked by TLS: its certificate is refused: certificate has expired$"),
        ("other_name", {}, r"refused: IP address mismatch, certificate is not valid for '127.0.0.1'"),
    ],
    ids=["password", "no password", "API key", "unknown CA", "wrong CA", "expired", "other name"],
)
def test_who_may_not_is_one_line(proxy: Proxy, port: str, change: dict[str, object], line: str) -> None:
    if change.get("ca") == "other":
        change = {"ca": proxy.other_ca.file}
    access = replace(proxy.access(), **change)  # type: ignore[arg-type]
    number = getattr(proxy, port)
    said = refusal(OpenSearchStore(f"https://127.0.0.1:{number}", "test", access))
    assert said.startswith(f"OpenSearch at 127.0.0.1:{number} ")
    assert re.search(line, said), said


@pytest.mark.opensearch
def test_plain_http_on_a_port_of_tls_and_the_other_way_round(proxy: Proxy, opensearch_url: str) -> None:
    at = f"127.0.0.1:{proxy.basic}"
    said = refusal(OpenSearchStore(f"http://{at}", "test", proxy.access()))
    assert said == f"what answers at {at} is not OpenSearch: 400 The plain HTTP request was sent to HTTPS port"
    tls = opensearch_url.replace("http://", "https://")
    said = refusal(OpenSearchStore(tls, "test", proxy.access()))
    assert re.search(r"cannot be asked by TLS: .*it may speak plain http://", said), said


@pytest.mark.opensearch
@pytest.mark.parametrize("text", [None, "", "no certificate"])
def test_a_file_of_cas_that_is_none(proxy: Proxy, tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "ca.pem"
    if text is not None:
        file.write_text(text)
    said = refusal(OpenSearchStore(f"https://127.0.0.1:{proxy.basic}", "test", replace(proxy.access(), ca=file)))
    assert "cannot be asked by TLS: the file of TEARSHEET_OPENSEARCH_CA holds no certificate: " in said
