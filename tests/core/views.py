"""A provider seen without any platform between: its documents as Snapshots, of every kind that platforms make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from statuswire.model import (
    AffectedComponent,
    Component,
    Cover,
    Incident,
    IncidentUpdate,
    PageFacts,
    Snapshot,
    Source,
)

from .histories import Provider, TrueIncident, TrueUpdate, View, What, arrivals
from .memory import EVERYTHING, START, Delivery


class SnapshotViews:
    """Summary, history, feeds and hooks of one provider."""

    has_late_hooks = True

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    def polls(self) -> Sequence[View]:
        return (self.state, self.history, self.latest_feed if self.provider.style == "unstamped" else self.feed)

    def at_last(self) -> Sequence[View]:
        return (self.history, self.state, self.state, self.history)

    @property
    def has_stamps(self) -> bool:
        return self.provider.style != "unstamped"

    def state(self) -> Delivery:
        """Everything open and all components, like a summary document."""
        shown = [self._incident(one) for one in self.provider.alive() if one.is_open]
        components = tuple(
            one if self.has_stamps else replace(one, updated_at=None) for one in self.provider.components.values()
        )
        return self._delivery("state", shown, EVERYTHING, components)

    def history(self) -> Delivery:
        """The newest incidents of any phase with all their updates; covers nothing."""
        return self._delivery("history", [self._incident(one) for one in self.provider.alive()[-50:]])

    def feed(self) -> Delivery:
        """A feed with the whole story of each entry, without ids, to the minute."""
        shown = [self._entry(one) for one in self.provider.alive()[-25:]]
        return self._delivery("feed", shown, is_dated=False)

    def latest_feed(self) -> Delivery:
        """A feed with a short window and only the latest update of each entry, to the second."""
        shown = [self._entry(one, precision=timedelta(seconds=1)) for one in self.provider.alive()[-4:]]
        return self._delivery("latest", [replace(one, updates=one.updates[-1:]) for one in shown], is_dated=False)

    def hook(self, what: What) -> Delivery:
        """What the provider pushes about the last step."""
        if isinstance(what, str):
            return self._delivery(None, [], components=(self.provider.components[what],))
        shown = [self._incident(what)]
        return self._delivery(None, [replace(shown[0], updated_at=what.updated_at)])

    def _delivery(
        self,
        feed: str | None,
        incidents: list[Incident],
        covers: frozenset[Cover] = frozenset(),
        components: tuple[Component, ...] = (),
        is_dated: bool = True,
    ) -> Delivery:
        is_dated = is_dated and (self.has_stamps or feed is None)
        snapshot = Snapshot(
            platform=self.provider.style,
            page=PageFacts(name="Acme Relay"),
            as_of=self.provider.updated_at if is_dated else None,
            covers=covers,
            components=components,
            incidents=tuple(incidents),
        )
        source = Source.HOOK if feed is None else Source.POLL
        return Delivery(snapshot, source, self.provider.now, feed, is_history=feed == "history")

    def _incident(self, one: TrueIncident) -> Incident:
        return Incident(
            id=one.id,
            title=one.title,
            kind=one.kind,
            phase=one.phase,
            impact=one.impact,
            created_at=one.created_at,
            started_at=one.created_at,
            updated_at=one.updated_at if self.has_stamps else None,
            components=tuple(AffectedComponent(id_, self.provider.components[id_].name) for id_ in one.components),
            updates=tuple(self._with_id(update) for update in sorted(one.updates, key=lambda each: each.at)),
            backfilled=one.is_backfilled,
        )

    def _with_id(self, update: TrueUpdate) -> IncidentUpdate:
        stamp = update.edited_at if self.has_stamps else None
        return IncidentUpdate(f"id-{update.token}", update.phase, update.text, update.at, stamp)

    def _entry(self, one: TrueIncident, precision: timedelta = timedelta(minutes=1)) -> Incident:
        """As a feed shows it: no impact, no components, the text rendered a little differently."""
        updates = sorted(one.updates, key=lambda each: each.at)
        return Incident(
            id=one.id,
            title=one.title,
            kind=one.kind,
            aliases=(f"tag:{one.id}",),
            updates=tuple(
                IncidentUpdate(
                    "",
                    update.phase,
                    " ".join(update.text.split()).rstrip("."),
                    update.at - (update.at - START) % precision,
                )
                for update in updates
            ),
        )


def _rendered(text: str) -> str:
    return " ".join(text.split()).rstrip(".")


def documents(seed: int, steps: int, style: str) -> tuple[Provider, list[Delivery]]:
    """A provider's life and what arrives of it, in order of arrival. The last ones show the whole truth."""
    provider = Provider(Random(seed), style)
    return provider, arrivals(provider, SnapshotViews(provider), steps)
