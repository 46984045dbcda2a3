"""Documents of pages with a contract are kept in the transaction that records them: which, how long, and no secret."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from statuswire.config import layers, validate
from statuswire.engine import evidence as keeping
from statuswire.engine import ingest
from statuswire.engine.evidence import Check, Keeper
from statuswire.engine.ingest import Recorded
from statuswire.errors import StoreError
from statuswire.model import (
    Component,
    Contract,
    Cover,
    Document,
    DocumentKind,
    Incident,
    IncidentUpdate,
    KeptDocument,
    Page,
    PageFacts,
    Phase,
    Snapshot,
    Source,
    Status,
    Why,
)
from statuswire.signing import hook_token
from statuswire.store import Store, Tx, evidence, open_store, queries

NOW = datetime(2026, 10, 20, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
URL = "https://status.acme.example/api/v2/summary.json"
CONTRACT = Contract("acme", "acme", Decimal("99.9"), {Status.MAJOR_OUTAGE: Decimal(1)}, ZoneInfo("Europe/Berlin"))
SECRET = b"s" * 32


def token(slug: str) -> str:
    return hook_token(SECRET, slug)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    is_shared = request.param == "postgresql"
    with closing(request.getfixturevalue("postgres_process") if is_shared else open_store("sqlite://")) as opened:
        yield opened


class Watched:
    """A page whose documents say whether its only component is well, and what incident there is."""

    def __init__(
        self, store: Store, *, slug: str = "acme", contract: Contract = CONTRACT, secrets: tuple[str, ...] = ()
    ) -> None:
        self.store = store
        self.keep = Keeper([contract], secrets, token).keep
        self.page: Page = store.write(
            lambda tx: queries.upsert_page(tx, slug=slug, name=slug, url="", platform="statuspage", origin="config")
        )

    def take(
        self,
        body: bytes,
        at: datetime,
        *,
        status: Status = Status.OPERATIONAL,
        incident: Incident | None = None,
        source: Source = Source.POLL,
        url: str = URL,
        headers: dict[str, str] | None = None,
    ) -> Recorded:
        snapshot = Snapshot(
            "statuspage", PageFacts(status=status), at, frozenset(Cover) - {Cover.TROUBLED},
            (Component("c1", "API", None, status),), (incident,) if incident else (),
        )  # fmt: skip
        if source is Source.HOOK:
            snapshot = replace(snapshot, covers=frozenset(), components=(), page=PageFacts())
        kind = DocumentKind.HOOK if source is Source.HOOK else DocumentKind.POLL
        document = Document(body, at, url, kind, headers or {})

        def work(tx: Tx) -> Recorded:
            return ingest.record(tx, self.page, snapshot, document=document, source=source, now=at, keep=self.keep)

        return self.store.write(work)

    def kept(self) -> list[KeptDocument]:
        work = partial(evidence.documents_within, page_id=self.page.id, since=NOW - DAY, until=NOW + 400 * DAY)
        return self.store.read(work)

    def bodies(self) -> list[tuple[bytes, Why]]:
        return [(self.body(one.digest), one.why) for one in self.kept()]

    def body(self, digest: str) -> bytes:
        return self.store.read(partial(keeping.read_document, digest=digest)) or b""

    def digests(self) -> list[str]:
        return self.store.read(partial(evidence.digests_after, digest="", limit=100))


@pytest.fixture
def watched(store: Store) -> Watched:
    return Watched(store)


def incident(at: datetime, phase: Phase = Phase.INVESTIGATING) -> Incident:
    update = IncidentUpdate(f"u{at:%d%H%M}", phase, f"Words of {at}.", at)
    return Incident(id="i1", title="Slow API", phase=phase, updated_at=at, updates=(update,))


def test_a_document_that_makes_events_is_kept_as_it_came_with_their_numbers(watched: Watched) -> None:
    watched.take(b"<calm>", NOW)

    recorded = watched.take(
        b"<broken>\xff", NOW + DAY, incident=incident(NOW + DAY), headers={"date": "Wed, 21 Oct 2026 09:59:58 GMT"}
    )

    one = watched.kept()[-1]
    assert (one.digest, one.size_bytes) == (hashlib.sha256(b"<broken>\xff").hexdigest(), 9)
    assert watched.body(one.digest) == b"<broken>\xff"
    assert (one.first_event, one.last_event) == (recorded.events[0].id, recorded.events[-1].id)
    assert (one.why, one.url, one.source, one.received_at) == (Why.EVENT, URL, Source.POLL, NOW + DAY)
    assert one.served_at == NOW + DAY - timedelta(seconds=2)
    assert one.needed_until == datetime(2026, 10, 31, 23, tzinfo=UTC), "the end of October in Berlin"


def test_what_is_new_and_not_told_is_kept_as_a_change_and_of_what_is_not_new_only_the_last(watched: Watched) -> None:
    for minute, body in enumerate((b"first sight", b"same", b"same again", b"and again")):
        watched.take(body, NOW + minute * timedelta(minutes=1))

    assert watched.bodies() == [(b"first sight", Why.CHANGE), (b"and again", Why.LATEST)]
    assert len(watched.digests()) == 2, "bytes that nothing needs are not kept"


def test_an_incident_that_is_only_shown_again_is_no_change(watched: Watched) -> None:
    """Without a stamp of its own, the moment at which it was told last is remembered all the same."""
    unstamped = replace(incident(NOW), updated_at=None)
    for minute in range(3):
        watched.take(b"%d" % minute, NOW + minute * timedelta(minutes=1), incident=unstamped)

    assert watched.bodies() == [(b"0", Why.EVENT), (b"2", Why.LATEST)]


def test_the_same_bytes_again_are_not_kept_again(watched: Watched) -> None:
    for minute in range(3):
        watched.take(b"calm", NOW + minute * timedelta(minutes=1))

    assert watched.bodies() == [(b"calm", Why.CHANGE)]


def test_the_last_document_of_a_month_and_the_first_of_the_next_are_kept(watched: Watched) -> None:
    watched.take(b"first sight", NOW)
    watched.take(b"october", datetime(2026, 10, 31, 22, 59, tzinfo=UTC))
    watched.take(b"november", datetime(2026, 10, 31, 23, 1, tzinfo=UTC))
    watched.take(b"later", NOW + 14 * DAY)
    watched.take(b"last", NOW + 15 * DAY)

    assert watched.bodies() == [
        (b"first sight", Why.CHANGE),
        (b"october", Why.LAST),
        (b"november", Why.FIRST),
        (b"last", Why.LATEST),
    ]


def test_each_address_has_its_own_last_document(watched: Watched) -> None:
    watched.take(b"one", NOW)
    watched.take(b"two", NOW, url=f"{URL}?page=2")
    watched.take(b"three", NOW + DAY)

    assert [body for body, _ in watched.bodies()] == [b"one", b"two", b"three"]


def test_the_body_of_a_hook_is_kept_where_it_made_events_and_not_otherwise(watched: Watched) -> None:
    watched.take(b"calm", NOW)

    watched.take(b"pushed", NOW + DAY, incident=incident(NOW + DAY), source=Source.HOOK, url="")
    watched.take(b"pushed once more", NOW + DAY, incident=incident(NOW + DAY), source=Source.HOOK, url="")
    watched.take(b"later", NOW + 20 * DAY, source=Source.HOOK, url="")

    assert [(one.url, one.source) for one in watched.kept()] == [(URL, Source.POLL), ("", Source.HOOK)]
    assert watched.bodies()[1] == (b"pushed", Why.EVENT)


def test_of_a_page_without_a_contract_nothing_is_kept(store: Store) -> None:
    other = Watched(store, slug="brook")

    other.take(b"calm", NOW, incident=incident(NOW))

    assert other.digests() == []


def test_where_recording_fails_nothing_is_kept(watched: Watched) -> None:
    watched.take(b"calm", NOW)

    def broken(tx: Tx) -> None:
        snapshot = Snapshot("statuspage", PageFacts(), NOW, frozenset(), (), (incident(NOW + DAY),))
        document = Document(b"broken", NOW + DAY, URL)
        ingest.record(tx, watched.page, snapshot, document=document, source=Source.POLL, now=NOW, keep=watched.keep)
        raise RuntimeError("cut off")

    with pytest.raises(RuntimeError):
        watched.store.write(broken)

    assert [body for body, _ in watched.bodies()] == [b"calm"]


def test_forgetting_leaves_what_a_window_needs(watched: Watched) -> None:
    watched.take(b"first sight", NOW)
    watched.take(b"down", NOW + DAY, incident=incident(NOW + DAY))
    watched.take(b"up", NOW + 15 * DAY, incident=incident(NOW + 15 * DAY, Phase.RESOLVED))
    end_of_october = datetime(2026, 10, 31, 23, tzinfo=UTC)

    gone = [
        watched.store.write(partial(evidence.forget_documents, before=before, limit=100))
        for before in (end_of_october, end_of_october + timedelta(seconds=1), NOW + 100 * DAY)
    ]

    assert gone == [0, 1, 1]
    assert [body for body, _ in watched.bodies()] == [b"up"]


# --- secrets -----------------------------------------------------------------------------------------------------

CANARIES = ("canary-bearer-token", "whsec_canarycanary")


def everything(store: Store) -> str:
    """All that is kept, as text."""

    def load(tx: Tx) -> list[object]:
        found: list[object] = [*tx.all("SELECT * FROM evidence"), *tx.all("SELECT digest, size FROM raw_document")]
        for digest in evidence.digests_after(tx, "", 100):
            found.append(keeping.read_document(tx, digest))
        return found

    return repr(store.read(load))


def test_U6_no_header_secret_or_secret_address_is_kept(store: Store) -> None:
    watched = Watched(store, secrets=(f"Bearer {CANARIES[0]}", CANARIES[1], "short"))
    headers = {"authorization": f"Bearer {CANARIES[0]}", "x-signature": CANARIES[1], "set-cookie": "canary-cookie=1"}

    watched.take(f"they say {CANARIES[0]} to us".encode(), NOW, headers=headers)
    watched.take(f"To: hook+{token('acme')}@us.example".encode(), NOW + DAY, incident=incident(NOW + DAY), url="")
    watched.take(
        b"a short one",
        NOW + 2 * DAY,
        url=f"https://ada:canary-password@status.acme.example/x?key={CANARIES[0]}",
        headers=headers,
    )

    kept = watched.kept()
    assert [one.is_withheld for one in kept] == [True, True, False]
    assert [one.url for one in kept] == [URL, "", "https://status.acme.example/x?~f12b2b2c"]
    assert [watched.body(one.digest) for one in kept] == [b"", b"", b"a short one"]
    found = everything(store)
    assert not [word for word in (*CANARIES, token("acme"), "canary") if word in found]


def test_the_keeper_of_a_configuration_knows_its_secrets() -> None:
    text = """
    pages:
      - {slug: acme, url: "https://status.acme.example", bearer_env: TOKEN}
    hooks: {secrets: {statuspage: whsec_canarycanary}}
    contracts: {a: {page: acme, objective: 99}}
    """
    made = validate(layers.parse(text, "f.yaml"), {"TOKEN": CANARIES[0]})
    page = Page(1, "acme", "Acme", "", "statuspage", "config")

    with closing(open_store("sqlite://")) as store:
        store.write(lambda tx: queries.upsert_page(tx, slug="acme", name="", url="", platform="", origin="config"))
        for body in (*CANARIES, "plain"):
            note = keeping.keeper(made, token)(page, Document(body.encode(), NOW, URL), Source.POLL)
            assert note is not None
            store.write(lambda tx, note=note: note(tx, (), True))  # type: ignore[misc]
        kept = store.read(partial(evidence.documents_within, page_id=1, since=NOW, until=NOW + DAY))

    assert sorted(one.is_withheld for one in kept) == [False, True, True]


# --- verifying ---------------------------------------------------------------------------------------------------


def test_what_is_kept_is_checked_against_its_name(watched: Watched) -> None:
    watched.take(b"calm", NOW)
    digest = watched.digests()[0]

    def check() -> Check:
        return watched.store.read(partial(keeping.check_document, digest=digest))

    assert check() is Check.GOOD

    other = keeping.zstandard.ZstdCompressor().compress(b"harm")
    watched.store.write(lambda tx: tx.execute("UPDATE raw_document SET body = :body", {"body": other}))
    assert check() is Check.DAMAGED
    watched.store.write(lambda tx: tx.execute("UPDATE raw_document SET body = :body", {"body": b"no frame"}))
    assert check() is Check.DAMAGED
    with pytest.raises(StoreError, match="cannot be read"):
        watched.body(digest)
    watched.store.write(lambda tx: tx.execute("UPDATE raw_document SET body = :body", {"body": b""}))
    assert check() is Check.WITHHELD
