"""Reading documents and fields: what each kind of damage gives, row by row of the fault catalogue (D1 to D20)."""

from __future__ import annotations

import contextlib
import gzip
import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, Problem, Status
from statuswire.platforms import reading
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    decode,
    flag,
    fold_word,
    html_text,
    ident,
    items,
    load_html,
    load_json,
    load_xml,
    moment,
    normalise_url,
    plain,
    require_mapping,
    text,
    title,
    ulid_time,
    url_path_tail,
    yearless,
)

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def document(body: bytes | str, content_type: str = "") -> Document:
    raw = body.encode() if isinstance(body, str) else body
    return Document(raw, NOW, headers={"content-type": content_type} if content_type else {})


def reason_of(load: object, body: bytes | str, content_type: str = "") -> ParseReason:
    assert callable(load)
    with pytest.raises(ParseError) as caught:
        load(document(body, content_type))
    assert isinstance(caught.value.reason, ParseReason)
    return caught.value.reason


def utc(year: int, month: int, day: int, *clock: int) -> datetime:
    hour, minute, second, microsecond = (*clock, 0, 0, 0, 0)[:4]
    return datetime(year, month, day, hour, minute, second, microsecond, UTC)


# --- JSON ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"", "", ParseReason.EMPTY),
        (b" \r\n\t ", "", ParseReason.EMPTY),
        (b"\xef\xbb\xbf\n", "", ParseReason.EMPTY),
        (b"<!DOCTYPE html><html><head><title>Acme</title></head></html>", "", ParseReason.HTML),
        (b"<!-- built --> <HTML>", "application/json", ParseReason.HTML),
        (b"<html><title>Just a moment...</title></html>", "", ParseReason.CHALLENGE),
        (b"<html><title>Attention Required! | Cloudflare</title></html>", "", ParseReason.CHALLENGE),
        (b"<html><title>Sign in - Cloudflare Access</title></html>", "", ParseReason.CHALLENGE),
        (b"<html><body><script>window._cf_chl_opt={}</script></body></html>", "", ParseReason.CHALLENGE),
        (b"Invalid request blocked.", "text/plain", ParseReason.CHALLENGE),
        (b"Your page is inactive. Please contact support.", "text/plain", ParseReason.INACTIVE),
        (b'{"error": "Your page is inactive"}', "", ParseReason.INACTIVE),
        (b'{"error": "status page not found"}', "", ParseReason.ERROR_BODY),
        (b'{"errors": [{"detail": "gone"}], "status": 404}', "", ParseReason.ERROR_BODY),
        (b'{"type": "about:blank", "title": "Gone"}', "application/problem+json", ParseReason.ERROR_BODY),
        (b'callback({"page": {}});', "", ParseReason.NOT_JSON),
        (b'<?xml version="1.0"?><rss/>', "", ParseReason.NOT_JSON),
        (b'{"page": {"id": "abc"', "", ParseReason.NOT_JSON),
        (gzip.compress(b"{}", mtime=0), "", ParseReason.NOT_JSON),
    ],
)
def test_what_stands_in_the_place_of_json_is_told_apart(body: bytes, content_type: str, reason: ParseReason) -> None:
    assert reason_of(load_json, body, content_type) is reason


@pytest.mark.parametrize(
    ("body", "word"), [(gzip.compress(b"{}", mtime=0), "gzip"), (b"cb([1])", "JSONP"), (b"<a/>", "XML")]
)
def test_the_message_says_what_came_instead_of_json(body: bytes, word: str) -> None:
    with pytest.raises(ParseError, match=word):
        load_json(document(body))


def test_an_object_that_has_more_than_an_error_is_no_error_body() -> None:
    assert load_json(document('{"error": "late", "incidents": []}')) == {"error": "late", "incidents": []}


@pytest.mark.parametrize("body", ["null", "[1]", '"text"', "3", "true"])
def test_d11_a_value_of_the_wrong_shape_is_returned_and_refused_by_require_mapping(body: str) -> None:
    value = load_json(document(body))

    with pytest.raises(ParseError) as caught:
        require_mapping(value, "body")

    assert caught.value.reason is ParseReason.SHAPE


