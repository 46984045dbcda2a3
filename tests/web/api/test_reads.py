"""Lists: filters, parts, ETags, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from statuswire.errors import StoreError, StoreReason
from statuswire.model import Filter, Silence
from statuswire.store import queries
from statuswire.store.queries import EventQuestion
from statuswire.web.needs import NOBODY
from tests.web.api.seed import API, RULES, let_ask
from tests.web.filling import put
from tests.web.parts import Reply, Site


def get(site: Site, target: str) -> Any:
    reply = site.get(API + target)
    assert reply.status == 200, reply.body
    return reply.json


def ids(site: Site, target: str) -> list[Any]:
    return [one.get("id", one.get("slug")) for one in get(site, target)["items"]]


# --- filters -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/pages", ["acme", "brook", "calm"]),
        ("/pages?page=a*", ["acme"]),
        ("/pages?page=acme,brook", ["acme", "brook"]),
        ("/pages?page=acme&page=brook", ["acme", "brook"]),
        ("/pages?tag=critical-path", ["acme"]),
        ("/pages?category=payments", ["brook"]),
        ("/pages?status=operational", ["calm"]),
        ("/pages?status=major_outage,partial_outage", ["acme", "brook"]),
        ("/pages?q=RELAY", ["acme"]),
        ("/pages?q=nothing", []),
        ("/components?page=acme", ["c1", "c2", "c3"]),
        ("/components?page=acme&status=degraded", ["c1"]),
        ("/components?component=Europe%20/%20*&page=acme", ["c1", "c2"]),
        ("/incidents?page=acme", ["i1", "i2", "https://status.acme.example/i1/3"]),
        ("/incidents?page=acme&open=true", ["i1"]),
        ("/incidents?page=acme&open=false&limit=1", ["i2"]),
        ("/incidents?page=acme&impact=>=major", ["i1"]),
        ("/incidents?page=acme&phase=resolved&component=API", ["https://status.acme.example/i1/3"]),
        ("/incidents?page=acme&since=2026-05-03", ["i1"]),
        ("/incidents?page=acme&until=2026-05-01", ["https://status.acme.example/i1/3"]),
        ("/incidents?page=acme&id=https://status.acme.example/i1/3", ["https://status.acme.example/i1/3"]),
        ("/maintenances?tag=critical-path", ["m1"]),
        ("/maintenances?page=acme&phase=completed", []),
        ("/events?page=acme&type=incident.*", [1, 2, 3, 4, 5, 6]),
        ("/events?page=acme&type=incident.*&order=newest&limit=2", [6, 5]),
        ("/events?page=acme&type=incident.created,incident.resolved", [1, 4]),
        ("/events?impact=major&source=hook&component=API&phase=identified&type=incident.created", [1, 23]),
        ("/events?tag=critical-path&type=page.status_changed", [18]),
        ("/events?page=acme&since=2026-05-04T09:03:00Z&until=2026-05-04T09:05:00Z", [4, 5]),
        ("/events?page=calm", []),
        ("/events?page=acme&type=incident.created&since=0001-01-01&until=9999-12-31T23:59:59Z", [1]),
        ("/feeds?page=acme&state=failing", [2]),
        ("/deliveries?channel=ops", [2, 1]),
        ("/deliveries?state=waiting", [3]),
        ("/deliveries?since=2026-05-04T09:58:30Z", [1]),
        ("/hooks/quarantined", [1, 2]),
        ("/catalog?q=opnai&limit=1", ["openai"]),
    ],
)
def test_filters_mean_what_they_mean_in_routes(site: Site, target: str, expected: list[Any]) -> None:
    assert ids(site, target) == expected


def test_an_incident_is_found_by_its_id_and_has_its_updates(site: Site) -> None:
    found = get(site, "/pages/acme/incidents/i1")

    assert [one["text"] for one in found["updates"]] == ["We look.", "A bad deploy."]


def test_an_incident_has_its_wordings_its_reach_and_what_was_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    found = get(site, "/pages/acme/incidents/i1")
    site.replace(is_public=True)
    let_ask(monkeypatch, NOBODY)
    public = get(site, "/pages/acme/incidents/i1")

    assert [[one["text"] for one in update["versions"]] for update in found["updates"]] == [
        ["We look."],
        ["A bad deploy."],
    ]
    assert [(one["impact"], one["components"][0]["name"]) for one in found["reach"]] == [("major", "API")]
    assert [one["id"] for one in found["ours"]["deliveries"]] == [1, 2, 3]
    assert found["ours"]["events"][0]["verdicts"][0]["route"] == "ops"
    assert [one["kind"] for one in found["ours"]["marks"]] == ["acknowledged"]
    assert public == found | {"ours": None}


def test_a_page_says_what_is_wrong_and_what_belongs_to_it(site: Site) -> None:
    page = get(site, "/pages/acme")

    assert (page["state"], page["tags"], page["category"]) == ("partial_outage", ["critical-path"], "communication")
    assert page["components"] == {"degraded": 1, "operational": 1, "unknown": 1}
    assert get(site, "/pages/brook")["suggested_url"] == "https://status.brook-pay.example"


def test_components_stand_in_their_groups(site: Site) -> None:
    groups = get(site, "/pages/acme/components")["groups"]

    assert [(one["group"], [row["name"] for row in one["components"]]) for one in groups] == [
        ("Europe", ["API", "Web"]),
        (None, ["Docs"]),
    ]


def test_verdicts_tell_of_every_route(site: Site) -> None:
    verdicts = get(site, "/events/1/verdicts")["verdicts"]

    assert {one["route"]: one["verdict"] for one in verdicts} == {"ops": "told", "pager": "not looked at"}


def test_channels_tell_how_sending_goes(site: Site) -> None:
    states = {one["name"]: (one["state"], one["waiting"]) for one in get(site, "/channels")["items"]}

    assert states == {"ops": ("ok", 0), "pager": ("disabled", 1), "spare": ("unused", 0)}


def test_the_secret_address_of_a_page_is_the_one_that_is_believed(site: Site) -> None:
    address = get(site, "/pages/acme/hook")

    assert address["path"] == f"/hooks/{site.addresses.token('acme')}"
    assert address["url"] == "http://127.0.0.1:8000" + address["path"]


# --- parts -------------------------------------------------------------------------------------------------------

LISTS = [
    "/pages",
    "/components",
    "/incidents",
    "/incidents?component=API",
    "/maintenances",
    "/events",
    "/events?order=newest",
    "/events?impact=major",
    "/feeds",
    "/hooks/addresses",
    "/hooks/quarantined",
    "/channels",
    "/routes",
    "/silences",
    "/marks",
    "/deliveries",
    "/correlations",
]


@pytest.mark.parametrize("target", LISTS)
def test_parts_of_one_make_the_whole_list(site: Site, target: str) -> None:
    joint = "&" if "?" in target else "?"
    whole = get(site, f"{target}{joint}limit=1000")
    found: list[Any] = []
    after = ""
    for _ in range(100):
        part = get(site, f"{target}{joint}limit=1{after}")
        assert len(part["items"]) <= 1
        found += part["items"]
        if part["next"] is None:
            break
        after = f"&after={part['next']}"

    assert found == whole["items"] and whole["next"] is None


def test_a_silence_of_the_file_that_ends_between_two_parts_hides_no_other(site: Site) -> None:
    soon = site.clock.now() + timedelta(seconds=10)
    ends = {"a": soon, "b": None, "c": None}
    rules = replace(RULES, silences=tuple(Silence(Filter(pages=(slug,)), slug, end) for slug, end in ends.items()))
    site.replace(rules=lambda: rules)
    part = get(site, "/silences?limit=2")
    site.clock._elapsed += 30

    following = get(site, f"/silences?after={part['next']}")

    assert [one["reason"] for one in (*part["items"], *following["items"])][:3] == ["a", "b", "c"]


@pytest.mark.parametrize("target", LISTS)
@pytest.mark.parametrize("cursor", ["x", "!!!", "W10", "WzFlOTld", "Wy0xXQ", "é", "9" * 40, "bnVsbA"])
def test_a_cursor_that_no_list_gave_out_is_refused(site: Site, target: str, cursor: str) -> None:
    joint = "&" if "?" in target else "?"

    reply = site.get(f"{API}{target}{joint}after={cursor}")

    assert (reply.status, reply.code) == (400, "bad_parameter")


def test_the_log_is_gone_through_in_spans_and_never_further_in_one_look(site: Site, monkeypatch: Any) -> None:
    monkeypatch.setattr("statuswire.store.browsing.EVENT_SPAN", 10)
    question = EventQuestion(pages=(2,))

    found = site.store.read(lambda tx: queries.event_rows(tx, question, 5))
    rest = site.store.read(lambda tx: queries.event_rows(tx, replace(question, after=20), 5))

    assert (found.rows, found.ended_at) == ((), 10)
    assert [id_ for id_, _, _ in rest.rows] == [23, 24, 25, 26, 27]


# --- ETags -------------------------------------------------------------------------------------------------------


def conditional(site: Site, target: str, tag: str, method: str = "GET") -> Reply:
    return site.run(lambda: site.request(method, API + target, headers={"if-none-match": tag}))


@pytest.mark.parametrize("target", ["/pages", "/pages/acme", "/events", "/routes", "/catalog?q=openai", "/feeds"])
@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_what_the_caller_has_already_is_304_without_a_body(site: Site, target: str, form: str) -> None:
    tag = site.get(API + target).headers["etag"]

    reply = conditional(site, target, form.format(tag))

    assert (reply.status, reply.body, reply.headers["etag"]) == (304, b"", tag)
    assert reply.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize(
    "target",
    ["/status", "/stats", "/health", "/reports/incidents", "/reports/noise", "/reports/lag", "/pages/acme/signals"],
)
def test_the_mere_passing_of_time_is_no_news(site: Site, target: str) -> None:
    first = site.get(API + target)
    site.clock._elapsed += 30

    later, again = site.get(API + target), conditional(site, target, first.headers["etag"])

    assert later.json != first.json
    assert (again.status, again.headers["etag"][:3]) == (304, 'W/"')


def test_what_happens_is_news_all_the_same(site: Site) -> None:
    before = site.get(f"{API}/status").headers["etag"]
    put(site.store, "quiet", "Quiet")

    assert conditional(site, "/status", before).status == 200


def test_another_tag_is_answered_in_full_and_a_change_has_another_tag(site: Site) -> None:
    before = site.get(f"{API}/marks")
    site.store.write(lambda tx: tx.execute("DELETE FROM mark"))
    after = conditional(site, "/marks", before.headers["etag"])

    assert after.status == 200
    assert after.headers["etag"] != before.headers["etag"]


# --- who ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def public(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Anybody asks, and may see the state of pages."""

    let_ask(monkeypatch, NOBODY)
    site.replace(is_public=True)
    return site


