"""A JSON document taken apart no further than needed: what lies deeper is a Part, bytes to be decoded when asked for.

Of a document that has changed most items have not. Their bytes are enough to know them again (`remembering`), and
skipping a value costs a fifth of decoding it.

msgspec 0.22 checks the syntax of what it skips, surrogates included, but neither the range of numbers nor UTF-8
(checked 2026-11): an item may still turn out to be no JSON when it is decoded, which is a ParseError then. A body that
needs repair, or a UTF-16 one, is decoded whole; readers do not see the difference, for `opened` and `whole` leave plain
values as they are.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import Final, TypeAlias, TypeVar, cast

import msgspec

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document
from statuswire.platforms.loading import JSON_MARKS, checked_body, load_json

Value = TypeVar("Value")

Part: TypeAlias = msgspec.Raw
"""The bytes of one object or list."""

_BRACE: Final = ord("{")
_BRACKET: Final = ord("[")
_OBJECT: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_LIST: Final = msgspec.json.Decoder(list[msgspec.Raw])
_VALUE: Final = msgspec.json.Decoder()


def load_parts(document: Document) -> object:
    """The JSON value of a body: an object or a list whose own objects and lists are Parts. Raises as `load_json`."""
    body = checked_body(document, JSON_MARKS)
    if not _is_clean(body):
        return load_json(document)
    try:
        value = _opened(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return load_json(document)
    return load_json(document) if _may_be_an_error(value, document) else value


def _may_be_an_error(value: object, document: Document) -> bool:
    """Whether `load_json` has to look at an object, which it refuses where there is nothing but an error in it."""
    if not isinstance(value, dict):
        return False
    return bool(whole(value.get("error")) or whole(value.get("errors"))) or (
        document.content_type == "application/problem+json"
    )


def _is_clean(body: bytes) -> bool:
    """Whether the body is UTF-8 without a byte order mark; skipping finds all else that would need repair."""
    if body.isascii():
        return b"\x00" not in body[:4]
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not body.startswith(codecs.BOM_UTF8)


def opened(value: object) -> object:
    """One level of a Part: an object with Parts and scalars in it, or a list of such; anything else as it is.

    Raises ParseError(NOT_JSON) where the part is no JSON after all.
    """
    return _checked(_opened, value) if type(value) is Part else value


def whole(value: object) -> object:
    """A Part decoded to its last leaf, anything else as it is. Raises ParseError(NOT_JSON)."""
    return _checked(_VALUE.decode, value) if type(value) is Part else value


def object_of(value: object) -> dict[str, object]:
    """One level of an object, empty for anything that is none."""
    inside = opened(value)
    return cast("dict[str, object]", inside) if isinstance(inside, dict) else {}


def is_object(value: object) -> bool:
    """Whether this is an object, be it a Part."""
    return memoryview(value)[0] == _BRACE if type(value) is Part else isinstance(value, dict)


def is_list(value: object) -> bool:
    """Whether this is a list, be it a Part."""
    return memoryview(value)[0] == _BRACKET if type(value) is Part else isinstance(value, list)


def objects_of(value: object) -> list[Part] | None:
    """The items of a list that has Parts of objects in it and nothing else, be it a Part; None for everything else."""
    if type(value) is Part and memoryview(value)[0] == _BRACKET:
        parts = _checked(_LIST.decode, value)
    elif isinstance(value, list) and value and all(type(one) is Part for one in value):
        parts = value
    else:
        return None
    return parts if all(memoryview(part)[0] == _BRACE for part in parts) else None


def _opened(value: bytes | msgspec.Raw) -> object:
    beginning = _first(value)
    if beginning == b"{":
        fields = _OBJECT.decode(value)
        return {name: _part(field) for name, field in fields.items()}
    if beginning == b"[":
        return [_part(item) for item in _LIST.decode(value)]
    return _VALUE.decode(value)


def _first(value: bytes | msgspec.Raw) -> bytes:
    view = memoryview(value)
    head = bytes(view[:1])
    return head if head in (b"{", b"[") else bytes(view[:64]).lstrip(b" \t\r\n")[:1]


def _part(value: msgspec.Raw) -> object:
    return value if memoryview(value)[0] in b"{[" else _VALUE.decode(value)


def _checked(decode: Callable[[Part], Value], value: Part) -> Value:
    try:
        return decode(value)
    except RecursionError as error:
        raise ParseError(ParseReason.TOO_DEEP, "JSON nested too deep") from error
    except (msgspec.MsgspecError, ValueError) as error:
        raise ParseError(ParseReason.NOT_JSON, f"not JSON: {str(error)[:200]}") from error
