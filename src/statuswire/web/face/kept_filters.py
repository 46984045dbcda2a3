"""Filters that are kept under a name, for their feeds and for later."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from statuswire.access.audit import actor_of
from statuswire.store import Tx, queries
from statuswire.store.queries import SavedFilter
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.face.changes import gone_back, noted
from statuswire.web.face.filterform import read_form
from statuswire.web.face.frame import show
from statuswire.web.face.history import context
from statuswire.web.face.history_asked import PATH, Asked
from statuswire.web.pages import read_store

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
TAKEN: Final = "all"
"""The feed of everything has this name."""


async def save(ask: Ask) -> Answer:
    """Keep the filter of the form under a name; one of the same name is replaced."""
    lists = await ask.form_lists()
    form = read_form((name, value) for name, values in lists.items() for value in values)
    name = lists.get("name", [""])[-1].strip()
    one = SavedFilter(name, form.words, actor_of(ask.principal), ask.parts.clock.now())
    fault = await read_store(ask.parts, lambda tx: _fault(tx, one))
    if fault or form.faults:
        shown = await show(
            ask,
            "history.html",
            lambda tx: context(ask, tx, Asked(form), name, fault),
            title="History",
            current="history",
        )
        return replace(shown, status=400)
    await noted(ask, lambda tx: _put(tx, one), "filter.save", f"filter/{name}", dict(form.words))
    return gone_back(PATH, "filter-saved", form.pairs)


def _put(tx: Tx, one: SavedFilter) -> bool:
    queries.put_saved_filter(tx, one)
    return True


def _fault(tx: Tx, one: SavedFilter) -> str:
    """Why the filter cannot be kept so; empty where it can."""
    if not NAME.fullmatch(one.name):
        return "needs small letters, digits and `-`, such as payments-major."
    if one.name == TAKEN or queries.page_by_slug(tx, one.name) is not None:
        return "is the name of another feed."
    return "" if one.words else "would mean everything: fill in a field of the filter first."


async def drop(ask: Ask) -> Answer:
    name = ask.params["name"]
    is_done = await noted(ask, lambda tx: queries.drop_saved_filter(tx, name), "filter.drop", f"filter/{name}")
    return gone_back(PATH, "filter-dropped" if is_done else "gone")
