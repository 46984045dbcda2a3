"""One mail (RFC 5322, MIME) as plain values: headers, words, links. Never raises anything but ParseError.

The parser of the standard library keeps what it is given (policy `compat32`); its newer policies raise many kinds of
exception for malformed headers (Python 3.11, checked 2026-11). It calls itself once for each nested part, so parts are
counted before it begins. Nothing is fetched: images and links are only looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Final

import lxml.html
from lxml import etree

from statuswire.errors import ParseError, ParseReason
from statuswire.platforms.reading import clean, html_text, moment, one_line, text, title

MAX_BYTES: Final = 2 * 1024 * 1024
"""Notices have some kilobytes; the largest seen 58 KiB. What is larger carries attachments, or malice."""

MAX_PARTS: Final = 50
MAX_DEPTH: Final = 8
MAX_HEADERS_BYTES: Final = 256 * 1024
MAX_LINKS: Final = 500

_LONGEST_PART: Final = 512 * 1024
_LONGEST_HEADER: Final = 16_384
_MOST_DASHES: Final = 2_000
"""Lines that begin with two dashes and so may be the edge of a part; a part needs no header of its own."""

_PART_MARK: Final = re.compile(rb"content-type:", re.IGNORECASE)
_HEADER_END: Final = re.compile(rb"\r?\n\r?\n|\r\r")


@dataclass(frozen=True, slots=True)
class Link:
    """An address in a mail and the words that it stands behind; those are empty in a plain text."""

    url: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says, decoded. `sender` is the bare address of `From`, in lower case.

    `words` is the plain part, or else the text of the HTML one; `links` are those of the HTML part first. `recipients`
    are the addresses of delivery and of `To` and `Cc`, as written. `authentication` is the topmost
    Authentication-Results header (RFC 8601), which only our own mail server can have added.
    """

    subject: str
    sender: str
    sent_at: datetime | None
    message_id: str
    auto_submitted: str
    is_report: bool
    words: str
    links: tuple[Link, ...]
    recipients: tuple[str, ...]
    authentication: str


def read_mail(body: bytes) -> Mail:
    """Raises ParseError: EMPTY, TOO_LARGE, TOO_DEEP, or SHAPE for what is no mail."""
    message = _parsed(body)
    headers = _Headers(message)
    if not any(headers.all(name) for name in ("from", "subject", "date", "message-id", "received", "to")):
        raise ParseError(ParseReason.SHAPE, "not a mail: it has none of the headers that every mail has")
    plain, markup = _bodies(message)
    return Mail(
        subject=title(headers.words("subject")),
        sender=next(iter(addresses(headers.words("from"))), "").lower(),
        sent_at=moment(headers.words("date")),
        message_id=one_line(headers.words("message-id"))[:1000],
        auto_submitted=headers.words("auto-submitted").partition(";")[0].strip().lower(),
        is_report=message.get_content_type() == "multipart/report",
        words=text(clean(plain).strip() or html_text(markup)),
        links=tuple(_links(markup, plain)),
        recipients=tuple(_recipients(headers)),
        authentication=one_line(headers.words("authentication-results"))[:2000],
    )


# --- parts -------------------------------------------------------------------------------------------------------


