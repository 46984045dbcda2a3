"""A receiver on a real socket that looks at what it is sent, and what all of them look at.

What a vendor would not take is refused with its code, and noted in `complaints`, of which a good run has none. `told`
has what was done to which message: `("posted", "55")`, `("edited", "55")`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote

from statuswire.channels import CHANNELS
from statuswire.engine.dispatcher import Outlet
from tests.channels.messages import schema
from tests.fake_provider import Seen, reply


class Call(NamedTuple):
    """One request as a vendor looks at it; `body` is the JSON object."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    raw: bytes
    body: Any


class Answer(NamedTuple):
    status: int
    body: object = None
    """Text as it is, anything else as JSON; None for nothing."""

    def encoded(self) -> bytes:
        if self.body is None:
            return b""
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


class ComplaintError(Exception):
    """What the vendor does not take, with its answer."""

    def __init__(self, words: str, answer: Answer) -> None:
        super().__init__(words)
        self.answer = answer


@dataclass
class Vendor:
    """One receiver: set `script` as what a FakeProvider answers with."""

    kind: Kind
    told: list[tuple[str, str]] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    lost: int = 0
    """So many of the first things told are there no more: somebody has deleted them."""

    async def script(self, request: Seen, writer: asyncio.StreamWriter) -> bool:
        answer = self.answer(request)
        return await reply(answer.status, answer.encoded())(request, writer)

    async def endless(self, request: Seen, writer: asyncio.StreamWriter) -> bool:
        """Takes the request, answers truly, and never ends its answer."""
        answer = self.answer(request)
        begun = answer.encoded().removesuffix(b"}") + b', "more": "' if isinstance(answer.body, dict) else b""
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + begun)
        while not writer.is_closing():
            writer.write(b"x" * 65_536)
            await writer.drain()
        return False

    def answer(self, request: Seen) -> Answer:
        """What the vendor says to a request that it has taken, or not."""
        try:
            call = _read(request)
            answer = self.kind.take(call, self)
        except ComplaintError as error:
            self.complaints.append(str(error))
            return error.answer
        self.bodies.append(call.body)
        return answer

    def note(self, what: str, id_: str) -> None:
        self.told.append((what, id_))

    def knows(self, id_: str) -> bool:
        return any(known == id_ for _, known in self.told[self.lost :])

    def next_id(self) -> str:
        return str(101 + len(self.told))


@dataclass(frozen=True)
class Kind:
    """How to reach a vendor (`{url}` is where it is), what it does with a request, and what it says when it has too
    many. `life` is what it is to be told of an incident that begins, goes on and ends; `is_one` whether all of that is
    about one message; `is_timed` whether what it is told depends on when it is sent."""

    name: str
    kind: str
    settings: Mapping[str, Any]
    take: Callable[[Call, Vendor], Answer]
    life: Sequence[str] = ("posted", "posted", "posted")
    is_one: bool = False
    is_timed: bool = False
    busy: object = "slow down"
    unformed: Answer | None = None
    """What it says to a form that it cannot show; None for one that has no other form."""

    def outlet(self, url: str, *, allow_private: bool) -> Outlet:
        channel = CHANNELS[self.kind]
        given = {
            name: one.format(url=url.rstrip("/")) if isinstance(one, str) else one
            for name, one in self.settings.items()
        }
        return Outlet.of("ops", channel, channel.settings.model_validate({**given, "allow_private": allow_private}))


def _read(request: Seen) -> Call:
    path, _, query = request.path.partition("?")
    must(request.headers.get("content-type", "").startswith("application/json"), "no JSON is announced", Answer(415))
    must(request.headers.get("content-length") == str(len(request.body)), "no length is announced", Answer(411))
    try:
        body = json.loads(request.body.decode())
    except ValueError as error:
        raise ComplaintError(f"no JSON: {error}", Answer(400)) from error
    queried = {name: values[-1] for name, values in parse_qs(query, keep_blank_values=True).items()}
    return Call(request.method, unquote(path), queried, request.headers, request.body, body)


def must(is_so: bool, words: str, answer: Answer) -> None:
    if not is_so:
        raise ComplaintError(words, answer)


def asked(call: Call, method: str, path: str) -> None:
    must(call.path == path, f"nothing is at {call.path}", Answer(404))
    must(call.method == method, f"{call.method} is not for {call.path}", Answer(405))


def allowed(call: Call, authorization: str, answer: Answer) -> None:
    must(call.headers.get("authorization") == authorization, "who is that?", answer)


def formed(call: Call, name: str, answer: Answer) -> None:
    problem = next((error.message for error in schema(name).iter_errors(call.body)), "")
    must(not problem, f"{name}: {problem[:300]}", answer)


def units(text: str) -> int:
    """UTF-16 units, in which chats count."""
    return len(text.encode("utf-16-le")) // 2
