"""What the documentation tells people to type, page by page: commands, and files to write."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))

_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w+)[^\n]*\n(?P<body>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)
_WRITE = re.compile(r"\b[Ww]rite `(?P<name>[\w./-]+)`[^`]*:\s*\Z")
"""The end of a sentence that says that the block behind it is a file."""


@dataclass(frozen=True, slots=True)
class Command:
    """`text` is what a shell is given, `shown` what the page shows as its output, line by line."""

    text: str
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A file that the reader is told to write."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Printed:
    """What the reader is told to see."""

    lines: tuple[str, ...]


Step = Command | Written | Printed


def steps(page: Path) -> list[Step]:
    """All of a page, in the order in which a reader meets it."""
    text = page.read_text(encoding="utf-8")
    return [step for block in _FENCE.finditer(text) for step in _steps_of(block, text[: block.start()])]


def _steps_of(block: re.Match[str], before: str) -> Iterator[Step]:
    language, indent = block["language"], block["indent"]
    body = "\n".join(line.removeprefix(indent) for line in block["body"].splitlines())
    if written := _WRITE.search(before):
        yield Written(written["name"], body + "\n")
    elif language in ("console", "sh", "bash", "shell"):
        yield from _commands(body.splitlines(), has_prompts=language == "console")
    elif language == "text":
        yield Printed(tuple(body.splitlines()))


def _commands(lines: list[str], *, has_prompts: bool) -> Iterator[Command]:
    """A line that begins with a prompt, or any line of a block without prompts, and those that go on with it."""
    waiting = list(lines)
    while waiting:
        text = waiting.pop(0)
        if not text.strip():
            continue
        text = re.sub(r"^[$#] ", "", text) if has_prompts else text
        while waiting and not _is_whole(text):
            text += "\n" + waiting.pop(0)
        shown = []
        while has_prompts and waiting and not re.match(r"[$#] ", waiting[0]):
            shown.append(waiting.pop(0))
        yield Command(text, tuple(shown))


def _is_whole(text: str) -> bool:
    if text.endswith("\\"):
        return False
    try:
        shlex.split(text, comments=True)
    except ValueError:
        return False
    return True
