"""Signals of ours written straight into a store, for looks at them from outside."""

from __future__ import annotations

from statuswire.model import SignalSource, SignalState, SignalWord
from statuswire.store import Store, Tx, queries
from tests.web.filling import NOW, minutes

FAR = NOW + minutes(10_000)
DASHBOARD = "https://grafana.example/d/checkout"


def fire(
    store: Store,
    slug: str = "acme",
    title: str = "Checkout fails",
    *,
    ago: float,
    over: float | None = None,
    component: str = "",
) -> None:
    """It fires since so many minutes ago; `over`: it was over so many minutes ago."""

    def add(tx: Tx) -> None:
        page = queries.page_by_slug(tx, slug)
        assert page is not None
        words = [(SignalState.FIRING, ago), *([(SignalState.RESOLVED, over)] if over is not None else [])]
        queries.add_signals(tx, [_word(page.id, title, component, state, at) for state, at in words], NOW)

    store.write(add)


def _word(page_id: int, title: str, component: str, state: SignalState, ago: float) -> SignalWord:
    at, source = NOW - minutes(ago), SignalSource.GRAFANA
    return SignalWord(page_id, component, source, title, state, at, title, DASHBOARD, FAR)
