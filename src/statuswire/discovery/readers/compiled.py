"""go.mod and go.sum; Cargo.toml and Cargo.lock; composer.json and composer.lock; Gemfile and Gemfile.lock."""

from __future__ import annotations

import re
from collections.abc import Iterator

from statuswire.discovery.readers.loading import from_json, from_toml, inside, mapping, mappings, word, words
from statuswire.discovery.seen import Kind, Seen
from statuswire.errors import ConfigError

_GO_LINE = re.compile(r"\s*(?:require\s+)?([a-z0-9][\w.~-]*\.[a-z]+(?:/[\w.~/-]+)?)\s+v\d")
_GEM = re.compile(r"""\s*gem\s*\(?\s*['"]([\w.-]+)['"]""")
_SPEC = re.compile(r"    ([\w.-]+) \(")
_WANTED = re.compile(r"  ([\w.-]+)!?(?: \(|$)")
_CARGO_GROUPS = ("dependencies", "dev-dependencies", "build-dependencies")


def go_mod(text: str) -> Iterator[Seen]:
    for number, line in enumerate(text.splitlines(), 1):
        found = _GO_LINE.match(line)
        if found:
            yield Seen(Kind.GO, found[1], number, is_indirect="// indirect" in line)


def go_sum(text: str) -> Iterator[Seen]:
    """All that was looked at while choosing versions, so indirect."""
    for number, line in enumerate(text.splitlines(), 1):
        found = _GO_LINE.match(line)
        if found:
            yield Seen(Kind.GO, found[1], number, is_indirect=True)


def cargo_toml(text: str) -> Iterator[Seen]:
    body = from_toml(text)
    tables = [body, inside(body, "workspace"), *map(mapping, inside(body, "target").values())]
    for table in tables:
        for group in _CARGO_GROUPS:
            for key, value in mapping(table.get(group)).items():
                yield Seen(Kind.CARGO, word(mapping(value).get("package")) or key, mark=key)


def cargo_lock(text: str) -> Iterator[Seen]:
    """What the packages without a source (the project's own) ask for is direct."""
    packages = list(mappings(from_toml(text).get("package")))
    own = {
        one.partition(" ")[0] for root in packages if "source" not in root for one in words(root.get("dependencies"))
    }
    for package in packages:
        name = word(package.get("name"))
        if name and "source" in package:
            yield Seen(Kind.CARGO, name, mark=f'\nname = "{name}"', is_indirect=bool(own) and name not in own)


def composer_json(text: str) -> Iterator[Seen]:
    body = from_json(text)
    for group in ("require", "require-dev"):
        yield from (Seen(Kind.COMPOSER, name, mark=f'"{name}"') for name in mapping(body.get(group)))


def composer_lock(text: str) -> Iterator[Seen]:
    body = from_json(text)
    for group in ("packages", "packages-dev"):
        for package in mappings(body.get(group)):
            name = word(package.get("name"))
            yield Seen(Kind.COMPOSER, name, mark=f'"{name}"')


def gemfile(text: str) -> Iterator[Seen]:
    for number, line in enumerate(text.splitlines(), 1):
        found = _GEM.match(line)
        if found:
            yield Seen(Kind.GEM, found[1], number)


def gemfile_lock(text: str) -> Iterator[Seen]:
    """Specs with four blanks are installed; what `DEPENDENCIES` names is direct."""
    lines = text.splitlines()
    if not any(line.strip() in ("specs:", "DEPENDENCIES") for line in lines):
        raise ConfigError("is no lock file of Bundler")
    start = lines.index("DEPENDENCIES") if "DEPENDENCIES" in lines else len(lines)
    own = {found[1] for line in lines[start:] if (found := _WANTED.match(line))}
    for number, line in enumerate(lines[:start], 1):
        found = _SPEC.match(line)
        if found:
            yield Seen(Kind.GEM, found[1], number, is_indirect=bool(own) and found[1] not in own)
