"""Channels: `kind` says whose settings an entry has; any of them may be taken from a variable or a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic_core import CoreSchema, core_schema

from statuswire.channels import CHANNELS
from statuswire.channels.base import Channel, ChannelSettings
from statuswire.config import secrets, words
from statuswire.config.layers import KeyPath

NAME: Final = re.compile(r"[A-Za-z0-9][\w.-]{0,79}")
NO_NAME: Final = "is no name: letters, digits, `_`, `.` and `-`, at most 80"
_NAMED: Final = re.compile(r"(?P<key>.+)_(?P<way>env|file)")

Kinds = Mapping[str, Channel]


@dataclass(frozen=True, slots=True)
class ChannelConfig:
    """One channel: its kind, and the settings of that kind with what was named filled in."""

    channel: Channel
    settings: ChannelSettings

    @property
    def kind(self) -> str:
        return self.channel.kind

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            _channel, serialization=core_schema.plain_serializer_function_ser_schema(_shown)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Published as what a file may hold: for each kind its settings, each also as `..._env` and `..._file`."""
        return {"oneOf": [_kind_schema(kind, channel, handler) for kind, channel in CHANNELS.items()]}


def _kind_schema(kind: str, channel: Channel, handler: GetJsonSchemaHandler) -> dict[str, Any]:
    settings = channel.settings
    made = handler.resolve_ref_schema(settings.__get_pydantic_json_schema__(settings.__pydantic_core_schema__, handler))
    return {
        "type": "object",
        "title": channel.title,
        "properties": {"kind": {"const": kind}, **made.get("properties", {})},
        "patternProperties": {"^[a-z_]+_(env|file)$": {"type": "string"}},
        "required": ["kind"],
        "additionalProperties": False,
    }


def _shown(one: ChannelConfig) -> dict[str, Any]:
    """As it may be printed: secrets are masked."""
    return {"kind": one.kind, **one.settings.model_dump(mode="json", exclude_unset=True)}


def _channel(value: object, info: core_schema.ValidationInfo) -> ChannelConfig:
    if isinstance(value, ChannelConfig):
        return value
    if not isinstance(value, Mapping):
        raise ValueError("must be a mapping, such as {kind: slack, url_env: SLACK_URL}")
    context = info.context or {}
    kind, channel = _kind(value, context.get("kinds", CHANNELS))
    given = {str(key): one for key, one in value.items() if key != "kind"}
    filled, wrong = _filled(given, channel.settings, context.get("environ", {}))
    if wrong:
        raise words.together(wrong)
    try:
        return ChannelConfig(channel, channel.settings.model_validate(filled, context=context))
    except ValidationError as error:
        raise words.together(_complaints(error, kind, channel, given)) from error


def _kind(value: Mapping[Any, object], kinds: Kinds) -> tuple[str, Channel]:
    known = tuple(kinds)
    if "kind" not in value:
        raise ValueError(f"needs a `kind`; {words.choices('', known)}")
    kind = str(value["kind"])
    if kind not in kinds:
        raise words.together([(("kind",), f"`{kind}` is not a kind of channel; {words.choices(kind, known)}")])
    return kind, kinds[kind]


# --- what is named instead of written out ------------------------------------------------------------------------


def _filled(
    given: Mapping[str, object], settings: type[ChannelSettings], environ: Mapping[str, str]
) -> tuple[dict[str, object], list[tuple[KeyPath, str]]]:
    """The settings with the values of the variables and files that they name, and what is wrong with those."""
    fields = settings.model_fields
    found: dict[str, object] = {}
    wrong: list[tuple[KeyPath, str]] = []
    for key, value in given.items():
        match = _NAMED.fullmatch(key)
        try:
            if key in fields or match is None:
                found[key] = _inside(value, environ)
            elif match["key"] in given:
                raise ValueError(f"stands beside `{match['key']}`; one of the two is enough")
            else:
                text = _named(match["way"], value, environ)
                found[match["key"]] = _split(text) if _is_list(settings, match["key"]) else text
        except ValueError as error:
            wrong.append(((key,), str(error)))
    return found, wrong


def _inside(value: object, environ: Mapping[str, str]) -> object:
    """The same for what stands in mappings (`{Authorization_env: TOKEN}`) and lists (`[{env: TOKEN}]`)."""
    if isinstance(value, list):
        return [_entry(one, environ) for one in value]
    if not isinstance(value, Mapping):
        return value
    found: dict[str, object] = {}
    for key, one in value.items():
        match = _NAMED.fullmatch(str(key))
        if match is not None and isinstance(one, str):
            found[match["key"]] = _named(match["way"], one, environ)
        else:
            found[str(key)] = _inside(one, environ)
    return found


def _entry(value: object, environ: Mapping[str, str]) -> object:
    if isinstance(value, Mapping) and len(value) == 1 and (way := next(iter(value))) in ("env", "file"):
        return _named(way, value[way], environ)
    return _inside(value, environ)


def _named(way: str, name: object, environ: Mapping[str, str]) -> str:
    """Raises ValueError."""
    if not isinstance(name, str) or not name:
        raise ValueError("must be the name of a " + ("variable" if way == "env" else "file"))
    text = secrets.from_variable(name, environ) if way == "env" else secrets.from_file(name)
    if not text:
        raise ValueError("names a file that is empty")
    return text


def _is_list(settings: type[ChannelSettings], key: str) -> bool:
    field = settings.model_fields.get(key)
    return field is not None and words.is_list(field.annotation)


def _split(text: str) -> list[str]:
    return [one for one in re.split(r"[\s,]+", text) if one]


# --- what is wrong -----------------------------------------------------------------------------------------------


def _complaints(
    error: ValidationError, kind: str, channel: Channel, given: Mapping[str, object]
) -> Iterator[tuple[KeyPath, str]]:
    """In the words of the file: at the key that was written, be it `url` or `url_env`."""
    for path, type_, sentence in words.inside(error, channel.settings):
        head, *rest = path or ("",)
        written = next((key for key in (str(head), f"{head}_env", f"{head}_file") if key in given), str(head))
        place: KeyPath = (written, *rest) if path else ()
        if type_ == "missing":
            sentence = f"is needed by a {kind} channel; it may also be `{written}_env` or `{written}_file`"
        elif type_ == "extra_forbidden":
            sentence = f"is not a setting of a {kind} channel; {words.choices(written, _keys(channel))}"
        yield place, sentence


def _keys(channel: Channel) -> tuple[str, ...]:
    return ("kind", *channel.settings.model_fields)
