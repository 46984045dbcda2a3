"""A feed with only the latest text of an incident may move its stamp while the text stays: that is no update."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from statuswire.model import Document, Source
from statuswire.platforms.parsing import parse, parse_hook
from tests.core.memory import Delivery, Memory

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOME = "https://status.acme.example"
ULID = "01JA0B1C2D3E4F5G6H7J8K9MNP"


def incidentio(minute: int, text: str) -> bytes:
    return f"""<feed xmlns="http://www.w3.org/2005/Atom"><generator>incident.io</generator><title>Acme</title>
<link rel="alternate" href="{HOME}"/><entry><id>{HOME}/incidents/{ULID}</id><published>2026-05-04T10:01:00Z</published>
<updated>2026-05-04T10:{minute}:31Z</updated><link href="{HOME}/incidents/{ULID}"/><title>Slow API</title>
<content type="html"><![CDATA[<b>Status: Identified</b><br/><br/>{text}]]></content></entry></feed>""".encode()


def flashduty(minute: int, text: str) -> bytes:
    return f"""<rss version="2.0"><channel><title>Acme</title><link>{HOME}</link><item><title>Slow API</title>
<guid>urn:flashduty:change:7</guid><link>{HOME}/incidents/7</link><pubDate>Mon, 04 May 2026 10:{minute}:00 GMT</pubDate>
<description>&lt;p&gt;&lt;strong&gt;Status:&lt;/strong&gt; identified&lt;/p&gt;&lt;p&gt;{text}&lt;/p&gt;</description>
</item></channel></rss>""".encode()


def generic(minute: int, text: str) -> bytes:
    return incidentio(minute, text).replace(b"<generator>incident.io</generator>", b"").replace(b"<b>Status: ", b"<b>")


MAKERS = {"incidentio": incidentio, "flashduty": flashduty, "atom": generic}
every_maker = pytest.mark.parametrize("platform", MAKERS)


def told(platform: str, *shown: tuple[int, str]) -> list[int]:
    """How many events each document of a series gives."""
    memory, counts = Memory(), []
    for place, (minute, text) in enumerate(shown):
        at = NOW + timedelta(minutes=place)
        document = Document(MAKERS[platform](minute, text), at, url=f"{HOME}/feed")
        counts.append(len(memory.take(Delivery(parse(document, platform), Source.POLL, at, document.url))[1]))
    return counts


@every_maker
def test_the_same_words_under_a_later_stamp_are_no_news(platform: str) -> None:
    assert told(platform, (22, "A bad deploy."), (52, "A bad deploy."), (54, "A bad deploy.")) == [1, 0, 0]


@every_maker
def test_other_words_are_news_and_so_are_the_first_ones_after_them(platform: str) -> None:
    assert told(platform, (22, "A bad deploy."), (32, "Rolling back."), (52, "A bad deploy.")) == [1, 1, 1]


def test_a_pushed_body_with_the_same_words_under_a_later_stamp_is_news() -> None:
    memory = Memory()
    body = (
        b'{"page": {"name": "Acme"}, "incident": {"id": "local_test", "name": "Slow API", "status": "investigating",'
        b' "updated_at": "2026-05-04T10:%d:00Z", "incident_updates": [{"body": "Slow."}]}}'
    )

    counts = [
        len(memory.take(Delivery(parse_hook(Document(body % minute, NOW), "statuspage"), Source.HOOK, NOW, None))[1])
        for minute in (22, 25)
    ]

    assert counts == [1, 1]
