"""What `import` says of what it took from elsewhere: a table for people, or JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from statuswire.channels.terminal import Style
from statuswire.elsewhere.listed import Outcome, Taken
from statuswire.tables import table

_WORDS = {
    Outcome.CATALOG: "in the catalog",
    Outcome.ADDRESS: "by its address",
    Outcome.WATCHED: "there already",
    Outcome.LEFT_OUT: "left out",
}


def as_body(taken: Sequence[Taken], title: str) -> dict[str, object]:
    """For JSON. Of what is left out only the host is told: its address may hold a secret."""
    return {
        "format": title,
        "entries": [
            {
                "name": one.listed.name,
                "host": _host(one),
                "outcome": one.outcome.value,
                "why": one.why,
                "page": one.page,
            }
            for one in taken
        ],
    }


def lines(taken: Sequence[Taken], title: str, style: Style) -> Iterator[str]:
    rows = [(one.listed.name or _host(one) or "?", _WORDS[one.outcome], _page(one)) for one in taken]
    yield from table(("Listed", "Becomes", ""), rows, style) if rows else ("nothing is listed there",)
    counts = Counter(one.outcome for one in taken)
    told = ", ".join(f"{counts[outcome]} {word}" for outcome, word in _WORDS.items() if counts[outcome])
    yield ""
    yield f"{title}: {len(taken)} entries" + (f", {told}" if told else "")


def _page(one: Taken) -> str:
    slug = str(one.page.get("slug", ""))
    return f"{slug}, {one.why}" if slug else one.why


def _host(one: Taken) -> str:
    url = one.listed.url
    try:
        return urlsplit(url if "://" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""