def test_d3_a_body_above_the_limit_is_refused_unread() -> None:
    assert reason_of(load_json, b" " * (reading.MAX_BODY_BYTES + 1)) is ParseReason.TOO_LARGE
    assert reason_of(load_xml, b"<" * (reading.MAX_BODY_BYTES + 1)) is ParseReason.TOO_LARGE


@pytest.mark.parametrize(
    ("load", "body"),
    [
        (load_xml, b"<r>" + b"<i/>" * 600_000 + b"</r>"),
        (load_html, b"<p>" * 600_000),
        (load_json, b"[" + b"{}," * 400_000 + b"{}]"),
        (load_json, b"[" + b"1," * 1_100_000 + b"1]"),
    ],
    ids=["xml", "html", "objects", "numbers"],
)
def test_d3_a_body_of_millions_of_nodes_is_refused_before_it_becomes_a_tree(load: object, body: bytes) -> None:
    assert reason_of(load, body) is ParseReason.TOO_LARGE


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_d4_json_nested_a_hundred_thousand_deep_is_too_deep(opening: bytes) -> None:
    assert reason_of(load_json, opening * 100_000) is ParseReason.TOO_DEEP


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_d5_numbers_that_json_does_not_have_are_refused(number: str) -> None:
    assert reason_of(load_json, f'{{"a": {number}}}') is ParseReason.NOT_JSON


def test_d6_an_id_beyond_64_bit_keeps_every_digit() -> None:
    value = as_mapping(load_json(document('{"id": 123456789012345678901234567890}')))

    assert ident(value["id"]) == "123456789012345678901234567890"


def test_d6_a_number_of_thousands_of_digits_is_no_id() -> None:
    assert ident(10**5000) == text(10**5000) == ""


def test_d7_of_duplicate_keys_the_last_counts() -> None:
    assert load_json(document('{"a": 1, "a": 2}')) == {"a": 2}


def test_d8_a_lone_surrogate_becomes_a_replacement_character() -> None:
    body = r'{"cut": "ok \ud83d", "whole": "\ud83d\ude00", "escaped": "\\ud83d", "low": "\ude00!"}'

    value = load_json(document(body))

    assert value == {"cut": "ok �", "whole": "😀", "escaped": "\\ud83d", "low": "�!"}


def test_d9_nul_and_control_characters_never_leave_text() -> None:
    value = as_mapping(load_json(document(r'{"a": "x\u0000y\u001b[2J\r\nz\tw\u009b"}')))

    assert text(value["a"]) == "xy[2J\nz\tw"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_d10_json_is_read_in_every_unicode_encoding(encoding: str) -> None:
    assert load_json(document('{"a": "Zürich 😀"}'.encode(encoding))) == {"a": "Zürich 😀"}


def test_d10_json_in_a_declared_8_bit_charset_is_read() -> None:
    body = '{"a": "Zürich"}'.encode("latin-1")

    assert load_json(document(body, "application/json; charset=ISO-8859-1")) == {"a": "Zürich"}


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=zlib"])
def test_d10_json_in_no_encoding_at_all_is_refused(content_type: str) -> None:
    assert reason_of(load_json, b'{"a": "Z\xfcrich"}', content_type) is ParseReason.NOT_JSON


def test_d10_damaged_utf_16_is_refused() -> None:
    assert reason_of(load_json, "{}".encode("utf-16") + b"\x00\xd8\x00") is ParseReason.NOT_JSON


# --- XML -------------------------------------------------------------------------------------------------------

LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]><rss>&l9;</rss>',
        '<!DOCTYPE rss [<!ENTITY a "' + "a" * 50_000 + '">]><rss>' + "&a;" * 50_000 + "</rss>",
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd">%p;]><rss/>',
        '<!DOCTYPE rss [<!ATTLIST rss a CDATA "x">]><rss/>',
        '<!doctype rss [<!ENTITY x "y">]><rss>broken & &x;</rss>',
        '<?pi <a> ?><!-- <rss> --><!DOCTYPE rss [<!ENTITY x "y">]><rss>&x;</rss>',
    ],
)
def test_d1_a_document_that_declares_anything_is_refused_at_once(doctype: str) -> None:
    began = time.process_time()

    assert reason_of(load_xml, doctype) is ParseReason.FORBIDDEN_XML
    assert time.process_time() - began < 1.0


