"""Columns for terminals."""

from __future__ import annotations

from statuswire.channels.terminal import Style
from statuswire.model import Status
from statuswire.tables import table


def test_a_table_has_columns_as_wide_as_their_cells_and_fits_the_terminal() -> None:
    rows = [("状態", "o Operational", "x" * 200), ("Acme", "# Major outage", "All\x1b[2J down")]

    lines = table(("Page", "State", "What"), rows, Style(width=60), [Status.OPERATIONAL, Status.MAJOR_OUTAGE])

    assert lines[1].startswith("状態  o Operational   xxx")
    assert lines[1].endswith("…")
    assert lines[2] == "Acme  # Major outage  All down"
