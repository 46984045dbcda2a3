"""User templates: a title and a body in place of a channel's own words.

`check` tells what is wrong before a template is used; `worded` uses it, and where it fails at run time the default
wording stands and the reason is handed back, since no message is lost for its form. Text is not escaped here: each
medium escapes what it shows, the words of a template like those of a provider. What a template may do is told in
`template_language`, what it is given in `template_values`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from typing import Any, Final

from jinja2 import Template, TemplateError, TemplateSyntaxError

from statuswire.channels import phrasing
from statuswire.channels.template_filters import METER, OUTPUT_LIMIT, Meter, too_long
from statuswire.channels.template_language import LANGUAGE, SIZE_LIMIT, Problem, compiled, faults
from statuswire.channels.template_sample import SAMPLE
from statuswire.channels.template_values import NAMES, values
from statuswire.channels.terminal import one_line
from statuswire.model import Message, Wording

_UNREADABLE: Final = (TemplateError, SyntaxError, RecursionError, MemoryError, ValueError, OverflowError)
"""What reading a hostile template can raise: numbers of 5,000 digits, 5,000 brackets."""

_FAILURES: Final = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    RecursionError,
    MemoryError,
)
"""What an expression can raise at run time: `1 / 0`, `none < 1`, `words|round`."""


@dataclass(frozen=True, slots=True)
class Templates:
    """One for the title and one for the body; an empty one leaves the default."""

    title: str = ""
    body: str = ""


def check(text: str) -> tuple[Problem, ...]:
    """All that is wrong with a template, by its lines; where it can be read, it is tried on an event that has every
    part, so that a field which no event has is found."""
    _, problems = _read(text)
    if problems:
        return problems
    try:
        render(text, SAMPLE)
    except _FAILURES as error:
        return (Problem(_line(error), _words(error)),)
    return ()


def worded(message: Message, templates: Templates) -> tuple[Wording | None, str]:
    """The words that the templates make of the message, and an empty reason; or None, and why."""
    given = values(message)
    made = {"title": phrasing.headline(message), "body": phrasing.words(message)}
    for which, text in (("title", templates.title), ("body", templates.body)):
        if not text:
            continue
        try:
            made[which] = render(text, given).strip()
        except _FAILURES as error:
            return None, f"{which}, line {_line(error)}: {_words(error)}"
    title = one_line(made["title"])
    return (Wording(title, made["body"]), "") if title else (None, "title: is empty")


def render(text: str, given: Mapping[str, Any]) -> str:
    """What the template makes of the variables. Raises one of `_FAILURES`, among them OverBudget."""
    template, problems = _read(text)
    if template is None:
        raise TemplateSyntaxError(problems[0].text, problems[0].line)
    written, length = [], 0
    for piece in template.generate({**given, METER: Meter()}):
        written.append(piece)
        length += len(piece)
        if length > OUTPUT_LIMIT:
            raise too_long()
    return "".join(written)


@lru_cache(maxsize=256)
def _read(text: str) -> tuple[Template | None, tuple[Problem, ...]]:
    """Compiled, or what is wrong: always looked at, whether or not somebody has checked it before."""
    if len(text.encode("utf-8", "replace")) > SIZE_LIMIT:
        return None, (Problem(1, f"is larger than {SIZE_LIMIT // 1024} KiB"),)
    try:
        found = faults(LANGUAGE.parse(text), NAMES)
        return (None, tuple(found)) if found else (compiled(text), ())
    except TemplateSyntaxError as error:
        return None, (Problem(error.lineno, error.message or "cannot be read"),)
    except _UNREADABLE:
        return None, (Problem(1, "is nested too deeply, or holds a number that cannot be read"),)


def _words(error: Exception) -> str:
    said = error.message if isinstance(error, TemplateError) else str(error)
    return one_line(said or "") or type(error).__name__


def _line(error: Exception) -> int:
    """The line of the template that it comes from: Jinja puts it into the traceback."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    line, step = 1, error.__traceback__
    while isinstance(step, TracebackType):
        if step.tb_frame.f_code.co_filename == "<template>":
            line = step.tb_lineno
        step = step.tb_next
    return line
