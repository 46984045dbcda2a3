"""Asking the API of a server. What goes wrong becomes one sentence for whoever asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

import msgspec
from mcp.server.mcpserver.exceptions import ToolError

from statuswire.errors import FetchError
from statuswire.mcp.answers import Health, Listed, Problem
from statuswire.mcp.quoting import plain
from statuswire.net.http import HttpClient
from statuswire.wire import timestamp

API = "/api/v1"
DEADLINE_S = 15.0
PART = 1_000
MOST_LOOKS = 20
"""A list is looked through in parts; twenty of them are more than anybody reads."""

Asked = str | int | bool | datetime | Sequence[str] | None

T = TypeVar("T")


class Reply(NamedTuple):
    status: int
    body: bytes


Get = Callable[[str], Awaitable[Reply]]
"""Asks for a path with its query. Raises FetchError."""


def over_http(client: HttpClient, base_url: str, token: str) -> Get:
    """Ask the server at this address, with the token where there is one."""
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})

    async def get(target: str) -> Reply:
        response = await client.request(
            "GET", base_url + target, headers=headers, allow_private=True, deadline=DEADLINE_S
        )
        return Reply(response.status, response.body)

    return get


class NotAllowed(ToolError):
    """The token does not let its bearer see this."""


@dataclass(frozen=True, slots=True)
class Api:
    """The calls. All raise ToolError where the server does not answer what was asked."""

    get: Get

    async def one(self, path: str, kind: type[T], **asked: Asked) -> T:
        """One object. Raises NotAllowed where the token may not see it."""
        return _read(await self._reply(path, asked), kind, (200,))

    async def health(self) -> Health:
        """How the server is, by its own word; it says so with 503 where it is not well."""
        return _read(await self._reply("/health", {}), Health, (200, 503))

    async def listed(self, path: str, kind: type[T], most: int, **asked: Asked) -> tuple[list[T], bool]:
        """The first `most` of a list, and whether there are more. A part may be empty and not be the last one."""
        found: list[T] = []
        after: str | None = None
        for _ in range(MOST_LOOKS):
            limit = min(PART, most + 1 - len(found))
            part: Listed[T] = await self.one(path, Listed[kind], **asked, limit=limit, after=after)  # type: ignore[valid-type]
            found += part.items
            after = part.next
            if after is None or len(found) > most:
                return found[:most], len(found) > most
        return found, True

    async def _reply(self, path: str, asked: Mapping[str, Asked]) -> Reply:
        query = urlencode({name: _spelled(one) for name, one in asked.items() if one not in (None, "", ())}, doseq=True)
        try:
            return await self.get(f"{API}{path}{'?' if query else ''}{query}")
        except FetchError as error:
            raise ToolError(
                f"The statuswire server cannot be asked: {plain(str(error))}. Nothing is known of any page now, "
                "which is not the same as all being well."
            ) from error


def _spelled(one: Asked) -> Asked:
    if isinstance(one, bool):
        return "true" if one else "false"
    return timestamp(one) if isinstance(one, datetime) else one


def _read(reply: Reply, kind: type[T], right: tuple[int, ...]) -> T:
    if reply.status in (401, 403):
        raise NotAllowed("The statuswire server wants a token that may read; it is given in STATUSWIRE_TOKEN.")
    if reply.status not in right:
        raise ToolError(_refusal(reply))
    try:
        return msgspec.json.decode(reply.body, type=kind)
    except msgspec.MsgspecError as error:
        raise ToolError("What answers at that address is no statuswire server, or one of another version.") from error


def _refusal(reply: Reply) -> str:
    try:
        problem = msgspec.json.decode(reply.body, type=Problem)
    except msgspec.MsgspecError:
        return f"The statuswire server answers {reply.status}."
    known = f" There are: {', '.join(map(plain, problem.known))}." if problem.known else ""
    return f"The statuswire server answers {reply.status}: {plain(problem.detail)}{known}"
