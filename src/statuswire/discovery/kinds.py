"""Which reader reads which file: tables from the name of a file, or the end of its path, to a reader and a size."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from statuswire.discovery import tables
from statuswire.discovery.readers import addresses, compiled, containers, dotenv, javascript, python, terraform
from statuswire.discovery.seen import Seen

Reader = Callable[[str], Iterable[Seen]]

LOCK_BYTES = 16 * 1024 * 1024
TEXT_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Way:
    """How a file is read, and up to which size."""

    read: Reader
    max_bytes: int = TEXT_BYTES


_NAMES: dict[str, Way] = {
    "package.json": Way(javascript.package_json),
    "package-lock.json": Way(javascript.package_lock, LOCK_BYTES),
    "npm-shrinkwrap.json": Way(javascript.package_lock, LOCK_BYTES),
    "yarn.lock": Way(javascript.yarn_lock, LOCK_BYTES),
    "pnpm-lock.yaml": Way(javascript.pnpm_lock, LOCK_BYTES),
    "bun.lock": Way(javascript.bun_lock, LOCK_BYTES),
    "pyproject.toml": Way(python.pyproject),
    "poetry.lock": Way(python.poetry_lock, LOCK_BYTES),
    "pdm.lock": Way(python.poetry_lock, LOCK_BYTES),
    "pylock.toml": Way(python.pylock, LOCK_BYTES),
    "uv.lock": Way(python.uv_lock, LOCK_BYTES),
    "pipfile.lock": Way(python.pipfile_lock, LOCK_BYTES),
    "pipfile": Way(python.pipfile),
    "go.mod": Way(compiled.go_mod),
    "go.sum": Way(compiled.go_sum, LOCK_BYTES),
    "cargo.toml": Way(compiled.cargo_toml),
    "cargo.lock": Way(compiled.cargo_lock, LOCK_BYTES),
    "composer.json": Way(compiled.composer_json),
    "composer.lock": Way(compiled.composer_lock, LOCK_BYTES),
    "gemfile": Way(compiled.gemfile),
    "gemfile.lock": Way(compiled.gemfile_lock, LOCK_BYTES),
    "gems.rb": Way(compiled.gemfile),
    "gems.locked": Way(compiled.gemfile_lock, LOCK_BYTES),
    ".terraform.lock.hcl": Way(terraform.lock),
}
"""By the whole name, in small letters."""

_PATTERNS: tuple[tuple[str, Way], ...] = (
    ("requirements*.txt", Way(python.requirements)),
    ("requirements*.in", Way(python.requirements)),
    ("*requirements.txt", Way(python.requirements)),
    ("requirements/*.txt", Way(python.requirements)),
    ("pylock.*.toml", Way(python.pylock, LOCK_BYTES)),
    ("*.tf.json", Way(terraform.configuration_in_json)),
    ("*.tofu.json", Way(terraform.configuration_in_json)),
    ("dockerfile*", Way(containers.dockerfile)),
    ("containerfile*", Way(containers.dockerfile)),
    (".env*", Way(dotenv.names)),
)
"""By what the name is like; one with a `/` is the end of a path. The first that fits counts."""

_ENDINGS: dict[str, Way] = {
    "tf": Way(terraform.configuration),
    "tofu": Way(terraform.configuration),
    "dockerfile": Way(containers.dockerfile),
    "env": Way(dotenv.names),
    "yaml": Way(containers.manifest),
    "yml": Way(containers.manifest),
    "tpl": Way(containers.manifest),
    "properties": Way(addresses.hosts_in_settings),
    "ini": Way(addresses.hosts_in_settings),
    "cfg": Way(addresses.hosts_in_settings),
    "conf": Way(addresses.hosts_in_settings),
}

_DESCRIPTIONS = ("openapi*.json", "swagger*.json", "*.openapi.json", "appsettings*.json", "*config*.json")
"""JSON in which host names are looked for; other JSON is rather data."""

_SOURCE_WAY = Way(addresses.hosts)


def way_of(path: str) -> Way | None:
    """How a file is read, by its path with `/`; None where it is of no kind that says anything."""
    path = path.lower()
    name = path.rpartition("/")[2]
    ending = name.rpartition(".")[2]
    if name in _NAMES:
        return _NAMES[name]
    for pattern, way in _PATTERNS:
        if is_like(path, pattern):
            return way
    if ending == "json" and any(fnmatchcase(name, pattern) for pattern in _DESCRIPTIONS):
        return _SOURCE_WAY
    return _ENDINGS.get(ending) or (_SOURCE_WAY if ending in tables.words("sources") else None)


def is_like(path: str, pattern: str) -> bool:
    """Whether a path ends like a pattern, whose part before a `/` is that of a folder."""
    parts = pattern.count("/") + 1
    return fnmatchcase("/".join(path.split("/")[-parts:]), pattern)