def test_d1_a_bare_doctype_is_harmless_and_its_dtd_is_not_loaded() -> None:
    body = '<!DOCTYPE rss PUBLIC "-//Acme//DTD RSS 0.91//EN" "http://127.0.0.1:9/rss.dtd"><rss><a/></rss>'

    assert load_xml(document(body)).tag == "rss"


def test_d1_processing_instructions_and_comments_are_dropped() -> None:
    root = load_xml(document('<?xml-stylesheet href="x"?><rss><!-- a --><t>one<!-- b --> two</t></rss>'))

    assert [child.tag for child in root] == ["t"]
    assert root[0].text == "one two"


@pytest.mark.parametrize("depth", [257, 50_000])
def test_d2_xml_nested_too_deep_is_refused(depth: int) -> None:
    assert reason_of(load_xml, "<a>" * depth + "</a>" * depth) is ParseReason.TOO_DEEP


def test_d2_depth_is_refused_even_where_the_document_is_broken_before_it() -> None:
    assert reason_of(load_xml, "<r>&nbsp;&bogus; & " + "<a>" * 300 + "</a>" * 300 + "</r>") is ParseReason.TOO_DEEP


@pytest.mark.parametrize(
    "unit",
    ["<!---->", "<!--", "<?xml?>", "<![CDATA[", "<!DOCTYPE", "<a", "</a>", "&", "<", "&#0", "]]>", "\x00", "<r>&x;"],
)
@pytest.mark.parametrize("frame", ["{}", "<r>{}", "<r>&nbsp;{}</r>"])
def test_hostile_markup_is_refused_or_read_in_linear_time(unit: str, frame: str) -> None:
    found = document(frame.format(unit * (400_000 // len(unit))))
    began = time.process_time()

    for load in (load_xml, load_json, load_html):
        with contextlib.suppress(ParseError):
            load(found)

    assert time.process_time() - began < 3


def test_d2_xml_nested_256_deep_is_read() -> None:
    assert load_xml(document("<a>" * 256 + "</a>" * 256)).tag == "a"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"\n <?xml version='1.0'?><rss>x</rss>", "x"),
        (b"\xef\xbb\xbf<rss>x</rss>", "x"),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?><rss>x</rss>", "x"),
        (b"<rss>a\x00b\x08c</rss>", "abc"),
        (b"<rss>a&#8;b&#x1F;c&#0;d</rss>", "abcd"),
        (b"<rss>a&#55555;b&#xD800;c&#xFFFF;d&#x00000000000041;&#99999999;&</rss>", "abcdA&"),
        (b"<rss>a&nbsp;b &copy; c</rss>", "a\u00a0b © c"),
        (b"<rss>AT&T & co. <![CDATA[& &nbsp;]]></rss>", "AT&T & co. & &nbsp;"),
        (b"<rss>x</rss>\n<script>alert(1)</script>", "x"),
        ("<?xml version='1.0' encoding='ISO-8859-1'?><rss>Störung</rss>".encode("latin-1"), "Störung"),
        ("<?xml version='1.0' encoding='UTF-8'?><rss>Störung</rss>".encode("latin-1"), "St\ufffdrung"),
        ("<?xml version='1.0' encoding='utf-16'?><rss>Störung</rss>".encode(), "Störung"),
        ("<?xml version='1.0' encoding='nonsense'?><rss>Störung</rss>".encode(), "Störung"),
        ("<?xml version='1.0' encoding='utf-8'?><rss>Störung</rss>".encode("utf-16"), "Störung"),
        ("<rss>障害</rss>".encode("utf-16-le"), "障害"),
    ],
)
def test_d10_damage_that_loses_nothing_is_repaired(body: bytes, expected: str) -> None:
    assert load_xml(document(body)).text == expected


