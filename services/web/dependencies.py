"""What routes are given."""

from fastapi import Request

from services.web.parts import Parts


def parts_of(request: Request) -> Parts:
    """The application's ledger and store."""
    parts: Parts = request.app.state.parts
    return parts
