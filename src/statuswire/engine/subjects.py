"""Which incident or component an operator means by a word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from difflib import get_close_matches

from statuswire.store import Tx, queries

SHOWN = 10


def find_subject(tx: Tx, page_slug: str, word: str) -> tuple[str, str]:
    """`("incident/w2x4", "Slow API")`; or an empty subject and why there is none.

    Incidents and maintenances are open ones, known by id or title; components are known by id, name or `Group / Name`.
    The id counts first, and two of one name are not guessed between. Raises StoreError.
    """
    page = queries.page_by_slug(tx, page_slug)
    if page is None:
        slugs = [one.slug for one in queries.pages(tx)]
        near = get_close_matches(page_slug, slugs, n=1) or slugs[:SHOWN]
        return "", f"there is no page {page_slug}; known: {', '.join(near) or 'none'}"
    known = list(_subjects(tx, page.id))
    folded = word.strip().casefold()
    meant = {subject: name for subject, id_, name, _ in known if id_ == word}
    meant = meant or {subject: name for subject, _, name, spelt in known if folded in spelt}
    if len(meant) == 1:
        return next(iter(meant.items()))
    if meant:
        return "", f"{word} may be several on {page_slug}: give an id of {', '.join(sorted(meant))}"
    names = [name for _, _, name, _ in known]
    near = get_close_matches(word, names, n=3) or names[:SHOWN]
    return "", f"nothing on {page_slug} is called {word}; there: {', '.join(near) or 'nothing'}"


def find_marked(tx: Tx, page_slug: str, word: str, now: datetime) -> tuple[str, str]:
    """The same, and what is over but still marked, by its id: marks can be taken back for as long as they hold."""
    subject, name = find_subject(tx, page_slug, word)
    if subject:
        return subject, name
    marked = (one.subject for one in queries.page_marks(tx, page_slug, now))
    found = next((one for one in marked if one.partition("/")[2] == word), "")
    return (found, word) if found else (subject, name)


def _subjects(tx: Tx, page_id: int) -> Iterator[tuple[str, str, str, frozenset[str]]]:
    """Subject, id, name, and how it may be spelt."""
    for incident in queries.open_on_page(tx, page_id):
        yield f"incident/{incident.id}", incident.id, incident.title, frozenset({incident.title.casefold()})
    for one in queries.load_known(tx, page_id, feed_id=None, ids=()).components:
        full = f"{one.group} / {one.name}" if one.group else one.name
        yield f"component/{one.id}", one.id, full, frozenset({one.name.casefold(), full.casefold()})
