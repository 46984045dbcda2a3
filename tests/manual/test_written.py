"""What the code says in the documentation is what it says now, and what people wrote beside it stays."""

from __future__ import annotations

import re
from functools import cache

import pytest
from manual.links import DOCS, ROOT
from manual.sources import spelt
from manual.tables import Cells, Known, Table, remade
from manual.written import names, pages

NAMES = names()
HEAD = "| setting | default | means |"
PAGE = f"""\
# Settings

{HEAD}
| --- | --- | --- |
| `a.old` | 1 | what `x \\| y` means |
| `gone` | 2 | nothing any more |

Behind it.

## More

{HEAD}
| --- | --- | --- |
| `b` | 3 | another |
"""


written = cache(pages)
"""Made when the first test of a process asks: making them takes longer than to collect all else of a folder."""


def test_every_page_that_is_written_is_looked_at() -> None:
    assert list(written()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_what_the_code_says_on_a_page_is_not_stale(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == written()[name], "stale: `make docs` writes it anew"


@pytest.mark.parametrize("name", NAMES)
def test_every_row_that_the_code_asks_for_is_told_in_words(name: str) -> None:
    rows = [line for line in written()[name].splitlines() if line.startswith(("| `statuswire_", "| GET"))]

    assert not [row for row in rows if row.rstrip().endswith(("| |", "|  |"))]


def test_the_files_of_each_step_of_an_event_exist() -> None:
    text = (DOCS / "explanation" / "one-event.md").read_text(encoding="utf-8")

    named = re.findall(r"`([a-z_]+/(?:[a-z_]+\.py)?)`", text)

    assert len(named) > 15
    assert not [path for path in named if not (ROOT / "src" / "statuswire" / path).exists()]


def make(known: Known) -> list[Cells]:
    return [(f"`{name}`", "1", known.get(name, ("", "", "by the code"))[-1]) for name in ("a.new", "a.old")]


def test_a_table_gets_new_rows_loses_old_ones_and_keeps_the_words_of_people() -> None:
    text = remade(PAGE, Table("settings.md", "", HEAD, make))

    assert "| `a.new` | 1 | by the code |\n| `a.old` | 1 | what `x \\| y` means |\n\nBehind it." in text
    assert "gone" not in text and "| `b` | 3 | another |" in text


def test_a_table_is_found_behind_its_heading() -> None:
    text = remade(PAGE, Table("settings.md", "More", HEAD, make))

    assert "| `gone` |" in text and "| `b` |" not in text


def test_a_table_that_is_not_there_is_an_error() -> None:
    with pytest.raises(LookupError, match="no table"):
        remade(PAGE, Table("settings.md", "Elsewhere", HEAD, make))


@pytest.mark.parametrize(("default", "text"), [(True, "`true`"), (8000, "`8000`"), ("", "empty"), (None, "")])
def test_defaults_are_spelt_as_one_writes_them(default: object, text: str) -> None:
    assert spelt(default) == text
