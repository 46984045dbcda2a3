"""The script: what happens to the simulated providers, second by second.

Every kind of console line occurs: incidents through all phases, a maintenance, component changes and a flap, an
edit, a reopening, a feed that cannot be read and comes back, and updates told twice, by a hook and by a feed, that
must be printed once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from statuswire.demo import incidentio, statuspage
from statuswire.demo.stage import Stage
from statuswire.demo.world import Case
from statuswire.model import Kind, Phase, Status
from statuswire.signing import sign

SECRET = "whsec_c3RhdHVzd2lyZSBkZW1vIHNlY3JldCAwMQ=="  # noqa: S105 - known to all, for loopback only
LENGTH_S = 25.0
"""When the last thing happens; what follows is only the time to see it."""


@dataclass(frozen=True, slots=True)
class HookPost:
    """A webhook that a provider sends to the service under watch."""

    path: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


Action = Callable[[Stage, datetime], HookPost | None]


@dataclass(frozen=True, slots=True)
class Step:
    """`at_s` seconds after the curtain; `says` is what happens, for a reader of the script."""

    at_s: float
    says: str
    act: Action


def opening(stage: Stage, now: datetime, speed: float) -> None:
    """What is already so when the watching begins: a maintenance is announced."""
    begins = now + timedelta(seconds=15.6 / speed)
    upgrade = Case("acme-upgrade", "Database upgrade", Kind.MAINTENANCE, "maintenance", now, ("Console",))
    upgrade.scheduled_for, upgrade.scheduled_until = begins, begins + timedelta(seconds=4.6 / speed)
    stage.providers["acme-relay"].begin(upgrade, Phase.SCHEDULED, "The console will be read-only for a while.", now)


def opened(slug: str, key: str, title: str, impact: str, text: str, *parts: str) -> Action:
    """An incident begins."""

    def act(stage: Stage, now: datetime) -> None:
        case = Case(key, title, Kind.INCIDENT, impact, now, parts)
        stage.providers[slug].begin(case, Phase.INVESTIGATING, text, now)

    return act


def posted(slug: str, key: str, phase: Phase, text: str) -> Action:
    """One more update."""

    def act(stage: Stage, now: datetime) -> None:
        stage.providers[slug].post(key, phase, text, now)

    return act


def edited(slug: str, key: str, text: str) -> Action:
    def act(stage: Stage, now: datetime) -> None:
        stage.providers[slug].edit(key, text, now)

    return act


def turned(slug: str, part: str, status: Status) -> Action:
    """A component changes its level."""

    def act(stage: Stage, now: datetime) -> None:
        stage.providers[slug].set_level(part, status, now)

    return act


def darkened(slug: str, is_dark: bool) -> Action:
    def act(stage: Stage, now: datetime) -> None:
        stage.providers[slug].is_dark = is_dark

    return act


def together(*actions: Action) -> Action:
    """Several changes of one moment; the hook of the last one that sends any."""

    def act(stage: Stage, now: datetime) -> HookPost | None:
        sent = [post for action in actions if (post := action(stage, now)) is not None]
        return sent[-1] if sent else None

    return act


def subscriber_hook(slug: str, key: str) -> Action:
    """The Statuspage hook about a case, which its feed tells too."""

    def act(stage: Stage, now: datetime) -> HookPost:
        return HookPost("/webhook/statuspage", statuspage.hook(stage.providers[slug], key, stage.bases[slug]))

    return act


def signed_hook(slug: str, key: str) -> Action:
    """The incident.io hook about a case, signed; the page tells the same update."""

    def act(stage: Stage, now: datetime) -> HookPost:
        body = incidentio.hook(stage.providers[slug], key)
        headers = sign(body, SECRET, f"msg_{key}_{int(now.timestamp() * 1000)}", now)
        return HookPost("/webhook/incident-io", body, headers)

    return act


def any_hook(provider: str, title: str, status: str) -> Action:
    """A home-made webhook of a provider that has no page at all."""

    def act(stage: Stage, now: datetime) -> HookPost:
        incident = {"name": title, "status": {"label": status}}
        body = {"event_type": "incident.opened", "data": {"id": "fox-7", "incident": incident}}
        return HookPost(f"/webhook/generic/{provider}", msgspec.json.encode(body))

    return act


def hooked(action: Action) -> Action:
    """Something happens to Brook's incident, and its hook is quicker than its feed, which tells the same."""
    return together(action, subscriber_hook("brook-pay", "brook-slow"))


