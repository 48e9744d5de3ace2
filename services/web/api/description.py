"""The API's description of itself: OpenAPI 3.1 at /api/v1/openapi.json."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from services.web.problems import MEDIA_TYPE, Fault, Problem, title_of

_REFERENCE = "#/components/schemas/Problem"

DESCRIPTION: dict[str, Any] = {
    "title": "Tearsheet",
    "version": "1",
    "summary": "Web pages cut into article, comments and widgets.",
    "description": (
        "Times are ISO 8601 with a zone, languages BCP 47, texts Unicode in normal form C. Every error is a problem "
        "(RFC 9457). HEAD is answered wherever GET is. docs/api.md has an example of each call."
    ),
    "license_info": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    "openapi_url": "/api/v1/openapi.json",
    "openapi_tags": [
        {"name": "records", "description": "What pages were cut into."},
        {"name": "search", "description": "Finding records."},
        {"name": "crawls", "description": "Submitting URLs, and what became of them."},
        {"name": "operation", "description": "How it all stands."},
        {"name": "export", "description": "Records in bulk, as a stream."},
    ],
}

_WORDS = {
    401: "No key, or not one of the service's.",
    403: "The key may not do this, or the request comes from another site.",
    404: "There is no such thing.",
    413: "The request's body is too long.",
    415: "The request's body is no JSON.",
    422: "Something in the request is wrong; `errors` says what.",
    429: "Too many requests; the header Retry-After says when to go on.",
    500: "A fault of Tearsheet.",
    503: "A part of Tearsheet is down; `part` says which. The rest works.",
}


_EXAMPLES = {
    404: "No page of this id was ever submitted.",
    422: "limit: Input should be less than or equal to 100",
    429: "More than 20 requests a second: go on in 1 s, and more slowly.",
    503: "the ledger does not answer: Connection refused. Try again later.",
}


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors that a route may answer with, for its `responses`: those that all share, and these."""
    return {status: _response(status) for status in sorted({401, 403, 422, 429, 500, 503, *statuses})}


def _response(status: int) -> dict[str, Any]:
    example: dict[str, Any] = {
        "type": "about:blank",
        "title": title_of(status),
        "status": status,
        "detail": _EXAMPLES.get(status, _WORDS[status]),
    }
    if status == 422:
        example["errors"] = [{"place": "query", "name": "limit", "detail": "Input should be less than or equal to 100"}]
    if status == 503:
        example["part"] = "ledger"
    answer: dict[str, Any] = {
        "description": _WORDS[status],
        "content": {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE}, "example": example}},
    }
    if status in (429, 503):
        answer["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer", "minimum": 1}}}
    if status == 401:
        answer["headers"] = {"WWW-Authenticate": {"description": "RFC 6750.", "schema": {"type": "string"}}}
    return answer


def describe(app: FastAPI) -> None:
    """Makes `app.openapi` give the description with all that it names."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            names = ("title", "version", "summary", "description", "license_info")
            found = get_openapi(
                **{name: DESCRIPTION[name] for name in names}, tags=DESCRIPTION["openapi_tags"], routes=app.routes
            )
            schemas = found.setdefault("components", {}).setdefault("schemas", {})
            for model in (Problem, Fault):
                schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
                schema.pop("$defs", None)
                schemas[model.__name__] = schema
            app.openapi_schema = found
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's documentation has it
