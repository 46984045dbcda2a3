"""Feeds of every format, read into one shape."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document
from statuswire.platforms.feeds import ENTRY_LIMIT, FeedDocument, feed_format, is_feed, read_feed

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOME = "https://status.acme-relay.example"


def document(body: str | bytes, url: str = "", **headers: str) -> Document:
    return Document(body.encode() if isinstance(body, str) else body, NOW, url=url, headers=headers)


def rss(items: str, head: str = f"<title>Acme</title><link>{HOME}/</link>", namespaces: str = "") -> FeedDocument:
    return read_feed(document(f"<rss version='2.0' {namespaces}><channel>{head}{items}</channel></rss>"))


def atom(entries: str, head: str = "<title>Acme</title>") -> FeedDocument:
    return read_feed(document(f"<feed xmlns='http://www.w3.org/2005/Atom'>{head}{entries}</feed>"))


def jsonfeed(*items: object, **head: object) -> FeedDocument:
    body = {"version": "https://jsonfeed.org/version/1.1", "title": "Acme", **head, "items": list(items)}
    return read_feed(document(json.dumps(body)))


# --- recognising -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<rss version='2.0'/>", "rss"),
        ("\ufeff\n<?xml version='1.0'?>\n<!-- made by hand -->\n<rss>", "rss"),
        ("<?xml version='1.0'?><?xml-stylesheet href='x'?><feed xmlns='http://www.w3.org/2005/Atom'>", "atom"),
        ("<atom:feed xmlns:atom='http://www.w3.org/2005/Atom'>", "atom"),
        ("<rdf:RDF xmlns:rdf='x'>", "rdf"),
        ('{"version": "https://jsonfeed.org/version/1", "items": []}', "jsonfeed"),
        (r'{"version":"https:\/\/jsonfeed.org\/version\/1.1"}', "jsonfeed"),
        ('{"version": "2", "items": []}', ""),
        ("<!DOCTYPE html><html><body><rss>", ""),
        ("<rssfeed/>", ""),
        ("about <rss>", ""),
        ("", ""),
    ],
)
def test_a_feed_is_told_by_its_first_characters(body: str, expected: str) -> None:
    found = document(body)

    assert (feed_format(found), is_feed(found)) == (expected, bool(expected))


def test_a_feed_in_utf_16_is_recognised_and_read() -> None:
    found = document("<rss><channel><title>Störung</title></channel></rss>".encode("utf-16"))

    assert is_feed(found)
    assert read_feed(found).title == "Störung"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<opml/>", ParseReason.SHAPE),
        ("<feed xmlns='urn:acme:other'/>", ParseReason.SHAPE),
        ("<rss/>", ParseReason.SHAPE),
        ('{"page": {}}', ParseReason.SHAPE),
        ("[1, 2]", ParseReason.SHAPE),
        ("<!DOCTYPE html><html><title>Acme</title></html>", ParseReason.HTML),
        ("", ParseReason.EMPTY),
        ("words", ParseReason.NOT_XML),
    ],
)
def test_what_is_no_feed_is_refused_with_the_reason(body: str, reason: ParseReason) -> None:
    with pytest.raises(ParseError) as caught:
        read_feed(document(body))

    assert caught.value.reason is reason


def test_a_feed_without_entries_is_a_feed() -> None:
    assert (rss("").entries, atom("").entries, jsonfeed().entries) == ((), (), ())


# --- RSS -------------------------------------------------------------------------------------------------------


def test_an_rss_channel_names_itself() -> None:
    feed = rss(
        "",
        f"<title>Acme &amp; Co</title><link>{HOME}/</link><atom:link rel='self' href='{HOME}/feed.rss'/>"
        "<atom:link rel='hub' href='https://hub.example/'/><generator>incident.io</generator>"
        "<description>Status Feed</description><lastBuildDate>Mon, 04 May 2026 10:00:00 GMT</lastBuildDate>",
        "xmlns:atom='http://www.w3.org/2005/Atom'",
    )

    assert (feed.format, feed.title, feed.link) == ("rss", "Acme & Co", f"{HOME}/")
    assert (feed.self_link, feed.generator, feed.description) == (f"{HOME}/feed.rss", "incident.io", "Status Feed")
    assert feed.updated == datetime(2026, 5, 4, 10, tzinfo=UTC)


def test_an_rss_item_with_everything() -> None:
    feed = rss(
        f"<item><title><![CDATA[API & Web]]></title><link>{HOME}/incidents/1</link><guid>urn:1</guid>"
        "<pubDate>Mon, 04 May 2026 10:00:00 GMT</pubDate><description>&lt;p&gt;x &amp;amp; y&lt;/p&gt;</description>"
        "<category>Major</category><category>API</category>"
        "<maintenanceEndDate>Mon, 04 May 2026 11:00:00 GMT</maintenanceEndDate></item>"
    )

    (entry,) = feed.entries
    assert (entry.id, entry.link, entry.title) == ("urn:1", f"{HOME}/incidents/1", "API & Web")
    assert entry.html == "<p>x &amp; y</p>"
    assert entry.published == datetime(2026, 5, 4, 10, tzinfo=UTC)
    assert entry.categories == ("Major", "API")
    assert dict(entry.extra) == {"maintenanceEndDate": "Mon, 04 May 2026 11:00:00 GMT"}


def test_full_content_is_preferred_to_the_description() -> None:
    feed = rss(
        "<item><guid>1</guid><description>short</description><content:encoded><![CDATA[<p>long</p>]]></content:encoded></item>",
        namespaces="xmlns:content='http://purl.org/rss/1.0/modules/content/'",
    )

    assert feed.entries[0].html == "<p>long</p>"


def test_elements_of_other_vocabularies_do_not_replace_the_items_own() -> None:
    feed = rss(
        "<item><media:title>no</media:title><title>yes</title><guid>1</guid><media:description>no</media:description></item>",
        namespaces="xmlns:media='http://search.yahoo.com/mrss/'",
    )

    assert (feed.entries[0].title, feed.entries[0].html) == ("yes", "")


@pytest.mark.parametrize(
    "escaped", ["&amp;lt;p&amp;gt;x&amp;lt;/p&amp;gt;", "&amp;amp;lt;p&amp;amp;gt;x&amp;amp;lt;/p&amp;amp;gt;"]
)
def test_content_that_is_escaped_too_often_is_unwrapped(escaped: str) -> None:
    assert rss(f"<item><guid>1</guid><description>{escaped}</description></item>").entries[0].html == "<p>x</p>"


def test_content_that_speaks_of_markup_keeps_its_escapes() -> None:
    feed = rss("<item><guid>1</guid><description><![CDATA[<p>Use &lt;p&gt;.</p>]]></description></item>")

    assert feed.entries[0].html == "<p>Use &lt;p&gt;.</p>"


def test_markup_that_the_feed_forgot_to_escape_is_kept() -> None:
    feed = rss("<item><guid>1</guid><description>a <b>bold</b> word</description></item>")

    assert feed.entries[0].html == "a <b>bold</b> word"


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("<guid>g</guid><link>https://a.example/1</link>", ("g", "https://a.example/1")),
        ("<link>https://a.example/1</link>", ("https://a.example/1", "https://a.example/1")),
        ("<guid>https://a.example/1</guid>", ("https://a.example/1", "https://a.example/1")),
        ("<guid isPermaLink='false'>https://a.example/1</guid>", ("https://a.example/1", "")),
        ("<link>a.example/incidents/9</link>", ("https://a.example/incidents/9", "https://a.example/incidents/9")),
        ("<link>/incidents/9</link>", (f"{HOME}/incidents/9", f"{HOME}/incidents/9")),
        ("<link>javascript:alert(1)</link><guid>g</guid>", ("g", "")),
    ],
)
def test_the_id_is_the_guid_else_the_link(item: str, expected: tuple[str, str]) -> None:
    (entry,) = rss(f"<item><title>x</title>{item}</item>").entries

    assert (entry.id, entry.link) == expected


def test_an_entry_without_id_and_link_is_known_by_title_and_date() -> None:
    item = "<item><title>x</title><pubDate>Mon, 04 May 2026 10:00:00 GMT</pubDate><description>{}</description></item>"

    first, again = rss(item.format("a")).entries[0].id, rss(item.format("b")).entries[0].id

    assert first == again
    assert first.startswith("d-")
    assert first != rss(item.format("a").replace("10:00", "11:00")).entries[0].id


def test_d11_an_empty_entry_is_skipped_and_named() -> None:
    feed = rss("<item/><item><title>kept</title></item>")

    assert [entry.title for entry in feed.entries] == ["kept"]
    assert [problem.where for problem in feed.problems] == ["entry[0]"]


def test_d12_an_unreadable_date_is_dropped_and_named_but_never_its_item() -> None:
    feed = rss("<item><title>kept</title><pubDate>yesterday</pubDate></item>")

    assert feed.entries[0].published is None
    assert "yesterday" in feed.problems[0].reason


def test_d12_a_date_without_a_zone_is_in_the_zone_of_the_page() -> None:
    body = b"<rss><channel><item><guid>1</guid><pubDate>04 May 2026 10:00</pubDate></item></channel></rss>"

    feed = read_feed(Document(body, NOW, time_zone="Europe/Zurich"))

    assert feed.entries[0].published == datetime(2026, 5, 4, 8, tzinfo=UTC)


def test_rss_0_91_with_its_doctype_is_read() -> None:
    body = (
        '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Acme//DTD RSS 0.91//EN" "http://acme.example/rss-0.91.dtd">'
        "<rss version='0.91'><channel><title>Acme</title><item><title>x</title><link>https://a.example/1</link></item>"
        "</channel></rss>"
    )

    assert [entry.id for entry in read_feed(document(body)).entries] == ["https://a.example/1"]


# --- Atom ------------------------------------------------------------------------------------------------------


def test_an_atom_entry_with_everything() -> None:
    feed = atom(
        "<entry><id>tag:acme,2026:1</id><title type='html'>A &amp;amp; B</title>"
        f"<link rel='enclosure' href='{HOME}/file'/><link rel='alternate' type='text/html' href='{HOME}/incidents/1'/>"
        "<published>2026-05-04T09:00:00Z</published><updated>2026-05-04T10:00:00+02:00</updated>"
        "<category term='major' label='Major'/><content type='html'>&lt;p&gt;x&lt;/p&gt;</content></entry>"
    )

    (entry,) = feed.entries
    assert (entry.id, entry.title, entry.link) == ("tag:acme,2026:1", "A & B", f"{HOME}/incidents/1")
    assert (entry.published, entry.updated) == (
        datetime(2026, 5, 4, 9, tzinfo=UTC),
        datetime(2026, 5, 4, 8, tzinfo=UTC),
    )
    assert (entry.html, entry.categories) == ("<p>x</p>", ("major",))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<content type='text'>5 &lt; 6</content>", "5 &lt; 6"),
        ("<content>&lt;p&gt;x&lt;/p&gt;</content>", "<p>x</p>"),
        ("<content type='html'><![CDATA[<b>x</b>]]></content>", "<b>x</b>"),
        ("<summary type='html'>&lt;i&gt;s&lt;/i&gt;</summary>", "<i>s</i>"),
        ("<content src='https://a.example/x'/><summary>s</summary>", "s"),
    ],
)
def test_atom_content_by_its_type(content: str, expected: str) -> None:
    assert atom(f"<entry><id>1</id>{content}</entry>").entries[0].html == expected


def test_atom_xhtml_content_keeps_its_tags() -> None:
    feed = atom(
        "<entry><id>1</id><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>a</p><p>b</p></div>"
        "</content></entry>"
    )

    assert "<p>a</p><p>b</p>" in feed.entries[0].html


def test_relative_links_are_resolved_against_the_base_of_the_feed() -> None:
    feed = atom("<entry xml:base='https://b.example/'><id>1</id><link href='x'/></entry>")

    assert feed.entries[0].link == "https://b.example/x"


# --- JSON Feed -------------------------------------------------------------------------------------------------


def test_a_json_feed_item_with_everything() -> None:
    feed = jsonfeed(
        {
            "id": 17,
            "url": f"{HOME}/e/17",
            "title": "Slow",
            "content_html": "<p>x</p>",
            "date_published": "2026-05-04T09:00:00Z",
            "date_modified": "2026-05-04T10:00:00Z",
            "tags": ["major", 5],
            "_acme": "own",
        },
        home_page_url=f"{HOME}/",
        feed_url=f"{HOME}/feed.json",
    )

    (entry,) = feed.entries
    assert (entry.id, entry.link, entry.title, entry.html) == ("17", f"{HOME}/e/17", "Slow", "<p>x</p>")
    assert (entry.published, entry.updated) == (
        datetime(2026, 5, 4, 9, tzinfo=UTC),
        datetime(2026, 5, 4, 10, tzinfo=UTC),
    )
    assert (entry.categories, dict(entry.extra)) == (("major", "5"), {"acme": "own"})
    assert (feed.format, feed.self_link, feed.problems) == ("jsonfeed", f"{HOME}/feed.json", ())


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"id": "1", "content_text": "a < b"}, "a &lt; b"),
        ({"id": "1", "summary": "s"}, "s"),
        ({"id": "1", "content_html": "&lt;p&gt;x&lt;/p&gt;"}, "<p>x</p>"),
    ],
)
def test_json_feed_content_in_order_of_preference(item: object, expected: str) -> None:
    assert jsonfeed(item).entries[0].html == expected


def test_a_json_feed_that_has_expired_says_so() -> None:
    assert jsonfeed(expired=True).problems[0].where == "feed.expired"


# --- all of them -----------------------------------------------------------------------------------------------


def test_d3_of_a_very_long_feed_the_newest_entries_are_read() -> None:
    items = "".join(
        f"<item><guid>{n}</guid><pubDate>{1 + n % 28:02} May {2000 + n // 200} 10:00 GMT</pubDate></item>"
        for n in range(5_000)
    )

    feed = rss(items)

    assert len(feed.entries) == ENTRY_LIMIT
    assert {entry.published.year for entry in feed.entries if entry.published} == set(range(2020, 2025))
    assert len(feed.problems) == 1


def test_d3_a_hundred_thousand_items_cost_less_than_a_second_of_work() -> None:
    began = time.process_time()

    rss("<item><guid>1</guid></item>" * 100_000)

    assert time.process_time() - began < 5  # generous: the machine may be busy


def test_d20_titles_cannot_turn_the_writing_direction_or_carry_control_characters() -> None:
    feed = rss("<item><guid>1</guid><title>API\u202e live\u0085\nnow</title></item>")

    assert feed.entries[0].title == "API live now"


def test_every_captured_feed_is_read(captures: Path) -> None:
    paths = [path for path in captures.rglob("*") if path.suffix in (".rss", ".atom", ".xml")]
    whole = [path for path in paths if "truncated" not in path.name]

    feeds = [read_feed(Document(path.read_bytes(), NOW)) for path in whole]

    assert len(feeds) >= 15
    assert all(is_feed(Document(path.read_bytes(), NOW)) for path in paths)
    assert all(entry.id and (entry.published or entry.updated) for feed in feeds for entry in feed.entries)


PIECES = st.lists(
    st.sampled_from(
        ["<rss>", "</rss>", "<channel>", "</channel>", "<item>", "</item>", "<feed xmlns='http://www.w3.org/2005/Atom'>",
         "</feed>", "<entry>", "</entry>", "<title>", "</title>", "<link href='", "'/>", "<guid>", "</guid>", "<id/>",
         "https://[::1", "<![CDATA[", "]]>", "&nbsp;", "&lt;p&gt;", "Mon, 04 May 2026", "<updated>", "\x0b", "é", "<"]
    ),
    max_size=40,
).map("".join)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
ITEMS = st.dictionaries(
    st.sampled_from(["id", "url", "title", "content_html", "content_text", "date_published", "tags", "_x"]), VALUES
)


@given(st.one_of(PIECES, PIECES.map(lambda inner: f"<rss><channel>{inner}</channel></rss>")))
def test_any_markup_gives_a_feed_or_a_parse_error(body: str) -> None:
    try:
        feed = read_feed(document(body))
    except ParseError:
        return

    assert all(entry.id for entry in feed.entries)


@given(
    st.lists(st.one_of(VALUES, ITEMS), max_size=5),
    st.dictionaries(st.sampled_from(["hubs", "title", "expired"]), VALUES),
)
def test_any_json_feed_gives_a_feed_or_a_parse_error(entries: list[object], head: dict[str, object]) -> None:
    try:
        feed = jsonfeed(*entries, **head)
    except ParseError:
        return

    assert all(entry.id for entry in feed.entries)


@pytest.mark.parametrize(
    ("written", "minutes"),
    [("5", 5), (" 60 ", 60), ("0", None), ("-5", None), ("1.5", None), ("soon", None), ("9" * 20, None), ("٥", None)],
)
def test_an_rss_feed_may_wish_to_be_left_alone_for_some_minutes(written: str, minutes: int | None) -> None:
    feed = rss("", f"<title>Acme</title><ttl>{written}</ttl>")

    assert feed.wish == (None if minutes is None else timedelta(minutes=minutes))
