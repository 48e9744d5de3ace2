"""What every route of the API looks at before it reads a request: that it can be read, and says nothing unknown."""

import json
from collections.abc import Callable, Coroutine
from typing import Any, get_origin
from urllib.parse import unquote_to_bytes

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from services.web.problems import Fault, ProblemError, wrong

_JSON = "application/json"


class CheckedRoute(APIRoute):
    """A route that refuses query parameters it does not know, or that come twice, and bodies that are no JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own, behind the checks."""
        handler = super().get_route_handler()
        known = dict(_parameters(self.dependant))
        takes_body = self.body_field is not None

        async def checked(request: Request) -> Response:
            _check_query(request, known)
            _check_type(request, takes_body=takes_body)
            if takes_body:
                _check_body(await request.body())
            return await handler(request)

        return checked


def _parameters(dependant: Dependant) -> "list[tuple[str, bool]]":
    """Names of query parameters, and whether one may come more than once."""
    own = [(field.alias, get_origin(field.field_info.annotation) in (list, tuple)) for field in dependant.query_params]
    return own + [each for inner in dependant.dependencies for each in _parameters(inner)]


def _check_query(request: Request, known: dict[str, bool]) -> None:
    raw = request.scope["query_string"]
    try:
        unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError:
        raise ProblemError(422, "The query is no UTF-8: percent-encode its values as UTF-8.") from None
    names = [name for name, _ in request.query_params.multi_items()]
    unknown = [name for name in dict.fromkeys(names) if name not in known]
    twice = [name for name in known if not known[name] and names.count(name) > 1]
    faults = [Fault(place="query", name=name[:100], detail=_unknown(known)) for name in unknown[:5]]
    faults += [Fault(place="query", name=name, detail="it may be given once") for name in twice]
    if faults:
        raise ProblemError(422, "; ".join(f"{fault.name}: {fault.detail}" for fault in faults), errors=faults)


def _unknown(known: dict[str, bool]) -> str:
    if not known:
        return "no such parameter; this address takes none"
    return f"no such parameter; there are {', '.join(sorted(known))}"


def _check_type(request: Request, *, takes_body: bool) -> None:
    """A form of another site's page could send anything but JSON without asking first (Fetch: CORS-safelisted)."""
    given = request.headers.get("Content-Type")
    if given is None and not takes_body:
        return
    essence, _, parameters = (given or "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"') if "charset" in parameters else "utf-8"
    if request.method != "GET" and (essence.strip().lower() != _JSON or charset != "utf-8"):
        raise ProblemError(415, f"A body is JSON in UTF-8 here: send it with Content-Type: {_JSON}.")


def _check_body(body: bytes) -> None:
    """Here, as the framework tells apart only some of the ways in which a body is no JSON."""
    try:
        json.loads(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise wrong("body", "/", f"it is no UTF-8 from byte {error.start} on") from None
    except json.JSONDecodeError as error:
        raise wrong("body", "/", f"it is no JSON: {error.msg} in line {error.lineno}, column {error.colno}") from None
    except (ValueError, RecursionError):
        raise wrong("body", "/", "it is nested too deeply, or holds a number that is too long") from None
