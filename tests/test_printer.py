"""Writing from a thread of its own: in order, whole lines, and nobody waits but who wants to."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import pytest

from statuswire.printer import Printer

PATIENCE_S = 10.0


class Pipe:
    """A pipe into which a printer writes; `read` takes what is there."""

    def __init__(self) -> None:
        self.reading, writing = os.pipe()
        self.out: TextIO = os.fdopen(writing, "w", encoding="utf-8")

    def read_all(self, size_bytes: int) -> bytes:
        found = b""
        while len(found) < size_bytes:
            found += os.read(self.reading, size_bytes - len(found))
        return found

    def close(self) -> None:
        self.out.close()
        with suppress(OSError):
            os.close(self.reading)


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    made = Pipe()
    yield made
    made.close()


def test_texts_come_in_order_with_a_line_end_each_and_empty_ones_leave_nothing(pipe: Pipe) -> None:
    printer = Printer(pipe.out)

    first, second = printer.put(["one", "", "two"]), printer.put(["drei ✓"])
    second.done.result(PATIENCE_S)

    assert (first.printed, second.printed) == (3, 1)
    shown = "one\ntwo\ndrei ✓\n".encode()
    assert pipe.read_all(len(shown)) == shown


def test_a_full_pipe_holds_up_only_the_printing_and_loses_nothing(pipe: Pipe) -> None:
    lines = [f"{number:04} {'x' * 995}" for number in range(300)]
    printing = Printer(pipe.out).put(lines)

    assert not printing.done.done()

    shown = pipe.read_all(300 * 1001)
    printing.done.result(PATIENCE_S)
    assert shown.decode().splitlines() == lines


def test_a_stop_leaves_no_half_line_and_knows_what_is_out(pipe: Pipe) -> None:
    printer = Printer(pipe.out)
    printing = printer.put([f"{number:04} {'x' * 995}" for number in range(300)])
    shown = pipe.read_all(1001)

    printer.stop()
    printing.done.result(PATIENCE_S)
    pipe.out.close()
    while more := os.read(pipe.reading, 1 << 20):
        shown += more

    assert 0 < printing.printed < 300
    assert shown.endswith(b"\n")
    assert shown.count(b"\n") == printing.printed


def test_a_reader_who_has_gone_is_an_error_of_the_printing(pipe: Pipe) -> None:
    os.close(pipe.reading)

    printing = Printer(pipe.out).put(["one"])

    assert isinstance(printing.done.exception(PATIENCE_S), BrokenPipeError)
    assert printing.printed == 0


def test_a_pipe_that_somebody_made_non_blocking_is_waited_for(pipe: Pipe) -> None:
    os.set_blocking(pipe.out.fileno(), False)
    text = "x" * 200_000

    printing = Printer(pipe.out).put([text])
    shown = pipe.read_all(len(text) + 1)

    printing.done.result(PATIENCE_S)
    assert shown.decode() == text + "\n"


def test_a_full_disk_is_waited_for_and_loses_nothing(tmp_path: Path) -> None:
    full = Path("/dev/full").open("w", encoding="utf-8")  # noqa: SIM115 - another file takes its descriptor below
    printing = Printer(full).put(["one", "two"])

    assert not printing.done.done()

    with full, (tmp_path / "out").open("w") as roomy:
        os.dup2(roomy.fileno(), full.fileno())
        printing.done.result(PATIENCE_S)
    assert printing.printed == 2
    assert (tmp_path / "out").read_text() == "one\ntwo\n"


def test_a_stop_waits_for_no_full_disk() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        printer = Printer(full)
        printing = printer.put(["one"])

        printer.stop()
        printing.done.result(PATIENCE_S)

    assert printing.printed == 0


def test_a_stream_without_a_descriptor_is_written_to_as_it_is() -> None:
    out = io.StringIO()

    Printer(out).put(["one", "two"]).done.result(PATIENCE_S)

    assert out.getvalue() == "one\ntwo\n"