def test_the_public_sees_no_events_of_our_reading(public: Site) -> None:
    types = {one["type"] for one in get(public, "/events")["items"]}
    number = public.store.read(lambda tx: tx.one("SELECT id FROM event WHERE type = 'feed.failing'"))

    assert not [one for one in types if one.startswith("feed.")] and "incident.created" in types
    assert get(public, "/events?type=feed.*")["items"] == []
    assert number is not None and public.get(f"{API}/events/{number[0]}").code == "unknown_item"


@pytest.mark.parametrize("target", ["/feeds", "/channels", "/routes", "/deliveries", "/hooks", "/pages/acme/hook"])
def test_the_public_sees_no_more_than_the_state_of_pages(public: Site, target: str) -> None:
    assert public.get(API + target).code == "unauthenticated"


def test_everybody_may_ask_who_they_are(public: Site) -> None:
    assert get(public, "/me") == {"kind": "nobody", "name": "", "role": None, "scopes": []}


# --- errors ------------------------------------------------------------------------------------------------------


def test_an_unknown_page_is_404_with_the_nearest(site: Site) -> None:
    for target in ("/pages/acm", "/pages/acm/components", "/events?page=acm", "/incidents?page=acm"):
        reply = site.get(API + target)

        assert (reply.status, reply.code, reply.json["known"]) == (404, "unknown_page", ["acme", "calm"])


