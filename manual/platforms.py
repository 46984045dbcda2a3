"""docs/platforms.md: what is read of which platform, as every adapter says of itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from statuswire.catalog import shipped
from statuswire.platforms import FEED_FORMATS, PLATFORMS
from statuswire.platforms.base import Platform

_HEAD = """\
# What is read of which platform

This page is made by `make docs` from what the adapters say of themselves. How they are polled, and their limits, stands
in the [reference](reference/platforms.md).

*Confidence* is how well the format is known: high where it is documented or was captured, medium where it is known from
working code, low where parts are guessed; the last are marked **experimental**, in `catalog` and `detect` too. *Pages*
is how many of the catalog have the platform. A dash says that the platform does not offer it, or not to the public."""

_FORMATS = """\
## Formats and hooks of any maker

Feeds in RSS, Atom and JSON Feed of unknown makers are read as logs of incidents: an entry is an incident or one of its
updates, as the feed's own habits show. They cover nothing, so nothing ends by leaving them. Webhooks of unknown makers
are read for an incident in them."""

_FLAGS = ("components", "incidents", "updates", "maintenances")
_UNTABLED = frozenset({*FEED_FORMATS, "generic", "statuswire"})


def render() -> str:
    """The whole page, in Markdown."""
    tabled = sorted((one for one in PLATFORMS.values() if one.name not in _UNTABLED), key=lambda one: one.title.lower())
    pages = Counter(one.platform for one in shipped())
    lines = [
        _HEAD,
        "",
        f"{len(tabled)} platforms, {sum(pages[one.name] for one in tabled)} pages of the catalog.",
        "",
        "| platform | components | incidents | updates | maintenance | hooks | confidence | checked | pages |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        *(_row(one, pages[one.name]) for one in tabled),
        "",
        "## How they are told apart over time",
        "",
        *(line for one in tabled for line in _identity(one)),
        _FORMATS,
    ]
    return "\n".join(lines) + "\n"


def _row(one: Platform, pages: int) -> str:
    flags = ["yes" if getattr(one.coverage, flag) else "-" for flag in _FLAGS]
    hooks = "yes" if one.parse_hook is not None else "-"
    confidence = one.coverage.confidence.value + (", **experimental**" if one.is_experimental else "")
    cells = [f"{one.title} (`{one.name}`)", *flags, hooks, confidence, one.coverage.checked, str(pages or "-")]
    return f"| {' | '.join(cells)} |"


def _identity(one: Platform) -> Iterator[str]:
    yield f"**{one.title}**. Identity: {one.coverage.identity or 'that of the feed'}. Absence: {one.coverage.absence}."
    yield ""