def test_d10_the_charset_of_the_header_counts_where_the_document_declares_none() -> None:
    body = "<rss>Störung</rss>".encode("cp1252")

    assert load_xml(document(body, "text/xml; charset=windows-1252")).text == "Störung"


@pytest.mark.parametrize("end", [20, 60, 100, 125])
def test_a_feed_that_is_cut_off_is_an_error_and_not_a_shorter_feed(end: int) -> None:
    body = "<rss><channel><title>x</title>" + "<item><title>y</title></item>" * 3 + "</channel></rss>"

    assert reason_of(load_xml, body[:end]) is ParseReason.NOT_XML


def test_a_feed_that_is_complete_but_not_well_formed_is_read() -> None:
    root = load_xml(document("<rss><channel><title>x<b></title><item>y</item></channel></rss>"))

    assert [str(item.text) for item in root.iter("item")] == ["y"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{}", ParseReason.NOT_XML),
        (b"plain words", ParseReason.NOT_XML),
        (gzip.compress(b"<rss/>", mtime=0), ParseReason.NOT_XML),
        (b"<!DOCTYPE html><html><body><p>x</html>", ParseReason.HTML),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'><head/></html>", ParseReason.HTML),
        (b"<html><head><title>Just a moment...</title>", ParseReason.CHALLENGE),
        (b"<Error><Code>AccessDenied</Code></Error>", ParseReason.ERROR_BODY),
        (b"  ", ParseReason.EMPTY),
    ],
)
def test_what_stands_in_the_place_of_xml_is_told_apart(body: bytes, reason: ParseReason) -> None:
    assert reason_of(load_xml, body) is reason


# --- HTML pages ------------------------------------------------------------------------------------------------


def test_a_web_page_is_read_in_its_own_charset() -> None:
    body = '<html><head><meta charset="iso-8859-1"></head><body><p>Störung</body>'.encode("latin-1")

    assert load_html(document(body)).findtext(".//p") == "Störung"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", ParseReason.EMPTY),
        (b"{}", ParseReason.SHAPE),
        (gzip.compress(b"<html>", mtime=0), ParseReason.SHAPE),
        (b"<title>Just a moment...</title>", ParseReason.CHALLENGE),
        (b"<p>Your page is inactive</p>", ParseReason.INACTIVE),
    ],
)
def test_what_is_no_web_page_is_told_apart(body: bytes, reason: ParseReason) -> None:
    assert reason_of(load_html, body) is reason


def test_a_script_of_bot_detection_on_a_real_page_is_no_challenge() -> None:
    body = '<html><title>Acme Status</title><script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'

    assert load_html(document(body)).findtext(".//title") == "Acme Status"


# --- text ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a", "a"), (5, "5"), (2.5, "2.5"), (None, ""), (True, ""), ([], ""), ({}, ""), (float("inf"), "")],
)
def test_text_gives_words_and_numbers_and_nothing_else(value: object, expected: str) -> None:
    assert text(value) == expected


def test_d3_a_text_beyond_the_limit_is_cut_and_marked() -> None:
    assert text("x" * 100_000) == "x" * 65_535 + "…"
    assert len(text("\x00" * 100 + "y" * 10, limit=50)) <= 50


def test_d20_titles_are_one_line_without_characters_that_turn_the_writing_direction() -> None:
    assert title("API\u202e evil\u2066\n\x1b[31m slow\ufeff") == "API evil [31m slow"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("plain", "plain"),
        ("line\nline", "line\nline"),
        ("A <br>B<br />C<BR/>D", "A\nB\nC\nD"),
        ("<p>One\n two</p><p>Three</p>", "One two\nThree"),
        ("<ul><li>a</li><li>b</li></ul>c", "a\nb\nc"),
        ("<div>a<div>b</div></div>", "a\nb"),
        ("<table><tr><td>a</td><td class='x'>b</td></tr><tr><th>c</th><TD>d</TD></tr></table>", "a b\nc d"),
        ("<!-- x --><table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("x &amp; y &lt;z&gt; &#8211; &nbsp;w", "x & y <z> – w"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ('<a href="https://x.example/?a=1&amp;b=2">link</a> text', "link text"),
        ('<a title="a > b">link</a>', "link"),
        ("<script>alert(1)</script>seen<style>p{}</style>", "seen"),
        ("a<!-- hidden -->b", "ab"),
        ("<b>bold</b> and <i>it</i>", "bold and it"),
        ("&#99999999999;&#xFFFFFFFF;x", "\ufffd\ufffdx"),
        ("<p", ""),
        ("", ""),
    ],
)
def test_html_text(markup: str, expected: str) -> None:
    assert html_text(markup) == expected


