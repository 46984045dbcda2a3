"""Feeds: what readers need by the standards, what our own readers make of them, and what they never hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.model import (
    AffectedComponent,
    Document,
    Impact,
    Incident,
    Kind,
    KnownIncident,
    Phase,
    Snapshot,
    Status,
)
from statuswire.platforms import PLATFORMS
from statuswire.store.saved_filters import SavedFilter, put_saved_filter
from statuswire.web.out.story import story_of
from tests.web.filling import NOW, incident, maintenance, minutes, put, update
from tests.web.parts import Reply, Site

ATOM = "{http://www.w3.org/2005/Atom}"
BASE = "http://127.0.0.1:8000"

SLOW = incident(
    "w2x4y6z8b1c3",
    "Slow API",
    Phase.IDENTIFIED,
    [
        update("u1", "Looking.", 60),
        update("u2", "A bad deploy.", 30, Phase.IDENTIFIED, raw="<p>A <b>bad</b> deploy.</p>"),
    ],
    url="https://status.acme.example/incidents/w2x4y6z8b1c3",
    components=[
        AffectedComponent("k1", "API", "Europe", Status.DEGRADED),
        AffectedComponent("k2", "Web", None, Status.MAJOR_OUTAGE),
    ],
)
OVER = incident(
    "b1", "Mail late", Phase.RESOLVED, [update("m1", "Late.", 900), update("m2", "Done.", 800, Phase.RESOLVED)],
    impact=Impact.MAJOR, ago=900,
)  # fmt: skip
PLANNED = maintenance("p1", "Database upgrade", Phase.SCHEDULED, [update("s1", "We upgrade.", 1440, Phase.SCHEDULED)])


def fill(site: Site) -> None:
    put(site.store, incidents=[SLOW, OVER, PLANNED])
    put(site.store, "zenith", "Zenith", incidents=[incident("z1", "No mail", impact=Impact.CRITICAL, ago=10)])


def atom(site: Site, target: str = "/feeds/acme.atom") -> ElementTree.Element:
    return ElementTree.fromstring(site.get(target).body)


def titles(reply: Reply) -> list[str]:
    return [item["title"] for item in reply.json["items"]]


def read(body: bytes, platform: str) -> Snapshot:
    return PLATFORMS[platform].parse(Document(body, NOW, url="https://wire.example/feeds/acme.atom"))


# --- round trip --------------------------------------------------------------------------------------------------


def told(one: KnownIncident) -> dict[str, Any]:
    """What a feed tells of an incident."""
    return {
        "title": one.title,
        "kind": one.kind,
        "phase": one.phase,
        "impact": one.impact,
        "resolved_at": one.resolved_at,
        "scheduled": (one.scheduled_for, one.scheduled_until),
        "updates": [(said.phase, said.text, said.at) for said in one.updates],
        "components": [
            (f"{part.group} / {part.name}" if part.group else part.name, part.status) for part in one.components
        ],
    }


def understood(one: Incident) -> dict[str, Any]:
    return {
        "title": one.title,
        "kind": one.kind,
        "phase": one.phase,
        "impact": one.impact,
        "resolved_at": one.resolved_at,
        "scheduled": (one.scheduled_for, one.scheduled_until),
        "updates": [(said.phase, said.text, said.at) for said in one.updates],
        "components": [(part.name, part.status) for part in one.components or ()],
    }


@pytest.mark.parametrize(("ending", "platform"), [("atom", "atom"), ("json", "jsonfeed")])
def test_our_own_reader_finds_in_the_feed_what_the_store_knows(site: Site, ending: str, platform: str) -> None:
    fill(site)

    snapshot = read(site.get(f"/feeds/acme.{ending}").body, platform)

    found = {one.id.rpartition("/")[2]: understood(one) for one in snapshot.incidents}
    assert found == {one.id: told(one) for one in (SLOW, OVER, PLANNED)}
    assert (snapshot.page.name, snapshot.problems) == ("Acme Relay", ())


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=40
)
steps = st.sampled_from([Phase.INVESTIGATING, Phase.IDENTIFIED, Phase.MONITORING, None])


@given(st.lists(st.tuples(steps, texts), min_size=1, max_size=6), st.sampled_from(sorted(Impact)))
def test_any_history_is_read_back_as_it_was(history: Sequence[tuple[Phase | None, str]], impact: Impact) -> None:
    said = [update(f"u{n}", text, 60 - n, phase) for n, (phase, text) in enumerate(history)]
    last = next((phase for phase, _ in reversed(history) if phase), Phase.UNKNOWN)
    site = Site()
    put(site.store, incidents=[incident("i1", "Slow API", last, said, impact=impact)])

    (found,) = read(site.get("/feeds/acme.atom").body, "atom").incidents

    site.store.close()
    assert [one.at for one in found.updates] == [one.at for one in said]
    assert found.phase in (last, None)
    assert [one.phase for one in found.updates][-1] in (last, None)


def test_an_end_that_no_update_tells_is_told_all_the_same(site: Site) -> None:
    silent = incident("i1", "Slow API", Phase.RESOLVED, [update("u1", "Looking.", 60)])
    put(site.store, incidents=[silent])

    (found,) = read(site.get("/feeds/acme.atom").body, "atom").incidents

    assert found.phase is Phase.RESOLVED
    assert [one.text for one in found.updates] == ["Looking.", "The provider has said no more of it."]


# --- RFC 4287 ----------------------------------------------------------------------------------------------------


def test_the_feed_has_all_that_rfc_4287_demands(site: Site) -> None:
    fill(site)

    reply, root = site.get("/feeds/all.atom"), atom(site, "/feeds/all.atom")

    assert reply.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert root.tag == f"{ATOM}feed"
    assert {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")} == {
        "self": f"{BASE}/feeds/all.atom",
        "alternate": f"{BASE}/",
    }
    for element in (root, *root.findall(f"{ATOM}entry")):
        assert [len(element.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated", "")).tzinfo is not None
    for entry in root.findall(f"{ATOM}entry"):
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
        assert len([one for one in entry.findall(f"{ATOM}link") if one.get("rel") == "alternate"]) == 1
        assert entry.find(f"{ATOM}content").get("type") == "html"  # type: ignore[union-attr]
    ids = [one.findtext(f"{ATOM}id") for one in root.findall(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids) == 4


def test_an_entry_leads_to_us_and_to_the_provider(site: Site) -> None:
    fill(site)

    links = {one.get("rel"): one.get("href") for one in atom(site).iterfind(f"{ATOM}entry/{ATOM}link")}

    assert links["via"] == SLOW.url
    assert links["alternate"].startswith(f"{BASE}/pages/acme/incidents/")


def test_the_id_of_an_entry_is_the_same_whatever_our_address(site: Site) -> None:
    fill(site)

    here = site.get("/feeds/acme.atom").body
    there = site.get("/feeds/acme.atom", headers={"host": "localhost:1"}).body

    ids = [[one.text for one in ElementTree.fromstring(body).iter(f"{ATOM}id")] for body in (here, there)]
    assert ids[0] == ids[1]
    assert "tag:statuswire,2026:acme/w2x4y6z8b1c3" in ids[0]


def test_the_last_changed_comes_first_and_dates_the_feed(site: Site) -> None:
    fill(site)

    moments = [one.findtext(f"{ATOM}updated", "") for one in atom(site).iterfind(f"{ATOM}entry")]

    assert moments == sorted(moments, reverse=True)
    assert atom(site).findtext(f"{ATOM}updated") == moments[0]


def test_an_empty_feed_is_a_whole_one(site: Site) -> None:
    root = atom(site, "/feeds/all.atom")

    assert root.findtext(f"{ATOM}updated") == "2026-05-04T10:00:00Z"
    assert root.findall(f"{ATOM}entry") == []


def test_what_xml_cannot_say_does_not_break_the_feed(site: Site) -> None:
    put(
        site.store,
        incidents=[incident("a\x01b", "bell \x07 and \x1b[31m", updates=[update("u", "nil \x0c and \ufffe")])],
    )

    assert len(atom(site).findall(f"{ATOM}entry")) == 1


# --- JSON Feed ---------------------------------------------------------------------------------------------------


def test_the_json_feed_has_all_that_its_version_demands(site: Site) -> None:
    fill(site)

    reply = site.get("/feeds/acme.json")

    assert reply.headers["content-type"] == "application/feed+json; charset=utf-8"
    body = reply.json
    assert (body["version"], body["feed_url"]) == ("https://jsonfeed.org/version/1.1", f"{BASE}/feeds/acme.json")
    assert all(
        {"id", "url", "title", "content_html", "date_published", "date_modified"} <= set(one) for one in body["items"]
    )
    assert {one["url"] for one in body["items"]} & {one.get("external_url") for one in body["items"]} == set()


# --- which -------------------------------------------------------------------------------------------------------


def test_a_feed_of_all_names_the_pages_in_its_titles(site: Site) -> None:
    fill(site)

    assert set(titles(site.get("/feeds/all.json"))) == {
        "Zenith: No mail",
        "Acme Relay: Slow API",
        "Acme Relay: Mail late",
        "Acme Relay: Database upgrade",
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("page=zenith", {"Zenith: No mail"}),
        ("impact=>=critical", {"Zenith: No mail"}),
        ("type=maintenance.*", {"Acme Relay: Database upgrade"}),
        ("type=incident.*&phase=resolved", {"Acme Relay: Mail late"}),
        ("component=Web", {"Acme Relay: Slow API"}),
        ("type=component.*", set()),
    ],
)
def test_a_feed_is_narrowed_by_the_words_of_routes(site: Site, query: str, expected: set[str]) -> None:
    fill(site)

    assert set(titles(site.get(f"/feeds/all.json?{query}"))) == expected


def test_a_saved_filter_has_a_feed_which_a_query_narrows(site: Site) -> None:
    fill(site)
    words = {"page": ("acme",), "type": ("incident.*",)}
    site.store.write(lambda tx: put_saved_filter(tx, SavedFilter("Team / mail", words, "otto", NOW)))
    named = "/feeds/~VGVhbSAvIG1haWw.json"

    assert titles(site.get(named)) == ["Acme Relay: Slow API", "Acme Relay: Mail late"]
    assert titles(site.get(f"{named}?phase=resolved")) == ["Acme Relay: Mail late"]


@pytest.mark.parametrize(
    ("query", "word"), [("colour=red", "colour"), ("impact=awful", "impact"), ("source=hook", "source")]
)
def test_a_query_that_means_nothing_is_refused(site: Site, query: str, word: str) -> None:
    fill(site)

    reply = site.get(f"/feeds/all.atom?{query}")

    assert (reply.status, reply.code) == (400, "bad_parameter")
    assert word in reply.json["detail"]


def test_a_page_that_there_is_not_is_not_taken_for_calm(site: Site) -> None:
    fill(site)

    reply = site.get("/feeds/all.atom?page=acne")

    assert (reply.status, reply.code, reply.json["known"]) == (404, "unknown_page", ["acme"])


def test_addresses_of_a_feed_are_addresses_however_they_were_typed(site: Site) -> None:
    fill(site)

    typed = atom(site, "/feeds/all.atom?impact=>=critical")

    assert typed.find(f"{ATOM}link").get("href") == f"{BASE}/feeds/all.atom?impact=%3E=critical"  # type: ignore[union-attr]
    assert typed.findtext(f"{ATOM}id") == "tag:statuswire,2026:feeds/all?impact=%3E=critical"
    assert site.get("/feeds/all.json?impact=>=critical").json["feed_url"].endswith("?impact=%3E=critical")


def test_a_name_that_means_nothing_is_404(site: Site) -> None:
    assert site.get("/feeds/nobody.atom").status == 404


def test_what_is_open_stays_in_the_feed_however_old(site: Site) -> None:
    newer = [
        incident(f"n{n}", f"New {n}", Phase.RESOLVED, [update(f"u{n}", "Done.", 5, Phase.RESOLVED)]) for n in range(60)
    ]
    put(site.store, incidents=[incident("old", "Old and open", ago=100_000), *newer])

    assert "Old and open" in titles(site.get("/feeds/acme.json"))
    assert len(titles(site.get("/feeds/acme.json"))) == 51


# --- asked again -------------------------------------------------------------------------------------------------


def test_who_has_the_feed_is_not_sent_it_again(site: Site) -> None:
    fill(site)
    first = site.get("/feeds/acme.atom")

    again = site.get("/feeds/acme.atom", headers={"if-none-match": f'"x", W/{first.headers["etag"]}'})

    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert "content-length" not in again.headers
    assert first.headers["cache-control"] == "private, max-age=60"


def test_what_is_learnt_late_is_kept_from_nobody_who_asks_by_a_date(site: Site) -> None:
    put(site.store, incidents=[SLOW])
    last = "Mon, 04 May 2026 09:30:00 GMT"
    put(site.store, "zenith", "Zenith", incidents=[incident("z1", "No mail", ago=45)])

    reply = site.get("/feeds/all.json", headers={"if-modified-since": last})

    assert "Zenith: No mail" in titles(reply)
    assert "last-modified" not in reply.headers


def test_a_new_update_makes_it_another_feed(site: Site) -> None:
    fill(site)
    tag = site.get("/feeds/acme.atom").headers["etag"]
    put(
        site.store,
        incidents=[SLOW.__class__(**{**_fields(SLOW), "updates": (*SLOW.updates, update("u3", "Better.", 1))})],
    )

    assert site.get("/feeds/acme.atom", headers={"if-none-match": tag}).status == 200


def _fields(one: KnownIncident) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def test_only_what_is_public_may_be_kept_by_others(site: Site) -> None:
    site.replace(is_public=True)

    reply = site.get("/feeds/all.atom")

    assert reply.headers["cache-control"] == "public, max-age=60"
    assert reply.headers["access-control-allow-origin"] == "*"


# --- U1 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        "<script>alert(1)</script><p>x</p>",
        '<a href="javascript:alert(1)">x</a>',
        '<img src=x onerror="alert(1)">',
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
    ],
)
def test_u1_markup_of_a_provider_does_nothing_in_a_feed(site: Site, raw: str) -> None:
    put(site.store, incidents=[incident("i1", "<script>alert(1)</script>", updates=[update("u1", "x", raw=raw)])])

    content = site.get("/feeds/acme.json").json["items"][0]["content_html"]

    assert not [word for word in ("<script", "javascript:", "onerror=", "<svg", "<img") if word in content]


def test_nobody_writes_an_update_in_our_name(site: Site) -> None:
    forged = "<p><small>2026-05-04 09:59:00 UTC</small><br><strong>Resolved</strong></p><p>All is well.</p>"
    put(site.store, incidents=[incident("i1", updates=[update("u1", "Looking.", raw=forged)])])

    (found,) = read(site.get("/feeds/acme.atom").body, "atom").incidents

    assert [one.phase for one in found.updates] == [Phase.INVESTIGATING]


def test_a_link_that_no_browser_should_follow_is_left_out(site: Site) -> None:
    page = put(site.store)

    story = story_of(page.ref, incident("i1", url="javascript:alert(1)"), BASE, is_named=False)

    assert story.via == ""
    assert story.updated - NOW < timedelta(0) and story.published == NOW - minutes(72)
    assert story.tags[0] == Kind.INCIDENT
