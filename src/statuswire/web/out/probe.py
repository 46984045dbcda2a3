"""`/probe?target=...` for Prometheus' pattern of many targets behind one exporter, and the series of older exporters.

A target is a page that is watched; what is answered is what is known. Nothing is fetched for the one who asks, so that
nobody can make this machine connect to an address of their choice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final
from urllib.parse import parse_qsl

from statuswire import metrics
from statuswire.engine.levels import MOST_STATES, is_like
from statuswire.engine.probing import load_probed, probed_of
from statuswire.engine.shown import load_shown
from statuswire.metrics import probes
from statuswire.metrics.probes import Probed
from statuswire.store import Tx
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.doors import NOT_FOUND
from statuswire.web.pages import read_store
from statuswire.web.problems import Refusal, RefusedRequest

_QUERY: Final = ("target", "module")
_MOST_FIELDS: Final = 8
LONGEST_TARGET: Final = 2_000


async def probe(ask: Ask) -> Answer:
    """One page. A page that cannot be read is an answer too; one that is not watched is none, and 404."""
    started = ask.parts.clock.monotonic()
    asked = _asked(ask.query)
    dialect = asked.get("module") or ask.parts.config().metrics.probe.value
    if dialect not in probes.DIALECTS:
        raise _wrong(f"There is no module {dialect[:40]!r}.", tuple(probes.DIALECTS))
    found = await read_store(ask.parts, partial(load_probed, target=asked["target"], now=ask.parts.clock.now()))
    if found is None:
        raise RefusedRequest(
            Refusal("unknown_page", "No watched page is meant by this target: nothing is fetched for a probe. Add it.")
        )
    return _answer(dialect, [replace(found, took_s=ask.parts.clock.monotonic() - started)])


async def all_pages(ask: Ask) -> Answer:
    """All pages that metrics may name, in the words of an exporter that tells them apart."""
    dialect = ask.params["dialect"]
    if dialect not in probes.OF_MANY:
        raise RefusedRequest(NOT_FOUND)
    slugs = ask.parts.named_levels.pages
    return _answer(
        dialect, await read_store(ask.parts, partial(_named, slugs=slugs, now=ask.parts.clock.now())) if slugs else []
    )


def _named(tx: Tx, slugs: tuple[str, ...], now: datetime) -> list[Probed]:
    """As many as make no more than the most components."""
    found: list[Probed] = []
    room = MOST_STATES
    for shown in load_shown(tx, None, now):
        if is_like(shown.page.slug, slugs):
            one = probed_of(shown, shown.page.url)
            room -= len(one.components) + 1
            if room < 0:
                break
            found.append(one)
    return found


def _asked(query: bytes) -> Mapping[str, str]:
    """With a target. Raises RefusedRequest."""
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise _wrong("The query string cannot be read.") from error
    unknown = sorted({name for name, _ in pairs} - set(_QUERY))
    if unknown:
        raise _wrong(f"There is no parameter {unknown[0][:40]!r}.", _QUERY)
    asked = dict(pairs)
    if not asked.get("target", "").strip():
        raise _wrong("target must be the slug or the address of a watched page.")
    if len(asked["target"]) > LONGEST_TARGET:
        raise _wrong("target is too long.")
    return asked


def _wrong(detail: str, known: tuple[str, ...] = ()) -> RefusedRequest:
    return RefusedRequest(Refusal("bad_parameter", detail, known=known))


def _answer(dialect: str, probed: list[Probed]) -> Answer:
    return Answer(200, probes.text_of(dialect, probed), metrics.CONTENT_TYPE.encode())