@pytest.mark.parametrize(
    "unit",
    ["<", "<a ", '<a "', "<a '", "<b>", "&", "&#", "<!--", "<br", " ", "<p>\n", "<script>", "<![CDATA[", "\x00<"],
)
def test_html_to_text_takes_linear_time_on_hostile_markup(unit: str) -> None:
    markup = unit * (200_000 // len(unit))
    began = time.process_time()

    html_text(markup)

    assert time.process_time() - began < 1.5


def test_a_number_of_thousands_of_digits_in_a_character_reference_is_harmless() -> None:
    assert html_text("&#" + "9" * 5000 + ";") == "\ufffd"


@given(st.text())
def test_html_to_text_takes_anything_and_leaves_no_control_characters(markup: str) -> None:
    words = html_text(markup)

    assert not any(ord(letter) < 32 and letter not in "\n\t" for letter in words)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("two\nlines", ("two\nlines", "")),
        ("fish & chips", ("fish & chips", "")),
        ("a < b", ("a < b", "")),
        ("<p>x</p>", ("x", "<p>x</p>")),
        ("x &amp; y", ("x & y", "x &amp; y")),
    ],
)
def test_plain_keeps_the_raw_text_only_where_it_was_markup(body: str, expected: tuple[str, str]) -> None:
    assert plain(body) == expected


# --- lists, words, flags ---------------------------------------------------------------------------------------


def test_d11_a_wrong_item_is_skipped_and_named_and_the_others_stay() -> None:
    problems: list[Problem] = []

    found = list(items([{"id": 1}, None, "x", {"id": 2}], "incidents", problems))

    assert found == [(0, {"id": 1}), (3, {"id": 2})]
    assert [problem.where for problem in problems] == ["incidents[1]", "incidents[2]"]


@pytest.mark.parametrize(("value", "count"), [(None, 0), ({}, 1), ("x", 1), (3, 1)])
def test_d11_a_missing_list_is_empty_and_a_wrong_one_is_named(value: object, count: int) -> None:
    problems: list[Problem] = []

    assert list(items(value, "incidents", problems)) == []
    assert len(problems) == count


def test_d3_a_list_beyond_the_limit_is_read_to_there_and_named() -> None:
    problems: list[Problem] = []

    found = list(items([{}] * (reading.ITEM_LIMIT + 5), "components", problems))

    assert len(found) == reading.ITEM_LIMIT
    assert len(problems) == 1


def test_d16_an_unknown_word_is_named_and_gives_the_default() -> None:
    problems: list[Problem] = []
    table = {"majoroutage": Status.MAJOR_OUTAGE}

    known = choose("Major_Outage ", table, Status.UNKNOWN, "a", problems)
    unknown = choose("wobbly", table, Status.UNKNOWN, "b", problems)
    missing = [choose(word, table, Status.UNKNOWN, "c", problems) for word in (None, "")]

    assert (known, unknown, *missing) == (Status.MAJOR_OUTAGE, *[Status.UNKNOWN] * 3)
    assert problems == [Problem("b", "unknown word 'wobbly'")]


def test_d16_a_word_of_the_wrong_type_is_named() -> None:
    problems: list[Problem] = []

    choose({"a": 1}, {"x": 1}, 0, "a", problems)

    assert problems == [Problem("a", "expected a word, found an object")]


def test_words_are_folded_over_case_blanks_and_dashes() -> None:
    assert {fold_word(word) for word in ("Under Maintenance", "under_maintenance", "UNDER-maintenance ")} == {
        "undermaintenance"
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, True), (1, True), ("true", True), ("Yes", True), (False, False), (0, False), ("no", False), (None, False)],
)
def test_flags(value: object, expected: bool) -> None:
    assert flag(value) is expected


