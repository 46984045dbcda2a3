"""The frame: headers, navigation by what one may, and that nothing in it needs what its policy forbids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

import lxml.html
import pytest

from statuswire.model import EventType
from statuswire.web.face import frame, statics
from statuswire.web.face.frame import missing, render
from statuswire.web.needs import NOBODY
from tests.web.face.looking import OPERATOR, VIEWER, ask_of, text_of, tree_of
from tests.web.filling import put
from tests.web.parts import Site


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.store.close()


ROUND_THE_ESCAPING = re.compile(r"\|\s*safe\b|autoescape|<script(?! src=)|\son\w+=")


def test_u1_one_macro_alone_goes_round_the_escaping_with_what_was_sanitised() -> None:
    folder = files("statuswire.web.face") / "templates"
    lines = [
        (one.name, line)
        for one in folder.iterdir()
        if one.name.endswith(".html")
        for line in one.read_text("utf-8").splitlines()
        if ROUND_THE_ESCAPING.search(line)
    ]

    assert lines == [("bits.html", '<blockquote class="quoted">{{ quoted_html(text, raw) | safe }}</blockquote>')]


def test_u4_every_page_carries_the_strict_policy(site: Site) -> None:
    headers = dict(missing(ask_of(site)).headers)

    assert headers[b"content-security-policy"] == (
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        b"frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )
    assert headers[b"x-frame-options"] == b"DENY"


def test_u3_forms_are_sent_with_an_origin_and_nobody_else_learns_where_a_reader_was(site: Site) -> None:
    reply = site.get("/pages/nobody")

    assert reply.headers["referrer-policy"] == "same-origin"
    assert site.get("/health").headers["referrer-policy"] == "no-referrer"


def test_u4_the_frame_has_no_inline_script_no_inline_style_and_asks_nobody_else(site: Site) -> None:
    tree = tree_of(missing(ask_of(site, principal=OPERATOR)))

    assert tree.xpath("//style | //*[@style] | //script[not(@src)] | //iframe | //object") == []
    assert tree.xpath("//@*[starts-with(name(), 'on')]") == []
    assert all(one.startswith(("/", "#")) for one in tree.xpath("//@src | //@href | //@action"))


def test_whoever_may_see_finds_the_feeds(site: Site) -> None:
    put(site.store, "acme", "A <b>")
    links = "//link[@rel='alternate']/@href"

    assert tree_of(missing(ask_of(site))).xpath(links) == ["/feeds/all.atom", "/feeds/all.json"]
    page = lxml.html.fromstring(site.get("/pages/acme").body.decode())
    assert page.xpath(links)[2:] == ["/feeds/acme.atom", "/feeds/acme.json"]
    assert all(site.get(link).status == 200 for link in page.xpath(links))
    site.replace(is_public=False)
    assert tree_of(missing(ask_of(site, principal=NOBODY))).xpath(links) == []


def test_the_navigation_shows_what_there_is_and_what_one_may_see(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        frame, "_NEEDS", {"/": frame.Need.SEE, "/deliveries": frame.Need.VIEW, "/add": frame.Need.OPERATE}
    )
    site.replace(is_public=True)

    shown = {who.name: tree_of(missing(ask_of(site, principal=who))) for who in (NOBODY, VIEWER, OPERATOR)}

    words = {name: tree.xpath("//nav[@class='places']/a/text()") for name, tree in shown.items()}
    assert words == {"": ["Now"], "vera": ["Now", "Deliveries"], "otto": ["Now", "Deliveries", "Add a page"]}


def test_who_is_signed_in_can_sign_out_with_their_token_against_forgery(site: Site) -> None:
    tree = tree_of(missing(ask_of(site, principal=VIEWER)))

    (form,) = tree.xpath("//form[@action='/sign-out']")
    assert form.get("method") == "post"
    assert form.xpath("./input[@name='csrf']/@value") == ["c-s-r-f"]


def test_a_fragment_is_the_main_part_alone(site: Site) -> None:
    whole = missing(ask_of(site)).body
    part = missing(ask_of(site, headers={"x-fragment": "main"})).body

    assert b"<html" in whole
    assert b"<html" not in part
    assert b'<main id="main">' in part
    assert text_of(tree_of(missing(ask_of(site, headers={"x-fragment": "main"}))).xpath("//h1")[0]) == "Not found"


def test_a_page_that_anybody_may_open_says_nothing_of_how_we_are(site: Site) -> None:
    tree = tree_of(missing(ask_of(site, principal=NOBODY)))

    assert tree.xpath("//*[@id='standing']") == []


def test_a_name_that_a_template_lacks_is_an_error_and_not_a_blank(site: Site) -> None:
    with pytest.raises(Exception, match="sentence"):
        render(ask_of(site), "missing.html", title="Not found")


@pytest.mark.parametrize("name", ["app.css", "app.js", "theme.js", "icon.svg"])
def test_static_files_are_kept_for_a_year_at_an_address_of_their_content(site: Site, name: str) -> None:
    reply = site.get(statics.address(name))

    assert reply.status == 200
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_an_address_of_another_version_is_answered_but_not_kept(site: Site) -> None:
    assert site.get("/static/000000000000/app.css").headers["cache-control"] == "no-store"


def test_there_are_no_other_static_files(site: Site) -> None:
    assert site.get("/static/000000000000/frame.py").status == 404
    assert site.get("/static/x/..%2fframe.py").status == 404


def test_the_script_knows_every_type_of_event() -> None:
    script = statics._file("app.js").body.decode()

    assert [one for one in EventType if f'"{one}"' not in script] == [EventType.HEARTBEAT]
