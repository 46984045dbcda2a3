"""Rules: routes and silences, the form of a route, and what it would have told beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lxml.html
import pytest

from statuswire.model import AccountRole
from statuswire.store import queries
from statuswire.web.face.routeform import checked, of_body, of_form
from statuswire.web.tools import Busy, Tools, Trial
from tests.web.face.house import FILE, House, open_house, text
from tests.web.parts import Reply

VIEWER = AccountRole.VIEWER
SENT = {"channel": "ops", "messages": 13, "a_week": 1.0, "digests": 0, "stories": 0, "escalations": 2}
MISSED = {
    "page": "acme",
    "id": "i1",
    "title": "Slow API",
    "impact": "major",
    "began_at": "2026-03-01T00:00:00Z",
    "reason": "its impact is minor",
}
MINE = {
    "route": "loud",
    "sent": [SENT],
    "withheld": [{"count": 4, "rule": "hold", "reason": "it passed by itself"}],
    "missed": [MISSED],
    "pages": [["acme", 9]],
    "components": [["acme: API", 7]],
    "told": [],
}
REPORT = {
    "begin": "2026-02-01T00:00:00Z",
    "end": "2026-05-01T00:00:00Z",
    "weeks": 13.0,
    "events": 90,
    "incidents": 11,
    "reached": 3,
    "messages": 26,
    "impact": "major",
    "routes": [MINE],
}


def tree_of(reply: Reply) -> Any:
    return lxml.html.fromstring(reply.body.decode())


def house_with(backtest: Callable[[Trial, Callable[[], object]], dict[str, object]]) -> House:
    return open_house(tools=Tools(backtest=backtest))


# --- the list ----------------------------------------------------------------------------------------------------


def test_routes_say_where_they_come_from_and_only_own_ones_can_be_changed(house: House) -> None:
    house.post("/rules/route", {"do": "save", "name": "loud", "channel": "ops", "impact": ">=major"})
    rows = house.look("/rules", AccountRole.OPERATOR).xpath("//table//tbody/tr")

    told = {row.xpath("./th/text()")[0].strip(): (text(row, "./th/span"), row.xpath(".//a/@href")) for row in rows}
    assert told == {
        "everything": ("of the file", []),
        "loud": ("made here", ["/rules/route?name=loud"]),
        "pager": ("because no route names it", []),
    }


def test_a_route_that_the_file_has_overtaken_is_named_with_the_reason(house: House) -> None:
    body = {"name": "lost", "channel": "gone"}
    house.site.store.write(lambda tx: queries.put_own_route(tx, "lost", body, 0, "ann", house.site.clock.now()))

    assert "The route lost does not count: `channel` names the channel `gone`" in text(house.look("/rules"))


# --- silences ----------------------------------------------------------------------------------------------------


def test_operators_silence_and_end_it(house: House) -> None:
    reply = house.post("/rules/silences", {"page": "acme", "component": "API, v2", "for": "4h", "reason": "moving"})

    assert reply.headers["location"] == "/rules?said=silence-made"
    made = house.site.store.read(lambda tx: queries.silences(tx, house.site.clock.now()))[-1]
    assert (made.filter.pages, made.filter.components, made.reason) == (("acme",), ("API, v2",), "moving")
    assert (made.author, made.until is not None) == ("operator of the house", True)
    assert house.post(f"/rules/silences/{made.id}/end").headers["location"] == "/rules?said=silence-ended"
    assert [one.action for one in house.changes()] == ["silence.end", "silence.add"]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"reason": "x", "for": "1h"}, "It would withhold everything."),
        ({"page": "acme", "for": "1h"}, "Say why"),
        ({"page": "acme", "reason": "x", "for": "until", "until": "2020-01-01"}, "still to come"),
        ({"page": "acme", "reason": "x", "impact": ">=bad"}, "no level is called so"),
    ],
)
def test_a_silence_that_cannot_be_is_shown_again(house: House, fields: dict[str, str], fault: str) -> None:
    reply = house.post("/rules/silences", fields)

    assert reply.status == 400
    assert fault in text(tree_of(reply))
    assert tree_of(reply).xpath("//input[@name='reason']/@value") == [fields.get("reason", "")]
    assert house.changes() == []


def test_viewers_see_rules_and_no_forms(house: House) -> None:
    tree = house.look("/rules")

    assert "page brook, component Docs" in text(tree)
    assert tree.xpath("//main//form | //main//a[starts-with(@href, '/rules/route')]") == []
    assert house.get("/rules/route").status == 403
    for path in ("/rules/route", "/rules/silences", "/rules/silences/1/end"):
        assert house.post(path, {"page": "acme", "reason": "x"}, role=VIEWER).status == 403


# --- the form of a route -----------------------------------------------------------------------------------------

WHOLE: dict[str, list[str]] = {
    "name": ["loud"],
    "channel": ["ops", "pager"],
    "page": ["acme,brook"],
    "component": ["API, v2", "Web"],
    "impact": [">=major"],
    "hold": ["10m"],
    "gate": ["no"],
    "mode": ["first-and-last"],
    "quiet_from": ["22:00"],
    "quiet_to": ["07:00"],
    "quiet_zone": ["Europe/Vienna"],
    "quiet_days": ["mon", "tue"],
    "quiet_loud": [">=major"],
    "escalate_after": ["30m"],
    "escalate_channel": ["pager"],
    "digest": [""],
    "settle": [""],
}


def test_a_form_says_what_the_file_would_hold() -> None:
    assert of_form(WHOLE).body == {
        "name": "loud",
        "channel": ["ops", "pager"],
        "page": ["acme", "brook"],
        "component": ["API, v2", "Web"],
        "impact": [">=major"],
        "hold": "10m",
        "gate": False,
        "mode": "first-and-last",
        "quiet_hours": {
            "from": "22:00",
            "to": "07:00",
            "zone": "Europe/Vienna",
            "loud": ">=major",
            "days": ["mon", "tue"],
        },
        "escalate": {"after": "30m", "channel": ["pager"]},
    }


@pytest.mark.parametrize(
    ("fields", "digest"),
    [
        ({"digest": ["off"]}, False),
        ({"digest": ["hourly"]}, "hourly"),
        ({"digest": ["every"], "digest_every": ["4h"], "digest_zone": ["UTC"]}, {"every": "4h", "zone": "UTC"}),
        ({"digest": ["daily"], "digest_at": ["09:00"]}, {"at": "09:00"}),
        ({"digest": ["daily"]}, "daily"),
    ],
)
def test_digests_in_their_forms(fields: dict[str, list[str]], digest: object) -> None:
    body = of_form({"name": ["x"], "channel": ["ops"], **fields}).body

    assert body["digest"] == digest
    assert of_body("x", body).body == body


def test_a_kept_route_comes_back_into_its_form_as_it_was() -> None:
    body = of_form(WHOLE).body

    assert of_body("loud", body).body == body
    assert of_body("loud", {"name": "loud", "channel": "ops", "page": "acme"}).body == {
        "page": ["acme"],
        "name": "loud",
        "channel": ["ops"],
    }


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "x y"}, "name"),
        ({"channel": "nowhere"}, "channel"),
        ({"hold": "3 lightyears"}, "hold"),
        ({"impact": ">=bad"}, "impact"),
        ({"digest": "every", "digest_every": "1s"}, "digest"),
        ({"quiet_from": "22:00"}, "quiet_hours"),
        ({"escalate_after": "30m"}, "escalate"),
        ({"name": "everything"}, "name"),
    ],
)
def test_what_is_wrong_is_said_by_field(fields: dict[str, str], field: str) -> None:
    given = {"name": "loud", "channel": "ops"} | fields

    assert list(checked(of_form({name: [value] for name, value in given.items()}), FILE).faults) == [field]


def test_what_is_wrong_stands_beside_the_field_with_what_was_written(house: House) -> None:
    reply = house.post("/rules/route", {"do": "try", "name": "loud", "channel": "ops", "hold": "3 lightyears"})

    assert reply.status == 400
    tree = tree_of(reply)
    assert text(tree, "//*[@id='hold-fault']").startswith("Is not a length of time")
    assert tree.xpath("//input[@name='hold']/@value") == ["3 lightyears"]
    assert tree.xpath("//input[@name='channel'][@checked]/@value") == ["ops"]


# --- tried, saved, changed ---------------------------------------------------------------------------------------


def test_what_a_route_would_have_told_is_shown_beside_it_before_it_is_saved() -> None:
    asked: list[Trial] = []

    def backtest(trial: Trial, go_on: Callable[[], object]) -> dict[str, object]:
        asked.append(trial)
        go_on()
        return {"report": REPORT}

    house = house_with(backtest)
    reply = house.post("/rules/route", {"do": "try", "name": "loud", "channel": "ops", "impact": ">=major"})

    beside = text(tree_of(reply), "//aside")
    for said in ("1.0 a week 13 messages", "2.0 a week 26 messages", "Slow API", "passed by itself", "7 acme: API"):
        assert said in beside
    assert asked[0].routes == [
        {"name": "everything", "channel": ["ops"]},
        {"impact": [">=major"], "name": "loud", "channel": ["ops"]},
    ]
    assert house.site.store.read(queries.own_routes) == []
    house.site.store.close()


@pytest.mark.parametrize(
    ("error", "said"),
    [(Busy("one backtest is under way"), "One backtest is under way."), (TimeoutError(), "more than")],
)
def test_why_there_is_no_trial_is_said_in_its_place(error: Exception, said: str) -> None:
    def backtest(trial: Trial, go_on: Callable[[], object]) -> dict[str, object]:
        raise error

    house = house_with(backtest)
    reply = house.post("/rules/route", {"do": "try", "name": "loud", "channel": "ops"})

    assert (reply.status, said in text(tree_of(reply), "//aside")) == (200, True)
    house.site.store.close()


def test_a_saved_route_is_in_force_and_can_be_changed_renamed_and_dropped(house: House) -> None:
    reply = house.post("/rules/route", {"do": "save", "name": "loud", "channel": "ops", "hold": "10m"})
    assert reply.headers["location"] == "/rules?said=route-saved"

    tree = house.look("/rules/route?name=loud", AccountRole.OPERATOR)
    assert tree.xpath("//input[@name='hold']/@value") == ["10m"]
    house.post("/rules/route", {"do": "save", "before": "loud", "name": "quiet", "channel": "ops", "hold": "20m"})
    assert [(one.name, one.body["hold"]) for one in house.site.store.read(queries.own_routes)] == [("quiet", "20m")]
    house.post("/rules/route", {"do": "drop", "before": "quiet", "name": "quiet"})
    assert house.site.store.read(queries.own_routes) == []
    assert {one.actor for one in house.changes()} == {"operator of the house"}


def test_a_new_route_does_not_replace_one_of_its_name(house: House) -> None:
    house.post("/rules/route", {"do": "save", "name": "loud", "channel": "ops"})
    reply = house.post("/rules/route", {"do": "save", "name": "loud", "channel": "pager"})

    assert reply.status == 400
    assert "There is a route loud already." in text(tree_of(reply))


def test_routes_of_the_file_have_no_form_here(house: House) -> None:
    assert house.get("/rules/route?name=everything", AccountRole.OPERATOR).status == 404


def test_u3_a_route_without_the_forms_token_is_not_saved(house: House) -> None:
    assert house.post("/rules/route", {"do": "save", "name": "loud", "channel": "ops"}, csrf="x").status == 403
    assert house.site.store.read(queries.own_routes) == []