@pytest.mark.parametrize(("value", "expected"), [("a1", "a1"), (17, "17"), (True, ""), (1.5, ""), (None, ""), ([], "")])
def test_d11_ids_are_texts_or_whole_numbers(value: object, expected: str) -> None:
    assert ident(value) == expected


# --- moments ---------------------------------------------------------------------------------------------------

SAME = utc(2026, 5, 4, 10, 22, 31)


@pytest.mark.parametrize(
    "written",
    [
        "2026-05-04T10:22:31Z",
        "2026-05-04T10:22:31+00:00",
        "2026-05-04t10:22:31z",
        "2026-05-04T12:22:31+0200",
        "2026-05-04 05:22:31 -0500",
        "2026-05-04 03:22:31 -0700 MST",
        "2026-05-04 03:22:31 -0700 PDT m=+0.000012",
        "2026-05-04 10:22:31 UTC",
        "2026/05/04 10:22:31",
        " 2026-05-04T10:22:31Z\n",
        "Mon, 04 May 2026 10:22:31 GMT",
        "Mon, 04 May 2026 10:22:31 +0000",
        "Sun, 4 May 2026 10:22:31 UT",
        "Mon, 04 May 26 10:22:31 Z",
        "Mon, 04 May 2026 03:22:31 PDT",
        "4 May 2026 18:22:31 +0800",
        "Mon May  4 10:22:31 UTC 2026",
        "Mon May 04 2026 12:22:31 GMT+0200 (Central European Summer Time)",
        "May 4, 2026 10:22:31 AM UTC",
        "May 4, 2026 - 12:22:31 CEST",
        "4. Mai 2026, 12:22:31 MESZ",
        "04 mai 2026 10:22:31",
        "20260504102231",
        1777890151,
        1777890151000,
        1777890151000000,
        1777890151000000000,
        1777890151.0,
        "1777890151",
        "1777890151000",
    ],
)
def test_d12_every_known_way_to_write_a_moment(written: object) -> None:
    assert moment(written) == SAME


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Mon, 04 May 2026 10:22 GMT", utc(2026, 5, 4, 10, 22)),
        ("02 September 2026, 17:05 UTC", utc(2026, 9, 2, 17, 5)),
        ("2026-05-04", utc(2026, 5, 4)),
        ("2026-05-04T10:22:31.123456789Z", utc(2026, 5, 4, 10, 22, 31, 123456)),
        ("2026-06-30T23:59:60Z", utc(2026, 6, 30, 23, 59, 59)),
        ("Thu, 01 Jan 70 00:00:00 GMT", utc(1970, 1, 1)),
        ("9998-12-31T23:59:59Z", utc(9998, 12, 31, 23, 59, 59)),
        ("2027-01-01T00:00:00Z", utc(2027, 1, 1)),
        ("04 May 2026 10:22 GMT+2", utc(2026, 5, 4, 8, 22)),
        ("04 May 2026 10:22 +03", utc(2026, 5, 4, 7, 22)),
        ("04 May 2026 10:22 ACST", utc(2026, 5, 4, 0, 52)),
        ("04 May 2026 10:22 PT", utc(2026, 5, 4, 17, 22)),
        ("04 Jan 2026 10:22 PT", utc(2026, 1, 4, 18, 22)),
    ],
)
def test_d12_moments_with_their_zones(written: str, expected: datetime) -> None:
    assert moment(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "2026-05-04T10:22:31+25:00",
        "2026-05-04T10:22:31+15:00",
        "0001-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "10000-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "31 Dec 9999 23:59 GMT",
        "9999-12-31T23:59:59-10:00",
        "2026-13-04T10:22:31Z",
        "31 Feb 2026 10:22 UTC",
        "04 May 2026 25:22 UTC",
        "04 May 2026 10:22 XYZ",
        "20 Ramadan 1447 10:22",
        "5",
        0,
        3,
        -1777890151,
        1e300,
        float("nan"),
        True,
        None,
        [],
        "1" * 5000,
        "a " * 5000,
    ],
)
def test_d12_what_is_no_moment_gives_none(written: object) -> None:
    assert moment(written) is None


