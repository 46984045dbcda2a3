"""incident.io's pages: data out of a stream that was made for a browser."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from statuswire.errors import ParseError
from statuswire.model import Cover, Document, Snapshot
from statuswire.platforms.incidentio import parse, recognize
from statuswire.platforms.sight import Sight

FIXTURES = Path(__file__).parent / "incidentio"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SUMMARY = json.loads((FIXTURES / "native-summary.json").read_text(encoding="utf-8"))["summary"]


def page(stream: str, size: int = 10_000) -> Document:
    pieces = (stream[at : at + size] for at in range(0, len(stream), size))
    pushes = "".join(f"<script>self.__next_f.push([1,{json.dumps(piece)}])</script>" for piece in pieces)
    return Document(f"<!DOCTYPE html><html><body>{pushes}</body></html>".encode(), NOW)


def row(value: object, name: str = "5") -> str:
    return f"{name}:{json.dumps(value)}\n"


def element(**props: object) -> list[object]:
    return ["$", "$L1a", None, props]


def read(stream: str) -> Snapshot:
    return parse(page(stream))


def text_row(name: str, words: str) -> str:
    return f"{name}:T{len(words.encode()):x},{words}"


def with_first_text(words: str) -> dict:
    summary = json.loads(json.dumps(SUMMARY))
    for update in summary["ongoing_incidents"][0]["updates"]:
        update["message_string"] = words
    return summary


def test_the_page_tells_the_same_as_the_native_summary() -> None:
    inside = read(row(element(summary=SUMMARY)))
    native = parse(Document(json.dumps({"summary": SUMMARY}).encode(), NOW))

    assert (inside.components, inside.incidents, inside.covers) == (native.components, native.incidents, native.covers)


@pytest.mark.parametrize("size", [7, 100, 1_000])
def test_it_does_not_matter_where_the_stream_was_cut(size: int) -> None:
    stream = row("$Sreact.fragment", "1") + row(element(summary=SUMMARY))
    document = page(stream, size)

    assert parse(document) == read(stream)
    assert recognize(Sight(document))


def test_the_moment_of_drawing_dates_the_page() -> None:
    stream = row(element(summary=SUMMARY)) + row(element(initialNow={"isoDate": "2026-05-04T11:00:00.5Z"}), "3")

    assert read(stream).as_of == datetime(2026, 5, 4, 11, 0, 0, 500_000, tzinfo=UTC)


def test_long_texts_are_fetched_from_their_own_rows() -> None:
    words = "Ein Gerät ist ausgefallen – wir tauschen es.\n5:{}\n" * 40
    stream = text_row("1c", words) + row(element(summary=with_first_text("$1c")))

    assert read(stream).incidents[0].updates[0].text.strip() == words.strip()


def test_a_text_that_begins_with_a_dollar_loses_only_its_mark() -> None:
    stream = row(element(summary=with_first_text("$$5 for everyone")))

    assert read(stream).incidents[0].updates[0].text == "$5 for everyone"


def test_undefined_values_are_missing_values() -> None:
    summary = with_first_text("$undefined")
    summary["footer_text"] = "$undefined"

    texts = [update.text for update in read(row(element(summary=summary))).incidents[0].updates]

    assert "$undefined" not in texts


def test_a_place_in_another_row_is_followed() -> None:
    incidents = [{**SUMMARY["ongoing_incidents"][0], "id": "01KQRSFTE8F1N6Z3V9W2X4Y5ZZ"}]
    stream = (
        row(element(summary=SUMMARY))
        + row(element(list=incidents), "7")
        + row(element(incidents=["$7:props:list:0"]), "8")
    )

    assert "01KQRSFTE8F1N6Z3V9W2X4Y5ZZ" in {incident.id for incident in read(stream).incidents}


def test_past_incidents_on_the_page_cover_nothing_more() -> None:
    only_past = read(
        row(element(incidents=SUMMARY["ongoing_incidents"])) + 'a:"affected_components ongoing_incidents"\n'
    )

    assert only_past.incidents
    assert only_past.covers == frozenset()


def test_rows_that_refer_to_themselves_end() -> None:
    summary = SUMMARY | {"components": "$5", "footer_text": "$5:3:summary"}

    assert Cover.OPEN_INCIDENTS in read(row(element(summary=summary))).covers


def test_rows_that_repeat_each_other_without_end_are_refused() -> None:
    rows = "".join(row([f"${level + 1:x}"] * 90, f"{level:x}") for level in range(1, 10))
    stream = rows + row(element(summary=SUMMARY | {"intro_text": ["$1"] * 90}), "ff")

    with pytest.raises(ParseError, match="refers to itself"):
        read(stream)


def test_a_page_without_the_data_is_refused() -> None:
    body = b'<html><script>self.__next_f.push([1,"1:null\\n"])</script> ongoing_incidents affected_components</html>'

    with pytest.raises(ParseError):
        parse(Document(body, NOW))


def test_another_page_made_with_the_same_framework_is_not_claimed() -> None:
    assert not recognize(Sight(page(row(element(summary={"title": "Our shop"})))))


def test_a_damaged_piece_is_an_error_and_not_an_empty_page() -> None:
    body = page(row(element(summary=SUMMARY))).body.replace(b'\\"ongoing_incidents', b'\\x"ongoing_incidents')

    with pytest.raises(ParseError):
        parse(Document(body, NOW))


def test_data_nested_without_end_is_refused() -> None:
    deep: object = []
    for _ in range(150):
        deep = {"incidents": [deep]}
    marks = b"ongoing_incidents affected_components"
    document = page(row(element(deep=deep)))

    with pytest.raises(ParseError, match="too deep"):
        parse(Document(document.body + marks, NOW))
