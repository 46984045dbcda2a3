"""requirements*.txt, pyproject.toml (PEP 621, PEP 735, Poetry), Pipfile, and the locks of Poetry, PDM, uv and Pipenv;
and pylock.toml (PEP 751)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from statuswire.discovery.readers.loading import from_json, from_toml, inside, mapping, mappings, word, words
from statuswire.discovery.seen import Kind, Seen

_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]{0,200})")
_GROUPS = ("default", "develop", "packages", "dev-packages")


def normal(name: str) -> str:
    """As the index compares names (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(text: str) -> Iterator[Seen]:
    """A name before any version, extra, marker or hash; options and addresses are none."""
    for number, line in enumerate(text.splitlines(), 1):
        found = _NAME.match(line)
        if found and not line[found.end() :].startswith((":", "/")):
            yield Seen(Kind.PYPI, normal(found[1]), number)


def pyproject(text: str) -> Iterator[Seen]:
    body = from_toml(text)
    project = inside(body, "project")
    asked = list(words(project.get("dependencies")))
    for groups in (project.get("optional-dependencies"), body.get("dependency-groups")):
        asked += [one for group in mapping(groups).values() for one in words(group)]
    for requirement in asked:
        found = _NAME.match(requirement)
        if found:
            yield Seen(Kind.PYPI, normal(found[1]), mark=found[1])
    poetry = inside(body, "tool", "poetry")
    groups = [inside(one, "dependencies") for one in inside(poetry, "group").values()]
    for group in (inside(poetry, "dependencies"), inside(poetry, "dev-dependencies"), *groups):
        yield from (Seen(Kind.PYPI, normal(name), mark=name) for name in group)


def poetry_lock(text: str) -> Iterator[Seen]:
    """PDM's too."""
    yield from _locked(from_toml(text).get("package"))


def pylock(text: str) -> Iterator[Seen]:
    yield from _locked(from_toml(text).get("packages"))


def _locked(packages: object) -> Iterator[Seen]:
    for package in mappings(packages):
        name = word(package.get("name"))
        yield Seen(Kind.PYPI, normal(name), mark=f'\nname = "{name}"')


def uv_lock(text: str) -> Iterator[Seen]:
    """What the project itself (the package without a registry) asks for is direct, where it stands there."""
    packages = list(mappings(from_toml(text).get("package")))
    own = {normal(name) for one in packages if _is_own(one) for name in _asked_by(one)}
    for package in packages:
        name = word(package.get("name"))
        if name and not _is_own(package):
            yield Seen(
                Kind.PYPI, normal(name), mark=f'\nname = "{name}"', is_indirect=bool(own) and normal(name) not in own
            )


def _is_own(package: dict[str, object]) -> bool:
    return bool({"virtual", "editable"} & mapping(package.get("source")).keys())


def _asked_by(root: dict[str, object]) -> Iterator[str]:
    groups = [root.get("dependencies")]
    groups += [*mapping(root.get("optional-dependencies")).values(), *mapping(root.get("dev-dependencies")).values()]
    yield from (word(one.get("name")) for group in groups for one in mappings(group))


def pipfile_lock(text: str) -> Iterator[Seen]:
    yield from _grouped(from_json(text))


def pipfile(text: str) -> Iterator[Seen]:
    yield from _grouped(from_toml(text))


def _grouped(body: dict[str, object]) -> Iterator[Seen]:
    for group in _GROUPS:
        yield from (Seen(Kind.PYPI, normal(name), mark=name) for name in mapping(body.get(group)))
