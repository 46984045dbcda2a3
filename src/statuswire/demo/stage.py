"""The stage: every simulated provider on a port of its own on loopback, served as real ones are.

Documents carry a strong `ETag` and `Cache-Control: max-age=1`, are compressed where the client asks for it, and
answer 304 to the validator. A provider that has gone dark answers 503 with `Retry-After`.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType

from aiohttp import web

from statuswire.demo import incidentio, plain_feeds, statuspage
from statuswire.demo.bodies import Bodies, Body
from statuswire.demo.world import Case, Part, Provider
from statuswire.model import Kind, Phase

Documents = Callable[[Provider, str], Bodies]


@dataclass(frozen=True, slots=True)
class Cast:
    """A provider on the stage: how it speaks, and which of its addresses is watched (empty: the page itself)."""

    slug: str
    name: str
    platform: str
    documents: Documents
    parts: tuple[tuple[str | None, str], ...]
    feed_path: str = ""
    past: str = "Slow answers last week"


CAST = (
    Cast(
        "acme-relay",
        "Acme Relay",
        "statuspage",
        statuspage.documents,
        (("Europe", "API"), ("Europe", "Webhooks"), (None, "Console")),
    ),
    Cast("borealis", "Borealis AI", "incidentio", incidentio.documents, (("Models", "Chat"), ("Models", "Images"))),
    Cast("brook-pay", "Brook Pay", "statuspage", statuspage.documents, ((None, "Payments"),), "/history.atom"),
    Cast("cinder", "Cinder Cloud", "rss", plain_feeds.rss_documents, ((None, "Network"),), "/rss.xml"),
    Cast("dune-mail", "Dune Mail", "atom", plain_feeds.atom_documents, ((None, "Inbox"),), "/feed.atom"),
    Cast("ember-desk", "Ember Desk", "jsonfeed", plain_feeds.json_documents, ((None, "Tickets"),), "/feed.json"),
)


@dataclass(slots=True)
class Stage:
    """The providers and their servers, as an asynchronous context. `bases` are their addresses by slug."""

    now: Callable[[], datetime]
    cast: tuple[Cast, ...] = CAST
    providers: dict[str, Provider] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)
    _runners: list[web.ServerRunner] = field(default_factory=list)

    async def __aenter__(self) -> Stage:
        for one in self.cast:
            self.add(one)
            self.bases[one.slug] = await self._serve(one)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for runner in self._runners:
            await runner.cleanup()

    def add(self, one: Cast) -> None:
        """Let a provider begin, with its past."""
        self.providers[one.slug] = _newborn(one, self.now())

    async def _serve(self, one: Cast) -> str:
        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            response = self.answer(one, request.path, request.headers.get("If-None-Match", ""))
            self.answers[response.status] += 1
            return response

        runner = web.ServerRunner(web.Server(answer, access_log=None))
        await runner.setup()
        self._runners.append(runner)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        return f"http://{host}:{port}"

    def answer(self, one: Cast, path: str, known: str) -> web.Response:
        """What the provider says to a GET of this path by someone who has the document with this validator."""
        provider = self.providers[one.slug]
        if provider.is_dark:
            return web.Response(status=503, text="Service Unavailable", headers={"Retry-After": "1"})
        documents = one.documents(provider, self.bases[one.slug])
        found = _front(one, documents) if path == "/" else documents.get(path)
        if found is None:
            return web.Response(status=404, text="Not Found")
        content_type, body = found
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {"ETag": etag, "Cache-Control": "max-age=1, public"}
        if known == etag:
            return web.Response(status=304, headers=headers)
        response = web.Response(body=body, headers={**headers, "Content-Type": content_type})
        response.enable_compression()
        return response


def _front(one: Cast, documents: Bodies) -> Body:
    """The page for people, which names its feeds and otherwise nothing a program could read."""
    feeds = ((path, kind.partition(";")[0]) for path, (kind, _) in documents.items() if "json;" not in kind)
    links = "".join(f'<link rel="alternate" type="{kind}" href="{path}">' for path, kind in feeds)
    return (
        "text/html; charset=utf-8",
        f"<!doctype html><html><head><title>{one.name} status</title>{links}</head>"
        f"<body><h1>{one.name}</h1><p>A simulated status page.</p></body></html>".encode(),
    )


def _newborn(one: Cast, now: datetime) -> Provider:
    """A page with a past: an incident that ended long before anybody watched, which must stay silent."""
    parts = [Part(name, group) for group, name in one.parts]
    born = now - timedelta(days=30)
    provider = Provider(one.slug, one.name, parts, born)
    past = Case(f"{one.slug}-past", one.past, Kind.INCIDENT, "minor", now - timedelta(days=7), (parts[0].name,))
    provider.begin(past, Phase.INVESTIGATING, "We are looking into it.", past.started_at)
    provider.post(past.key, Phase.RESOLVED, "It is over.", past.started_at + timedelta(hours=1))
    return provider
