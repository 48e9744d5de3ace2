"""Forms as they are posted: URL-encoded (WHATWG URL Standard, 5), within a size, and from a page of ours."""

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, HTTPException, Request

from services.web import csrf

MOST_BYTES = 1_000_000
"""Of a form: a thousand URLs of common length are a tenth of it."""
# Of a field's name and value pairs: the quarantine's boxes are the most that a form of ours has.
_MOST_FIELDS = 2000

Fields = list[tuple[str, str]]


async def _posted(request: Request) -> Fields:
    """The form's fields in order. Raises HTTPException: 403, 413, 415, 422."""
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise HTTPException(415, "A form comes as application/x-www-form-urlencoded.")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise HTTPException(413, f"A form may have {MOST_BYTES:,} bytes.")
    try:
        fields = parse_qsl(body.decode("latin-1"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise HTTPException(422, f"A form may have {_MOST_FIELDS:,} fields.") from None
    if not csrf.is_ours(request, next((value for name, value in fields if name == csrf.FIELD), "")):
        raise HTTPException(403, "This form did not come from a page that this browser was given, or is too old.")
    return fields


Form = Annotated[Fields, Depends(_posted)]
"""A posted form whose token is right."""


def value(fields: Fields, name: str) -> str:
    """The first value of a field; empty where there is none."""
    return next((given for field, given in fields if field == name), "")