@pytest.mark.parametrize(
    "target",
    ["/pages/acme/incidents/none", "/events/99", "/events/99/verdicts", "/deliveries/99", "/channels/none"],
)
def test_what_is_not_there_is_404(site: Site, target: str) -> None:
    assert site.get(API + target).code == "unknown_item"


def test_an_unknown_parameter_is_refused_with_those_that_are_known(site: Site) -> None:
    reply = site.get(f"{API}/pages?pagee=acme")

    assert (reply.status, reply.code) == (400, "bad_parameter")
    assert reply.json["errors"] == [{"where": "query.pagee", "what": "is not known here"}]
    assert set(reply.json["known"]) == {"limit", "after", "page", "tag", "category", "status", "q", "at", "dropped"}


@pytest.mark.parametrize(
    ("target", "where"),
    [
        ("/pages?limit=0", "query.limit"),
        ("/pages?limit=1001", "query.limit"),
        ("/pages?limit=ten", "query.limit"),
        ("/pages?status=bad", "query.status.0"),
        ("/events?type=nothing.*", "query.type"),
        ("/events?impact=>=maintenance", "query.impact.0"),
        ("/incidents?since=yesterday", "query.since"),
        ("/incidents?id=i1", "query.id"),
        ("/events/first", "path.id"),
    ],
)
def test_a_wrong_parameter_is_named(site: Site, target: str, where: str) -> None:
    reply = site.get(API + target)

    assert (reply.status, reply.code, reply.json["errors"][0]["where"]) == (400, "bad_parameter", where)


def test_without_the_database_it_is_503(site: Site) -> None:
    class Away:
        def read(self, work: object) -> None:
            raise StoreError(StoreReason.IO, "disk I/O error at /var/lib/statuswire.db")

    site.replace(store=Away())
    reply = site.get(f"{API}/pages")

    assert (reply.status, reply.code, reply.headers["retry-after"]) == (503, "store_unavailable", "10")
    assert b"/var/lib" not in reply.body


def test_what_breaks_in_a_view_is_our_fault_and_says_nothing_more(site: Site) -> None:
    class Broken:
        def read(self, work: object) -> None:
            raise RuntimeError("secret")

    site.replace(store=Broken())
    reply = site.get(f"{API}/pages")

    assert (reply.status, reply.code) == (500, "internal")
    assert b"secret" not in reply.body


def test_only_recent_deliveries_are_listed_unless_a_time_is_given(site: Site) -> None:
    old = site.clock.now() - timedelta(days=40)
    micros = int(old.timestamp()) * 1_000_000
    site.store.write(lambda tx: tx.execute("UPDATE delivery_log SET created_at = :at WHERE id = 1", {"at": micros}))

    assert ids(site, "/deliveries") == [3, 2]
    assert ids(site, "/deliveries?since=2026-01-01") == [3, 2, 1]
