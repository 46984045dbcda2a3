"""Every captured document is recognised and read, and what is none is refused with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from statuswire.errors import ParseError
from statuswire.model import Document
from statuswire.platforms.parsing import parse

from .documents import READ_AT, captures_in, read

pytestmark = pytest.mark.captures


def test_every_document_is_read_by_its_adapter_and_every_word_of_it_is_known(captures: Path) -> None:
    readings = [read(capture) for capture in captures_in(captures)]

    assert sum(one.snapshot is not None for one in readings) > 90
    assert [one.fault for one in readings if one.fault] == []


def test_every_damaged_document_is_read_or_refused_with_a_reason(captures: Path) -> None:
    for path in sorted((captures / "weird").rglob("*.*")):
        try:
            parse(Document(path.read_bytes(), READ_AT))
        except ParseError as error:
            assert error.reason and str(error), path
