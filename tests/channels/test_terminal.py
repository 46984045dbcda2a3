"""Provider text can never move the cursor or start an escape sequence."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.channels.terminal import (
    PLAIN,
    Style,
    clip,
    display_width,
    link,
    one_line,
    paint,
    rule,
    safe_url,
)
from statuswire.model import Status


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words", "plain words"),
        ("  two\r\nlines\t here ", "two lines here"),
        ("fake\r[2025-01-01 00:00:00] Product: X", "fake [2025-01-01 00:00:00] Product: X"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[2J\x1b[Hwiped", "wiped"),
        ("\x9b31mred\x9b0m", "red"),
        ("\x1b]0;new title\x07text", "text"),
        ("\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\", "click"),
        ("\x9d8;;https://evil.example\x9cclick", "click"),
        ("\x1bPq#0~\x1b\\sixel", "sixel"),
        ("\x1b(0lqk", "lqk"),
        ("unfinished \x1b]8;;https://x", "unfinished 8;;https://x"),
        ("trailing \x1b", "trailing"),
        ("bell\x07 back\x08space del\x7f", "bell backspace del"),
        ("user\u202egnp.exe", "usergnp.exe"),
        ("a\u2066b\u2069c\u200ed\u061ce", "abcde"),
        ("a\u2028b\u2029c\x85d\x0be\x0cf", "a b c d e f"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("flag \U000e0067\U000e007f", "flag"),
        ("half \ud800 pair", "half \ufffd pair"),
        ("caf\u00e9 \U0001f469\u200d\U0001f4bb", "caf\u00e9 \U0001f469\u200d\U0001f4bb"),
        ("", ""),
    ],
)
def test_text_is_shown_on_one_line_and_obeyed_by_no_terminal(text: str, shown: str) -> None:
    assert one_line(text) == shown


@given(st.text(st.characters(), max_size=200))
def test_nothing_that_controls_a_terminal_survives(text: str) -> None:
    shown = one_line(text)

    assert not any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in shown)
    assert not any(unicodedata.bidirectional(letter) in _BIDI_CONTROLS for letter in shown)
    assert one_line(shown) == shown


_BIDI_CONTROLS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def test_sequences_that_never_end_cost_linear_time() -> None:
    for piece in ("\x1b]", "\x9d", "\x1bP", "\x90", "\x1b[", "\x9b", "\x1b["):
        assert "\x1b" not in one_line(piece * 50_000 + "end")


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/x?y=1#z", "https://a.example/x?y=1#z"),
        ("https://a.example/a b", "https://a.example/a%20b"),
        ("https://a.example/\x1b\\x", "https://a.example/%1B%5Cx"),
        ("https://a.example/\u202e", "https://a.example/%E2%80%AE"),
        ("javascript:alert(1)", ""),
        ("http://[bad", ""),
        ("https://a.example/" + "x" * 3000, ""),
        ("", ""),
    ],
)
def test_only_web_addresses_become_links_and_only_encoded(url: str, safe: str) -> None:
    assert safe_url(url) == safe


def test_links_and_colour_stand_around_the_text_and_only_on_a_terminal() -> None:
    style = Style(colour=True, links=True)

    assert link("Acme", "https://a.example", style) == "\x1b]8;;https://a.example\x1b\\Acme\x1b]8;;\x1b\\"
    assert paint("Degraded", Status.DEGRADED, style) == "\x1b[38;5;178mDegraded\x1b[0m"
    assert link("Acme", "https://a.example", PLAIN) == "Acme"
    assert paint("Degraded", Status.DEGRADED, PLAIN) == "Degraded"


def test_widths_count_columns_and_not_letters() -> None:
    assert display_width("abc") == 3
    assert display_width("状態") == 4
    assert display_width("e\u0301") == 1
    assert clip("abcdef", 4) == "abc…"
    assert clip("状態ページ", 5) == "状態…"
    assert clip("short", 0) == "short"
    assert rule(Style(width=20), "=") == "=" * 20
    assert rule(PLAIN) == "-" * 70
