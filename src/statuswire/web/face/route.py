"""One route that is made or changed here, with what it would have told beside the form before it is saved."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final
from urllib.parse import parse_qs

from statuswire.core.routing import IMPACT_ORDER
from statuswire.engine.owning import DropRoute, PutRoute
from statuswire.errors import StatuswireError
from statuswire.model import Impact
from statuswire.store import queries
from statuswire.web.asgi import Answer
from statuswire.web.asking import Ask
from statuswire.web.face.changes import gone_back, sentence
from statuswire.web.face.filterform import offered
from statuswire.web.face.frame import missing, show
from statuswire.web.face.routeform import DAYS, DIGESTS, RouteForm, checked, hints, of_body, of_form, usual, with_faults
from statuswire.web.face.rules import PATH
from statuswire.web.obeying import obeyed
from statuswire.web.pages import read_store
from statuswire.web.tools import Trial

LOOK_BACK: Final = timedelta(days=90)
TRIAL_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Tried:
    """What the rules with this route would have told. `report` is that of the backtest, `mine` its part about this
    route; both empty where `fault` says why there is none."""

    report: Mapping[str, Any] = field(default_factory=dict)
    mine: Mapping[str, Any] = field(default_factory=dict)
    fault: str = ""


async def form(ask: Ask) -> Answer:
    """An empty form, or that of the route that `name` names."""
    name = parse_qs(ask.query.decode("latin-1"), max_num_fields=20).get("name", [""])[-1]
    if not name:
        return await _page(ask, RouteForm())
    own = await read_store(ask.parts, queries.own_routes)
    found = next((one for one in own if one.name == name), None)
    if found is None:
        return missing(ask, "There is no such route that was made here. Those of the file are changed there.")
    return await _page(ask, of_body(found.name, found.body))


async def post(ask: Ask) -> Answer:
    """Try the route, save it, or drop it, as the button says."""
    lists = await ask.form_lists()
    do, impact = lists.get("do", ["try"])[-1], _impact(lists.get("reached", [""])[-1])
    posted = of_form(lists)
    if do == "drop":
        answer = await obeyed(ask, DropRoute(posted.before))
        return gone_back(PATH, "route-dropped" if answer.done else "gone")
    right = checked(posted, ask.parts.file)
    if right.faults:
        return await _page(ask, right, status=400)
    if do == "save":
        return await _saved(ask, right)
    return await _page(ask, right, tried=await tried(ask, right, impact), impact=impact)


async def _saved(ask: Ask, right: RouteForm) -> Answer:
    is_new = right["name"] != right.before
    answer = await obeyed(ask, PutRoute(right.body, right["name"], is_new=is_new))
    if not answer.done:
        shown = with_faults(right, answer.faults) if answer.faults else replace(right, faults={"": sentence(answer)})
        return await _page(ask, shown, status=400)
    if right.before and is_new:
        await obeyed(ask, DropRoute(right.before))
    return gone_back(PATH, "route-saved")


def _impact(word: str) -> Impact:
    return Impact(word) if word in set(IMPACT_ORDER) else Impact.MAJOR


# --- looking back ------------------------------------------------------------------------------------------------


async def tried(ask: Ask, right: RouteForm, impact: Impact) -> Tried:
    """The backtest of the rules in force with this route in its place."""
    routes = [
        one.model_dump(mode="json", exclude_unset=True, by_alias=True)
        for one in ask.parts.config().routes
        if one.name not in (right["name"], right.before) or not one.name
    ]
    trial = Trial([*routes, right.body], since=LOOK_BACK, impact=impact)
    try:
        body = await asyncio.to_thread(_backtest, ask, trial)
    except StatuswireError as error:
        return Tried(fault=f"{str(error)[:1].upper()}{str(error)[1:]}.")
    except TimeoutError:
        return Tried(fault=f"Looking back took more than {TRIAL_S:g} seconds; statuswire backtest has no limit.")
    report: Any = body["report"]
    mine: dict[str, Any] = next((one for one in report["routes"] if one["route"] == right["name"]), {})
    return Tried(report, mine)


def _backtest(ask: Ask, trial: Trial) -> dict[str, object]:
    clock = ask.parts.clock
    until = clock.monotonic() + TRIAL_S

    def go_on() -> None:
        if clock.monotonic() > until:
            raise TimeoutError

    return ask.parts.tools.backtest(trial, go_on)


# --- the page ----------------------------------------------------------------------------------------------------


async def _page(
    ask: Ask, shown: RouteForm, *, status: int = 200, tried: Tried | None = None, impact: Impact = Impact.MAJOR
) -> Answer:
    config, rules = ask.parts.config(), ask.parts.rules()

    context: dict[str, Any] = {
        "title": f"Route {shown.before}" if shown.before else "A new route",
        "current": "rules",
        "form": shown,
        "channels": [(name, one.kind) for name, one in config.channels.items()],
        "templates": list(config.templates),
        "hints": hints(),
        "usual": usual(config),
        "digests": DIGESTS,
        "days": DAYS,
        "tried": tried,
        "impact": impact.value,
        "impacts": [one.value for one in IMPACT_ORDER if one is not Impact.UNKNOWN],
    }
    answer = await show(ask, "route.html", lambda tx: context | {"offer": offered(tx, rules)})
    return replace(answer, status=status)
