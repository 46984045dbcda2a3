"""Which URLs are fetched and where redirects may lead."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.errors import FetchError, FetchReason
from statuswire.net.urls import next_hop, parse_url

BAD = [
    "",
    "status.example",
    "//status.example/x",
    "file:///etc/passwd",
    "ftp://status.example/",
    "gopher://status.example/",
    "javascript:alert(1)",
    "http://",
    "http:///path",
    "http://user@status.example/",
    "http://user:secret@status.example/",
    "http://:secret@status.example/",
    "http://status.example:0/",
    "http://status.example:70000/",
    "http://status example/",
    "http://status.example/a b",
    "http://status.example/\r\nX-Evil: 1",
    "http://status.example/\x00",
    "http://[::1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://1.2.3.4.5/",
    "http://" + "a" * 5_000 + "/",
]
REFUSED_HOPS = [
    ("https://status.example/a", "http://status.example/a"),
    ("https://status.example/a", "https://other.example/a"),
    ("https://status.example/a", "https://status.example.evil.example/a"),
    ("https://status.example/a", "//other.example/a"),
    ("https://status.example/a", "https://status.example:8443/a"),
    ("https://status.example/a", "https://169.254.169.254/latest/meta-data"),
    ("https://status.example/a", "file:///etc/passwd"),
    ("https://status.example/a", "https://user:secret@status.example/a"),
    ("https://status.example/a", "http:///"),
    ("https://status.example/a", "https://[::1"),
    ("http://status.example:8080/a", "http://status.example:22/a"),
]
FOLLOWED_HOPS = [
    ("https://status.example/a", "/b?c=d", "https://status.example/b?c=d"),
    ("https://status.example/a/b", "c", "https://status.example/a/c"),
    ("https://status.example/a", "https://www.status.example/a", "https://www.status.example/a"),
    ("https://www.status.example/a", "https://status.example/a", "https://status.example/a"),
    ("http://status.example/a", "https://status.example/a", "https://status.example/a"),
    ("https://status.example/a", "https://STATUS.example./a#top", "https://status.example./a"),
    ("http://127.0.0.1:8080/a", "/b", "http://127.0.0.1:8080/b"),
]


@pytest.mark.parametrize("url", BAD)
def test_N17_a_url_that_is_not_plain_http_is_refused(url: str) -> None:
    with pytest.raises(FetchError) as caught:
        parse_url(url)

    assert caught.value.reason is FetchReason.BAD_URL
    assert caught.value.is_permanent


def test_N17_a_name_beyond_ascii_becomes_an_a_label() -> None:
    assert parse_url("https://bücher.example/x").host == "xn--bcher-kva.example"


def test_O6_digits_of_other_scripts_are_seen_as_the_address_they_mean() -> None:
    assert parse_url("http://①②⑦.0.0.1/").host == "127.0.0.1"


def test_an_error_about_a_url_does_not_repeat_it() -> None:
    with pytest.raises(FetchError) as caught:
        parse_url("https://user:hunter2@status.example/")

    assert "hunter2" not in str(caught.value)


def test_an_origin_names_scheme_host_and_port() -> None:
    assert parse_url("https://Status.Example/x").origin == "https://status.example:443"


@pytest.mark.parametrize(("start", "location"), REFUSED_HOPS)
def test_N7_a_redirect_that_leads_away_is_refused(start: str, location: str) -> None:
    with pytest.raises(FetchError) as caught:
        next_hop(parse_url(start), location, status=302)

    assert caught.value.reason is FetchReason.REDIRECT
    assert not caught.value.is_permanent
    assert caught.value.location


def test_N7_a_permanent_move_to_another_host_is_told_with_its_address() -> None:
    with pytest.raises(FetchError) as caught:
        next_hop(parse_url("https://status.example/a"), "https://status.new.example/a", status=301)

    assert caught.value.location == "https://status.new.example/a"
    assert caught.value.is_permanent


@pytest.mark.parametrize(("start", "location", "end"), FOLLOWED_HOPS)
def test_N7_a_redirect_within_the_host_is_followed(start: str, location: str, end: str) -> None:
    assert next_hop(parse_url(start), location, status=302).text == end


@given(st.text(max_size=80))
def test_any_text_is_a_target_or_a_fetch_error(text: str) -> None:
    with contextlib.suppress(FetchError):
        parse_url(text)
    with contextlib.suppress(FetchError):
        next_hop(parse_url("https://status.example/a"), text, status=302)
