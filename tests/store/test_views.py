"""The views for analysts are those of the documentation, and its questions are answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "ask-with-sql.md").read_text("utf-8")
ROW = re.compile(r"^\| `(\w+)` \| [^|]+ \| (.+) \|$", re.MULTILINE)
COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_name IN (SELECT viewname FROM pg_views WHERE schemaname = current_schema())
ORDER BY table_name, ordinal_position
"""


@pytest.fixture
def connection(postgres_database: str) -> Iterator[psycopg.Connection]:
    with closing(psycopg.connect(postgres_database)) as opened:
        yield opened


def test_every_view_and_column_is_documented_and_every_documented_one_exists(connection: psycopg.Connection) -> None:
    there: dict[str, list[str]] = {}
    for view, column in connection.execute(COLUMNS):
        there.setdefault(view, []).append(column)

    assert {view: re.findall(r"`(\w+)`", columns) for view, columns in ROW.findall(PAGE)} == there


def test_every_statement_of_the_documentation_is_understood(connection: psycopg.Connection) -> None:
    statements = re.findall(r"```sql\n(.+?)```", PAGE, re.DOTALL)
    for one in statements:
        connection.execute(one.encode())
    connection.rollback()

    assert len(statements) == 5
