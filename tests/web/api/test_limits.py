"""U10: what abuse meets: sizes of queries, words and bodies, depth, and no regular expression anywhere."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.web.api.seed import API
from tests.web.parts import JSON, Site


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "a" * 5_000,
        "&".join(f"page=p{number}" for number in range(51)),
        "page=" + ",".join(f"p{number}" for number in range(21)),
        "page=" + "a" * 201,
        "page=",
        "limit=1001",
        "limit=-1",
        "limit=99999999999999999999",
        "limit=5&limit=6",
        "q=%ff",
        "after=" + "A" * 1_001,
    ],
)
def test_U10_queries_have_limits(site: Site, query: str) -> None:
    reply = site.get(f"{API}/pages?{query}")

    assert (reply.status, reply.code) == (400, "bad_parameter")


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"x" * (1024 * 1024 + 1), JSON, 413, "too_large"),
        (b"{", JSON, 400, "bad_json"),
        (b'{"a": NaN}', JSON, 400, "bad_json"),
        (b'{"reason": "\\ud800"}', JSON, 400, "bad_json"),
        (b'{"reason": "\xff"}', JSON, 400, "bad_json"),
        (b"[" * 100_000, JSON, 400, "bad_json"),
        (b"[]", JSON, 400, "not_an_object"),
        (b'"text"', JSON, 400, "not_an_object"),
        (b"{}", {"content-type": "text/plain"}, 403, "cross_origin"),
        (b"{}", {"content-type": "application/xml"}, 403, "cross_origin"),
        (b"{}", {**JSON, "content-encoding": "gzip"}, 415, "encoded_body"),
        (b"{}", {**JSON, "content-length": "many"}, 400, "bad_length"),
        (b'{"reason": "r", "filter": {}, "more": 1}', JSON, 400, "bad_parameter"),
        (b'{"reason": "' + b"r" * 501 + b'", "filter": {"page": ["a"]}}', JSON, 400, "bad_parameter"),
    ],
)
def test_U10_bodies_have_limits(site: Site, body: bytes, headers: dict[str, str], status: int, code: str) -> None:
    reply = site.post(f"{API}/silences", body, headers)

    assert (reply.status, reply.code) == (status, code)


def test_U10_what_was_sent_is_not_repeated_in_the_answer(site: Site) -> None:
    reply = site.get(f"{API}/pages?limit=sw_secret&sw_other=1")

    assert b"sw_secret" not in reply.body


@pytest.mark.parametrize("glob", ["*a" * 90, "?*" * 90, "[" * 180, "(a%2B)%2B$", "[!" * 60])
def test_U10_globs_that_would_hang_an_expression_are_quick(site: Site, glob: str) -> None:
    begun_s = time.process_time()
    for target in ("components?component=", "incidents?component=", "events?component=", "pages?page=*"):
        assert site.get(f"{API}/{target}{glob}").status in (200, 404)

    assert time.process_time() - begun_s < 5


@pytest.mark.parametrize("word", ["page", "type", "component", "q", "tag"])
def test_U10_a_regular_expression_is_a_plain_word(site: Site, word: str) -> None:
    target = "events" if word in ("type", "component") else "pages"

    reply = site.get(f"{API}/{target}?{word}=.*")
    found: dict[str, Any] = reply.json

    assert reply.status != 200 or found["items"] == []
