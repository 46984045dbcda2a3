"""F10: generated requests over every call, as an admin and as nobody: no 5xx, nothing that is not published."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import BaseSchema, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from statuswire.access.settings import AccessSettings
from statuswire.model import Principal
from statuswire.web.app import create_app
from statuswire.web.needs import MACHINE, NOBODY
from statuswire.web.tools import Body, Tools
from tests.web.api.seed import let_ask, seeded
from tests.web.api.test_table import CALLS, NAMES

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CALLERS = {"admin": MACHINE, "nobody": NOBODY}


async def _nothing_found(what: str) -> Body:
    """What a look at a page that is not there comes to."""
    await asyncio.sleep(0)
    names = ("not_operational", "open_incidents", "doubts", "evidence", "feeds", "components", "problems")
    found: Body = {"slug": "x", "name": "x", "url": "x", "platform": None, "status": "unknown"}
    return (
        found
        | {"looked_at": "2026-05-04T10:00:00Z", "is_experimental": False, "requests": 1}
        | {name: [] for name in names}
    )


async def _refused(channel: str) -> Body:
    await asyncio.sleep(0)
    return {
        "channel": channel,
        "kind": "slack",
        "outcome": "refused",
        "reason": "HTTP 410",
        "replies": [{"status": 410}],
    }


def _nothing_told(trial: object, go_on: object) -> Body:
    begin = "2026-05-04T10:00:00Z"
    counts: Body = {"events": 0, "incidents": 0, "reached": 0, "messages": 0}
    return {"report": {"begin": begin, "end": begin, "weeks": 0.0, "impact": "major", "routes": []} | counts}


@pytest.fixture(scope="module", params=CALLERS)
def schema(request: pytest.FixtureRequest) -> Iterator[BaseSchema]:
    """The seeded site as this caller sees it; the public sees the state of pages."""
    caller: Principal = CALLERS[request.param]
    site = seeded()
    site.replace(
        is_public=True,
        access=AccessSettings(hosts=frozenset({"testserver"})),
        tools=Tools(_nothing_found, _refused, _nothing_told),
    )
    with pytest.MonkeyPatch.context() as patch:
        let_ask(patch, caller)
        yield schemathesis.openapi.from_asgi("/openapi.json", create_app(site.parts))
    site.store.close()


@pytest.fixture(scope="module")
def examples(request: pytest.FixtureRequest) -> int:
    return 400 if request.config.getoption("--nightly") else 8


def asked(schema: BaseSchema, method: str, path: str, mode: GenerationMode, checks: list[Any], examples: int) -> None:
    operation = schema[path][method.lower()]

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck), deadline=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        wanted = [one for one in checks if one is not negative_data_rejection or not is_sent_as_a_list(operation, case)]
        case.call_and_validate(checks=wanted)

    ask()


def is_sent_as_a_list(operation: schemathesis.APIOperation, case: schemathesis.Case) -> bool:
    """A value that is not valid as it was made, and is once it stands in an address: `true` in place of a list of words
    is sent as the list of the word `true`."""
    lists = {one.name for one in operation.query if _is_list_of_words(one.definition["schema"])}
    return any(isinstance(value, bool | int | float) for name, value in (case.query or {}).items() if name in lists)


def _is_list_of_words(schema: dict[str, Any]) -> bool:
    if "anyOf" in schema:
        return any(map(_is_list_of_words, schema["anyOf"]))
    items = schema.get("items", {})
    return schema.get("type") == "array" and items.get("type") == "string" and not {"enum", "pattern"} & items.keys()


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in CALLS], ids=NAMES)
def test_F10_what_is_valid_is_answered_as_published(schema: BaseSchema, method: str, path: str, examples: int) -> None:
    asked(schema, method, path, GenerationMode.POSITIVE, CHECKS, examples)


@pytest.mark.parametrize(
    ("method", "path"),
    [(method, path) for method, path, one in CALLS if one.get("parameters") or one.get("requestBody")],
)
def test_F10_what_is_not_valid_is_refused_as_published(
    schema: BaseSchema, method: str, path: str, examples: int
) -> None:
    asked(schema, method, path, GenerationMode.NEGATIVE, [*CHECKS, negative_data_rejection], examples)
