"""Which platform serves a page: found by asking little, and proved by reading it.

The order is that of least requests: what is known without asking (catalog, host names), one read of the page itself
(its headers, its markup), the addresses of platforms that something speaks for, then the small documents that platforms
are known by, then feeds, and at last what the page for people shows. Every answer is judged by its content, never by
its status code: half of all hosts answer 200 for any path.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from statuswire.catalog import Target
from statuswire.engine.clock import Clock
from statuswire.errors import FetchError, FetchReason, ParseError, ParseReason
from statuswire.model import Document, FeedSpec, Role, Snapshot
from statuswire.net.fetch import Fetched, FetchRequest, fetch
from statuswire.net.http import HttpClient
from statuswire.platforms import FALLBACKS, FEED_FORMATS, PLATFORMS, VENDORS, parsing
from statuswire.platforms.base import Platform
from statuswire.platforms.reading import split_url, web_page
from statuswire.platforms.sight import Sight
from statuswire.verdict import Evidence, Verdict, doubts_about

ANYTHING = "text/html, application/json;q=0.9, application/atom+xml;q=0.9, application/rss+xml;q=0.9, */*;q=0.5"
MAX_READS = 32
"""Requests for one page at most; with something to speak for a platform it takes two or three."""

CHALLENGES = 2
"""Block pages after which the host is left alone."""

USUAL_FEEDS = ("/history.atom", "/feed.atom", "/history.rss", "/feed.rss", "/feed.json", "/rss", "/feed", "/index.xml")
NOTHING_KNOWN = (
    "nothing that we know speaks for this page: give the address of one of its feeds, "
    "or let it send mail where that is all it does"
)
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


class Detection:
    """One look at one page: reads each address at most once, and collects evidence and doubts."""

    def __init__(self, target: Target, client: HttpClient, clock: Clock) -> None:
        self._target, self._client, self._clock = target, client, clock
        self._evidence: list[Evidence] = []
        self._doubts: list[str] = []
        self._documents: dict[str, Document | None] = {}
        self._page_ids: dict[str, str] = {}
        self._shut_hosts: set[str] = set()
        self._challenges = 0
        self._is_moved_for_good = False

    # --- the two ways to look ---------------------------------------------------------------------------------------

    async def find(self) -> Verdict:
        """The platform, proved by reading it; `platform` None where nothing was recognised."""
        front = await self._front(self._target.feed_url or self._target.url)
        for name in dict.fromkeys(self._spoken_for(front)):
            verdict = await self._proved(name)
            if verdict is not None:
                return verdict
        for url, base in dict((*self._probes(), *((feed, "") for feed in self._feeds(front)))).items():
            verdict = await self._read_probe(url, base)
            if verdict is not None:
                return verdict
        return self._by_the_page_alone(front)

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

    # --- what speaks for a platform -----------------------------------------------------------------------------------

    def _spoken_for(self, front: Document | None) -> Iterator[str]:
        """Names of platforms, what is known without asking first."""
        listed = self._target.platform or self._target.hint
        if listed in PLATFORMS:
            self._note("catalog", f"lists it as {PLATFORMS[listed].title}")
            yield listed
        host = urlsplit(self._target.url).hostname or ""
        for name, platform in PLATFORMS.items():
            if any(host == end or host.endswith(f".{end.lstrip('.')}") for end in platform.hosts):
                self._note(host, f"is a host of {platform.title}")
                yield name
        if front is not None:
            yield from self._told_by(front)

    def _told_by(self, front: Document) -> Iterator[str]:
        sight = Sight(front)
        for name, platform in PLATFORMS.items():
            sign = _sign(platform, front, sight.page)
            if sign:
                self._note(front.url, sign)
                yield name
        found = parsing.recognise(front)
        if found is not None and found.name not in FALLBACKS:
            self._note(front.url, f"reads as {found.title}")
            self._learn_id(found, front)
            yield found.name
        for platform in PLATFORMS.values():
            self._learn_id(platform, front)

    def _learn_id(self, platform: Platform, document: Document) -> None:
        if platform.name not in self._page_ids and (page_id := platform.page_id(document)):
            self._page_ids[platform.name] = page_id

    async def _proved(self, name: str) -> Verdict | None:
        """The verdict that the page is of this platform, if reading its addresses bears that out."""
        verdict = await self._recognised(name) if self._target.feed_url is None else await self.read_as(name)
        return verdict if verdict is not None and verdict.snapshots else None

    async def _recognised(self, name: str) -> Verdict | None:
        """A document at one platform's address may show that it is another's: the content decides."""
        for spec in self._specs(name):
            if spec.role is Role.HISTORY:
                continue
            document = await self._get(spec.url, spec.accept, post=spec.post)
            found = parsing.recognise(document) if document is not None else None
            if document is not None and found is not None and found.name not in FALLBACKS:
                self._note(spec.url, f"reads as {found.title}")
                self._learn_id(found, document)
                return await self._read_found(found.name, spec.url)
        return None

    async def _read_probe(self, url: str, base: str) -> Verdict | None:
        """`base` is the address of the page that this would be a document of; empty for a feed."""
        document = await self._get(url, ANYTHING)
        found = parsing.recognise(document) if document is not None else None
        if document is None or found is None or found.name in FALLBACKS:
            return None
        self._note(url, f"reads as {found.title}")
        self._learn_id(found, document)
        if base:
            self._target = replace(self._target, url=base)
        verdict = await self._read_found(found.name, url)
        return verdict if verdict.snapshots else self._by_document(document, found.name)

    async def _read_found(self, name: str, url: str) -> Verdict:
        """A format that anybody may use is read at the one address where it was met."""
        if name in FEED_FORMATS:
            self._target = replace(self._target, feed_url=url)
        return await self.read_as(name)

    def _by_the_page_alone(self, front: Document | None) -> Verdict:
        """The last resort: the page for people says what it is, and every other address is closed to us."""
        found = parsing.recognise(front) if front is not None else None
        verdict = self._by_document(front, found.name) if front is not None and found is not None else None
        return verdict or self._unknown()

    def _by_document(self, document: Document, name: str) -> Verdict | None:
        """What the one document says that was recognised, where none of those to be polled can be read."""
        try:
            snapshot = parsing.parse(document, name)
        except ParseError as error:
            self._doubt(f"{_short(document.url)}: {error}")
            return None
        what = "the page itself" if Sight(document).page else _short(document.url)
        self._doubt(f"only {what} could be read; its feeds and documents answer with something else")
        return self._finished(name, self._specs(name), (document.url,), (snapshot,))

    def _unknown(self) -> Verdict:
        if not self._shut_hosts:
            self._doubt(NOTHING_KNOWN)
        return self._finished(None, (), (), ())

    # --- addresses ----------------------------------------------------------------------------------------------------

    def _specs(self, name: str) -> tuple[FeedSpec, ...]:
        page_id = self._page_ids.get(name) or self._target.page_id
        return PLATFORMS[name].feeds(self._target.feed_url or self._target.url, page_id)

    def _probes(self) -> Iterator[tuple[str, str]]:
        """The small documents that platforms are known by: below the given address, then at the root of its host."""
        if self._target.feed_url is not None:
            return
        parts = urlsplit(self._target.url)
        bases = dict.fromkeys((self._target.url.rstrip("/"), f"{parts.scheme}://{parts.netloc}"))
        for base in bases:
            for name, platform in PLATFORMS.items():
                yield from ((base + probe, base) for probe in platform.probes if name not in VENDORS)

    def _feeds(self, front: Document | None) -> Iterable[str]:
        """Addresses of feeds: the given one, those that the page announces, the usual ones."""
        base = self._target.url.rstrip("/")
        announced = _announced(front) if front is not None else ()
        return (*filter(None, (self._target.feed_url,)), *announced, *(base + path for path in USUAL_FEEDS))

    # --- reading ------------------------------------------------------------------------------------------------------

    async def _front(self, url: str) -> Document | None:
        """The page itself; a move to another host is followed once and noted."""
        self._documents[url] = None
        try:
            outcome = await self._ask(self._request(url, ANYTHING))
        except FetchError as error:
            if error.reason is FetchReason.REDIRECT and error.location:
                self._is_moved_for_good = error.is_permanent
                return await self._moved(url, error.location)
            self._failed(url, error, is_certain=True)
            return None
        self._documents[url] = outcome
        return outcome

    async def _moved(self, url: str, location: str) -> Document | None:
        new = _joined(url, location)
        parts = split_url(new)
        if parts is None or not parts.netloc:
            self._doubt(f"{_short(url)}: redirects to what is no address")
            return None
        self._note(url, f"redirects to {_short(new)}")
        self._target = replace(self._target, url=f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}")
        return await self._get(new, ANYTHING, is_certain=True)

    async def _get(self, url: str, accept: str, *, post: str = "", is_certain: bool = False) -> Document | None:
        """The document at an address, once; None where there is none, with the reason unless it is a mere miss."""
        if url in self._documents or len(self._documents) >= MAX_READS or urlsplit(url).netloc in self._shut_hosts:
            return self._documents.get(url)
        self._documents[url] = None
        try:
            self._documents[url] = await self._ask(self._request(url, accept, post))
        except FetchError as error:
            self._failed(url, error, is_certain=is_certain)
        return self._documents[url]

    def _request(self, url: str, accept: str, post: str = "") -> FetchRequest:
        target = self._target
        return FetchRequest(url, accept, allow_private=target.allow_private, post=post, page=target.slug)

    async def _ask(self, request: FetchRequest) -> Document | None:
        outcome = await fetch(self._client, request, self._clock.now())
        if not isinstance(outcome, Fetched):
            return None
        document = outcome.document
        self._count_challenge(document)
        return replace(document, time_zone=self._target.time_zone or document.time_zone)

    def _count_challenge(self, document: Document) -> None:
        instead = web_page(Sight(document).page)
        if instead is not None and instead.reason is ParseReason.CHALLENGE:
            self._challenges += 1
            if self._challenges >= CHALLENGES:
                self._shut_hosts.add(urlsplit(document.url).netloc)

    async def _snapshot(self, spec: FeedSpec, name: str) -> Snapshot | None:
        document = await self._get(spec.url, spec.accept, post=spec.post, is_certain=True)
        if document is None:
            return None
        try:
            return parsing.parse(document, name)
        except ParseError as error:
            self._doubt(f"{_short(spec.url)}: {error}")
            return None

    # --- the verdict --------------------------------------------------------------------------------------------------

    def _finished(
        self, name: str | None, feeds: Sequence[FeedSpec], read: Sequence[str], snapshots: Sequence[Snapshot]
    ) -> Verdict:
        verdict = Verdict(
            target=self._target,
            looked_at=self._clock.now(),
            platform=name,
            page_id=self._page_ids.get(name or ""),
            is_moved_for_good=self._is_moved_for_good,
            evidence=tuple(dict.fromkeys(self._evidence)),
            feeds=tuple(feeds),
            read=tuple(read),
            snapshots=tuple(snapshots),
            requests=len(self._documents),
        )
        return replace(verdict, doubts=(*dict.fromkeys(self._doubts), *doubts_about(verdict)))

    def _note(self, source: str, finding: str) -> None:
        self._evidence.append(Evidence(_short(source), finding))

    def _failed(self, url: str, error: FetchError, *, is_certain: bool) -> None:
        """A mere miss is worth a word only where a document was certain to be there."""
        parts = urlsplit(url)
        if error.reason in _SHUT:
            self._shut_hosts.add(parts.netloc)
        if is_certain or error.reason not in _MISSES:
            self._doubt(f"{_short(url)}: {str(error).removeprefix(f'{parts.hostname}: ')}")

    def _doubt(self, sentence: str) -> None:
        self._doubts.append(sentence)


def _sign(platform: Platform, front: Document, page: str) -> str:
    """What a page for people shows of the platform behind it; empty for nothing."""
    for header, beginning in platform.headers:
        if header in front.headers and front.headers[header].startswith(beginning):
            return f"sends the header {header}"
    mark = next((mark for mark in platform.marks if mark in page), None)
    return f"has {mark!r} in its source, as {platform.title} does" if mark else ""


def _announced(front: Document) -> tuple[str, ...]:
    """Feeds that a page names in `<link rel="alternate">`, on its own host."""
    root = Sight(front).tree
    if root is None:
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
