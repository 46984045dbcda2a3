"""One request as a view sees it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qsl

from statuswire.model import Principal
from statuswire.web.asgi import Answer, Receive, Scope, Send, header_map
from statuswire.web.limits import read_body
from statuswire.web.needs import NOBODY
from statuswire.web.parts import AppParts
from statuswire.web.peers import Peer, media_type, peer_of
from statuswire.web.problems import Refusal, RefusedRequest

FORM = "application/x-www-form-urlencoded"
MAX_BODY_BYTES = 1024 * 1024
MAX_FIELDS = 1000
BODY_DEADLINE_S = 10.0


@dataclass
class Ask:
    """`params` are what the names in the row's pattern stand for, `principal` is who asks; that they may was decided
    before any view is called. `refused` is why they may not, for the page that says so and no other."""

    parts: AppParts
    scope: Scope
    receive: Receive
    send: Send
    params: Mapping[str, str]
    principal: Principal = NOBODY
    refused: Refusal | None = None
    _body: bytes | None = field(default=None, init=False, repr=False)

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

    @cached_property
    def peer(self) -> Peer:
        """Where it comes from."""
        return peer_of(self.scope, self.parts.access.proxies)

    @property
    def is_form(self) -> bool:
        return media_type(self.headers) == FORM

    async def body(self) -> bytes:
        """The whole body, read once. Raises RefusedRequest: too large, too slow, not complete."""
        if self._body is None:
            found = await read_body(self.receive, self.headers, max_bytes=MAX_BODY_BYTES, deadline_s=BODY_DEADLINE_S)
            if isinstance(found, Refusal):
                raise RefusedRequest(found)
            self._body = found
        return self._body

    async def form(self) -> Mapping[str, str]:
        """The fields of a form; of a repeated one the last. Raises RefusedRequest, also where it is no form."""
        return {name: values[-1] for name, values in (await self.form_lists()).items()}

    async def form_lists(self) -> Mapping[str, list[str]]:
        """The same with every value of every field, in order."""
        if not self.is_form:
            raise RefusedRequest(Refusal("not_a_form", f"What is wanted here is a form: {FORM}."))
        text = (await self.body()).decode("utf-8", "replace")
        fields: dict[str, list[str]] = {}
        try:
            for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS):
                fields.setdefault(name, []).append(value)
        except ValueError as error:
            refusal = Refusal("bad_parameter", f"A form may have {MAX_FIELDS} fields at most.")
            raise RefusedRequest(refusal) from error
        return fields


View = Callable[[Ask], Awaitable[Answer | None]]
"""Raises StoreError and TimeoutError where the database cannot be read, and RefusedRequest. None: it has answered by
itself."""
