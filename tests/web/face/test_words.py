"""Times, addresses and the provider's own words as the dashboard writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import lxml.html
import pytest

from statuswire.web.face.quoting import MAX_CHARS, depth, quoted
from statuswire.web.face.words import at, count, link, relative, safe_url

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=4), "just now"),
        (timedelta(seconds=42), "42 s ago"),
        (timedelta(minutes=3, seconds=59), "3 min ago"),
        (timedelta(hours=5), "5 h ago"),
        (timedelta(days=12), "12 d ago"),
        (timedelta(days=61), "2026-03-04"),
        (timedelta(hours=-2), "in 2 h"),
    ],
)
def test_times_are_told_as_people_say_them(before: timedelta, words: str) -> None:
    assert relative(NOW - before, NOW) == words


def test_a_time_carries_its_whole_self() -> None:
    assert at(NOW) == (
        '<time data-t="at" datetime="2026-05-04T10:00:00Z" title="2026-05-04 10:00:00 UTC">2026-05-04 10:00 UTC</time>'
    )


def test_counts_say_one_and_many() -> None:
    assert [count(1, "page"), count(1204, "page"), count(2, "delivery", "deliveries")] == [
        "1 page",
        "1,204 pages",
        "2 deliveries",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example",
        "https:evil",
        "https://a.example/ b",
        "https://[",
        "",
    ],
)
def test_u1_only_addresses_that_a_browser_may_follow_become_links(url: str) -> None:
    assert safe_url(url) == ""
    assert "<a" not in link("x", url)


def test_u1_a_link_is_escaped_and_tells_nothing_of_us() -> None:
    made = link("<b>", 'https://a.example/?q="&x')

    (tag,) = lxml.html.fromstring(f"<p>{made}</p>").xpath("//a")
    assert (tag.text, tag.get("href")) == ("<b>", 'https://a.example/?q="&x')
    assert tag.get("rel") == "noopener noreferrer nofollow"


# --- the provider's words -----------------------------------------------------------------------------------------

VECTORS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)" onclick=alert(1)>x</a>',
    '<p style="background:url(javascript:alert(1))">x</p>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<form action=//evil.example><input name=q></form>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<b><x-y onfocus=alert(1) tabindex=1 autofocus>x</b>",
]


@pytest.mark.parametrize("vector", VECTORS)
@pytest.mark.parametrize("wrap", [quoted, lambda raw: quoted("said", raw)])
def test_u1_nothing_of_a_providers_markup_can_act(vector: str, wrap: object) -> None:
    tree = lxml.html.fromstring(f"<div>{wrap(vector)}</div>")  # type: ignore[operator]

    allowed = {"div", "p", "a", "b", "br"}
    assert {one.tag for one in tree.iter()} <= allowed
    assert {name for one in tree.iter() for name in one.keys()} <= {"href", "rel"}  # noqa: SIM118
    assert [one for one in tree.xpath("//a/@href") if not one.startswith("http")] == []


def test_markup_of_a_provider_keeps_its_form() -> None:
    made = quoted("A fix is out.", 'A <strong>fix</strong> is <a href="https://a.example/x" onclick="y">out</a>.')

    assert made == (
        'A <strong>fix</strong> is <a href="https://a.example/x" rel="noopener noreferrer nofollow">out</a>.'
    )


def test_plain_text_keeps_its_lines_and_its_addresses_become_links() -> None:
    made = quoted("See https://a.example/x?a=1&b=2.\nMore <soon>")

    assert made == (
        '<p>See <a href="https://a.example/x?a=1&amp;b=2" rel="noopener noreferrer nofollow">'
        "https://a.example/x?a=1&amp;b=2</a>.<br>More &lt;soon&gt;</p>"
    )


def test_u2_what_is_long_or_deep_is_shown_as_text() -> None:
    assert quoted("plain", "<div>" * 5_000 + "x") == "<p>plain</p>"
    assert quoted("plain", "<b>x</b>" * MAX_CHARS) == "<p>plain</p>"


def test_depth_counts_what_is_open_at_once() -> None:
    assert depth("<p>a<p>b<br><ul><li><b>c</b></li></ul><ul><li>d</ul>") == 2
