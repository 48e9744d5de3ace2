"""A wrong setting is one line that names it."""

import re

import pytest

from shared.settings import Settings, WrongSettingError, load


@pytest.mark.parametrize("value", ["", "0", "70000", "80,http", "80-90"])
def test_wrong_ports(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEARSHEET_FETCH_PORTS", value)
    with pytest.raises(WrongSettingError, match=r"^TEARSHEET_FETCH_PORTS: [A-Z][^\n]+$"):
        load.__wrapped__()


def test_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEARSHEET_FETCH_PORTS", "80, 8081 ,")
    assert Settings(_env_file=None).fetch_ports == (80, 8081)


def opensearch(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(f"TEARSHEET_OPENSEARCH_{name.upper()}", value)
    return load.__wrapped__()


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"url": "ftp://a:hunter2@node"}, "URL"),
        ({"url": "http://a:hunter2@node:port"}, "URL"),
        ({"user": "ann"}, "PASSWORD"),
        ({"password": "hunter2"}, "PASSWORD"),
        ({"user": "an:n", "password": "hunter2"}, "USER"),
        ({"url": "https://a:hunter2@node", "user": "ann", "password": "hunter2"}, "USER"),
        ({"user": "ann", "password": "hunter2", "api_key": "hunter3"}, "API_KEY"),
        ({"url": "https://a:hunter2@node", "api_key": "hunter3"}, "API_KEY"),
        ({"api_key": "hunter3\nHost: evil"}, "API_KEY"),
        ({"api_key": "hüunter3"}, "API_KEY"),
        ({"shards": "0"}, "SHARDS"),
        ({"replicas": "-1"}, "REPLICAS"),
        ({"verify": "hunter"}, "VERIFY"),
    ],
)
def test_wrong_access_to_opensearch(values: dict[str, str], name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WrongSettingError, match=rf"^TEARSHEET_OPENSEARCH_{name}: [^\n]+$") as caught:
        opensearch(monkeypatch, **values)
    assert not re.search(r"hü?u?nter\d", str(caught.value))


def test_access_to_opensearch(monkeypatch: pytest.MonkeyPatch) -> None:
    none = opensearch(monkeypatch, ca="", replicas="", user="", password="", api_key="")
    assert (none.opensearch_ca, none.opensearch_replicas, none.opensearch_verify) == (None, None, True)
    by_user = opensearch(monkeypatch, ca="~/ca.pem", replicas="0", user="ann", password="hunter2")
    assert by_user.opensearch_ca is not None
    assert by_user.opensearch_ca.is_absolute()
    assert by_user.opensearch_replicas == 0
    by_key = opensearch(monkeypatch, user="", password="", api_key="hunter3")
    assert "hunter" not in repr((none, by_user, by_key))
