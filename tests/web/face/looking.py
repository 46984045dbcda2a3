"""Asks without a socket, and looks at what a page shows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import lxml.html

from statuswire.model import AccountRole, Principal, PrincipalKind
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask, View
from statuswire.web.needs import MACHINE
from tests.web.parts import Site

VIEWER = Principal(PrincipalKind.ACCOUNT, "vera", AccountRole.VIEWER, account_id=7, csrf="c-s-r-f")
OPERATOR = Principal(PrincipalKind.ACCOUNT, "otto", AccountRole.OPERATOR, account_id=8, csrf="c-s-r-f")


def ask_of(
    site: Site,
    target: str = "/",
    principal: Principal = MACHINE,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Ask:
    path, _, query = target.partition("?")

    async def nothing(*_: object) -> Any:
        raise AssertionError("a page neither waits nor sends by itself")

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()],
    }
    return Ask(site.parts, scope, nothing, nothing, params or {}, principal)


def seen(view: View, ask: Ask) -> Answer:
    answer = asyncio.run(view(ask))
    assert answer is not None
    return answer


def tree_of(answer: Answer) -> Any:
    return lxml.html.fromstring(answer.body.decode())


_BLOCKS = {"dd", "div", "dt", "h1", "h2", "h3", "li", "ol", "p", "summary", "td", "th", "ul"}


def text_of(element: Any) -> str:
    """What a reader sees of it, white space folded; blocks stand apart from each other."""
    copy = deepcopy(element)
    copy.tail = None
    for one in copy.iter():
        if one.tag in _BLOCKS:
            one.text, one.tail = f" {one.text or ''}", f" {one.tail or ''}"
    return " ".join(copy.text_content().split())
