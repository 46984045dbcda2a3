"""The published description against what is really there: routes, bodies, examples."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from statuswire.web.api.application import description
from statuswire.web.api.examples import example_of
from statuswire.web.table import ROWS
from tests.web.api.seed import API, seeded
from tests.web.parts import Site

API_ROWS = [row for row in ROWS if row.view == "api.mount:answer"]
READS = [row for row in API_ROWS if row.method == "GET" and row.pattern != f"{API}/documents/{{sha256}}"]
"""All that answer with JSON."""

PATHS = {
    "/events/{id}": "/events/1",
    "/events/{id}/verdicts": "/events/1/verdicts",
    "/pages/{slug}/incidents/{id}": "/pages/acme/incidents/i1",
    "/deliveries/{id}": "/deliveries/1",
    "/channels/{name}": "/channels/ops",
    "/reports/{name}": "/reports/incidents",
    "/catalog/{slug}": "/catalog/openai",
    "/contracts/{name}/statement": "/contracts/acme-api/statement?month=2026-05",
}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    made = seeded()
    yield made
    made.store.close()


def target(pattern: str) -> str:
    bare = pattern.removeprefix(API)
    return API + PATHS.get(bare, bare.replace("{slug}", "acme"))


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, by_method in description()["paths"].items():
        for method, one in by_method.items():
            yield method.upper(), path, one


CALLS = list(operations())
NAMES = [f"{method} {path}" for method, path, _ in CALLS]


def closed(node: Any) -> Any:
    """A schema that allows nothing that it does not name."""
    if isinstance(node, list):
        return [closed(one) for one in node]
    if not isinstance(node, dict):
        return node
    found = {name: closed(one) for name, one in node.items()}
    return found | {"additionalProperties": False} if "properties" in found else found


def schema_of(operation: dict[str, Any], status: str = "200") -> dict[str, Any]:
    content = operation["responses"][status]["content"]
    schema: dict[str, Any] = content["application/json"]["schema"]
    return closed(schema | {"components": description()["components"]})


def test_the_table_has_every_route_of_the_application_and_no_other() -> None:
    assert {(method, path) for method, path, _ in operations()} == {(row.method, row.pattern) for row in API_ROWS}


def test_it_is_openapi_3_1() -> None:
    assert description()["openapi"].startswith("3.1.")
    jsonschema.Draft202012Validator.check_schema({"components": description()["components"]})


@pytest.mark.parametrize(("method", "path", "one"), CALLS, ids=NAMES)
def test_every_call_says_what_it_does_who_may_and_what_every_parameter_means(
    method: str, path: str, one: dict[str, Any]
) -> None:
    need = next(row.need for row in API_ROWS if (row.method, row.pattern) == (method, path))

    assert one["summary"] and one["x-need"] == need.value
    assert all(parameter.get("description") for parameter in one.get("parameters", ()))
    assert one["responses"]["default"]["content"]["application/problem+json"]


@pytest.mark.parametrize("row", READS, ids=lambda row: row.pattern)
def test_real_answers_are_what_is_published_and_nothing_more(site: Site, row: Any) -> None:
    reply = site.get(target(row.pattern))

    assert reply.status == 200
    jsonschema.validate(reply.json, schema_of(description()["paths"][row.pattern]["get"]))


@pytest.mark.parametrize("row", READS, ids=lambda row: row.pattern)
def test_lists_of_the_seeded_store_are_not_empty_so_that_something_is_compared(site: Site, row: Any) -> None:
    body = site.get(target(row.pattern)).json

    assert body.get("items", True)


@pytest.mark.parametrize(("method", "path", "one"), CALLS, ids=NAMES)
def test_examples_are_valid(method: str, path: str, one: dict[str, Any]) -> None:
    components = description()["components"]
    holders = [one.get("requestBody", {}), *one["responses"].values()]
    schemas = [kind["schema"] for holder in holders for kind in holder.get("content", {}).values()]

    for schema in schemas:
        example = json.loads(json.dumps(example_of(schema, components["schemas"])))
        jsonschema.validate(example, schema | {"components": components})


def test_head_is_answered_like_get_without_a_body(site: Site) -> None:
    got, head = site.get(f"{API}/pages"), site.get(f"{API}/pages", "HEAD")

    assert (head.status, head.body) == (200, b"")
    assert head.headers == got.headers


def test_a_slash_at_the_end_makes_no_difference(site: Site) -> None:
    assert site.get(f"{API}/pages/").json == site.get(f"{API}/pages").json
