"""What the forms of the dashboard change: one transaction with its row in the audit log, then back by GET.

What was done is said there by a word of a closed set, so that nobody can make our pages say something by a link.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Final
from urllib.parse import parse_qs, urlencode

from statuswire.access import audit
from statuswire.engine.obeyed import Obeyed
from statuswire.store import Tx
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.html import see_other

log = logging.getLogger(__name__)

WRITE_DEADLINE_S: Final = 10.0

SAID: Final[Mapping[str, str]] = {
    "account-added": "The account is there.",
    "account-changed": "The account is changed.",
    "account-removed": "The account is gone, with its sessions and tokens.",
    "channel-enabled": "The channel is enabled; what waits for it is sent now.",
    "delivery-dropped": "The delivery is dropped.",
    "delivery-sent": "The delivery is sent now.",
    "filter-dropped": "The filter is gone.",
    "filter-saved": "The filter is saved. Its feeds are beside its name.",
    "gone": "That was gone already.",
    "page-saved": "The page is watched from now on.",
    "page-dropped": "The page is not watched any more.",
    "route-dropped": "The route is gone.",
    "route-saved": "The route is saved and in force.",
    "silence-ended": "The silence is over.",
    "silence-made": "The silence holds.",
    "token-revoked": "The token is revoked.",
}
"""What can be said of a change, by the word that stands in the address."""


def said(ask: Ask) -> str:
    """The sentence of the word in the address; empty for none."""
    given = parse_qs(ask.query.decode("latin-1"), max_num_fields=50).get("said", [""])
    return SAID.get(given[-1], "")


def place(path: str, word: str, query: Iterable[tuple[str, str]] = ()) -> str:
    """The address where `word` is said. Raises KeyError for a word that is none of ours."""
    if word not in SAID:
        raise KeyError(word)
    return f"{path}?{urlencode([*query, ('said', word)])}"


def gone_back(path: str, word: str, query: Iterable[tuple[str, str]] = ()) -> Answer:
    """Back there by GET. Raises KeyError for a word that is none of ours."""
    return see_other(place(path, word, query))


async def noted(
    ask: Ask, work: Callable[[Tx], bool], action: str, subject: str, detail: Mapping[str, object] | None = None
) -> bool:
    """One transaction with its row in the log of changes; whether it changed anything. Raises StoreError and
    TimeoutError."""
    now = ask.parts.clock.now()

    def whole(tx: Tx) -> bool:
        is_done = work(tx)
        if is_done:
            audit.note(tx, now, ask.principal, action, subject, detail)
        return is_done

    async with asyncio.timeout(WRITE_DEADLINE_S):
        is_done = await asyncio.wrap_future(ask.parts.store.submit(whole))
    log.info("change=%s by=%s done=%s", action, audit.actor_of(ask.principal), is_done)
    return is_done


def sentence(one: Obeyed) -> str:
    """The answer to an order as a sentence."""
    return f"{one.sentence[:1].upper()}{one.sentence[1:]}."
