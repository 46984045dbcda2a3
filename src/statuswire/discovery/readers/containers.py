"""Dockerfiles; and YAML of every kind: Compose, Kubernetes, Helm, pipelines, OpenAPI.

YAML is read line by line and never as a tree: charts are templates and no YAML yet, and a line that is no YAML costs
only itself. Values are looked at for images and hosts alone. Reference of the Dockerfile:
https://docs.docker.com/reference/dockerfile/, of image names: https://github.com/distribution/reference, 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from statuswire.discovery.readers.addresses import hosts, hosts_in_settings
from statuswire.discovery.seen import Kind, Seen

HUB = "docker.io"

_FROM = re.compile(r"\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", re.IGNORECASE)
_COPY = re.compile(r"\s*(?:COPY|RUN)\s.*?--(?:from=|mount=\S*?from=)([^\s,]+)", re.IGNORECASE)
_SET = re.compile(r"\s*(?:ENV|ARG)\s+", re.IGNORECASE)
_SET_NAME = re.compile(r"(?<!\S)([A-Z][A-Z0-9_]{2,80})(?==)")
_SET_FIRST = re.compile(r"\s*([A-Z][A-Z0-9_]{2,80})\b")
_QUOTATION = re.compile(r"""\\.|"(?:[^"\\]|\\.)*"|'[^']*'""", re.DOTALL)
_FLOW = re.compile(r"\s*(?:-\s+)?(?:environment|env|variables):\s*\{(.*)")
_FLOW_VALUE = re.compile(r""":\s*(?:"(?:[^"\\]|\\.)*"|'[^']*')""")
_FLOW_NAME = re.compile(r"""(?:^|,)\s*['"]?([A-Z][A-Z0-9_]{2,80})['"]?\s*:""")
_IMAGE = re.compile(r"""\s*(?:-\s+)?(image|repository|registry|newName):\s*['"]?([\w./:@-]+)""")
_NO_IMAGE = re.compile(r"[/.]|.*://|.*\.(?:png|jpe?g|svg|gif|webp|avif|ico)$", re.IGNORECASE)
_NAME = re.compile(
    r"""\s*(?:-\s+)?(?:\{?\s*name:\s*['"]?([A-Z][A-Z0-9_]{2,80})['"]?\s*(?:,.*|\}|\#.*)?$
    |['"]?([A-Z][A-Z0-9_]{2,80})['"]?\s*:(?:\s|$)|['"]?([A-Z][A-Z0-9_]{2,80})(?:=|['"]?\s*$))""",
    re.VERBOSE,
)
_TEXT_BLOCK = re.compile(r":\s*[|>][-+0-9]{0,2}\s*(?:#.*)?$")
_HOST = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}(?::\d+)?|localhost(?::\d+)?|[^/]+:\d+", re.IGNORECASE)


def dockerfile(text: str) -> Iterator[Seen]:
    stages = {"scratch"}
    for number, line in _instructions(text):
        begin, copied = _FROM.match(line), _COPY.match(line)
        image = begin[1] if begin else copied[1] if copied else ""
        if image and image.lower() not in stages and not image.isdecimal():
            yield from _registry(image, number)
        if begin and begin[2]:
            stages.add(begin[2].lower())
        yield from _set_by(line, number)
    yield from hosts(text)


def _instructions(text: str) -> Iterator[tuple[int, str]]:
    """(number of its first line, instruction), with all its lines where a backslash ends one."""
    parts: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        parts.append(line.rstrip().removesuffix("\\"))
        if not line.rstrip().endswith("\\"):
            yield number - len(parts) + 1, "\n".join(parts)
            parts = []
    if parts:
        yield text.count("\n") - len(parts) + 2, "\n".join(parts)


def _set_by(line: str, number: int) -> Iterator[Seen]:
    """The names in `ENV A=1 B="2 3"`; of the old form `ENV A 1` the first word."""
    begin = _SET.match(line)
    if begin is None:
        return
    bare = _QUOTATION.sub(lambda value: "\n" * value[0].count("\n"), line[begin.end() :])
    named = list(_SET_NAME.finditer(bare)) or list(filter(None, (_SET_FIRST.match(bare),)))
    for found in named:
        yield Seen(Kind.ENVIRONMENT, found[1], number + bare.count("\n", 0, found.start(1)))


def manifest(text: str) -> Iterator[Seen]:
    """Images, names of environment variables and hosts. A block of text (`key: |`) is looked at for hosts only."""
    depth: int | None = None
    for number, line in enumerate(text.splitlines(), 1):
        indent = len(line) - len(line.lstrip())
        if depth is not None and (not line.strip() or indent > depth):
            continue
        depth = indent if _TEXT_BLOCK.search(line) else None
        yield from _image_of(line, number)
        name = _NAME.match(line)
        if name:
            yield Seen(Kind.ENVIRONMENT, name[1] or name[2] or name[3], number)
        yield from _in_flow(line, number)
    yield from hosts_in_settings(text)


def _in_flow(line: str, number: int) -> Iterator[Seen]:
    """The names in `environment: {A: 1, B: 2}`."""
    found = _FLOW.match(line)
    for name in _FLOW_NAME.finditer(_FLOW_VALUE.sub(":", found[1])) if found else ():
        yield Seen(Kind.ENVIRONMENT, name[1], number)


def _image_of(line: str, number: int) -> Iterator[Seen]:
    """`image: ghcr.io/acme/web:1`; of the `repository` or `registry` of a chart, or the `newName` of Kustomize, only
    what begins with a host."""
    found = _IMAGE.match(line)
    if found is None or _NO_IMAGE.match(found[2]):
        return
    if found[1] == "image" or _HOST.fullmatch(found[2].partition("/")[0]):
        yield from _registry(found[2], number)


def _registry(image: str, number: int) -> Iterator[Seen]:
    """The host of the registry; nothing where a variable stands in its place."""
    first, slash, _ = image.partition("/")
    if "$" in first or "{" in first:
        return
    is_host = bool(_HOST.fullmatch(first)) and (bool(slash) or ":" not in first)
    yield Seen(Kind.IMAGE, first.partition(":")[0].lower() if is_host else HUB, number)
