"""What a writer is: a generated provider in, the bytes that its platform would serve or push out.

A writer is a platform turned round, a value made of functions. Every rule of `tests/core/rules` must hold for what its
platform reads out of it again. A new one is a file here and its line in `WRITERS` of `test_written_histories`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from statuswire.model import Document, DocumentKind, FeedSpec, Role, Source
from statuswire.platforms.base import Platform
from tests.core.histories import Provider, TrueIncident, View, What
from tests.core.memory import Delivery
from tests.core.rules import own_id

PAGE_URL = "https://status.acme-relay.example"


def no_hook(_: Provider, __: What) -> None:
    """For platforms that push nothing."""


@dataclass(frozen=True, slots=True)
class Writer:
    """One platform's own renderer.

    `write(provider, url)` gives the document at one of the platform's feeds, None where the page has none there.
    `hook(provider, what)` gives the body pushed after a step, None where none is sent. `incident_id(incident)` is the
    id under which the platform names a true incident. `shows_deletions` and `shows_components` say what can be learnt
    from these documents at all; `styles` are the kinds of provider whose life they can show in full.
    """

    platform: Platform
    write: Callable[[Provider, str], bytes | None]
    hook: Callable[[Provider, What], bytes | None] = no_hook
    incident_id: Callable[[TrueIncident], str] = own_id
    page_url: str = PAGE_URL
    styles: tuple[str, ...] = ("stamped",)
    shows_deletions: bool = True
    shows_components: bool = True


class WrittenViews:
    """A provider seen through its platform: every look is written as bytes and read by the adapter."""

    def __init__(self, writer: Writer, provider: Provider) -> None:
        self.writer = writer
        self.provider = provider
        served = [feed for feed in writer.platform.feeds(writer.page_url, None) if writer.write(provider, feed.url)]
        self._looks: list[tuple[Role, View]] = [(feed.role, partial(self._poll, feed)) for feed in served]

    def polls(self) -> Sequence[View]:
        return [view for _, view in self._looks]

    def at_last(self) -> Sequence[View]:
        """What has ended before what goes on, and the latter twice, for absence may need a second look."""
        state, entries, history = (
            [view for role, view in self._looks if role is wanted]
            for wanted in (Role.STATE, Role.ENTRIES, Role.HISTORY)
        )
        return (*history, *entries, *state, *state, *history)

    def hook(self, what: What) -> Delivery | None:
        body = self.writer.hook(self.provider, what)
        if body is None or self.writer.platform.parse_hook is None:
            return None
        document = Document(body, self.provider.now, kind=DocumentKind.HOOK)
        return Delivery(self.writer.platform.parse_hook(document), Source.HOOK, self.provider.now, None)

    def _poll(self, feed: FeedSpec) -> Delivery:
        body = self.writer.write(self.provider, feed.url)
        assert body is not None, f"{feed.url} was served before"
        snapshot = self.writer.platform.parse(Document(body, self.provider.now, feed.url))
        assert snapshot.problems == ()
        is_history = feed.role is Role.HISTORY
        return Delivery(snapshot, Source.POLL, self.provider.now, feed.url, is_history=is_history)
