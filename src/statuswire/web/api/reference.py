"""`/openapi.json`, and `/docs`: the same for people, made by us and without a script.

The pages that frameworks bring load their scripts from other hosts, which ours may not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from importlib import resources
from typing import Any

import msgspec

from statuswire.web.api.application import description
from statuswire.web.api.examples import Schema, example_of
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.html import html

Operation = Mapping[str, Any]

_FRAME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>API · statuswire</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/docs.css"></head>
<body><header><p class="mark"><a href="/">statuswire</a></p><h1>API</h1>{about}
<p>Version {version}. For programs: <a href="/openapi.json">/openapi.json</a>.</p></header>
<nav aria-label="Subjects">{contents}</nav>
<main>{sections}</main></body></html>
"""
_OPERATION = """<section class="call" id="{id}">
<h3><span class="method {method}">{method}</span> <code>{path}</code></h3>
<p class="summary">{summary}</p>{text}{parameters}{body}{answer}</section>"""
_TABLE = """<div class="wide"><table><thead><tr><th scope="col">Parameter</th><th scope="col">In</th>
<th scope="col">Means</th></tr></thead><tbody>{rows}</tbody></table></div>"""


async def document(ask: Ask) -> Answer:
    return Answer(200, await asyncio.to_thread(_document))


async def page(ask: Ask) -> Answer:
    return html(ask, 200, await asyncio.to_thread(_page))


async def stylesheet(ask: Ask) -> Answer:
    return Answer(200, _css(), b"text/css; charset=utf-8")


@cache
def _css() -> bytes:
    return resources.files("statuswire.web.api").joinpath("docs.css").read_bytes()


@cache
def _document() -> bytes:
    return msgspec.json.encode(description())


@cache
def _page() -> str:
    return render(description())


def render(described: Mapping[str, Any]) -> str:
    """The page. All texts are escaped, for they are written for Markdown and not for HTML."""
    by_subject: dict[str, list[str]] = {}
    for path, operations in described["paths"].items():
        for method, one in operations.items():
            by_subject.setdefault(one["tags"][0], []).append(
                _operation(method, path, one, described["components"]["schemas"])
            )
    return _FRAME.format(
        about=_paragraphs(described["info"]["description"]),
        version=escape(described["info"]["version"]),
        contents=" ".join(f'<a href="#{_anchor(name)}">{escape(name)}</a>' for name in by_subject),
        sections="".join(
            f'<h2 id="{_anchor(name)}">{escape(name.capitalize())}</h2>{"".join(some)}'
            for name, some in by_subject.items()
        ),
    )


def _operation(method: str, path: str, one: Operation, schemas: Mapping[str, Schema]) -> str:
    return _OPERATION.format(
        id=escape(one["operationId"]),
        method=method.upper(),
        path=escape(path),
        summary=escape(one["summary"]),
        text=_paragraphs(one.get("description", "")),
        parameters=_parameters(one),
        body=_example("Body", one.get("requestBody"), schemas),
        answer=_example("Answer", _success(one), schemas),
    )


def _success(one: Operation) -> Any:
    return next(body for status, body in one["responses"].items() if status.startswith("2"))


def _parameters(one: Operation) -> str:
    rows = "".join(_parameter(each) for each in one.get("parameters", ()))
    return _TABLE.format(rows=rows) if rows else ""


def _parameter(one: Mapping[str, Any]) -> str:
    name = f"<code>{escape(one['name'])}</code>"
    where = one["in"] if not one.get("required") or one["in"] == "path" else f"{one['in']}, needed"
    means = _coded(one.get("description", "")) + "".join(
        f" <small>{_coded(each)}</small>" for each in _limits(one["schema"])
    )
    return f'<tr><th scope="row">{name}</th><td>{where}</td><td>{means}</td></tr>'


def _limits(schema: Schema) -> Iterator[str]:
    """What a value may be, in words."""
    kinds = [one for one in schema.get("anyOf", (schema,)) if one.get("type") != "null"]
    for one in kinds:
        inner = one.get("items", one)
        name = inner.get("$ref", "").rsplit("/", 1)[-1]
        if one.get("type") == "array":
            yield "May be given several times."
        if "minimum" in one and "maximum" in one:
            yield f"From {one['minimum']} to {one['maximum']:,}."
        if name or "enum" in inner:
            yield f"A word of `{name}`." if name else f"One of {', '.join(f'`{each}`' for each in inner['enum'])}."
    if schema.get("default") not in (None, [], ""):
        yield f"`{schema['default']}` unless given."


def _example(title: str, holder: Any, schemas: Mapping[str, Schema]) -> str:
    content = (holder or {}).get("content", {}).get("application/json")
    if content is None:
        return ""
    made = msgspec.json.format(msgspec.json.encode(example_of(content["schema"], schemas)), indent=2).decode()
    return f"<details><summary>{title}</summary><pre><code>{escape(made)}</code></pre></details>"


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{_coded(one)}</p>" for one in text.split("\n\n") if one)


def _coded(text: str) -> str:
    """Text with what stands between backticks as code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{one}</code>" if place % 2 else one for place, one in enumerate(parts))


def _anchor(name: str) -> str:
    return escape(name.replace(" ", "-"))
