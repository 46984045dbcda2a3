"""How SQLite means to run what is asked often: through an index, never through all rows of a page or a table."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import pytest

from statuswire.store import Tx, evidence, open_store, queries
from statuswire.store.base import NO_PARAMS, Params, Row
from statuswire.store.state import updates_of_many
from tests.store.samples import NOON


class Explaining:
    """A Tx that notes the plan of every statement before it runs it."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self.plans: list[str] = []
        self.dialect = tx.dialect

    def _explain(self, sql: str, params: Params) -> None:
        self.plans += [str(row[3]) for row in self._tx.all(f"EXPLAIN QUERY PLAN {sql}", params)]

    def execute(self, sql: str, params: Params = NO_PARAMS) -> int:
        self._explain(sql, params)
        return self._tx.execute(sql, params)

    def all(self, sql: str, params: Params = NO_PARAMS) -> list[Row]:
        self._explain(sql, params)
        return self._tx.all(sql, params)

    def one(self, sql: str, params: Params = NO_PARAMS) -> Row | None:
        rows = self.all(sql, params)
        return rows[0] if rows else None

    def many(self, sql: str, rows: object) -> None:
        raise NotImplementedError


LANE = queries.Lane("a", "0", 1, 1)
OFTEN: dict[str, Callable[[Tx], object]] = {
    "load_known": lambda tx: queries.load_known(tx, 1, feed_id=1, ids=("a", "b")),
    "events_after": lambda tx: queries.events_after(tx, 5),
    "token_by_digest": lambda tx: queries.token_by_digest(tx, b"a"),
    "session_by_digest": lambda tx: queries.session_by_digest(tx, b"a"),
    "failures": lambda tx: queries.failures(tx, "a", 1),
    "updates_of_many": lambda tx: updates_of_many(tx, [(1, "a"), (2, "b")]),
    "audit_list": lambda tx: queries.audit_list(tx, limit=10, before=5),
    "waiting_hooks": lambda tx: queries.waiting_hooks(tx, 10),
    "latest_document": lambda tx: evidence.latest_document(tx, 1, "a"),
    "documents_within": lambda tx: evidence.documents_within(tx, 1, NOON, NOON),
    "documents_before": lambda tx: evidence.documents_before(tx, 1, NOON),
    "forget_documents": lambda tx: evidence.old_documents(tx, NOON),
    "page_by_slug": lambda tx: queries.page_by_slug(tx, "a"),
    "page_by_id": lambda tx: queries.page_by_id(tx, 1),
    "page_by_provider": lambda tx: queries.page_by_provider(tx, "a", "b"),
    "page_by_name": lambda tx: queries.page_by_name(tx, "a"),
    "incident_list": lambda tx: queries.incident_list(tx, limit=10),
    "incident_list of a page": lambda tx: queries.incident_list(tx, limit=10, page="a"),
    "incident_list since": lambda tx: queries.incident_list(tx, limit=10, since=NOON),
    "incident_list of pages by number, of a page": lambda tx: queries.incident_list(tx, limit=10, page_ids=(1,)),
    "one_incident": lambda tx: queries.one_incident(tx, 1, "a"),
    "event_rows": lambda tx: queries.event_rows(tx, queries.EventQuestion(), 10),
    "event_rows of a page": lambda tx: queries.event_rows(tx, queries.EventQuestion(pages=(1,)), 10),
    "event_rows since": lambda tx: queries.event_rows(tx, queries.EventQuestion(since=NOON), 10),
    "components_after": lambda tx: queries.components_after(tx, (1, "a"), 10, pages=None, levels=()),
    "feeds_after": lambda tx: queries.feeds_after(tx, 1, 10, pages=None, states=()),
    "quarantined_hooks": lambda tx: queries.quarantined_hooks(tx, 1, 10),
    "follower": lambda tx: queries.follower(tx, "a"),
    "correlations": lambda tx: queries.correlations(tx, NOON),
    "finish_hook": lambda tx: queries.finish_hook(tx, 1),
    "stories_of": lambda tx: queries.stories_of(tx, "a", ["b", "c"]),
    "namesakes": lambda tx: queries.namesakes(tx, "a", ["c", "d"], NOON),
    "due_stories": lambda tx: queries.due_stories(tx, NOON),
    "due_collected": lambda tx: queries.due_collected(tx, NOON),
    "collecting_threads": lambda tx: queries.collecting_threads(tx, "a"),
    "collecting_of": lambda tx: queries.collecting_of(tx, "a", "b"),
    "page_marks": lambda tx: queries.page_marks(tx, "a", NOON),
    "component_stories": lambda tx: queries.component_stories(tx, "a", "b"),
    "oldest": lambda tx: queries.oldest(tx, LANE, 1),
    "look_again": lambda tx: queries.look_again(tx, LANE),
    "renew": lambda tx: queries.renew(tx, LANE, NOON),
    "let_go": lambda tx: queries.let_go(tx, LANE, None, NOON),
    "channel_state": lambda tx: queries.channel_state(tx, "a"),
    "thread": lambda tx: queries.thread(tx, "a", "b"),
    "kept_threads": lambda tx: queries.kept_threads(tx, "a", NOON),
}


GIVEN = ("CONSTANT ROW", "CONSTANT ROWS", "given", "wanted")
"""What the statement brings with it, and not a table."""


@pytest.mark.parametrize("name", OFTEN)
def test_a_frequent_statement_uses_an_index(name: str) -> None:
    with closing(open_store("sqlite://")) as store:

        def explain(tx: Tx) -> list[str]:
            explaining = Explaining(tx)
            OFTEN[name](explaining)
            return explaining.plans

        plans = store.write(explain)

    assert plans
    scans = [plan for plan in plans if plan.startswith("SCAN") and not plan.endswith(GIVEN)]
    assert [plan for plan in scans if "USING" not in plan] == []
    assert [plan for plan in plans if not name.endswith("of a page") and "incident_page_begun" in plan] == []


@pytest.mark.parametrize(
    "look",
    [
        lambda tx: queries.open_incidents(tx),
        lambda tx: queries.incident_list(tx, limit=10, is_open=True),
    ],
)
def test_open_incidents_are_found_by_their_own_index_however_many_are_over(look: Callable[[Tx], object]) -> None:
    with closing(open_store("sqlite://")) as store:
        explaining = store.read(lambda tx: _explained(tx, look))

    assert any("incident_open" in plan for plan in explaining.plans)
    assert not any("incident_begun" in plan for plan in explaining.plans)


def _explained(tx: Tx, look: Callable[[Tx], object]) -> Explaining:
    explaining = Explaining(tx)
    look(explaining)
    return explaining
