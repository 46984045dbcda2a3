"""Every route that changes something leaves a row in the log of changes, with who did it and nothing secret."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest

from statuswire.model import AccountRole
from statuswire.web.routing import WEBSOCKET, Router
from statuswire.web.table import ROWS
from tests.web.face.house import House, open_house
from tests.web.parts import JSON, Reply

API = "/api/v1"
FORM = {"content-type": "application/x-www-form-urlencoded"}
PASSWORD = "canary horse battery"
ROUTE = {"name": "loud", "channel": "ops", "impact": ">=major"}
MARK = {"page": "acme", "subject": "Slow API", "kind": "acknowledged", "reason": "on it"}


class Step(NamedTuple):
    """One change: a form of the dashboard, or JSON for the API. `action` is how the log calls it."""

    action: str
    method: str
    target: str
    body: dict[str, Any]

    @property
    def is_form(self) -> bool:
        return not self.target.startswith(API)


def form(action: str, target: str, **fields: str) -> Step:
    return Step(action, "POST", target, fields)


def api(action: str, method: str, target: str, body: dict[str, Any] | None = None) -> Step:
    return Step(action, method, API + target, body or {})


STEPS = (
    form("favourite.set", "/pages/acme/favourite", favourite="yes"),
    form("favourite.drop", "/pages/acme/favourite"),
    form("mark.set", "/pages/acme/incidents/i1/acknowledge", reason="on it"),
    form("mark.set", "/pages/acme/incidents/i1/snooze", **{"for": "1h"}),
    form("silence.add", "/pages/acme/incidents/i1/silence", component="API", reason="known", **{"for": "1d"}),
    form("filter.save", "/history/filters", name="acme-major", page="acme"),
    form("filter.drop", "/history/filters/acme-major/drop"),
    form("channel.enable", "/channels/pager/enable"),
    form("delivery.retry", "/deliveries/2/send"),
    form("delivery.drop", "/deliveries/3/drop"),
    form("silence.add", "/rules/silences", page="acme", reason="moving", **{"for": "4h"}),
    form("silence.end", "/rules/silences/1/end"),
    form("route.put", "/rules/route", do="save", **ROUTE),
    form("page.put", "/add", what="github", do="save"),
    form("page.drop", "/add/github/drop"),
    form("account.add", "/settings/accounts", name="cleo", role="viewer", password=PASSWORD),
    form("account.role", "/settings/accounts/4", do="role", role="operator"),
    form("account.password", "/settings/accounts/4", do="password", password=PASSWORD),
    form("account.disable", "/settings/accounts/4", do="disable"),
    form("account.remove", "/settings/accounts/4", do="remove"),
    form("token.add", "/settings/tokens", name="robot", scope="read"),
    form("token.revoke", "/settings/tokens/1/revoke"),
    api("page.put", "POST", "/pages", {"slug": "fjord", "url": "https://status.fjord.example"}),
    api("page.put", "PUT", "/pages/fjord", {"slug": "fjord", "url": "https://status.fjord.example", "tags": ["eu"]}),
    api("page.drop", "DELETE", "/pages/fjord"),
    api("hook.replay", "POST", "/hooks/quarantined/1/replay"),
    api("channel.enable", "POST", "/channels/pager/enable"),
    api("route.put", "POST", "/routes", {**ROUTE, "name": "louder"}),
    api("route.put", "PUT", "/routes/louder", {**ROUTE, "name": "louder", "impact": ">=minor"}),
    api("route.drop", "DELETE", "/routes/louder"),
    api("silence.add", "POST", "/silences", {"filter": {"page": ["acme"]}, "reason": "known"}),
    api("silence.end", "DELETE", "/silences/2"),
    api("mark.set", "POST", "/marks", MARK),
    api("mark.drop", "DELETE", "/marks?page=acme&subject=Slow%20API&kind=acknowledged"),
    api("delivery.retry", "POST", "/deliveries/2/retry"),
    api("delivery.drop", "POST", "/deliveries/2/drop"),
    api("account.add", "POST", "/accounts", {"name": "dora", "password": PASSWORD}),
    api("account.role", "PATCH", "/accounts/dora", {"role": "operator"}),
    api("account.remove", "DELETE", "/accounts/dora"),
    api("token.add", "POST", "/tokens", {"name": "robot", "scopes": ["read"]}),
    api("token.revoke", "DELETE", "/tokens/2"),
    form("silence.add", "/pages/acme/silence", reason="moving", **{"for": "4h"}),
    form("session.end", "/sign-out"),
)

CHANGE_NOTHING = {
    "/pages/{slug}/look",
    "/channels/{name}/test",
    "/sign-in",  # which begins a session, and notes it: test_signin.py
    f"{API}/pages/{{slug}}/look",
    f"{API}/channels/{{name}}/test",
    f"{API}/detect",
    f"{API}/backtest",
}


@pytest.fixture
def house() -> Iterator[House]:
    made = open_house()
    yield made
    made.site.store.close()


def done(house: House, step: Step) -> Reply:
    admin = house.people[AccountRole.ADMIN]
    if step.is_form:
        body = urlencode({"csrf": admin.csrf, **step.body}).encode()
        headers = admin.same_origin | FORM
    else:
        body = json.dumps(step.body).encode() if step.body else b""
        headers = admin.same_origin | JSON | {"x-csrf-token": admin.csrf}
    return house.site.run(lambda: house.site.request(step.method, step.target, body, headers))


def test_every_change_is_in_the_log_with_its_author(house: House) -> None:
    who = house.people[AccountRole.ADMIN].account.name

    for step in STEPS:
        before = house.changes()
        reply = done(house, step)
        fresh = [one for one in house.changes() if one not in before]

        assert reply.status in (200, 201, 303), (step, reply)
        assert [(one.actor, one.action) for one in fresh] == [(who, step.action)], step
        assert PASSWORD not in str(fresh) and "argon2" not in str(fresh), step


def test_no_route_that_changes_something_is_left_out() -> None:
    router = Router(ROWS)
    matches = [(step.method, router.find(step.target.partition("?")[0])) for step in STEPS]
    walked = {match.rows[method] for method, match in matches if match is not None}

    changing = {row for row in ROWS if row.method not in ("GET", WEBSOCKET) and row.pattern not in CHANGE_NOTHING}
    assert changing - walked == set()
