"""One YAML file, environment variables and command-line options laid over each other, each value knowing its place.

`read` gives plain values; `Layers.place` tells for every key where it was written, so that a complaint can name file
and line, the variable or the option. What the values mean is decided in `settings`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from statuswire.errors import ConfigError

KeyPath = tuple[str | int, ...]
MAX_BYTES = 4 * 1024 * 1024

YAML_LETS_OUT = (yaml.YAMLError, ValueError, RecursionError, AttributeError, LookupError)
"""What PyYAML 6.0 raises, beside its own errors for a date that is none, for nesting without end, and for an explicit
tag on a value that cannot have it (`!!timestamp x`, `!!int ""`, `!!bool x`); checked 2026-11."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something was written: `statuswire.yaml:7`, `STATUSWIRE_SERVER__PORT` or `--port`.

    In order: the lines of the file, then what stands outside of it. Line 0 means no line.
    """

    is_outside: bool
    line: int
    name: str

    def __str__(self) -> str:
        return f"{self.name}:{self.line}" if self.line else self.name


Mistake = tuple[Place, str]


@dataclass(frozen=True, slots=True)
class Layers:
    """Values of all layers, the later over the earlier. `origins` holds the places that are not lines of the file,
    `mistakes` what is wrong with the file whatever its values mean. `folder` is that of the file, from which relative
    paths count."""

    values: dict[str, object]
    source: str
    root: yaml.Node | None = None
    origins: Mapping[KeyPath, str] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
    folder: Path | None = None

    def place(self, path: KeyPath) -> Place:
        """Where this key, or what holds it, was written."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.origins:
                return Place(True, 0, self.origins[path[:length]])
        return Place(False, _line(self.root, path) or 0, self.source)

    def over(self, entries: Iterable[tuple[KeyPath, object, str]]) -> Layers:
        """These layers with more values on top: (path, value, place)."""
        values, origins = self.values, dict(self.origins)
        for path, value, place in entries:
            values = _with(values, path, value, place)
            origins[path] = place
        return replace(self, values=values, origins=origins)


def read(path: Path | None) -> Layers:
    """The values of the file; no file, no values.

    Raises ConfigError for a file that cannot be read or is not a YAML mapping.
    """
    if path is None:
        return Layers({}, "the built-in settings")
    try:
        body = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror or error}", where=str(path)) from error
    if len(body) > MAX_BYTES:
        raise ConfigError(f"is larger than {MAX_BYTES // 1024**2} MiB and no configuration", where=str(path))
    return replace(parse(body, str(path)), folder=path.absolute().parent)


def parse(body: bytes | str, source: str) -> Layers:
    """The values of YAML text; `source` names it in complaints. Keys written twice are among its `mistakes`.

    Raises ConfigError.
    """
    loader: yaml.SafeLoader | None = None
    try:
        loader = yaml.SafeLoader(body)
        root = loader.get_single_node()
        if root is None:
            return Layers({}, source)
        mistakes = tuple((Place(False, line, source), sentence) for line, sentence in _double_keys(root))
        values = loader.construct_document(root)
    except YAML_LETS_OUT as error:
        raise ConfigError(_syntax(error), where=_syntax_place(error, source)) from error
    finally:
        if loader is not None:
            loader.dispose()
    if not isinstance(values, dict):
        raise ConfigError("must be a mapping of settings, such as `pages: [openai]`", where=f"{source}:1")
    return Layers({str(key): value for key, value in values.items()}, source, root, mistakes=mistakes)


def _syntax(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError):
        return "is not YAML: " + " ".join(filter(None, (error.context, error.problem)))
    if isinstance(error, yaml.reader.ReaderError):
        if error.encoding == "unicode":
            return f"is not YAML: has the character U+{error.character:04X}, which no text may have"
        return f"is not YAML: byte {error.position} is no text"
    if isinstance(error, AttributeError | LookupError):
        return "is not YAML: a tag such as !!int or !!timestamp on a value that is none"
    return "is nested too deeply" if isinstance(error, RecursionError) else f"is not YAML: {error}"


def _syntax_place(error: Exception, source: str) -> str:
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    return f"{source}:{mark.line + 1}" if mark is not None else source


def _double_keys(root: yaml.Node) -> Iterator[tuple[int, str]]:
    """Line and sentence for each key that its mapping has already: YAML readers keep the last of two equal keys without
    a word, which hides a mistake."""
    waiting, known = [root], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) in known:
            continue
        known.add(id(node))
        if isinstance(node, yaml.MappingNode):
            yield from _double_keys_of(node)
            waiting += [value for _, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value


def _double_keys_of(node: yaml.MappingNode) -> Iterator[tuple[int, str]]:
    lines: dict[str, int] = {}
    for key, _ in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        if name in lines and name != "<<":
            yield line, f"`{name}` was already set in line {lines[name]}"
        lines[name] = line


def _line(root: yaml.Node | None, path: KeyPath) -> int | None:
    """The line of the deepest part of the path that is written in the file."""
    node, line = root, None
    for part in path:
        found = _child(node, part)
        if found is None:
            break
        line, node = found
    return line


def _child(node: yaml.Node | None, part: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in reversed(node.value):
            if str(key.value) == str(part):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line + 1, node.value[part]
    return None


def _with(values: dict[str, object], path: KeyPath, value: object, place: str) -> dict[str, object]:
    """A copy with one value replaced, missing mappings on the way made."""
    head, rest = str(path[0]), path[1:]
    if not rest:
        return {**values, head: value}
    inner = values.get(head)
    if inner is not None and not isinstance(inner, dict):
        raise ConfigError(f"`{head}` holds a plain value, so nothing can be set inside it", where=place)
    return {**values, head: _with(dict(inner or {}), rest, value, place)}
