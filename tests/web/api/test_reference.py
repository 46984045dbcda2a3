"""`/docs` and `/openapi.json`."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator

from statuswire.web.api.reference import render
from tests.web.api.test_table import CALLS
from tests.web.parts import Site


def test_the_page_names_every_call_with_its_parameters(site: Site) -> None:
    page = site.get("/docs").body.decode()

    for method, path, one in CALLS:
        assert f"{method}</span> <code>{path}</code>" in page
        assert all(f"<code>{parameter['name']}</code>" in page for parameter in one.get("parameters", ()))


def test_it_asks_nobody_else_and_needs_no_script(site: Site) -> None:
    reply = site.get("/docs")

    assert re.findall(rb'(?:src|href)="(?!#)([^"]*)"', reply.body) == [b"/docs.css", b"/", b"/openapi.json"]
    assert b"<script" not in reply.body and b"style=" not in reply.body
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert site.get("/docs.css").headers["content-type"] == "text/css; charset=utf-8"


def test_texts_are_escaped() -> None:
    described = {
        "info": {"title": "x", "version": "<b>", "description": "<script>alert(1)</script>"},
        "components": {"schemas": {}},
        "paths": {
            "/<i>": {
                "get": {
                    "tags": ["<u>"],
                    "operationId": "x",
                    "summary": "<s>",
                    "responses": {"200": {}},
                    "parameters": [{"name": "<q>", "in": "query", "schema": {}, "description": "`<a>`"}],
                }
            }
        },
    }

    assert not re.search(r"<(?:b|script|i|u|s|q|a)>", render(described))


def test_the_document_is_the_same_for_everybody(site: Site) -> None:
    assert site.get("/openapi.json").json["openapi"].startswith("3.1")
    assert site.get("/openapi.json", "HEAD").body == b""


def test_every_example_and_default_is_as_its_schema_says(site: Site) -> None:
    document = site.get("/openapi.json").json
    schemas = {"components": document["components"]}

    found = [
        (schema, value)
        for schema in schemas_in(document)
        for value in (*schema.get("examples", ()), *([schema["default"]] if "default" in schema else ()))
    ]

    assert len(found) > 100
    for schema, value in found:
        Draft202012Validator(schemas | schema).validate(value)


def schemas_in(node: Any) -> Iterator[dict[str, Any]]:
    """Every schema of a document that has a type or stands for one."""
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        if isinstance(child, dict) and child.keys() & {"type", "anyOf", "$ref", "enum"}:
            yield child
        yield from schemas_in(child)


def test_nothing_of_it_is_loaded_before_somebody_asks() -> None:
    """The framework costs tens of megabytes, which a service that nobody looks at should not pay."""
    shown = "[x for x in sys.modules if 'fastapi' in x or 'web.api' in x]"
    code = f"import sys, statuswire.server; print({shown})"

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "[]"
