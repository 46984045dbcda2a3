"""One incident or maintenance: the thread, newest first, with what we did about it between the provider's words."""

from __future__ import annotations

from statuswire.engine.accounts import load_incident
from statuswire.engine.orders import DropMark, SetMark
from statuswire.engine.overview import load_look
from statuswire.engine.signals import load_incident_pair
from statuswire.engine.situation import begun, level_of
from statuswire.model import MarkKind, Status
from statuswire.store import Tx, queries
from statuswire.web import paths
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.face.changes import said
from statuswire.web.face.forms import MAX_REASON, OFFERED, order, silenced, until
from statuswire.web.face.frame import Context, may, show
from statuswire.web.face.ours import ahead_words
from statuswire.web.face.thread import Said, thread_of
from statuswire.web.needs import Need


async def incident(ask: Ask) -> Answer:
    """The whole thread."""
    slug, id_ = paths.text_of(ask.params["slug"]), paths.text_of(ask.params["id"])
    moment = ask.parts.clock.now()

    def load(tx: Tx) -> Context | None:
        page = queries.page_by_slug(tx, slug)
        found = load_incident(tx, page, id_, moment) if page is not None else None
        if page is None or found is None:
            return None
        told = found.incident
        is_viewer = may(ask, Need.VIEW)
        pair = load_incident_pair(tx, page, told, moment) if is_viewer else None
        return {
            "title": f"{told.title or told.id} · {page.name or page.slug}",
            "page": page,
            "look": load_look(tx, page, moment),
            "incident": told,
            "thread": thread_of(found, is_public=not is_viewer),
            "deliveries": found.deliveries if is_viewer else (),
            "has_beside": is_viewer,
            "signals": () if pair is None else pair.signals,
            "ahead": "" if pair is None else ahead_words(pair),
            "begun": begun(told),
            "level": level_of(told) if told.is_open else Status.OPERATIONAL,
            "is_said": lambda one: isinstance(one, Said),
            "mark": {kind.value: next((one for one in found.marks if one.kind is kind), None) for kind in MarkKind},
            "lengths": OFFERED,
            "said": said(ask),
            "path": paths.incident_path(page.slug, told.id),
        }

    return await show(ask, "incident.html", load, current="now", live=slug)


# --- what is done about it -----------------------------------------------------------------------------------------


async def acknowledge(ask: Ask) -> Answer:
    """Somebody looks after it; or, with `back`, nobody does any more."""
    return await _mark(ask, MarkKind.ACKNOWLEDGED)


async def snooze(ask: Ask) -> Answer:
    """Nothing more is told of it for some time; or, with `back`, it is again."""
    return await _mark(ask, MarkKind.SNOOZED)


async def _mark(ask: Ask, kind: MarkKind) -> Answer:
    slug, id_ = paths.text_of(ask.params["slug"]), paths.text_of(ask.params["id"])
    given = await ask.form()
    back = paths.incident_path(slug, id_)
    if given.get("back"):
        return await order(ask, DropMark(slug, id_, kind), back)
    usual = "4h" if kind is MarkKind.SNOOZED else ""
    end = until(given, ask.parts.clock.now(), usual)
    reason = given.get("reason", "").strip()[:MAX_REASON]
    return await order(ask, SetMark(slug, id_, kind, reason, end), back)


async def silence(ask: Ask) -> Answer:
    """Nothing is told of the page, or of one of its components, for some time."""
    slug, id_ = paths.text_of(ask.params["slug"]), paths.text_of(ask.params["id"])
    return await silenced(ask, slug, paths.incident_path(slug, id_))
