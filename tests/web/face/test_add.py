"""Adding a page: found by address or in the catalog, its components ticked, and saved beside the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import lxml.html
import pytest

from statuswire.model import AccountRole
from statuswire.store import queries
from statuswire.web.tools import Body, Busy, Tools
from tests.web.face.house import House, open_house, text
from tests.web.parts import Reply

OPERATOR, VIEWER = AccountRole.OPERATOR, AccountRole.VIEWER
URL = "https://status.cinder.example"
API = {"id": "c1", "name": "API", "group": "Europe", "status": "degraded"}
SEEN: Body = {
    "slug": "cinder",
    "name": "Cinder <b>Cloud</b>",
    "url": URL,
    "platform": "statuspage",
    "status": "degraded",
    "is_experimental": False,
    "requests": 3,
    "doubts": ["it was last changed 40 days ago"],
    "evidence": [{"source": URL, "finding": "reads as Statuspage"}],
    "feeds": [{"url": f"{URL}/api?token=x", "role": "state", "tier": 0, "read": True}],
    "components": [
        {"group": "Europe", "components": [API]},
        {"group": None, "components": [{"id": "c2", "name": "Docs", "group": None, "status": "operational"}]},
    ],
    "problems": [],
}
SENT = {"channel": "ops", "messages": 9}
REPORT = {
    "messages": 9,
    "weeks": 13.0,
    "incidents": 4,
    "reached": 2,
    "impact": "major",
    "routes": [{"route": "everything", "sent": [SENT], "components": [["cinder: API", 5]]}],
}


class Looks:
    """What was looked at, with which components; `seen`, `report` and `error` may be set before."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.report: Body | None = REPORT
        self.seen = SEEN
        self.error: Exception | None = None

    async def preview(self, what: str, components: Sequence[str]) -> Body:
        self.asked.append((what, tuple(components)))
        if self.error is not None:
            raise self.error
        return self.seen | {"past": {"report": self.report, "why": "", "is_usual": False}}


@pytest.fixture
def looks() -> Looks:
    return Looks()


@pytest.fixture
def house(looks: Looks) -> Iterator[House]:
    made = open_house(tools=Tools(preview=looks.preview))
    yield made
    made.site.store.close()


def tree_of(reply: Reply) -> Any:
    return lxml.html.fromstring(reply.body.decode())


def test_the_catalog_is_searched_without_asking_anybody(house: House, looks: Looks) -> None:
    tree = house.look("/add?q=github", OPERATOR)

    assert tree.xpath("//form[@action='/add']/input[@name='what']/@value")[0] == "github"
    assert looks.asked == []


def test_a_search_that_finds_nothing_says_what_to_do(house: House) -> None:
    assert "Paste the address instead." in text(house.look("/add?q=zzzzqqqq", OPERATOR))


def test_what_was_found_is_shown_with_evidence_and_doubts(house: House) -> None:
    page = text(tree_of(house.post("/add", {"what": URL})))

    for said in ("Cinder <b>Cloud</b>", "statuspage", "reads as Statuspage", "It was last changed 40 days ago."):
        assert said in page
    assert "token" not in page


def test_what_would_have_been_told_stands_beside_it(house: House, looks: Looks) -> None:
    assert "Messages 9 0.7 a week" in text(tree_of(house.post("/add", {"what": URL})), "//aside")
    looks.report = None
    assert "shows nothing of that time" in text(tree_of(house.post("/add", {"what": URL})), "//aside")


def test_components_are_ticked_and_counted_anew(house: House, looks: Looks) -> None:
    fields = {"what": URL, "do": "look", "matter": "ticked", "component": ["Europe/API"]}
    tree = tree_of(house.post("/add", fields))

    assert looks.asked == [(URL, ("Europe/API",))]
    assert tree.xpath("//input[@name='component'][@checked]/@value") == ["Europe/API"]
    house.post("/add", fields | {"matter": "all"})
    assert looks.asked[-1] == (URL, ())


def test_a_page_is_saved_and_watched(house: House) -> None:
    fields = {"what": URL, "do": "save", "matter": "ticked", "component": ["Europe/API"], "slug": "cinder"}
    reply = house.post("/add", fields | {"name": "Cinder", "tags": "eu, cloud"})

    assert reply.headers["location"] == "/add?added=cinder&said=page-saved"
    (own,) = house.site.store.read(queries.own_pages)
    assert own.body == {
        "url": URL,
        "slug": "cinder",
        "name": "Cinder",
        "components": ["Europe/API"],
        "tags": ["eu", "cloud"],
    }
    assert "Cinder is watched from now on" in text(house.look(reply.headers["location"], OPERATOR))
    assert [one.action for one in house.changes()] == ["page.put"]


