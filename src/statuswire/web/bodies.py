"""Whether a hook's body is a JSON object, by its type, its encoding and a look at it. Pure decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum, auto

import msgspec

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, DocumentKind
from statuswire.platforms.reading import load_json
from statuswire.web.problems import Refusal
from statuswire.web.trust import Believed


class _Label(Enum):
    """How far a content type can be taken at its word."""

    JSON = auto()
    NONE = auto()
    LOOSE = auto()
    WRONG = auto()


_LABELS = {
    "": _Label.NONE,
    "application/json": _Label.JSON,
    "text/json": _Label.JSON,
    "application/x-json": _Label.JSON,
    "text/plain": _Label.LOOSE,
    "application/octet-stream": _Label.LOOSE,
    "application/x-www-form-urlencoded": _Label.LOOSE,
}
"""LOOSE types are what careless senders and bare `curl -d` use for JSON. They are also all that a web page can send
across origins without asking first, so they are taken only from senders that proved who they are."""

_WRONG_TYPE = "Send JSON with Content-Type: application/json."
_SPACE = b" \t\r\n"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
"""Checks the syntax of the whole body and builds nothing below its first level."""


def check_head(headers: Mapping[str, str]) -> Refusal | None:
    """What can be refused before the body is read: compressed, or of a type that is surely not JSON."""
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity"):
        return Refusal("encoded_body", "Send the body without Content-Encoding.")
    if _label(headers) is _Label.WRONG:
        return Refusal("wrong_type", _WRONG_TYPE)
    return None


def check_body(body: bytes, headers: Mapping[str, str], believed: Believed, received_at: datetime) -> Refusal | None:
    """Why a believed body is refused: not of a JSON type, not JSON, not an object."""
    label = _label(headers)
    if label is _Label.LOOSE and not believed.is_authenticated:
        return Refusal("wrong_type", _WRONG_TYPE)
    if label is not _Label.JSON and not _looks_like_object(body):
        return Refusal("wrong_type", _WRONG_TYPE)
    return _check_json(body, headers, received_at)


def _label(headers: Mapping[str, str]) -> _Label:
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type.startswith("application/") and media_type.endswith("+json"):
        return _Label.JSON
    return _LABELS.get(media_type, _Label.WRONG)


def _looks_like_object(body: bytes) -> bool:
    return body[:64].removeprefix(_BYTE_ORDER_MARK).lstrip(_SPACE)[:1] == b"{"


def _check_json(body: bytes, headers: Mapping[str, str], received_at: datetime) -> Refusal | None:
    """The quick way for what is plain UTF-8; the tolerant reader of all documents has the last word on the rest."""
    try:
        _members.decode(body)
        body.decode()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _check_slowly(Document(body, received_at, kind=DocumentKind.HOOK, headers=headers))
    return None


def _check_slowly(document: Document) -> Refusal | None:
    try:
        value = load_json(document)
    except ParseError as error:
        if error.reason is ParseReason.ERROR_BODY:
            return None
        return Refusal("bad_json", f"The body is not JSON that can be read: {error}.")
    if not isinstance(value, dict):
        return Refusal("not_an_object", "The body must be a JSON object: {...}.")
    return None
