"""What is wrong with a configuration and what would be right, in sentences with places and nearest names."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import InitErrorDetails

from statuswire.config.layers import KeyPath, Layers, Mistake
from statuswire.errors import ConfigError

_NO_SETTING = frozenset({"extra_forbidden", "invalid_key"})
_PREFIXES = ("Value error, ", "Input should be ")
_KINDS = {
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "string_type": "text",
    "string_pattern_mismatch": "text of another form",
    "string_too_short": "longer",
    "string_too_long": "shorter",
    "too_short": "a list that is not empty",
    "too_long": "a shorter list",
    "time_delta_type": "a length of time",
    "time_delta_parsing": "a length of time",
}
"""What pydantic calls by Python's names."""


def complaint(mistakes: Iterable[Mistake]) -> ConfigError:
    """One exception for all mistakes, in the order of their places: the first with its place, the others on lines of
    their own."""
    (where, first), *others = sorted(mistakes, key=lambda mistake: mistake[0])
    rest = "".join(f"\n{place}: {sentence}" for place, sentence in others)
    return ConfigError(first + rest, where=str(where))


def mistakes(error: ValidationError, layers: Layers, root: type[BaseModel]) -> list[Mistake]:
    """Everything that pydantic found, each with its place."""
    return [(layers.place(one["loc"]), _sentence(one, root)) for one in error.errors(include_url=False)]


def together(found: Iterable[tuple[KeyPath, str]], error: ValidationError | None = None) -> ValidationError:
    """What a validator of ours found at several places below its setting, and what pydantic found there, as one error.

    Each sentence of ours goes on after the name of the key.
    """
    theirs = error.errors(include_url=False) if error is not None else []
    details = [InitErrorDetails(type=one["type"], loc=one["loc"], input=None, ctx=one.get("ctx", {})) for one in theirs]
    details += [
        InitErrorDetails(type="value_error", loc=path, input=None, ctx={"error": ValueError(sentence)})
        for path, sentence in found
    ]
    return ValidationError.from_exception_data("settings", details)


def choices(word: str, known: Sequence[str]) -> str:
    """`did you mean `rss`? (atom, jsonfeed, rss)`"""
    near = get_close_matches(word, known, n=1, cutoff=0.5)
    listed = ", ".join(known)
    return f"did you mean `{near[0]}`? ({listed})" if near else f"right: {listed}"


def unknown(root: type[BaseModel], path: Sequence[str | int]) -> str:
    """The sentence for a key that is no setting."""
    return f"`{spell(path)}` {_no_setting(root, path)}"


def _no_setting(root: type[BaseModel], path: Sequence[str | int]) -> str:
    """With one here that is nearly the same, the same elsewhere, or all here."""
    name = str(path[-1])
    model = _model_at(root, path[:-1])
    here = tuple(keys(model)) if model is not None else tuple(_all_keys(root))
    elsewhere = [dotted for dotted in _all_keys(root) if dotted.rpartition(".")[2] == name]
    if elsewhere and not get_close_matches(name, here, n=1, cutoff=0.8):
        return f"is not a setting; did you mean `{elsewhere[0]}`?"
    return f"is not a setting; {choices(name, here)}"


def settings_at(root: type[BaseModel], path: Sequence[str | int]) -> tuple[str, ...]:
    """The settings below a path; none below what has no settings of its own."""
    model = _model_at(root, path)
    return tuple(keys(model)) if model is not None else ()


