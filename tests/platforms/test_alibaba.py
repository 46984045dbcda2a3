"""Alibaba Cloud: what golden documents cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError
from statuswire.model import Document, Impact, Incident, Phase
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.alibaba import feeds, parse, recognize

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
BASE = "https://status.alibabacloud.com"
FOLDER = Path(__file__).parent / "alibaba"


def document(body: object, url: str = BASE) -> Document:
    return Document(body if isinstance(body, bytes) else json.dumps(body).encode(), NOW, url=url)


def fixture(name: str) -> Document:
    return document((FOLDER / name).read_bytes())


FEED = f"{BASE}/rss/en/ap-southeast-5/ecs.rss"


def one(title: str, words: str = "x", when: str = "Mon, 04 May 2026 10:00:00 GMT") -> Incident:
    item = f"<item><title>{title}</title><guid>1777885200000</guid><pubDate>{when}</pubDate>"
    body = (
        f'<rss version="2.0"><channel><title>t</title>{item}<description>{words}</description></item></channel></rss>'
    )
    return parse(document(body.encode(), FEED)).incidents[0]


def test_the_feed_that_the_address_names_is_polled_and_nothing_else() -> None:
    assert [spec.url for spec in feeds(FEED)] == [FEED]
    assert feeds(BASE) == ()


def test_a_notice_has_no_name_but_its_guid_for_its_link_may_be_that_of_all() -> None:
    link = f"<link>{BASE}/notices</link>"
    item = f"<item><title>Slow</title>{link}<guid>1777885200000</guid><description>x</description></item>"
    body = f'<rss version="2.0"><channel><title>t</title><link>{BASE}/</link>{item}</channel></rss>'

    assert parse(document(body.encode(), FEED)).incidents[0].aliases == ()


def test_product_and_region_are_read_from_the_address() -> None:
    part = (one("Slow").components or ())[0]

    assert (part.id, part.name, part.group) == ("ap-southeast-5/ecs", "Elastic Compute Service", "ap-southeast-5")


@pytest.mark.parametrize("word", ["resolved", "Recovered"])
def test_a_closing_word_ends_a_notice(word: str) -> None:
    assert one(f"{word}: slow").phase is Phase.RESOLVED
    assert one("Slow", f"It has {word}.").phase is Phase.RESOLVED


def test_a_notice_is_minor_unless_something_is_unavailable() -> None:
    assert one("Slow").impact is Impact.MINOR
    assert one("Slow", "It is unavailable.").impact is Impact.MAJOR


def test_after_a_day_of_silence_nobody_knows() -> None:
    assert one("Slow", when="Sun, 03 May 2026 10:00:00 GMT").phase is Phase.UNKNOWN


def test_the_feed_of_somebody_else_is_an_error() -> None:
    with pytest.raises(ParseError):
        parse(document(b'<rss version="2.0"><channel><title>t</title></channel></rss>', "https://acme.example/a.rss"))


def test_its_feed_is_recognised_and_no_other() -> None:
    assert recognize(Sight(fixture("notices.xml")))
    assert not recognize(Sight(document(b'<rss version="2.0"><channel><title>t</title></channel></rss>')))
    assert not recognize(Sight(document({})))
