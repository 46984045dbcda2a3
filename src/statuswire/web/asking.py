"""One request as a view sees it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from statuswire.model import Principal
from statuswire.web.asgi import Answer, Receive, Scope, Send, header_map
from statuswire.web.parts import AppParts


@dataclass
class Ask:
    """`params` are what the names in the row's pattern stand for, `principal` is who asks; that they may was decided
    before any view is called."""

    parts: AppParts
    scope: Scope
    receive: Receive
    send: Send
    params: Mapping[str, str]
    principal: Principal

    @property
    def method(self) -> str:
        return str(self.scope.get("method", ""))

    @property
    def path(self) -> str:
        return str(self.scope["path"])

    @property
    def query(self) -> bytes:
        found: bytes = self.scope.get("query_string", b"")
        return found

    @cached_property
    def headers(self) -> dict[str, str]:
        return header_map(self.scope["headers"])


View = Callable[[Ask], Awaitable[Answer | None]]
"""Raises StoreError and TimeoutError where the database cannot be read. None: it has answered by itself."""