def keys(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The settings of a model by the names that they have in the file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def is_setting(root: type[BaseModel], path: Sequence[str | int]) -> bool:
    """Whether a path of names leads to a setting; below a mapping every name does, and below a channel, whose kind
    decides."""
    return is_of_channel(path) or _field_at(root, path) is not None or _is_inside_mapping(root, path)


def is_structure(root: type[BaseModel], path: Sequence[str | int]) -> bool:
    """Whether a setting holds more than one plain value."""
    found = _field_at(root, path)
    kind = found.annotation if found is not None else None
    if found is None and _is_inside_mapping(root, path):
        parent = _field_at(root, path[:-1])
        return parent is not None and _model_in(parent.annotation) is not None
    return _model_in(kind) is not None or get_origin(kind) in (tuple, list, dict)


def is_of_channel(path: Sequence[str | int]) -> bool:
    """Whether it is a channel or one of its settings."""
    return len(path) > 1 and path[0] == "channels"


def is_list(kind: object) -> bool:
    """Whether a setting holds several values."""
    return get_origin(kind) in (tuple, list) or any(is_list(one) for one in get_args(kind))


def spell(path: Sequence[str | int]) -> str:
    """`pages[1].url`"""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def _sentence(one: Mapping[str, Any], root: type[BaseModel]) -> str:
    path: KeyPath = tuple(one["loc"])
    place = (*path[:-1], str(path[-1])) if one["type"] in _NO_SETTING else path
    return f"`{spell(place)}` {_inside_sentence(one, root)}"


def inside(error: ValidationError, root: type[BaseModel]) -> list[tuple[KeyPath, str, str]]:
    """Place, type and sentence (without the key) of everything that pydantic found in settings which are validated by
    themselves."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [(tuple(one["loc"]), one["type"], _inside_sentence(one, root)) for one in found]


def _inside_sentence(one: Mapping[str, Any], root: type[BaseModel]) -> str:
    path: KeyPath = tuple(one["loc"])
    if one["type"] in _NO_SETTING:
        return _no_setting(root, (*path[:-1], str(path[-1])))
    return _after_key(one) + _example(root, path, _message(one))


def _message(one: Mapping[str, Any]) -> str:
    message = _KINDS.get(one["type"], str(one["msg"]))
    for prefix in _PREFIXES:
        message = message.removeprefix(prefix)
    return message


def _after_key(one: Mapping[str, Any]) -> str:
    """Our own checks are written to follow the key; pydantic's say what the input should be."""
    if one["type"] == "missing":
        return "is needed"
    message = _message(one)
    return message if one["type"] == "value_error" else f"must be {message}"


def _example(root: type[BaseModel], path: KeyPath, message: str) -> str:
    """What would be right, where the message does not say it already."""
    field = _field_at(root, path)
    if field is None or not field.examples or isinstance(path[-1], int) or not {",", ";"}.isdisjoint(message):
        return ""
    shown = field.examples[0]
    return f"; right: {path[-1]}: {shown if isinstance(shown, str) else json.dumps(shown)}"


def _field_at(root: type[BaseModel], path: Sequence[str | int]) -> FieldInfo | None:
    """The setting of a path; positions in lists and the names in mappings are passed over."""
    model: type[BaseModel] | None = root
    field: FieldInfo | None = None
    is_name = False
    for part in path:
        if isinstance(part, int):
            continue
        if is_name:  # a key of the user's own, below a mapping
            field, is_name = None, False
            continue
        field = keys(model).get(part) if model is not None else None
        if field is None:
            return None
        model = _model_in(field.annotation)
        is_name = _is_mapping(field.annotation)
    return field


def _is_mapping(kind: object) -> bool:
    return get_origin(kind) is dict


def _model_at(root: type[BaseModel], path: Sequence[str | int]) -> type[BaseModel] | None:
    if not [part for part in path if isinstance(part, str)]:
        return root
    field = _field_at(root, path)
    if field is None and _is_inside_mapping(root, path):
        field = _field_at(root, path[:-1])
    return _model_in(field.annotation) if field is not None else None


def _is_inside_mapping(root: type[BaseModel], path: Sequence[str | int]) -> bool:
    parent = _field_at(root, path[:-1])
    return parent is not None and _is_mapping(parent.annotation)


def _model_in(kind: object) -> type[BaseModel] | None:
    """The model a setting is, or holds a list of."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    return next((found for found in map(_model_in, get_args(kind)) if found is not None), None)


def _all_keys(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Every setting with its path: `server.port`."""
    for name, field in keys(model).items():
        yield prefix + name
        inner = _model_in(field.annotation)
        if inner is not None:
            yield from _all_keys(inner, f"{prefix}{name}.")
