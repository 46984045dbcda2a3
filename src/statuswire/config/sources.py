"""What environment variables and command-line options set, as layers over the file."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml
from pydantic import ValidationError

from statuswire.catalog import Target
from statuswire.config import words
from statuswire.config.access import ACCESS_KEYS, same_origin
from statuswire.config.asked import ask_all
from statuswire.config.layers import YAML_LETS_OUT, KeyPath, Layers
from statuswire.config.settings import Config, PageConfig
from statuswire.errors import ConfigError
from statuswire.options import RunOptions

PREFIX = "STATUSWIRE_"
FILE_VARIABLE = "STATUSWIRE_CONFIG"
_NOT_SETTINGS = frozenset(
    {FILE_VARIABLE, "STATUSWIRE_CAPTURES", "STATUSWIRE_SERVER", "STATUSWIRE_TOKEN", "STATUSWIRE_CA_FILE"}
)
"""The last three say which server is asked by `statuswire.client` and `gate`."""

_SHORT: Mapping[KeyPath, KeyPath] = {("redis",): ("redis", "url")}
"""What a variable with a short name sets: STATUSWIRE_REDIS is the address and not all there is to say."""

_NO_PAGE = (None, None)

_log = logging.getLogger(__name__)


def from_variables(environ: Mapping[str, str]) -> Iterator[tuple[KeyPath, object, str]]:
    """What the environment sets: (path, value, name of the variable), in a stable order."""
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name in _NOT_SETTINGS:
            continue
        path, from_file = _key_path(name)
        if path is None:
            _log.warning("ignored variable=%s reason=no_such_setting", name)
        else:
            path = _SHORT.get(path, path)
            yield path, _typed(path, _text_of(name, environ[name], from_file), name), name


def _key_path(name: str) -> tuple[KeyPath | None, bool]:
    """The key a variable sets and whether its value is a file's name.

    A name without `__` that is no setting is ignored rather than refused: container platforms set variables such as
    STATUSWIRE_PORT and STATUSWIRE_SERVICE_HOST by themselves for a service of our name.
    """
    parts = name.removeprefix(PREFIX).lower().split("__")
    names_a_file = parts[-1].endswith("_file")
    if words.is_setting(Config, parts) and not (names_a_file and _is_secret(parts)):
        return tuple(parts), False
    if names_a_file:
        bare = [*parts[:-1], parts[-1].removesuffix("_file")]
        if words.is_setting(Config, bare):
            return tuple(bare), True
    if len(parts) > 1:
        raise ConfigError(words.unknown(Config, parts), where=name)
    return None, False


def _is_secret(path: Sequence[str | int]) -> bool:
    """Whether it is the secret of one hook path: below `hooks.secrets` every name is a setting."""
    return len(path) > 2 and tuple(path[:2]) == ("hooks", "secrets")


def _text_of(name: str, value: str, from_file: bool) -> str:
    if not from_file:
        return value
    try:
        return Path(value).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the file it names cannot be read: {error}", where=name) from error


def _typed(path: KeyPath, text: str, name: str) -> object:
    """Secrets are taken as they are, lists and mappings read as YAML, the rest left to the setting's own type. Of a
    channel's setting only its kind would know what it is, so brackets tell."""
    if _is_secret(path):
        return re.split(r"[\s,]+", text.strip())
    is_structure = text.lstrip()[:1] in ("{", "[") if words.is_of_channel(path) else words.is_structure(Config, path)
    if not is_structure:
        return text
    try:
        return yaml.safe_load(text)
    except YAML_LETS_OUT as error:
        raise ConfigError("is not YAML; right: [openai, github]", where=name) from error


def from_options(options: RunOptions, layers: Layers) -> Iterator[tuple[KeyPath, object, str]]:
    given: tuple[tuple[KeyPath, object, str], ...] = (
        (("roles",), options.roles, "--roles"),
        (("server", "host"), options.host, "--host"),
        (("server", "port"), options.port, "--port"),
        (("database",), options.database, "--database"),
        (("redis", "url"), options.redis, "--redis"),
        (("console", "format"), options.format, "--format"),
        (("console", "heartbeat"), options.heartbeat, "--heartbeat"),
        (("console", "tz"), options.tz, "--tz"),
        (("poll", "interval"), options.interval, "--interval"),
        (("log", "level"), "debug" if options.debug else None, "--debug"),
        (("pages",), _watched(options, layers), "--watch"),
    )
    return (entry for entry in given if entry[1] is not None)


def _watched(options: RunOptions, layers: Layers) -> list[object] | None:
    """The configured pages and those of the command line, which win where both name one page.

    None where the configured ones cannot be read: the complaint about them is to name their own places.
    """
    if not options.watch:
        return None
    configured = layers.values.get("pages", [])
    known = [_target_of(page) for page in configured] if isinstance(configured, list) else []
    if not isinstance(configured, list) or None in known:
        return None
    pages = {target.slug: (page, target) for page, target in zip(configured, known, strict=True) if target}
    asked = ask_all(options.watch, {slug: target for slug, (_, target) in pages.items()})
    kept = [page for page, target in zip(configured, known, strict=True) if target and target.slug not in asked]
    return kept + [_entry(target, options.allow_private, *pages.get(slug, _NO_PAGE)) for slug, target in asked.items()]


def _entry(target: Target, allow_private: bool, page: object, known: Target | None) -> dict[str, object]:
    """A page of the command line. One that is configured keeps what is said of it there, if it is the same place:
    nothing that opens a page may be sent to another which only has its name."""
    place = {"feed": target.feed_url} if target.feed_url else {"url": target.url}
    entry = {"slug": target.slug, **place, "allow_private": allow_private, "components": list(target.components)}
    if not isinstance(page, dict) or known is None or not same_origin(known.url, target.url):
        return entry
    is_same = (known.url, known.feed_url) == (target.url, target.feed_url)
    said = page if is_same else {key: value for key, value in page.items() if key in ACCESS_KEYS}
    may_be_private = allow_private or known.allow_private
    return {**said, **entry, "allow_private": may_be_private}


def _target_of(page: object) -> Target | None:
    """The configured page, None where it is none."""
    try:
        return PageConfig.model_validate(page).target()
    except ValidationError:
        return None
