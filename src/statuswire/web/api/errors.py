"""What went wrong in the API, as problem documents with our stable codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from statuswire.errors import ConfigError, StatuswireError, StoreError
from statuswire.store.queries import CursorError
from statuswire.web import problems
from statuswire.web.problems import Mistake, Refusal
from statuswire.web.slugs import unknown_page as refused_page
from statuswire.web.tools import Busy, Unavailable

MOST_SAID = 3
"""Mistakes that the sentence names; `errors` has all."""


class Refused(StatuswireError):
    """Raised by whatever answers a request; carries why it is refused."""

    reason = "refused"

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal


def unknown_page(slug: str, slugs: Iterable[str]) -> Refused:
    return Refused(refused_page(slug, slugs))


def unknown_item(what: str) -> Refused:
    return Refused(Refusal("unknown_item", f"There is no {what}."))


def wrong(where: str, what: str) -> Refused:
    """One parameter that is wrong."""
    return Refused(Refusal("bad_parameter", f"{where} {what}.", errors=(Mistake(where, what),)))


def explain(app: FastAPI) -> None:
    """Have every error of the application answered in our way."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _framework)
    for kind, refusal in _KINDS.items():
        app.add_exception_handler(kind, _always(refusal))
    app.add_exception_handler(ConfigError, _config)
    app.add_exception_handler(CursorError, _cursor)


_KINDS: Mapping[type[Exception], Refusal] = {
    StoreError: Refusal("store_unavailable", "The database cannot be read or written now.", retry_after_s=10),
    TimeoutError: Refusal("store_unavailable", "The database does not answer in time.", retry_after_s=10),
    Busy: Refusal("overloaded", "As many of these are under way as may be at once.", retry_after_s=5),
    Unavailable: Refusal("not_done", "This process cannot do that."),
}


def response(refusal: Refusal) -> Response:
    answer = problems.answer(refusal)
    headers = {name.decode(): value.decode() for name, value in answer.headers}
    return Response(answer.body, answer.status, headers, media_type=answer.content_type.decode())


def _always(refusal: Refusal) -> Any:
    async def answer(request: Request, error: Exception) -> Response:
        return response(refusal)

    return answer


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return response(error.refusal)


async def _config(request: Request, error: Exception) -> Response:
    return response(Refusal("bad_parameter", f"{error}."))


async def _cursor(request: Request, error: Exception) -> Response:
    return response(Refusal("bad_parameter", f"after: {error}.", errors=(Mistake("query.after", str(error)),)))


async def _framework(request: Request, error: Exception) -> Response:
    """The framework's own refusals: what it cannot read at all."""
    assert isinstance(error, HTTPException)
    code = {400: "bad_json", 404: "unknown_address", 405: "method_not_allowed"}.get(error.status_code, "internal")
    return response(Refusal(code, "The request cannot be read."))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    mistakes = tuple(_mistake(one) for one in found)
    unknown = any(one["type"] == "extra_forbidden" and one["loc"][0] == "query" for one in found)
    code = "bad_json" if any(one["type"] == "json_invalid" for one in found) else "bad_parameter"
    detail = "; ".join(f"{one.where} {one.what}" for one in mistakes[:MOST_SAID]) + "."
    known = _parameters(request) if unknown else ()
    return response(Refusal(code, detail, known=known, errors=mistakes))


def _mistake(one: Mapping[str, Any]) -> Mistake:
    """Where, and what would be right; never what was sent, which may be a secret in the wrong place."""
    where = ".".join(str(part) for part in one["loc"])
    if one["type"] == "extra_forbidden":
        return Mistake(where[:200], "is not known here")
    text = str(one["msg"]).removeprefix("Value error, ")
    return Mistake(where[:200], text[:1].lower() + text[1:])


def _parameters(request: Request) -> tuple[str, ...]:
    """The query parameters that the route of the request knows."""
    fields: Sequence[Any] = request.scope["route"].dependant.query_params
    return tuple(name for field in fields for name in _names(field))


def _names(field: Any) -> Iterable[str]:
    inner = getattr(field.field_info.annotation, "model_fields", None)
    return tuple(inner) if inner else (field.alias,)