@pytest.mark.parametrize(("what", "is_offered"), [("github", True), (URL, False)])
def test_what_cannot_be_read_now_can_be_watched_where_the_catalog_has_it(
    house: House, looks: Looks, what: str, is_offered: bool
) -> None:
    doubt = "https://status.x.example/: no answer"
    looks.seen = SEEN | {"platform": None, "components": [], "status": "unknown", "doubts": [doubt]}
    tree = tree_of(house.post("/add", {"what": what}))

    assert bool(tree.xpath("//button[@value='save']")) is is_offered
    assert f"{doubt}." in text(tree)


def test_a_service_of_the_catalog_is_saved_by_its_slug(house: House) -> None:
    reply = house.post("/add", {"what": "github", "do": "save"})

    assert "is watched from now on" in text(house.look(reply.headers["location"], OPERATOR))
    assert [one.body for one in house.site.store.read(queries.own_pages)] == [{"slug": "github"}]


@pytest.mark.parametrize(
    ("fields", "field", "fault"),
    [
        ({"slug": "acme"}, "slug", "stands in the configuration file"),
        ({"slug": "Not A Slug"}, "slug", ""),
    ],
)
def test_what_cannot_be_saved_is_shown_again(house: House, fields: dict[str, str], field: str, fault: str) -> None:
    reply = house.post("/add", {"what": URL, "do": "save", **fields})

    assert reply.status == 400
    assert fault in text(tree_of(reply), f"//*[@id='{field}-fault']")
    assert house.site.store.read(queries.own_pages) == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Busy("as many pages are looked at as may be at once"), "As many pages are looked at"),
        (TimeoutError(), "60 sec"),
    ],
)
def test_why_a_page_cannot_be_looked_at_stands_beside_the_address(
    house: House, looks: Looks, error: Exception, said: str
) -> None:
    looks.error = error
    reply = house.post("/add", {"what": URL})

    assert (reply.status, said in text(tree_of(reply), "//*[@id='what-fault']")) == (400, True)
    assert tree_of(reply).xpath("//input[@name='what']/@value") == [URL]


def test_no_address_is_no_page(house: House) -> None:
    assert house.post("/add", {"what": " "}).status == 400


def test_a_page_that_was_added_is_let_go(house: House) -> None:
    house.post("/add", {"what": "github", "do": "save"})

    assert "said=page-dropped" in house.post("/add/github/drop").headers["location"]
    assert house.site.store.read(queries.own_pages) == []
    assert "said=gone" in house.post("/add/acme/drop").headers["location"], "the file's pages stay"


OLD = {"url": "https://old.cinder.example", "slug": "cin", "name": "Cinder", "tags": ["eu"], "time_zone": "Europe/Oslo"}


def add_old(house: House, **more: object) -> None:
    now = house.site.clock.now()
    house.site.store.write(lambda tx: queries.put_own_page(tx, "cin", OLD | more, "jo", now))


def test_a_page_that_moved_is_found_anew_and_all_else_that_is_said_of_it_stays(house: House, looks: Looks) -> None:
    add_old(house, components=["Europe/API"], platform="instatus")

    tree = tree_of(house.post("/add", {"what": URL, "anew": "cin", "do": "find"}))
    (form,) = tree.xpath("//form[@class='beside']")
    fields = {one.name: one.value for one in form.inputs if one.type == "hidden" or one.name in ("name", "tags")}
    ticked = form.xpath(".//input[@name='component'][@checked]/@value")
    saved = house.post("/add", fields | {"do": "save", "matter": "ticked", "component": ticked})

    assert looks.asked == [(URL, ("Europe/API",))]
    assert saved.headers["location"] == "/add?added=cin&said=page-saved"
    assert [one.body for one in house.site.store.read(queries.own_pages)] == [
        OLD | {"url": URL, "components": ["Europe/API"]}
    ]


def test_a_page_that_is_not_found_anew_at_one_address_is_looked_for_at_another(house: House, looks: Looks) -> None:
    add_old(house)
    looks.error = Busy("as many pages are looked at as may be at once")

    tree = tree_of(house.post("/add", {"what": OLD["url"], "anew": "cin", "do": "find"}))

    (form,) = tree.xpath("//form[@class='form'][.//input[@name='what']]")
    assert {one.name: one.value for one in form.inputs if one.name != "csrf"} == {
        "what": OLD["url"],
        "anew": "cin",
        "do": "find",
    }


def test_where_a_page_of_the_file_is_now_is_to_be_written_there(house: House) -> None:
    tree = tree_of(house.post("/add", {"what": URL, "anew": "acme", "do": "find"}))

    assert f"acme stands in the configuration file. To read it here from now on, write there url: {URL}" in text(tree)
    assert tree.xpath("//button[@value='save']") == []
    assert house.post("/add", {"what": URL, "anew": "acme", "do": "save"}).status == 400


def test_viewers_do_not_add_pages(house: House) -> None:
    assert house.get("/add").status == 403
    assert house.post("/add", {"what": URL}, role=VIEWER).status == 403
    assert "/add" not in house.look("/history").xpath("//nav//a/@href")


def test_u3_a_page_without_the_forms_token_is_not_saved(house: House) -> None:
    assert house.post("/add", {"what": "github", "do": "save"}, csrf="x").status == 403
