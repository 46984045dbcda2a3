"""The filters of user templates, each of which pays for what it handles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec
from jinja2 import TemplateRuntimeError, Undefined, pass_context
from jinja2.runtime import Context

from statuswire.channels.phrasing import shortened

OUTPUT_LIMIT: Final = 64 * 1024
"""Characters that a template may write, and that any text it makes may have."""

STEPS: Final = 50_000
"""What a template may do; a step is one node of a loop's body, or some dozens of characters handled."""

METER: Final = "_meter"
"""The variable that holds the meter. Its name begins with `_`, so no template can name it."""

_CHARACTERS_A_STEP: Final = 64


class OverBudget(TemplateRuntimeError):
    """It does too much, or makes too long a text."""


class Meter:
    """Counts the steps of one rendering."""

    def __init__(self) -> None:
        self.used = 0

    def pay(self, steps: int) -> None:
        """Raises OverBudget."""
        self.used += steps
        if self.used > STEPS:
            raise OverBudget(f"does more than {STEPS:,} steps")


def too_long() -> OverBudget:
    return OverBudget(f"makes a text of more than {OUTPUT_LIMIT:,} characters")


def _size(value: object) -> int:
    return len(value) if isinstance(value, str | list | tuple | Mapping) else 0


def _paying(work: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, paid for by what goes in and what comes out."""

    @pass_context
    def paid(context: Context, value: Any, *given: Any, **named: Any) -> Any:
        meter: Meter = context[METER]
        meter.pay(1 + _cost(value))
        if isinstance(value, Undefined) and work is not _default:
            str(value)  # raises, and says what is missing
        made = work(value, *given, **named)
        meter.pay(_cost(made))
        if isinstance(made, str) and len(made) > OUTPUT_LIMIT:
            raise too_long()
        return made

    return paid


def _cost(value: object) -> int:
    return _size(value) // _CHARACTERS_A_STEP if isinstance(value, str) else _size(value)


@pass_context
def _turns(context: Context, items: Iterable[Any], weight: int) -> Iterator[Any]:
    """The items of a loop, a turn paid before it is taken."""
    meter: Meter = context[METER]
    for item in items:
        meter.pay(weight)
        yield item


@pass_context
def _holds(context: Context, whole: Any, part: Any) -> bool:
    """`part in whole`. Looking for a text in a text can take the product of their lengths."""
    meter: Meter = context[METER]
    meter.pay(_search_cost(whole, part))
    return part in whole


def _search_cost(whole: object, part: object) -> int:
    return (1 + _cost(whole)) * (1 + _size(part) // 8)


def _joined(items: Iterable[Any], by: str = "") -> str:
    """Measured before it is made."""
    texts = [_text(item) for item in items]
    if sum(map(len, texts)) + len(by) * len(texts) > OUTPUT_LIMIT:
        raise too_long()
    return by.join(texts)


def _join(items: Iterable[Any], by: str = "", attribute: str | None = None) -> str:
    return _joined(items if attribute is None else _map(items, attribute), _text(by))


def _text(value: object) -> str:
    """Raises for what is undefined, as printing it does."""
    return str(value)


def _of_text(work: Callable[[str], str]) -> Callable[..., Any]:
    """A filter of texts that takes what it gets as text."""
    return _paying(lambda value: work(_text(value)))


def _map(items: Iterable[Any], attribute: str) -> list[Any]:
    """The values under one name of a list of mappings."""
    try:
        return [item[attribute] for item in items]
    except (KeyError, TypeError) as error:
        raise TemplateRuntimeError(f"finds no `{attribute}` in every item") from error


@pass_context
def _replace(context: Context, text: str, old: str, new: str) -> str:
    """Measured before it is made: replacing nothing by much can make the product of two texts."""
    meter: Meter = context[METER]
    meter.pay(_search_cost(text, old))
    length = len(text) + text.count(old) * (len(new) - len(old))
    if length > OUTPUT_LIMIT:
        raise too_long()
    return text.replace(old, new)


def _default(value: Any, instead: Any = "", is_for_false: bool = False) -> Any:
    return instead if isinstance(value, Undefined) or value is None or (is_for_false and not value) else value


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _truncate(text: str, length: int = 255) -> str:
    return shortened(_text(text), min(max(int(length), 1), 2_000))


def _round(number: float, digits: int = 0) -> float:
    """Of a float: to round an int to minus a billion digits would take for ever."""
    return round(float(number), min(max(int(digits), 0), 15))


FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "capitalize": _of_text(str.capitalize),
    "default": _paying(_default),
    "first": _paying(lambda items: items[0]),
    "int": _paying(lambda value: int(value)),
    "join": _paying(_join),
    "json": _paying(_json),
    "last": _paying(lambda items: items[-1]),
    "length": _paying(len),
    "lower": _of_text(str.lower),
    "map": _paying(_map),
    "replace": _replace,
    "round": _paying(_round),
    "title": _of_text(str.title),
    "trim": _of_text(str.strip),
    "truncate": _paying(_truncate),
    "upper": _of_text(str.upper),
    "_turns": _turns,
    "_joined": _paying(_joined),
    "_holds": _holds,
}
"""Those that begin with `_` are put in by us and cannot be written."""
