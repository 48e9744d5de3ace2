"""A wrong setting is one line that names it."""

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
