"""`/help`: the query language on a page, from the same table that it is read by."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.web.pages.rendering import page
from shared.query.fields import FIELDS

router = APIRouter(include_in_schema=False)


@router.get("/help")
def show(request: Request) -> HTMLResponse:
    """How queries are written."""
    return page(request, "help.html", fields=FIELDS)