def _parsed(body: bytes) -> Message:
    if not body.strip():
        raise ParseError(ParseReason.EMPTY, "the mail is empty")
    if len(body) > MAX_BYTES:
        raise ParseError(ParseReason.TOO_LARGE, f"the mail has {len(body)} bytes, the limit is {MAX_BYTES}")
    end = _HEADER_END.search(body, 0, MAX_HEADERS_BYTES)
    if end is None and len(body) > MAX_HEADERS_BYTES:
        raise ParseError(ParseReason.TOO_LARGE, f"the headers have more than {MAX_HEADERS_BYTES} bytes")
    count = sum(1 for _ in _PART_MARK.finditer(body))
    if count > 2 * MAX_PARTS or body.count(b"\n--") > _MOST_DASHES:
        raise ParseError(ParseReason.TOO_LARGE, f"more parts than {MAX_PARTS}")
    try:
        message = BytesParser(policy=compat32).parsebytes(body)
    except (MessageError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise ParseError(ParseReason.SHAPE, f"not a mail: {type(error).__name__}") from error
    _check_parts(message)
    return message


def _check_parts(message: Message) -> None:
    """Raises ParseError where the parts are too many or nested too deeply."""
    level, depth, count = [message], 1, 1
    while level := [part for one in level for part in _inner(one)]:
        depth, count = depth + 1, count + len(level)
        if depth > MAX_DEPTH:
            raise ParseError(ParseReason.TOO_DEEP, f"parts are nested more than {MAX_DEPTH} deep")
        if count > MAX_PARTS:
            raise ParseError(ParseReason.TOO_LARGE, f"more than {MAX_PARTS} parts")


def _inner(message: Message) -> list[Message]:
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def _bodies(message: Message) -> tuple[str, str]:
    """The first plain text and the first HTML that are no attachments; of each empty where there is none."""
    found = {"text/plain": "", "text/html": ""}
    for part in message.walk():
        kind = part.get_content_type()
        if part.is_multipart() or kind not in found or _is_attachment(part):
            continue
        words = _decoded(part)
        if words.strip() and not found[kind]:
            found[kind] = words
    return found["text/plain"], found["text/html"]


def _is_attachment(part: Message) -> bool:
    return str(part.get("content-disposition", "")).strip().lower().startswith("attachment")


def _decoded(part: Message) -> str:
    try:
        payload = part.get_payload(decode=True)
        charset = part.get_content_charset() or "utf-8"
    except (MessageError, ValueError, LookupError, TypeError, AttributeError):
        return ""
    if not isinstance(payload, bytes):
        return ""
    return _decode(payload[:_LONGEST_PART], charset)


def _decode(payload: bytes, charset: str) -> str:
    """As text. What declares nothing, or a charset that nobody knows, is read as UTF-8."""
    try:
        return payload.decode(charset, "replace")
    except (LookupError, ValueError):
        return payload.decode("utf-8", "replace")


# --- headers -----------------------------------------------------------------------------------------------------


class _Headers:
    """Header values by lower-case name, unfolded, with encoded words (RFC 2047) decoded on demand."""

    def __init__(self, message: Message) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in message.raw_items():
            raw = str(value)[:_LONGEST_HEADER].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            self._values.setdefault(name.strip().lower(), []).append(raw)

    def all(self, name: str) -> list[str]:
        return [one for one in self._values.get(name, ()) if one.strip()]

    def words(self, name: str) -> str:
        """The topmost header of that name, in words; empty where it is not there."""
        return next(iter(map(_unencoded, self._values.get(name, ()))), "")


def _unencoded(value: str) -> str:
    unfolded = " ".join(value.split())
    if "=?" not in unfolded:
        return unfolded
    try:
        pieces: list[tuple[str | bytes, str | None]] = decode_header(unfolded)
    except (HeaderParseError, ValueError, LookupError):
        return unfolded
    return "".join(one if isinstance(one, str) else _decode(one, charset or "utf-8") for one, charset in pieces)


_ADDRESS: Final = re.compile(r"[^\s<>\"(),:;@\[\]]{1,128}@[^\s<>\"(),:;@\[\]]{1,255}")


def addresses(written: str) -> list[str]:
    """The bare addresses in a header: that in angle brackets before any in a display name."""
    found = [one for piece in re.findall(r"<([^<>]{1,400})>", written) for one in _ADDRESS.findall(piece)]
    return found or _ADDRESS.findall(written)


_DELIVERED: Final = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc")


def _recipients(headers: _Headers) -> Iterator[str]:
    for name in _DELIVERED:
        for value in headers.all(name)[:10]:
            yield from addresses(value)[:50]


# --- links -------------------------------------------------------------------------------------------------------

_BARE: Final = re.compile(r"https?://[^\s<>\"'`\\^{}|]{1,2000}", re.IGNORECASE)
_NOT_OF_IT: Final = ".,;:!?)]}*_"


def _links(markup: str, plain: str) -> list[Link]:
    """Each address once, with the words where it stood first."""
    found: dict[str, Link] = {}
    for link in (*_anchors(markup), *map(Link, _bare(plain or html_text(markup)))):
        found.setdefault(link.url, link)
    return list(found.values())[:MAX_LINKS]


def _bare(plain: str) -> Iterable[str]:
    """Those of a text; a mark at the end belongs to the sentence."""
    return (found.rstrip(_NOT_OF_IT) for found in _BARE.findall(plain))


def _anchors(markup: str) -> Iterator[Link]:
    """The links of the HTML part, in its order."""
    if "href" not in markup.lower():
        return
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=False, no_network=True, remove_comments=True)
    try:
        root = lxml.html.document_fromstring(clean(markup).encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError, TypeError):
        return
    for anchor in root.iter("a", "area"):
        url = one_line(str(anchor.get("href") or ""))[:2000]
        if url.lower().startswith(("http://", "https://")):
            yield Link(url, one_line("".join(map(str, anchor.itertext()))[:800])[:200])
