"""What the words of a widget are about, counted."""

from hypothesis import given
from hypothesis import strategies as st

from services.parser.engine import ask

TOPIC_COLUMNS = ask("topic_columns")


def topics(text: str) -> list[float]:
    values: list[float]
    (values,) = ask("topics", texts=[text])
    return values


def counted(text: str) -> dict[str, float]:
    return {name: value for name, value in zip(TOPIC_COLUMNS, topics(text), strict=True) if value}


def test_languages() -> None:
    assert counted("Deutsch English Français") == {
        "words_languages": 3, "share_languages": 1, "words": 3, "capitals": 1,
    }  # fmt: skip


def test_a_firm_s_address() -> None:
    said = counted("Call us: +49 7141 167565 00. Mon - Fri.")
    assert said["telephone"]
    assert (said["words_contact"], said["words_offers"], said["sentences"]) == (2, 1, 2)


@given(st.text())
def test_any_text_has_its_columns(text: str) -> None:
    values = topics(text)
    assert len(values) == len(TOPIC_COLUMNS)
    shares = [
        v for name, v in zip(TOPIC_COLUMNS, values, strict=True) if name.startswith("share_") and "sent" not in name
    ]
    assert 0 <= sum(shares) <= 1 + 1e-9
