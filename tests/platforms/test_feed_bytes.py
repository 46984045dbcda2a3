"""Where the entries of a feed stand in its bytes: exactly, or not told at all."""

from __future__ import annotations

import pytest
from lxml import etree

from statuswire.platforms.feed_bytes import written_elements


def _written(inside: str, name: str = "item", declaration: str = "") -> list[bytes] | None:
    body = f'{declaration}<rss xmlns:p="urn:p"><channel>{inside}</channel></rss>'.encode()
    elements = [one for one in etree.fromstring(body).iter(etree.Element) if etree.QName(one).localname == name]
    return written_elements(body, elements)


def test_each_entry_is_told_by_its_own_bytes() -> None:
    assert _written('<title>T</title><item>A</item>\n <item a="1">B</item>') == [
        b"<item>A</item>",
        b'<item a="1">B</item>',
    ]


def test_entries_of_atom_are_found_by_their_name() -> None:
    assert _written("<entry>A</entry><entry\n>B</entry>", "entry") == [b"<entry>A</entry>", b"<entry\n>B</entry>"]


def test_a_longer_name_is_another_element() -> None:
    assert _written("<items>x</items><item>A</item>") == [b"<item>A</item>"]


def test_closed_sections_and_comments_in_an_entry_do_no_harm() -> None:
    entry = "<item><![CDATA[<p>A</p><!-- c -->]]><!-- d --></item>"

    assert _written(entry + entry) == [entry.encode()] * 2


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<item/>",
        "<item>A</item><item/>",
        "<p:item>A</p:item>",
        "<item>A</item><p:item>B</p:item>",
        "<item>A<item>B</item></item>",
        "<item>A</item><!-- <item>old</item> --><item>B</item>",
        "<!-- <item> --><item>A</item>",
        "<item>A</item><link/><item>B</item>",
        "<item>A</item><!-- </item> -->",
        "<item>A<![CDATA[</item>]]></item>",
        "<item>A<![CDATA[</item><item>]]></item>",
        "<item>A<!--</item><item>--></item>",
        "<item>A<?x </item><item>?></item>",
    ],
)
def test_entries_that_could_be_mistaken_are_not_told(inside: str) -> None:
    assert _written(inside) is None


@pytest.mark.parametrize(
    "inside",
    [
        "<item>A<![CDATA[</item><item>]]></item><item>B</item><!-- <item> -->",
        "<item>A<![CDATA[</item><item>]]></item><item/>",
        "<item>A<!--</item><item>--></item><p:item>B</p:item>",
    ],
)
def test_one_entry_too_many_and_one_too_few_are_not_taken_for_the_right_number(inside: str) -> None:
    assert _written(inside) is None


def test_an_entry_that_never_ends_is_not_told() -> None:
    elements = list(etree.fromstring(b"<rss><item>A</item></rss>").iter("item"))

    assert written_elements(b"<rss><item>A", elements) is None


def test_other_encodings_are_not_searched() -> None:
    body = '<?xml version="1.0" encoding="ISO-8859-1"?><rss><item>A</item></rss>'.encode("latin-1")

    assert written_elements(body, list(etree.fromstring(body).iter("item"))) is None


def test_elements_of_other_names_are_not_searched() -> None:
    body = b"<rss><thing>A</thing></rss>"

    assert written_elements(body, list(etree.fromstring(body).iter("thing"))) is None
