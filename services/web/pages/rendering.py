"""Templates: Jinja2 with everything escaped, and what each of them may use."""

from functools import cache
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.web import csrf
from services.web.access import COOKIE
from services.web.pages import clean, threads, words
from services.web.static_files import static_url

_FOLDER = Path(__file__).parents[1] / "templates"


@cache
def _environment() -> Environment:
    """One for the process: templates come with the package and are compiled once."""
    found = Environment(
        autoescape=True,
        extensions=["jinja2.ext.loopcontrols"],
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.globals["static"] = static_url
    found.filters |= words.FILTERS | {
        "clean": clean.clean,
        "paragraphs": clean.paragraphs,
        "anchor": threads.anchor,
    }
    return found


def page(request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """The answer: a template of `templates/` with these values; the browser asks anew each time."""
    html = (
        _environment()
        .get_template(template)
        .render(
            path=request.url.path,
            logged_in=COOKIE in request.cookies,
            csrf=lambda: csrf.token_of(request),
            **values,
        )
    )
    response = HTMLResponse(html, status, headers={"Cache-Control": "private, no-cache"})
    csrf.keep(request, response)
    return response
