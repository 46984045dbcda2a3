"""Damage to a good document, as hypothesis strategies: a few blows to its tree, then one to its bytes.

Random bytes never get past the first brace; these stay close enough to the real thing to reach every reader.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable

from hypothesis import strategies as st

_HOSTILE_TEXTS = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\u202eevil\u202c",
    "\ufffe",
    "\x1b[2J\x07",
    "<b>x</b>&#0;&amp;lt;p&gt;",
    "x" * 70_000,
    "<small>May 4, 10:22 UTC</small><br><strong>Resolved</strong> - x",
    "http://[",
    "https://[::1",
    "//",
    "javascript:x",
    "2026-02-30T99:99:99Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "May 4, 10:22",
    "99999999999999",
    "resolved",
    "Resolved",
    "none",
    "true",
    "null",
    "NaN",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "../../etc/localtime",
    "e\u0301" * 50,
    "Pacific/Apia",
    "THIS IS A SCHEDULED EVENT May 9, 22:00 - 23:30 UTC",
    "[Resolved] (x",
    "😀" * 100,
)
_HOSTILE_NUMBERS = (
    0,
    -1,
    1,
    2**31,
    2**53 + 1,
    2**63,
    2**64,
    -(2**70),
    10**300,
    1.5,
    -0.0,
    1e308,
    1777890151,
    1777890151000,
)

values: st.SearchStrategy[object] = st.deferred(
    lambda: (
        st.none()
        | st.booleans()
        | st.sampled_from(_HOSTILE_NUMBERS)
        | st.sampled_from(_HOSTILE_TEXTS)
        | st.text(max_size=8)
        | st.lists(values, max_size=2)
        | st.dictionaries(st.sampled_from(("id", "name", "status", "updates", "x")), values, max_size=2)
    )
)
"""Any JSON value, most of them unwelcome."""

# --- JSON ------------------------------------------------------------------------------------------------------

Slot = tuple[dict[str, object] | list[object], str | int]


def slots(value: object) -> list[Slot]:
    """Every place inside a JSON value that holds another."""
    found: list[Slot] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        keys = list(one) if isinstance(one, dict) else range(len(one)) if isinstance(one, list) else ()
        for key in keys:
            found.append((one, key))  # type: ignore[arg-type]  # a dict with its key or a list with its index
            waiting.append(one[key])  # type: ignore[index]
    return found


@st.composite
def mutated_tree(draw: st.DrawFn, loaded: object) -> object:
    """A copy of a JSON value with one to four of its nodes deleted, replaced, repeated, wrapped or exchanged."""
    root = [copy.deepcopy(loaded)]
    for _ in range(draw(st.integers(1, 4))):
        holder, key = draw(st.sampled_from(slots(root)))
        blow = draw(st.sampled_from(_BLOWS))
        blow(draw, root, holder, key)
    return root[0] if root else None


def _delete(draw: st.DrawFn, root: list[object], holder: object, key: object) -> None:
    if holder is not root:
        del holder[key]  # type: ignore[attr-defined]


def _replace(draw: st.DrawFn, root: list[object], holder: object, key: object) -> None:
    holder[key] = draw(values)  # type: ignore[index]


def _retype(draw: st.DrawFn, root: list[object], holder: object, key: object) -> None:
    old = holder[key]  # type: ignore[index]
    holder[key] = draw(st.sampled_from(([old], {"id": old, "name": old}, str(old), [old, None, old], {})))  # type: ignore[index]


def _repeat(draw: st.DrawFn, root: list[object], holder: object, key: object) -> None:
    if isinstance(holder, list) and holder is not root:
        holder.extend(copy.deepcopy([holder[key]]) * draw(st.integers(1, 3)))  # type: ignore[index]


def _exchange(draw: st.DrawFn, root: list[object], holder: object, key: object) -> None:
    other, other_key = draw(st.sampled_from(slots(root)))
    holder[key] = copy.deepcopy(other[other_key])  # type: ignore[index]


_BLOWS = (_delete, _replace, _replace, _retype, _repeat, _exchange)

Rewrite = Callable[[bytes], bytes]

_REWRITES: tuple[Rewrite, ...] = (
    lambda body: b"\xef\xbb\xbf" + body,
    lambda body: body.decode().encode("utf-16"),
    lambda body: body.decode().encode("utf-32-be"),
    lambda body: body.decode().encode("utf-16-le"),
    lambda body: body[: len(body) // 2],
    lambda body: body + b"\n\x00",
    lambda body: body.replace(b"{", b'{"id":1,"id":null,"name":"a","name":["b"],', 3),
    lambda body: body.replace(b'":"', b'":"\\ud83d', 4),
    lambda body: body.replace(b'":"', b'":"\\udc00\\u0000', 2),
    lambda body: body.replace(b'":"', b'":"\xff\xfe', 1),
    lambda body: body.replace(b":null", b":NaN").replace(b":true", b":-Infinity"),
    lambda body: body.replace(b":0", b":1e999", 1),
    lambda body: re.sub(rb'":"[^"]{0,80}"', b'":' + b"[" * 50_000 + b"]" * 50_000, body, count=1),
    lambda body: b'{"data":' * 50_000 + body + b"}" * 50_000,
    lambda body: b"[" + body + b"]",
    lambda body: b"<html><title>Just a moment</title>" + body,
)


@st.composite
def json_mutants(draw: st.DrawFn, loaded: object) -> bytes:
    """The bytes of a damaged JSON document."""
    body = json.dumps(draw(mutated_tree(loaded)), ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    rewrite = draw(st.none() | st.sampled_from(_REWRITES))
    return body if rewrite is None else rewrite(body)


# --- markup ----------------------------------------------------------------------------------------------------

_TAG = re.compile(rb"<[^<>]{1,400}>")
_HOSTILE_MARKUP: tuple[bytes, ...] = (
    b"",
    b"<",
    b">",
    b"&",
    b"&nbsp;",
    b"&#0;",
    b"&#xD800;",
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b"<script>",
    b"<x:y z='1'>",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"<!DOCTYPE html>",
    b"<?xml version='1.0' encoding='utf-16'?>",
    b"\x00",
    b"\xff\xfe",
    b"<link>http://[</link>",
    b"<guid></guid>",
    b"<id>\xc3</id>",
    b"<updated>9999-12-31T23:59:59-14:00</updated>",
    b"<pubDate>Mon, 99 May 2026 25:61:61 XYZ</pubDate>",
    b"<item/>",
    b"<entry/>",
    b"<small>May 4</small><strong>x</strong>",
    b"<link href='//[' rel='alternate'/>",
    b"<div>" * 300,
    b"<title type='xhtml'><b>x</b></title>",
    b"\xef\xbf\xbe",
)
_MARKUP_REWRITES: tuple[Rewrite, ...] = (
    lambda body: body.decode("utf-8", "replace").encode("utf-16"),
    lambda body: b"\xef\xbb\xbf\n" + body,
    lambda body: body[: len(body) * 2 // 3],
    lambda body: body.replace(b"UTF-8", b"iso-8859-1", 1).replace(b"utf-8", b"shift_jis", 1),
    lambda body: body.replace(b"xmlns=", b"xmlns:q="),
    lambda body: body.replace(b">", b"><!DOCTYPE x [<!ENTITY e 'x'>]>", 1),
    lambda body: b"<!DOCTYPE r [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]>" + body[body.find(b"?>") + 2 :],
    lambda body: b"<a>" * 50_000 + body,
    lambda body: body.replace(b"</", b"<b>" * 400 + b"</", 1),
    lambda body: body.replace(b"<", b"&lt;"),
    lambda body: body.upper(),
)


@st.composite
def markup_mutants(draw: st.DrawFn, body: bytes) -> bytes:
    """The bytes of a damaged feed or web page: tags lost, repeated, exchanged, or with hostile ones beside them."""
    tags = [found.span() for found in _TAG.finditer(body)] or [(0, 0)]
    for start, end in sorted(draw(st.lists(st.sampled_from(tags), min_size=1, max_size=4, unique=True)), reverse=True):
        other = draw(st.sampled_from(tags))
        tag, borrowed, hostile = body[start:end], body[slice(*other)], draw(st.sampled_from(_HOSTILE_MARKUP))
        body = (
            body[:start]
            + draw(st.sampled_from((b"", tag * 2, borrowed, hostile, tag + hostile, hostile + tag)))
            + body[end:]
        )
    rewrite = draw(st.none() | st.sampled_from(_MARKUP_REWRITES))
    return body if rewrite is None else rewrite(body)
