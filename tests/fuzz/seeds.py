"""What the fuzzers start from: the golden documents, and the words that make a parser look twice.

A document's seed is one byte and the body: the byte chooses how the document arrived (`arrival`), so that one input is
everything that a parser sees and a file is enough to replay a crash.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from statuswire.model import Document, DocumentKind
from tests.platforms.golden import Case, cases, document_of

RECEIVED_AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What stands around a body when it arrives."""

    url: str = ""
    kind: DocumentKind = DocumentKind.POLL
    headers: Mapping[str, str] = field(default_factory=dict)
    time_zone: str | None = None


ARRIVALS: tuple[Arrival, ...] = (
    Arrival(),
    Arrival("https://status.acme-relay.example/api/v2/summary.json", headers={"content-type": "application/json"}),
    Arrival("https://status.acme-relay.example/api/v2/incidents.json", time_zone="America/New_York"),
    Arrival("https://status.acme-relay.example/history.atom", headers={"content-type": "text/xml; charset=iso-8859-1"}),
    Arrival("https://status.acme-relay.example/proxy/status.acme-relay.example", headers={"age": "9" * 30}),
    Arrival("http://[", headers={"content-type": "text/html; charset=utf-7", "link": '<http://[>; rel="hub"'}),
    Arrival(kind=DocumentKind.HOOK, headers={"content-type": "application/json; charset=x"}),
    Arrival("https://status.acme-relay.example/", time_zone="Pacific/Apia", headers={"date": "Sun, 99 Foo -1"}),
)

JSON_TOKENS: tuple[bytes, ...] = (
    b'"id":',
    b'"name":',
    b'"status":',
    b'"incidents":[',
    b'"incident_updates":[',
    b'"components":[',
    b'"page":{',
    b'"updated_at":"2026-05-04T10:22:31Z"',
    b'"scheduled_for":',
    b'"data":{',
    b'"event_type":"x"',
    b'"incident":{',
    b"null",
    b"1e999",
    b"NaN",
    b"-0",
    b"9223372036854775808",
    b'"\\ud800"',
    b'"\\u0000"',
    b'"\\ud83d\\ude00"',
    b'"http://["',
    b'"https://a/b"',
    b'"0001-01-01T00:00:00+14:00"',
    b'"9999-12-31T23:59:59-14:00"',
    b"[[[[",
    b"{}",
)
XML_TOKENS: tuple[bytes, ...] = (
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"<!DOCTYPE x [",
    b"<!ENTITY a 'b'>",
    b"&a;",
    b"&nbsp;",
    b"&#0;",
    b"&#x1F;",
    b"<rss><channel>",
    b"<item>",
    b"</item>",
    b"<guid>",
    b"<link>http://[</link>",
    b'<feed xmlns="http://www.w3.org/2005/',
    b"<entry>",
    b"<id>",
    b"<updated>",
    b"<pubDate>Mon, 04 May 2026 10:22:31 PDT</pubDate>",
    b"<content type='xhtml'>",
    b"xml:base='http://['",
    b"<small>May <var data-var='date'> 4</var>, 10:22 UTC</small>",
    b"<strong>Resolved</strong> - ",
    b"THIS IS A SCHEDULED EVENT May 9, 22:00 - 23:30 UTC",
    b"<?xml version='1.0' encoding='utf-16'?>",
    b"\xff\xfe",
)
TEXT_TOKENS: tuple[bytes, ...] = (
    b"2026-05-04T10:22:31Z",
    b"Mon, 04 May 2026 10:22:31 +0200",
    b"May 4, 10:22 PDT",
    b"GMT+14",
    b"24:00",
    b"Feb 29",
    b"http://",
    b"https://",
    b"[::1]",
    b"[",
    b"]",
    b"@",
    b"%00",
    b"0x7f.1",
    b"127.1",
    b"xn--",
    b"\xe2\x91\xa0",
    b"\xc2\xb2",
    b"max-age=",
    b"no-cache",
    b"Thu, 01 Jan 1970 00:00:00 GMT",
    b"99999999999999999999",
    b"whsec_",
    b"v1,",
    b"sha256=",
)


def arrival(choice: int) -> Arrival:
    return ARRIVALS[choice % len(ARRIVALS)]


def document(material: bytes) -> Document:
    """The document that one input stands for."""
    around = arrival(material[0] if material else 0)
    return Document(material[1:], RECEIVED_AT, around.url, around.kind, around.headers, around.time_zone)


def golden(platform: str | None = None, kind: DocumentKind | None = None) -> Iterator[Case]:
    """The golden documents, all or those of one platform or of one kind."""
    for case in cases():
        if platform in (None, case.platform) and kind in (None, document_of(case).kind):
            yield case


def bodies(chosen: Iterable[Case]) -> Iterator[bytes]:
    """Each golden body as an input, with the arrival nearest to its own."""
    for case in chosen:
        around = document_of(case)
        choice = next((n for n, one in enumerate(ARRIVALS) if one.url == around.url and one.kind is around.kind), 0)
        yield bytes([choice]) + around.body


def texts(*written: str) -> list[bytes]:
    return [text.encode("utf-8", "surrogatepass") for text in written]
