"""An intake with a real inbox and store, and mails for its page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry

from statuswire.engine.inbox import Inbox
from statuswire.engine.ingest import Recorded
from statuswire.mail.intake import Intake, Trust
from statuswire.mail.reading import read_body
from statuswire.metrics import Metrics
from statuswire.model import Hook, Page
from statuswire.platforms import PLATFORMS
from statuswire.signing import hook_token
from statuswire.store import Store, open_store, queries
from tests.fakes import FakeClock

SECRET = b"0123456789abcdef0123456789abcdef"
PAGE = "https://status.acme-relay.example"
TOKENS = {hook_token(SECRET, slug): slug for slug in ("acme", "polled")}
ACME, POLLED = (f"hook+{token}@ops.example" for token in TOKENS)


def no_dns(name: str, timeout_s: float) -> bytes | None:
    return None


@dataclass
class Parts:
    """`recorded` are the pages and outcomes of all that was read."""

    store: Store
    inbox: Inbox
    intake: Intake
    clock: FakeClock
    recorded: list[tuple[Page, Recorded]] = field(default_factory=list)

    def hooks(self) -> list[Hook]:
        """What waits in the inbox."""
        return self.store.read(lambda tx: queries.waiting_hooks(tx, 100))

    async def read(self) -> list[str]:
        """Read all that waits; the types of the events that came of it."""
        while await self.inbox.read_waiting():
            pass
        return [event.type.value for _, one in self.recorded for event in one.events]


@contextmanager
def parts(trust: Trust | None = None, look_up=no_dns) -> Iterator[Parts]:
    """`acme` only mails, `polled` is a Statuspage."""
    store, clock = open_store("sqlite://"), FakeClock()
    metrics = Metrics(CollectorRegistry(), version="1", platforms=tuple(PLATFORMS), event_types=())
    recorded: list[tuple[Page, Recorded]] = []
    inbox = Inbox(
        store, clock, on_recorded=lambda page, one: recorded.append((page, one)), metrics=metrics, read=read_body
    )
    for slug, platform in (("acme", "email"), ("polled", "statuspage")):
        store.write(
            lambda tx, slug=slug, platform=platform: queries.upsert_page(
                tx, slug=slug, name=slug.title(), url=PAGE, platform=platform, origin="config"
            )
        )
    intake = Intake(inbox, store, clock, metrics, TOKENS.get, trust or Trust(), look_up)
    try:
        yield Parts(store, inbox, intake, clock, recorded)
    finally:
        store.close()


def mail(subject: str = "[Investigating] Slow API", message_id: str = "1", to: str = ACME, **headers: str) -> bytes:
    kept = {
        "From": "status@acme-relay.example",
        "To": to,
        "Date": "Mon, 04 May 2026 09:59:00 +0000",
        "Message-ID": f"<{message_id}@acme-relay.example>" if message_id else "",
        "Subject": subject,
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in kept.items() if value)
    return f"{head}\r\nWe look into it.\r\n".encode()