SCRIPT: tuple[Step, ...] = (
    Step(
        1.8,
        "Acme's API fails",
        together(
            turned("acme-relay", "API", Status.PARTIAL_OUTAGE),
            opened(
                "acme-relay",
                "acme-api",
                "Elevated error rates",
                "major",
                "We are investigating elevated errors.",
                "API",
            ),
        ),
    ),
    Step(
        3.2,
        "Brook's payments are slow; its hook is quicker than its feed",
        hooked(opened("brook-pay", "brook-slow", "Slow payments", "minor", "Card payments take longer.", "Payments")),
    ),
    Step(4.6, "Acme knows why", posted("acme-relay", "acme-api", Phase.IDENTIFIED, "A bad deploy is rolled back.")),
    Step(
        5.5,
        "Borealis degrades",
        together(
            turned("borealis", "Chat", Status.DEGRADED),
            opened("borealis", "borealis-chat", "Slow chat answers", "minor", "Answers take longer.", "Chat"),
        ),
    ),
    Step(
        6.4,
        "Cinder loses packets",
        opened("cinder", "cinder-net", "Packet loss", "minor", "In region West.", "Network"),
    ),
    Step(
        7.4,
        "Borealis knows why, by hook and page",
        together(
            posted("borealis", "borealis-chat", Phase.IDENTIFIED, "A cache is being rebuilt."),
            signed_hook("borealis", "borealis-chat"),
        ),
    ),
    Step(8.3, "Dune's server goes dark", darkened("dune-mail", True)),
    Step(
        9.2,
        "Acme watches",
        together(
            turned("acme-relay", "API", Status.OPERATIONAL),
            posted("acme-relay", "acme-api", Phase.MONITORING, "A fix is in place and we are watching."),
        ),
    ),
    Step(
        10.1,
        "Ember has trouble",
        opened("ember-desk", "ember-1", "Tickets are late", "minor", "Up to 5 min.", "Tickets"),
    ),
    Step(11.0, "Acme is well", posted("acme-relay", "acme-api", Phase.RESOLVED, "This incident has been resolved.")),
    Step(12.0, "Acme's webhooks flap: down", turned("acme-relay", "Webhooks", Status.DEGRADED)),
    Step(13.3, "up", turned("acme-relay", "Webhooks", Status.OPERATIONAL)),
    Step(13.8, "Brook is well", hooked(posted("brook-pay", "brook-slow", Phase.RESOLVED, "Payments are quick again."))),
    Step(14.7, "down again", turned("acme-relay", "Webhooks", Status.DEGRADED)),
    Step(15.2, "Dune's server is back before the fourth look", darkened("dune-mail", False)),
    Step(
        15.6,
        "Acme's maintenance begins",
        together(
            turned("acme-relay", "Console", Status.MAINTENANCE),
            posted("acme-relay", "acme-upgrade", Phase.IN_PROGRESS, "The upgrade is under way."),
        ),
    ),
    Step(16.1, "and up", turned("acme-relay", "Webhooks", Status.OPERATIONAL)),
    Step(16.6, "Borealis watches", posted("borealis", "borealis-chat", Phase.MONITORING, "Answers are quick again.")),
    Step(17.5, "Cinder is well", posted("cinder", "cinder-net", Phase.RESOLVED, "The link was replaced.")),
    Step(17.9, "Borealis corrects itself", edited("borealis", "borealis-chat", "Most answers are quick again.")),
    Step(18.9, "Foxglove sends a hook of its own", any_hook("foxglove", "Orders are delayed", "Investigating")),
    Step(
        19.3,
        "Brook has a relapse",
        hooked(posted("brook-pay", "brook-slow", Phase.INVESTIGATING, "Payments are slow once more.")),
    ),
    Step(
        20.2,
        "Acme's maintenance ends",
        together(
            turned("acme-relay", "Console", Status.OPERATIONAL),
            posted("acme-relay", "acme-upgrade", Phase.COMPLETED, "The upgrade is complete."),
        ),
    ),
    Step(21.2, "Ember is well", posted("ember-desk", "ember-1", Phase.RESOLVED, "All tickets are delivered.")),
    Step(
        22.1,
        "Dune tells what it was",
        opened("dune-mail", "dune-1", "Mail was not delivered", "major", "A disk was full.", "Inbox"),
    ),
    Step(
        23.0,
        "Borealis is well",
        together(
            turned("borealis", "Chat", Status.OPERATIONAL),
            posted("borealis", "borealis-chat", Phase.RESOLVED, "All models answer as usual."),
        ),
    ),
    Step(23.9, "Dune is well", posted("dune-mail", "dune-1", Phase.RESOLVED, "All mail is delivered.")),
    Step(
        LENGTH_S,
        "Brook is well for good",
        hooked(posted("brook-pay", "brook-slow", Phase.RESOLVED, "A router was replaced.")),
    ),
)
