"""The thread of one incident: newest first, edits folded, our own marks between, and what may be done about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from statuswire.engine.planner import Rules
from statuswire.model import (
    AffectedComponent,
    Delivery,
    DeliveryState,
    EventType,
    MarkKind,
    MessageKind,
    Phase,
    Route,
    Status,
    Verdict,
    VerdictKind,
)
from statuswire.store import queries
from statuswire.web import paths
from statuswire.web.face.incident import incident as view
from statuswire.web.needs import NOBODY
from tests.web.face.looking import OPERATOR, VIEWER, ask_of, seen, text_of, tree_of
from tests.web.filling import NOW, blind, incident, minutes, put, told, update
from tests.web.parts import Site

FORM = {
    "content-type": "application/x-www-form-urlencoded",
    "host": "127.0.0.1:8000",
    "origin": "http://127.0.0.1:8000",
}
COURSE = [
    update("u1", "We look into it.", 60),
    update("u2", "A bad deploy.", 30, Phase.IDENTIFIED),
    update("u3", "Rolled back.", 10, Phase.MONITORING),
]


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    made.replace(rules=lambda: Rules(routes=(Route("ops", ("slack",)),)))
    yield made
    made.store.close()


def shown(site: Site, id_: str = "i1", **how: Any) -> Any:
    params = {"slug": "acme", "id": paths.segment(id_)}
    return tree_of(seen(view, ask_of(site, paths.incident_path("acme", id_), params=params, **how)))


def thread(tree: Any) -> list[str]:
    return [text_of(one) for one in tree.xpath("//ol[@id='thread']/li")]


def test_the_thread_is_newest_first_with_the_providers_time_and_ours(site: Site) -> None:
    put(site.store, "acme", incidents=[incident("i1", updates=COURSE, phase=Phase.MONITORING)])

    said = shown(site).xpath("//li[@class='said']")

    assert [text_of(one) for one in said] == [
        "Monitoring 2026-05-04 09:50 UTC 10 min ago seen 7 s later Rolled back.",
        "Identified 2026-05-04 09:30 UTC 30 min ago seen 7 s later A bad deploy.",
        "Investigating 2026-05-04 09:00 UTC 1 h ago seen 7 s later We look into it.",
    ]


def test_an_edit_is_shown_as_one_with_the_old_words_struck_and_folded(site: Site) -> None:
    one = incident("i1", updates=COURSE[:1])
    page = put(site.store, "acme", incidents=[one])
    told(site.store, page, one, EventType.INCIDENT_CREATED, COURSE[0], "We lok into it.")
    told(site.store, page, one, EventType.INCIDENT_EDITED, COURSE[0])

    (said,) = shown(site).xpath("//li[@class='said']")

    assert "edited" in text_of(said)
    assert [text_of(old) for old in said.xpath("./details/blockquote/del")] == ["We lok into it."]
    assert said.xpath("./details/@open") == []


def test_our_own_marks_stand_between_the_updates(site: Site) -> None:
    one = incident("i1", updates=COURSE)
    page = put(site.store, "acme", incidents=[one])
    first, second, _ = (told(site.store, page, one, EventType.INCIDENT_UPDATED, said) for said in COURSE)
    silenced = Verdict(second.id, "ops", VerdictKind.SUPPRESSED, "silenced: not used")
    site.store.write(lambda tx: queries.add_verdicts(tx, [silenced], second.seen_at))

    lines = thread(shown(site))

    assert lines[1] == "Not told by route ops: silenced: not used 2026-05-04 09:30 UTC"
    assert lines[-1] == f"First seen here, by {first.source} 2026-05-04 08:48 UTC"


def test_components_are_shown_with_their_state_at_that_moment(site: Site) -> None:
    part = AffectedComponent("c", "API", "Europe", Status.PARTIAL_OUTAGE)
    first, second = replace(COURSE[0], components=(part,)), replace(COURSE[1], components=(part,))
    third = replace(COURSE[2], components=(replace(part, status=Status.DEGRADED),))
    put(site.store, "acme", incidents=[incident("i1", updates=[first, second, third])])

    said = shown(site).xpath("//li[@class='said']")

    chips = [[text_of(chip) for chip in one.xpath(".//li")] for one in said]
    assert chips == [["Europe API: Degraded"], [], ["Europe API: Partial outage"]]


def test_markup_of_the_provider_is_kept_and_nothing_of_it_acts(site: Site) -> None:
    hostile = update("u1", "x", raw='<b>Fixed</b><script>alert(1)</script><a href="javascript:x" onclick="y">z</a>')
    put(site.store, "acme", incidents=[incident("i1", "<script>", updates=[hostile], url="javascript:x")])

    tree = shown(site)

    assert [text_of(one) for one in tree.xpath("//blockquote/b")] == ["Fixed"]
    assert tree.xpath("//main//script | //@onclick | //a[starts-with(@href, 'javascript')]") == []


@pytest.mark.parametrize("id_", ["tag:x,2026:1/2", "../..", "a b?c#d%2F", "~coded", "é", "<b>", "."])
def test_any_id_of_a_provider_has_an_address(site: Site, id_: str) -> None:
    put(site.store, "acme", incidents=[incident(id_, "Odd")])

    reply = site.get(paths.incident_path("acme", id_))

    assert (reply.status, b"Odd" in reply.body) == (200, True)


def test_an_incident_that_is_not_known_is_not_found(site: Site) -> None:
    put(site.store, "acme")

    assert site.get("/pages/acme/incidents/nothing").status == 404
    assert site.get("/pages/nobody/incidents/nothing").status == 404


def test_what_was_sent_is_shown_to_viewers_alone(site: Site) -> None:
    one = incident("i1", updates=COURSE[:1])
    page = put(site.store, "acme", incidents=[one])
    event = told(site.store, page, one, EventType.INCIDENT_CREATED, COURSE[0])
    sent = Delivery(0, "slack", "l", "msg_1", MessageKind.EVENT, (event.id,), "acme/incident/i1", "ops")
    site.store.write(lambda tx: queries.add_delivery(tx, sent, "slack", NOW))
    (listed,) = site.store.read(lambda tx: queries.delivery_list(tx, since=NOW - minutes(1), limit=1))
    site.store.write(lambda tx: queries.give_up(tx, [listed.delivery], DeliveryState.DELIVERED, "", NOW))
    site.replace(is_public=True)

    viewer, public = (shown(site, principal=who) for who in (VIEWER, NOBODY))

    (row,) = viewer.xpath("//table[@id='sent']/tbody/tr")
    assert text_of(row).startswith("slack ops delivered")
    assert "Delivered on slack" in thread(viewer)[0]
    assert "slack" not in text_of(public)


def test_many_deliveries_are_folded(site: Site) -> None:
    one = incident("i1", updates=COURSE[:1])
    page = put(site.store, "acme", incidents=[one])
    event = told(site.store, page, one, EventType.INCIDENT_CREATED, COURSE[0])

    def send(number: int) -> None:
        sent = Delivery(0, "slack", "l", f"msg_{number}", MessageKind.EVENT, (event.id,), "acme/incident/i1", "ops")
        site.store.write(lambda tx: queries.add_delivery(tx, sent, "slack", NOW))

    for number in range(10):
        send(number)
    few = shown(site, principal=VIEWER)
    send(10)

    assert few.xpath("//details[@id='d-sent']/@open")
    assert shown(site, principal=VIEWER).xpath("//details[@id='d-sent']/@open") == []
    assert text_of(shown(site, principal=VIEWER).xpath("//details[@id='d-sent']/summary")[0]) == "11 deliveries"


def test_only_operators_are_offered_to_do_something_and_only_while_it_goes_on(site: Site) -> None:
    put(site.store, "acme", incidents=[incident("i1"), incident("i2", phase=Phase.RESOLVED)])

    offers = [
        len(shown(site, id_, principal=who).xpath("//main//form"))
        for id_, who in (("i1", OPERATOR), ("i1", VIEWER), ("i2", OPERATOR))
    ]

    assert offers == [3, 0, 0]


def test_u3_every_form_carries_the_token_against_forgery(site: Site) -> None:
    put(site.store, "acme", incidents=[incident("i1")])

    forms = shown(site, principal=OPERATOR).xpath("//form[@method='post']")

    assert [form.xpath("./input[@name='csrf']/@value") for form in forms] == [["c-s-r-f"]] * len(forms)


def test_acknowledging_and_taking_it_back(site: Site) -> None:
    put(site.store, "acme", incidents=[incident("i1")])
    marks = lambda: site.store.read(lambda tx: queries.all_marks(tx, NOW))  # noqa: E731

    reply = site.post("/pages/acme/incidents/i1/acknowledge", b"reason=on+it", FORM)

    assert (reply.status, reply.headers["location"]) == (303, "/pages/acme/incidents/i1")
    assert [(one.kind, one.reason) for one in marks()] == [(MarkKind.ACKNOWLEDGED, "on it")]
    assert "Acknowledged by local: on it" in thread(shown(site))[0]

    site.post("/pages/acme/incidents/i1/acknowledge", b"back=1", FORM)

    assert marks() == []
    changes = site.store.read(lambda tx: queries.audit_list(tx, limit=9))
    subject = "page/acme/i1"
    assert [(one.actor, one.action, one.subject) for one in changes] == [
        ("local", "mark.drop", subject),
        ("local", "mark.set", subject),
    ]


def test_snoozing_holds_as_long_as_was_chosen(site: Site) -> None:
    put(site.store, "acme", incidents=[incident("i1")])

    site.post("/pages/acme/incidents/i1/snooze", b"for=1h", FORM)

    (mark,) = site.store.read(lambda tx: queries.all_marks(tx, NOW))
    assert mark.until is not None
    assert (mark.kind, (mark.until - NOW).total_seconds()) == (MarkKind.SNOOZED, 3600)


def test_a_silence_means_the_component_by_its_very_name(site: Site) -> None:
    put(site.store, "acme", incidents=[incident("i1")])

    reply = site.post("/pages/acme/incidents/i1/silence", b"component=Disks+%5Ba*%5D&for=1d&reason=x", FORM)

    (one,) = site.store.read(lambda tx: queries.silences(tx, NOW))
    assert reply.status == 303
    assert (one.filter.pages, one.filter.components, one.reason) == (("acme",), ("Disks [[]a[*]]",), "x")


def test_what_cannot_be_done_is_said(site: Site) -> None:
    put(site.store, "acme", incidents=[incident("i1", phase=Phase.RESOLVED)])

    reply = site.post("/pages/acme/incidents/i1/acknowledge", b"", FORM)

    assert reply.status == 409
    assert b"Nothing on acme is called i1" in reply.body


def test_an_incident_of_a_page_that_cannot_be_read_says_so(site: Site) -> None:
    put(site.store, "acme", incidents=[incident("i1")], health=blind(14))

    assert "The page could not be read since 2026-05-04 09:46 UTC" in text_of(shown(site))
