"""npm's package.json and package-lock.json (v1 to v3), yarn.lock (classic and Berry), pnpm-lock.yaml (v5 to v9), and
Bun's bun.lock.

Formats as of https://docs.npmjs.com/cli/configuring-npm/package-lock-json, https://bun.sh/docs/install/lockfile and the
lock files of the other two, 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from statuswire.discovery.readers.loading import from_json, mapping, word, words
from statuswire.discovery.seen import Kind, Seen
from statuswire.errors import ConfigError

_GROUPS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_LAST_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])')
"""A text, which is kept, or a comma that JSON does not allow."""

_YARN_ENTRY = re.compile(r'"?((?:@[^@\s"/]+/)?[^@\s"]+)@')
_PNPM_KEY = re.compile(r"""\s*['"]?/?((?:@[^@\s'"/:]+/)?[^@\s'"/:()]+)""")


def package_json(text: str) -> Iterator[Seen]:
    body = from_json(text)
    for group in _GROUPS:
        yield from (Seen(Kind.NPM, name, mark=f'"{name}"') for name in mapping(body.get(group)))


def package_lock(text: str) -> Iterator[Seen]:
    """Where the lock says what the project itself, or a workspace of it, asks for, the rest is indirect."""
    body = from_json(text)
    packages = mapping(body.get("packages"))
    roots = [mapping(one) for path, one in packages.items() if "node_modules/" not in path]
    own = {name for root in roots for group in _GROUPS for name in mapping(root.get(group))}
    for path in packages:
        _, installed, name = path.rpartition("node_modules/")
        if installed and name:
            yield Seen(Kind.NPM, name, mark=f'"{path}"', is_indirect=bool(own) and name not in own)
    for name in () if packages else mapping(body.get("dependencies")):
        yield Seen(Kind.NPM, name, mark=f'"{name}"')


def bun_lock(text: str) -> Iterator[Seen]:
    """JSON with commas after the last; a package is `"place": ["name@version", ...]`."""
    body = from_json(_LAST_COMMA.sub(lambda found: found[1] or "", text))
    roots = map(mapping, mapping(body.get("workspaces")).values())
    own = {name for root in roots for group in _GROUPS for name in mapping(root.get(group))}
    for place, package in mapping(body.get("packages")).items():
        found = _YARN_ENTRY.match(next(words(package), ""))
        name = found[1] if found else ""
        yield Seen(Kind.NPM, name, mark=f'"{place}": [', is_indirect=bool(own) and name not in own)


def yarn_lock(text: str) -> Iterator[Seen]:
    """An entry is a line without indentation that ends in a colon: `"@scope/name@^1", name@^2:`."""
    for number, line in enumerate(text.splitlines(), 1):
        if line[:1] not in ("", " ", "\t", "#") and line.rstrip().endswith(":"):
            found = _YARN_ENTRY.match(line)
            if found:
                yield Seen(Kind.NPM, found[1], number)


def pnpm_lock(text: str) -> Iterator[Seen]:
    """What `importers` (or the file itself, where there is one project) ask for is direct, `packages` are indirect."""
    if not re.search(r"^lockfileVersion:", text, re.MULTILINE):
        raise ConfigError("is no lock file of pnpm")
    section, group, depth = "", False, 0
    for number, line in enumerate(text.splitlines(), 1):
        indent = len(line) - len(line.lstrip())
        key = line.strip().rstrip(":")
        if line.strip() and indent == 0:
            section, group, depth = key, key in _GROUPS, 0
        elif section == "packages" and indent == 2:
            yield from _pnpm_name(line, number, is_indirect=True)
        elif section == "importers" and key in _GROUPS:
            group, depth = True, indent
        elif section == "importers" and line.strip() and indent <= depth:
            group = False
        elif group and line.strip() and indent == depth + 2:
            yield from _pnpm_name(line, number, is_indirect=False)


def _pnpm_name(line: str, number: int, *, is_indirect: bool) -> Iterator[Seen]:
    found = _PNPM_KEY.match(line)
    if found:
        yield Seen(Kind.NPM, word(found[1]), number, is_indirect=is_indirect)
