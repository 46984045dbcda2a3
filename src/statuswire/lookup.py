"""One look at pages, nothing kept: `status` for what is wrong, `detect` for what serves a page, with the evidence.

The order of a detection is that of least requests: what is known without asking, one read of the page itself, the
addresses of platforms that something speaks for, then those of the others, then feeds. Every answer is judged by its
content, never by its status code: many pages answer 200 for any path.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TextIO
from urllib.parse import urljoin, urlsplit

from lxml.etree import LxmlError
from lxml.html import HtmlElement

from statuswire import config, platforms
from statuswire.catalog import Target, resolve
from statuswire.engine.clock import Clock
from statuswire.errors import FetchError, FetchReason, ParseError
from statuswire.lookup_report import render_detection, render_status
from statuswire.model import Document, FeedSpec, Role, Snapshot
from statuswire.net.fetch import Fetched, FetchRequest, fetch
from statuswire.net.http import HttpClient
from statuswire.options import LookOptions
from statuswire.platforms.reading import load_html, split_url
from statuswire.screen import style_of
from statuswire.verdict import Evidence, Verdict, doubts_about, exit_code

USER_AGENT = "statuswire (one look; +https://pypi.org/project/statuswire/)"
ANYTHING = "text/html, application/json;q=0.9, application/atom+xml;q=0.9, application/rss+xml;q=0.9, */*;q=0.5"
MAX_READS = 24
LOOKS_AT_ONCE = 16
USUAL_FEEDS = ("/history.atom", "/feed.atom", "/history.rss", "/feed.rss", "/feed.json", "/rss", "/feed", "/index.xml")
_HEADERS = {"x-statuspage-version": "statuspage"}
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/json")
_MISSES = frozenset({FetchReason.NOT_FOUND, FetchReason.GONE})
_SHUT = frozenset(
    {
        FetchReason.DNS,
        FetchReason.CONNECT,
        FetchReason.TLS,
        FetchReason.TIMEOUT,
        FetchReason.FORBIDDEN_ADDRESS,
        FetchReason.RATE_LIMITED,
        FetchReason.SERVER_ERROR,
        FetchReason.BAD_URL,
    }
)
"""After these no other address of the host is tried: it would be as slow, as vain, or rude."""


def status(options: LookOptions, out: TextIO) -> int:
    """Print what is wrong on the pages asked for, else on the configured ones. Exit codes: `verdict.EXIT_CODES`."""
    targets = _targets(options)
    verdicts = asyncio.run(_each(targets, look))
    style = style_of(out, wants_colour=config.wants_colour(), tz=config.zone(options.tz))
    print(render_status(verdicts, style, as_json=options.json), file=out)
    return exit_code(verdicts)


def detect(options: LookOptions, out: TextIO) -> int:
    """Print which platform, feeds and components an address has. Exit code 3 where nothing is recognised."""
    (verdict,) = asyncio.run(_each(_targets(options), find))
    style = style_of(out, wants_colour=config.wants_colour(), tz=config.zone(options.tz))
    print(render_detection(verdict, style, as_json=options.json), file=out)
    return 0 if verdict.platform is not None else 3


async def look(target: Target, client: HttpClient, clock: Clock) -> Verdict:
    """What a page says now: by its known platform, else after finding out which it is."""
    if target.platform is None:
        return await find(target, client, clock)
    return await _Look(target, client, clock).read_as(target.platform)


async def find(target: Target, client: HttpClient, clock: Clock) -> Verdict:
    """Which platform serves a page, proved by reading it. Never raises for what the page does; see `doubts`."""
    return await _Look(target, client, clock).find()


def _targets(options: LookOptions) -> tuple[Target, ...]:
    if not options.what:
        return config.load(options.config).targets
    found = (resolve(what) for what in options.what)
    return tuple(replace(target, allow_private=options.allow_private) for target in found)


async def _each(
    targets: Sequence[Target], looking: Callable[[Target, HttpClient, Clock], Awaitable[Verdict]]
) -> list[Verdict]:
    """All pages at the same time, within a limit, in the order asked for."""
    gate, clock = asyncio.Semaphore(LOOKS_AT_ONCE), Clock()
    async with HttpClient(user_agent=USER_AGENT) as client:

        async def one(target: Target) -> Verdict:
            async with gate:
                return await looking(target, client, clock)

        return await asyncio.gather(*map(one, targets))


class _Look:
    """One look: reads each address at most once and collects evidence and doubts."""

    def __init__(self, target: Target, client: HttpClient, clock: Clock) -> None:
        self.target, self.client, self.clock = target, client, clock
        self.evidence: list[Evidence] = []
        self.doubts: list[str] = []
        self.documents: dict[str, Document | None] = {}
        self.is_shut = False

    async def find(self) -> Verdict:
        url = self.target.feed_url or self.target.url
        front = await self._front(url)
        for name in self._likely(front):
            verdict = await self._proved(name)
            if verdict is not None:
                return verdict
        for feed in self._feeds(front):
            document = await self.get(feed, ANYTHING)
            found = platforms.recognise(document) if document is not None else None
            if document is not None and found is not None:
                self._note(feed, f"reads as {found.title}")
                return await self._as_feed(found.name, feed)
        return self._by_the_page_alone(front)

    def _by_the_page_alone(self, front: Document | None) -> Verdict:
        """The last resort: the page for people says what it is, and every other address is closed to us."""
        found = platforms.recognise(front) if front is not None else None
        if front is None or found is None:
            return self._finished(None, (), (), ())
        try:
            snapshot = platforms.parse(front, found.name)
        except ParseError as error:
            self._doubt(f"{_short(front.url)}: {error}")
            return self._finished(None, (), (), ())
        self._doubt("only the page itself could be read; its feeds and documents answer with something else")
        return self._finished(found.name, self._specs(found.name), (front.url,), (snapshot,))

    async def read_as(self, name: str) -> Verdict:
        """Read the feeds of the platform, the best tier that answers."""
        feeds = self._specs(name)
        for tier in sorted({feed.tier for feed in feeds}):
            specs = [feed for feed in feeds if feed.tier == tier and feed.role is not Role.HISTORY]
            read = [(spec, await self._snapshot(spec, name)) for spec in specs]
            good = [(spec.url, snapshot) for spec, snapshot in read if snapshot is not None]
            if good:
                return self._finished(name, feeds, [url for url, _ in good], [snapshot for _, snapshot in good])
        return self._finished(name, feeds, (), ())

    async def get(self, url: str, accept: str, *, is_certain: bool = False) -> Document | None:
        """The document at an address, once; None where there is none, with the reason unless it is a mere miss."""
        if self.is_shut or url in self.documents or len(self.documents) >= MAX_READS:
            return self.documents.get(url)
        self.documents[url] = None
        request = FetchRequest(url, accept, allow_private=self.target.allow_private)
        try:
            outcome = await fetch(self.client, request, self.clock.now())
        except FetchError as error:
            self._failed(url, error, is_certain=is_certain)
            return None
        if isinstance(outcome, Fetched):
            self.documents[url] = outcome.document
        return self.documents[url]

    async def _front(self, url: str) -> Document | None:
        """The page itself; a move to another host is followed once and noted."""
        request = FetchRequest(url, ANYTHING, allow_private=self.target.allow_private)
        try:
            outcome = await fetch(self.client, request, self.clock.now())
        except FetchError as error:
            if error.reason is FetchReason.REDIRECT and error.location:
                return await self._moved(url, error.location)
            self._failed(url, error, is_certain=True)
            return None
        self.documents[url] = outcome.document if isinstance(outcome, Fetched) else None
        return self.documents[url]

    async def _moved(self, url: str, location: str) -> Document | None:
        new = _joined(url, location)
        parts = split_url(new)
        if parts is None or not parts.netloc:
            self._doubt(f"{_short(url)}: redirects to what is no address")
            return None
        self._note(url, f"redirects to {_short(new)}")
        self.target = replace(self.target, url=f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}")
        return await self.get(new, ANYTHING, is_certain=True)

    def _likely(self, front: Document | None) -> Iterator[str]:
        """Platform names, those with something to speak for them first, each once."""
        names = [name for name in (*self._spoken_for(front), "incidentio", "statuspage") if name in platforms.PLATFORMS]
        return iter(dict.fromkeys(names))

    def _spoken_for(self, front: Document | None) -> Iterator[str]:
        if self.target.platform:
            self._note("catalog", f"lists it as {platforms.PLATFORMS[self.target.platform].title}")
            yield self.target.platform
        host = urlsplit(self.target.url).hostname or ""
        for name, platform in platforms.PLATFORMS.items():
            if any(host == end or host.endswith(f".{end.lstrip('.')}") for end in platform.hosts):
                self._note(host, f"is a host of {platform.title}")
                yield name
        if front is not None:
            yield from self._told_by(front)

    def _told_by(self, front: Document) -> Iterator[str]:
        for header, name in _HEADERS.items():
            if header in front.headers:
                self._note(front.url, f"sends the header {header}")
                yield name
        found = platforms.recognise(front)
        if found is not None:
            self._note(front.url, f"reads as {found.title}")
            yield found.name

    async def _proved(self, name: str) -> Verdict | None:
        """The verdict that the page is of this platform, if reading its addresses bears that out."""
        verdict = await self._recognised(name) if self.target.feed_url is None else await self.read_as(name)
        return verdict if verdict is not None and verdict.snapshots else None

    async def _recognised(self, name: str) -> Verdict | None:
        """A document at one platform's address may show that it is another's: the content decides."""
        for spec in self._specs(name):
            if spec.role is Role.HISTORY:
                continue
            document = await self.get(spec.url, spec.accept)
            found = platforms.recognise(document) if document is not None else None
            if found is not None:
                self._note(spec.url, f"reads as {found.title}")
                is_format = found.name in platforms.FEED_FORMATS
                return await (self._as_feed(found.name, spec.url) if is_format else self.read_as(found.name))
        return None

    async def _as_feed(self, name: str, feed: str) -> Verdict:
        self.target = replace(self.target, feed_url=feed)
        return await self.read_as(name)

    def _specs(self, name: str) -> tuple[FeedSpec, ...]:
        return platforms.PLATFORMS[name].feeds(self.target.feed_url or self.target.url, None)

    async def _snapshot(self, spec: FeedSpec, name: str) -> Snapshot | None:
        document = await self.get(spec.url, spec.accept, is_certain=True)
        if document is None:
            return None
        try:
            return platforms.parse(document, name)
        except ParseError as error:
            self._doubt(f"{_short(spec.url)}: {error}")
            return None

    def _feeds(self, front: Document | None) -> Iterable[str]:
        """Addresses of feeds: the given one, those that the page announces, the usual ones."""
        base = self.target.url
        announced = _announced(front) if front is not None else ()
        usual = (base.rstrip("/") + path for path in USUAL_FEEDS)
        return dict.fromkeys((*filter(None, (self.target.feed_url,)), *announced, *usual))

    def _finished(
        self, name: str | None, feeds: Sequence[FeedSpec], read: Sequence[str], snapshots: Sequence[Snapshot]
    ) -> Verdict:
        verdict = Verdict(
            target=self.target,
            looked_at=self.clock.now(),
            platform=name,
            evidence=tuple(dict.fromkeys(self.evidence)),
            feeds=tuple(feeds),
            read=tuple(read),
            snapshots=tuple(snapshots),
        )
        return replace(verdict, doubts=(*dict.fromkeys(self.doubts), *doubts_about(verdict)))

    def _note(self, source: str, finding: str) -> None:
        self.evidence.append(Evidence(_short(source), finding))

    def _failed(self, url: str, error: FetchError, *, is_certain: bool) -> None:
        """A mere miss is worth a word only where a document was certain to be there."""
        self.is_shut = self.is_shut or error.reason in _SHUT
        if is_certain or error.reason not in _MISSES:
            host = urlsplit(url).hostname or ""
            self._doubt(f"{_short(url)}: {str(error).removeprefix(f'{host}: ')}")

    def _doubt(self, sentence: str) -> None:
        self.doubts.append(sentence)


def _announced(front: Document) -> tuple[str, ...]:
    """Feeds that a page names in `<link rel="alternate">`, on its own host."""
    try:
        root = load_html(front)
    except (ParseError, LxmlError):
        return ()
    links = (_link(element, front.url) for element in root.iter("link") if isinstance(element, HtmlElement))
    host = urlsplit(front.url).hostname
    return tuple(url for url in links if url and urlsplit(url).hostname == host)[:8]


def _link(element: HtmlElement, base: str) -> str:
    is_feed = "alternate" in (element.get("rel") or "").lower() and element.get("type") in _FEED_TYPES
    return _joined(base, element.get("href") or "") if is_feed else ""


def _joined(base: str, url: str) -> str:
    """The address that a page or a server means; empty for what is none (`http://[`)."""
    try:
        joined = urljoin(base, url)
    except ValueError:
        return ""
    return joined if split_url(joined) else ""


def _short(url: str) -> str:
    """An address without its query, which may hold a token."""
    return url.partition("?")[0]
