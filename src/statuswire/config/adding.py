"""Pages added to the text of a configuration file: what stands there stays as it is, comments and order and all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from statuswire.config import layers
from statuswire.errors import ConfigError

BEGIN: Final = "# Configuration of statuswire: statuswire check-config says whether it is good.\n"

Entry = str | Mapping[str, object]
"""A page: a bare slug or address, or a mapping as the file has it."""


@dataclass(frozen=True, slots=True)
class Added:
    """A page to add, with what is said of it behind it, where there is room for a remark."""

    entry: Entry
    remark: str = ""


def write(path: Path, added: Sequence[Added]) -> None:
    """Make or extend the file, whole or not at all. Raises ConfigError."""
    place = path.resolve()
    try:
        before = place.read_bytes().decode() if place.exists() else ""
        _replace(place, extended(before, added, str(path)))
    except OSError as error:
        raise ConfigError(f"cannot be written: {error.strerror or error}", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise ConfigError("cannot be extended: it is not UTF-8", where=str(path)) from error


def extended(text: str, added: Sequence[Added], source: str = "the configuration") -> str:
    """The text with the pages at the end of its list `pages`.

    Raises ConfigError where the file is no configuration, or its list is of a form into which nothing can be written.
    """
    if not added:
        return text
    read = layers.parse(text, source)
    end = "\r\n" if "\r\n" in text else "\n"
    after = _with_pages(text or BEGIN, read.root if text.strip() else None, added, source).replace("\r\n", "\n")
    wanted = [*_pages(read.values, source), *(one.entry for one in added)]
    if _meant(after) != {**read.values, "pages": wanted}:
        raise ConfigError("`pages` is written so that nothing can be added to it here; add them by hand", where=source)
    return after.replace("\n", end)


def _meant(text: str) -> dict[str, object] | None:
    """What the text says; None where it is no configuration."""
    try:
        return layers.parse(text, "").values
    except ConfigError:
        return None


def _pages(values: Mapping[str, object], source: str) -> list[object]:
    pages = values.get("pages")
    if pages is not None and not isinstance(pages, list):
        raise ConfigError("`pages` is no list", where=source)
    return pages or []


def _with_pages(text: str, root: yaml.Node | None, added: Sequence[Added], source: str) -> str:
    found = _pages_node(root)
    if found is None:
        gap = "" if not text or text.endswith("\n") else "\n"
        return f"{text}{gap}pages:\n{_block(added, 2)}"
    if isinstance(found, yaml.SequenceNode) and found.flow_style:
        return _into_flow(text, found, added)
    if isinstance(found, yaml.SequenceNode):
        return _after_line(text, _last_line(found, text), _block(added, _column(found, text)))
    if isinstance(found, yaml.ScalarNode) and found.value in ("", "~", "null"):
        return _into_nothing(text, found, added)
    raise ConfigError("`pages` is no list", where=source)


def _pages_node(root: yaml.Node | None) -> yaml.Node | None:
    pairs = root.value if isinstance(root, yaml.MappingNode) else ()
    return next((value for key, value in reversed(pairs) if key.value == "pages"), None)


def _column(node: yaml.SequenceNode, text: str) -> int:
    """Where the dashes of a list stand: the node itself begins at its anchor, where it has one."""
    line: str = text.splitlines()[node.value[0].start_mark.line]
    return len(line) - len(line.lstrip())


def _block(added: Sequence[Added], column: int) -> str:
    return "".join(f"{' ' * column}- {_spelled(one.entry)}{_remark(one)}\n" for one in added)


def _remark(one: Added) -> str:
    text = "".join(letter for letter in one.remark if letter.isprintable())
    return f"  # {text}" if text else ""


def _spelled(entry: Entry) -> str:
    """On one line; the end mark of a document, which PyYAML puts behind a bare word, is left out."""
    shown = entry if isinstance(entry, str) else dict(entry)
    text = yaml.safe_dump(shown, default_flow_style=True, width=1_000_000, allow_unicode=True, sort_keys=False)
    return text.removesuffix("...\n").strip()


def _into_flow(text: str, node: yaml.SequenceNode, added: Sequence[Added]) -> str:
    """`[a, b]` gets more before its bracket, behind the last that is there."""
    at = node.value[-1].end_mark.index if node.value else node.start_mark.index + 1
    more = ", ".join(_spelled(one.entry) for one in added)
    return f"{text[:at]}{', ' if node.value else ''}{more}{text[at:]}"


def _into_nothing(text: str, node: yaml.ScalarNode, added: Sequence[Added]) -> str:
    """`pages:` or `pages: null` without a list becomes one."""
    bare = text[: node.start_mark.index].rstrip(" ") + text[node.end_mark.index :]
    return _after_line(bare, text.count("\n", 0, node.start_mark.index), _block(added, 2))


def _last_line(node: yaml.Node, text: str) -> int:
    """The line (from 0) in which a value's own text ends, however many empty lines and comments follow."""
    while isinstance(node, yaml.SequenceNode | yaml.MappingNode) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    line: int = node.end_mark.line
    lines = text.splitlines()
    while node.end_mark.column == 0 and line > node.start_mark.line:
        line -= 1
        if line < len(lines) and lines[line].strip():
            break
    return line


def _after_line(text: str, line: int, more: str) -> str:
    lines = text.splitlines(keepends=True)
    head = "".join(lines[: line + 1])
    gap = "" if head.endswith("\n") or not head else "\n"
    return head + gap + more + "".join(lines[line + 1 :])


def _replace(path: Path, text: str) -> None:
    """The file whole, with the rights that it had."""
    handle, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        Path(made).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        Path(made).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(made).unlink()
        raise