@pytest.mark.parametrize(
    ("written", "zone", "expected"),
    [
        ("2026-05-04 10:22:31", None, utc(2026, 5, 4, 10, 22, 31)),
        ("2026-05-04 10:22:31", "Europe/Zurich", utc(2026, 5, 4, 8, 22, 31)),
        ("2026-01-04 10:22:31", "Europe/Zurich", utc(2026, 1, 4, 9, 22, 31)),
        ("2026-05-04 10:22:31", "Not/AZone", utc(2026, 5, 4, 10, 22, 31)),
        ("04 May 2026 10:22 IST", None, utc(2026, 5, 4, 4, 52)),
        ("04 May 2026 10:22 IST", "Asia/Kolkata", utc(2026, 5, 4, 4, 52)),
        ("04 May 2026 10:22 IST", "Europe/Dublin", utc(2026, 5, 4, 9, 22)),
        ("04 May 2026 10:22 CST", None, utc(2026, 5, 4, 16, 22)),
        ("04 May 2026 10:22 CST", "Asia/Shanghai", utc(2026, 5, 4, 2, 22)),
        ("04 May 2026 10:22 BST", None, utc(2026, 5, 4, 9, 22)),
        ("04 May 2026 10:22 PDT", "Europe/Zurich", utc(2026, 5, 4, 17, 22)),
        ("04 May 2026 10:22 XYZ", "Europe/Zurich", utc(2026, 5, 4, 8, 22)),
    ],
)
def test_d12_the_zone_of_the_page_counts_where_the_text_has_none_or_an_ambiguous_one(
    written: str, zone: str | None, expected: datetime
) -> None:
    assert moment(written, zone) == expected


@given(
    st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.binary()), st.sampled_from([None, "Asia/Tokyo", "x"])
)
def test_d12_moment_takes_anything(value: object, zone: str | None) -> None:
    found = moment(value, zone)

    assert found is None or (1970 <= found.year < 9999 and found.utcoffset() == timedelta(0))


@given(st.datetimes(min_value=datetime(1975, 1, 1), max_value=datetime(2199, 1, 1)))  # noqa: DTZ001 - given its zone below
def test_d12_what_iso_and_rfc_822_write_is_read_back(naive: datetime) -> None:
    at = naive.replace(tzinfo=UTC, microsecond=0)

    assert moment(at.isoformat()) == moment(f"{at:%d} {at:%b} {at.year:04} {at:%H:%M:%S} GMT") == at


@pytest.mark.parametrize(
    ("written", "near", "expected"),
    [
        ("May  4, 10:22 UTC", utc(2026, 5, 6), utc(2026, 5, 4, 10, 22)),
        ("Dec 31, 23:50 UTC", utc(2026, 1, 1), utc(2025, 12, 31, 23, 50)),
        ("Jan  1, 00:10 UTC", utc(2025, 12, 31), utc(2026, 1, 1, 0, 10)),
        ("Aug 28, 10:33 PM UTC", utc(2026, 8, 28), utc(2026, 8, 28, 22, 33)),
        ("Aug 28, 12:05 AM UTC", utc(2026, 8, 28), utc(2026, 8, 28, 0, 5)),
        ("May  4, 10:22:31 GMT+2", utc(2026, 5, 4), utc(2026, 5, 4, 8, 22, 31)),
        ("4 May, 10:22", utc(2026, 5, 4), utc(2026, 5, 4, 10, 22)),
        ("Feb 29, 10:22 UTC", utc(2026, 5, 4), utc(2028, 2, 29, 10, 22)),
        ("May 13, 2017, 06:45 UTC", utc(2026, 5, 4), utc(2017, 5, 13, 6, 45)),
        ("2026-05-04T10:22:31Z", utc(2020, 1, 1), SAME),
    ],
)
def test_a_date_without_a_year_is_in_the_year_nearest_to_its_entry(
    written: str, near: datetime, expected: datetime
) -> None:
    assert yearless(written, near) == expected


