"""Documents made to hurt, of the largest size that is read at all: what each costs is measured by `tests.fuzz.cost`.

Three kinds: those that explode (entities, nesting), those with as many small things as fit, and those that repeat one
piece of syntax until a reader that looks twice at each place takes hours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from statuswire.platforms.reading import MAX_BODY_BYTES

Build = Callable[[], bytes]

_RSS = b"<rss><channel><title>A</title>"
_ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>'
_HTML = b"<!doctype html><html><head><title>Acme Status</title></head><body class='status-minor'>"
_PAGE = b'{"page":{"id":"k3m9s8d1f2gz","name":"A","updated_at":"2026-05-04T10:00:00Z"},"status":{"indicator":"none"},'
_NATIVE = b'{"summary":{"id":"x","name":"A","ongoing_incidents":'


def filled(head: bytes, unit: bytes, tail: bytes = b"", size: int = MAX_BODY_BYTES) -> bytes:
    """`head`, the unit as often as it fits into `size` bytes, `tail`."""
    return head + unit * ((size - len(head) - len(tail)) // len(unit)) + tail


def listed(head: bytes, unit: bytes, tail: bytes, size: int = MAX_BODY_BYTES) -> bytes:
    """As `filled`, with commas between and the last one left out."""
    return filled(head, unit + b",", unit + tail, size - len(unit) - 1)


def numbered(head: bytes, unit: bytes, tail: bytes, count: int = 100_000) -> bytes:
    """`count` units, `%d` in each replaced by its number, as far as the size allows."""
    pieces, size = [head], len(head) + len(tail)
    for number in range(count):
        piece = unit.replace(b"%d", b"%d" % number)
        size += len(piece)
        if size > MAX_BODY_BYTES:
            break
        pieces.append(piece)
    return b"".join((*pieces, tail))


def laughs(levels: int, count: int) -> bytes:
    """Entities made of entities made of entities."""
    declared = b"<!ENTITY e0 'ha'>" + b"".join(
        b"<!ENTITY e%d '%s'>" % (level, (b"&e%d;" % (level - 1)) * count) for level in range(1, levels)
    )
    return (
        b"<!DOCTYPE rss ["
        + declared
        + b"]>"
        + _RSS
        + b"<item><title>&e%d;</title></item></channel></rss>" % (levels - 1)
    )


EXPLOSIONS: dict[str, Build] = {
    "a billion laughs": lambda: laughs(10, 10),
    "quadratic entity": lambda: (
        b"<!DOCTYPE rss [<!ENTITY e '" + b"x" * 100_000 + b"'>]>" + _RSS + b"&e;" * 50_000 + b"</channel></rss>"
    ),
    "external entity": lambda: (
        b"<!DOCTYPE r [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><rss><channel>&e;</channel></rss>"
    ),
    "parameter entity": lambda: b"<!DOCTYPE r [<!ENTITY % p SYSTEM 'http://127.0.0.1:1/x'>%p;]><rss/>",
    "json objects 50,000 deep": lambda: b'{"incident":' * 50_000 + b"1" + b"}" * 50_000,
    "json lists of the whole size": lambda: b"[" * (MAX_BODY_BYTES // 2) + b"]" * (MAX_BODY_BYTES // 2),
    "xml of the whole size deep": lambda: filled(_RSS, b"<a>"),
    "xml closed, of the whole size deep": lambda: b"<a>" * 1_000_000 + b"</a>" * 1_000_000,
    "html 250 KB deep": lambda: filled(_HTML, b"<div>", size=250_000),
    "html of the whole size deep": lambda: filled(_HTML, b"<div class='unresolved-incident'>"),
    "html tables deep": lambda: filled(_HTML, b"<table><tr><td>", size=2_000_000),
    "markup in a text 250 KB deep": lambda: (
        b'{"incident":{"name":"x","status":"resolved","body":"' + b"<div><!-->" * 25_000 + b'"}}'
    ),
}
"""Small or deep, and enormous or endless for a careless reader."""

CROWDS: dict[str, Build] = {
    "100,000 rss items": lambda: numbered(
        _RSS, b"<item><guid>g%d</guid><title>t%d</title></item>", b"</channel></rss>"
    ),
    "100,000 dated rss items": lambda: numbered(
        _RSS, b"<item><guid>%d</guid><pubDate>4 May 2026 10:22 UT</pubDate></item>", b"</channel></rss>"
    ),
    "100,000 atom entries": lambda: numbered(_ATOM, b"<entry><id>u:%d</id><title>t</title></entry>", b"</feed>"),
    "100,000 json feed items": lambda: numbered(
        b'{"version":"https://jsonfeed.org/version/1.1","items":[',
        b'{"id":"%d","content_text":"x","title":"t"},',
        b"{}]}",
    ),
    "100,000 incidents": lambda: numbered(
        _PAGE + b'"incidents":[', b'{"id":"i%d","name":"n","status":"resolved"},', b"{}]}"
    ),
    "100,000 components": lambda: numbered(
        _PAGE + b'"components":[', b'{"id":"c%d","name":"n","status":"x"},', b"{}]}"
    ),
    "100,000 components of one name": lambda: numbered(
        _PAGE + b'"components":[', b'{"name":"n","status":"up"},', b"{}]}"
    ),
    "100,000 updates": lambda: numbered(
        b'{"incident":{"name":"n","status":"resolved","incident_updates":[', b'{"id":"u%d","body":"b%d"},', b"{}]}}"
    ),
    "100,000 updates without ids": lambda: numbered(
        b'{"incident":{"name":"n","status":"resolved","incident_updates":[', b'{"body":"b%d"},', b"{}]}}"
    ),
    "100,000 native incidents": lambda: numbered(_NATIVE + b"[", b'{"id":"i%d","name":"n","status":"x"},', b"{}]}}"),
    "empty updates": lambda: listed(b'{"incident":{"name":"n","status":"x","incident_updates":[', b"{}", b"]}}"),
    "empty lists": lambda: listed(_PAGE + b'"incidents":[', b"[]", b"]}"),
    "small objects": lambda: listed(_PAGE + b'"incidents":[', b'{"a":1}', b"]}"),
    "small texts": lambda: listed(_PAGE + b'"incidents":[', b'"ab"', b"]}"),
    "small numbers": lambda: listed(_PAGE + b'"incidents":[', b"999", b"]}"),
    "unlike keys": lambda: numbered(_PAGE + b'"x":{', b'"k%d":1,', b'"z":1}}', 10_000_000),
    "empty elements": lambda: filled(_RSS, b"<a/>", b"</channel></rss>"),
    "elements and texts": lambda: filled(_RSS, b"<a/>x", b"</channel></rss>"),
    "attributes": lambda: numbered(b"<rss><channel><item ", b"a%d='' ", b"/></channel></rss>", 10_000_000),
    "namespaces": lambda: numbered(b"<rss ", b"xmlns:a%d='b' ", b"><channel/></rss>", 10_000_000),
    "html elements": lambda: filled(_HTML, b"<p>", b"</body></html>"),
    "html rows": lambda: filled(_HTML, b"<div class='component-inner-container' data-component-id='x'></div>"),
    "categories": lambda: filled(_RSS + b"<item><guid>g</guid>", b"<category>x</category>", b"</item></channel></rss>"),
    "links": lambda: filled(_ATOM + b"<entry><id>g</id>", b"<link href='a'/>", b"</entry></feed>"),
}
"""As many small things as fit."""

GIANTS: dict[str, Build] = {
    "a text of 5 MB in json": lambda: b'{"incident":{"status":"x","name":"' + b"n" * 5_000_000 + b'"}}',
    "a body of 5 MB in json": lambda: (
        b'{"incident":{"status":"x","name":"n","body":"' + b"<b>x</b>&amp; " * 400_000 + b'"}}'
    ),
    "a text of 5 MB in xml": lambda: _RSS + b"<item><title>" + b"t" * 5_000_000 + b"</title></item></channel></rss>",
    "escaped markup of 5 MB": lambda: filled(
        _RSS + b"<item><description>",
        b"&lt;p&gt;&amp;lt;b&amp;gt;x",
        b"</description></item></channel></rss>",
        5_000_000,
    ),
    "an attribute of 5 MB": lambda: _RSS + b"<item><link href='" + b"h" * 5_000_000 + b"'/></item></channel></rss>",
    "a number of 5 MB": lambda: b'{"incident":{"status":"x","name":"n","id":' + b"9" * 5_000_000 + b"}}",
    "a key of 5 MB": lambda: b'{"' + b"k" * 5_000_000 + b'":1}',
    "escapes of 5 MB": lambda: b'{"incident":{"status":"x","name":"' + b"\\ud800" * 800_000 + b'"}}',
    "utf-16 of the whole size": lambda: ("\ufeff[" + "1," * 2_000_000 + "1]").encode("utf-16-le"),
    "blanks of the whole size": lambda: b"{" + b" " * (MAX_BODY_BYTES - 2) + b"}",
    "blanks, then markup": lambda: b" " * (MAX_BODY_BYTES - 6) + b"<rss/>",
    "blanks in broken markup": lambda: filled(_RSS, b" ", b"</rss>"),
    "zeros": lambda: bytes(MAX_BODY_BYTES),
    "more than the whole size": lambda: b"x" * (MAX_BODY_BYTES + 1),
}
"""Single things of megabytes."""

_UNITS: tuple[bytes, ...] = (
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"<!---->",
    b"<!DOCTYPE",
    b"<!ENTITY",
    b"<?x ",
    b"<?xml ",
    b"<",
    b"<a ",
    b"</",
    b"&",
    b"&#",
    b"&#0",
    b"&amp",
    b"&nbsp;",
    b" ",
    b"\n",
    b"\r",
    b"<small>",
    b"<small>May 4</small><b>",
    b"<strong>x",
    b"<p><small",
    b"<!doctype ",
    b"<meta charset ",
    b"<title",
    b"<var>",
    b"<li>x ",
    b"<ul><li>",
    b"THIS IS A SCHEDULED EVENT ",
    b'self.__next_f.push([1,"',
    b"1:T9,",
    b"1:[",
    b"$1:",
    b'"',
    b"\\",
    b"\\u",
    b"{",
    b"[",
    b"(",
    b"[a",
    b":",
    b" - ",
    b"http://",
    b"a=",
    b"'",
    b"\xff",
    b"\xc3",
    b"\x00",
    b"<b>Status: x</b>",
    b"<b>Affected components</b><ul>",
    b"<script>",
    b"<style>",
    b"<svg>",
    b"<div class='incident-title'>",
    b"<a href='?page_code='>",
    b"<head>",
    b"-->",
    b"?>",
    b"ongoing_incidents",
    b"<b>a</b><br>",
)
_AROUND: tuple[tuple[bytes, bytes], ...] = (
    (b"", b""),
    (b"<", b""),
    (_RSS, b"</channel></rss>"),
    (_RSS + b"<item><title>x</title><description>", b"</description></item></channel></rss>"),
    (_RSS + b"<item><guid>g</guid><description><![CDATA[", b"]]></description></item>&nbsp;</channel></rss>"),
    (_ATOM + b"<entry><id>g</id><content type='html'>", b"</content></entry></feed>"),
    (_HTML, b"</body></html>"),
    (b"__next_f ongoing_incidents affected_components <html>", b""),
    (b'{"incident":{"name":"n","status":"x","incident_updates":[{"body":"', b'"}]}}'),
    (b'{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","content_html":"', b'"}]}'),
    (b'{"page":{"name":"', b'"},"status":{"indicator":"none"}}'),
)


def pumped(size: int) -> Iterator[tuple[str, bytes]]:
    """Every unit repeated in every place, some 700 documents of `size` bytes."""
    for unit in _UNITS:
        for head, tail in _AROUND:
            yield f"{unit!r} in {head[:24]!r}..{tail[:16]!r}", filled(head, unit, tail, size)


DOCUMENTS: dict[str, Build] = {**EXPLOSIONS, **CROWDS, **GIANTS}