def test_a_date_without_a_year_and_without_an_entry_is_unknown() -> None:
    assert yearless("May 4, 10:22 UTC", None) is None


@given(st.text(), st.datetimes(timezones=st.just(UTC)))
def test_yearless_takes_anything(written: str, near: datetime) -> None:
    found = yearless(written, near, "Europe/Zurich")

    assert found is None or found.tzinfo is UTC


def test_a_ulid_tells_when_it_was_made() -> None:
    assert ulid_time("01ARZ3NDEKTSV4RRFFQ69G5FAV") == utc(2016, 7, 30, 23, 54, 10, 259000)


@pytest.mark.parametrize("other", ["", "w2x4y6z8b1c3", "81ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAU"])
def test_other_ids_tell_no_time(other: str) -> None:
    assert ulid_time(other) is None


# --- addresses -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://Status.Acme.example:443//incidents//7/", "https://status.acme.example/incidents/7"),
        ("http://acme.example:80/a?b=1#c", "http://acme.example/a?b=1"),
        ("https://acme.example:8443/a", "https://acme.example:8443/a"),
        ("https://acme.example/#7", "https://acme.example/#7"),
        ("https://acme.example#7", "https://acme.example/#7"),
        ("https://acme.example/", "https://acme.example"),
        ("status.acme.example/incidents/9", "https://status.acme.example/incidents/9"),
        ("https://[bad", "https://[bad"),
        ("urn:acme:7", "urn:acme:7"),
        ("", ""),
    ],
)
def test_addresses_are_made_comparable(url: str, expected: str) -> None:
    assert normalise_url(url) == expected


@given(st.text())
def test_a_normalised_address_stays_as_it_is(url: str) -> None:
    once = normalise_url(url)

    assert normalise_url(once) == once


@pytest.mark.parametrize(
    ("url", "tail"),
    [("https://a.example/incidents/x1/?q#f", "x1"), ("https://a.example/", ""), ("https://[", ""), ("", "")],
)
def test_the_tail_of_an_address(url: str, tail: str) -> None:
    assert url_path_tail(url) == tail


# --- everything at once ----------------------------------------------------------------------------------------


def _fails(load: object, body: bytes, content_type: str) -> None:
    assert callable(load)
    try:
        load(document(body, content_type))
    except ParseError as error:
        assert isinstance(error.reason, ParseReason)


FRAGMENTS = st.lists(
    st.sampled_from(
        [b"<", b">", b"</", b"<rss", b"<a>", b"</a>", b"<![CDATA[", b"]]>", b"<!DOCTYPE ", b"<?xml ", b"encoding='",
         b"'?>", b"&", b";", b"&#x", b"{", b"}", b"[", b"]", b'"', b":", b",", b"\\u", b"d800", b"\x00", b"\xff\xfe",
         b"\xfe\xff", b"\xef\xbb\xbf", b"\x1f\x8b", b"html", b"title", b"error", b"\xc3\xa9", b"\xe9", b" ", b"1e999"]
    ),
    max_size=40,
).map(b"".join)  # fmt: skip
CONTENT_TYPES = st.sampled_from(["", "text/xml; charset=utf-16", "a; charset=\x00"])


@pytest.mark.parametrize("load", [load_json, load_xml, load_html, decode])
@given(body=st.one_of(st.binary(), FRAGMENTS), content_type=CONTENT_TYPES)
def test_any_bytes_give_a_value_or_a_parse_error(load: object, body: bytes, content_type: str) -> None:
    _fails(load, body, content_type)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=10,
    )
)
def test_what_json_writes_is_read_back(value: object) -> None:
    body = json.dumps({"kept": value})

    loaded = load_json(document(body)) if not _has_big_number(value) else {"kept": value}

    assert json.dumps(loaded) == body


def _has_big_number(value: object) -> bool:
    """Whole numbers beyond what msgspec reads are refused, never rounded."""
    if isinstance(value, dict):
        return any(map(_has_big_number, value.values()))
    if isinstance(value, list):
        return any(map(_has_big_number, value))
    return isinstance(value, int) and value.bit_length() > 1024
