"""U13 and U12: no secret in any answer, no id in any label."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from statuswire import config
from statuswire.config.layers import Layers, parse
from statuswire.engine.rules import rules_of
from statuswire.model import Hook
from statuswire.store import queries
from statuswire.web.trust import HookSettings
from statuswire.workbench import tools_of
from tests.web.api.seed import API, seeded
from tests.web.api.test_table import READS, target
from tests.web.parts import Site

CANARY = "canary-7f3a9c"
KEY = "whsec_Y2FuYXJ5LTdmM2E5Yy1jYW5hcnktN2YzYTljLWNhbg=="

FILE = f"""
pages:
  - {{slug: acme, url: "https://status.acme.example", headers: {{X-Key: "{CANARY}-header"}}}}
  - {{slug: brook, url: "https://status.brook.example", bearer_env: BEARER}}
channels:
  ops: {{kind: slack, url: "https://hooks.slack.com/services/{CANARY}-slack"}}
  pager: {{kind: pagerduty, key: "{CANARY}-pagerduty"}}
  own: {{kind: webhook, url: "https://example.com/{CANARY}-path", secret: "{KEY}"}}
hooks:
  secrets: {{incident-io: ["{KEY}"]}}
"""
SECRETS = (CANARY.encode(), b"Y2FuYXJ5", b"install", b"s" * 32)


def loaded() -> config.Config:
    layers: Layers = parse(FILE, "statuswire.yaml")
    return config.validate(layers, {"BEARER": f"{CANARY}-bearer"})


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    made = seeded()
    settings = loaded()
    bodies = [Hook("statuspage", "x", "statuspage", f'{{"token": "{CANARY}"}}'.encode(), made.clock.now())]
    made.store.write(lambda tx: queries.add_hooks(tx, bodies))
    made.store.write(lambda tx: queries.quarantine_hook(tx, 4, "no incident in it"))
    made.replace(
        rules=lambda: rules_of(settings),
        channels=tuple(settings.channels),
        settings=HookSettings(secrets=settings.hooks.revealed(), is_loopback=True),
        control_token=f"{CANARY}-control",
        tools=tools_of(lambda: settings, made.store, made.clock, _say),  # type: ignore[arg-type]
    )
    yield made
    made.store.close()


async def _say(text: str) -> None:
    await asyncio.sleep(0)


def test_U13_the_file_of_this_test_holds_its_secrets() -> None:
    assert CANARY in json.dumps(loaded().credentials())
    assert "own" in loaded().channels


@pytest.mark.parametrize("row", READS, ids=lambda row: row.pattern)
def test_U13_no_read_tells_a_secret(site: Site, row: Any) -> None:
    reply = site.get(target(row.pattern))

    assert reply.status == 200
    assert not [secret for secret in SECRETS if secret in reply.body]


def test_U13_secret_addresses_stand_in_answers_for_operators_alone(site: Site) -> None:
    tokens = [site.addresses.token("acme").encode(), site.addresses.signal_token("acme").encode()]
    bodies = {row.pattern: site.get(target(row.pattern)).body for row in READS}
    showing = [pattern for pattern, body in bodies.items() if any(token in body for token in tokens)]

    assert sorted(showing) == [
        f"{API}/hooks/addresses",
        f"{API}/pages/{{slug}}/hook",
        f"{API}/signals/addresses",
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"routes": [{"channel": "ops", "url_file": "/etc/passwd"}]},
        {"routes": [{"channel": "none"}]},
        {"silences": [{"reason_env": "PATH", "page": "*"}]},
        {"channels": {"mine": {"kind": "file", "path": "/etc/passwd"}}},
    ],
)
def test_U13_a_backtest_reads_no_file_and_no_variable(site: Site, body: dict[str, Any]) -> None:
    reply = site.post(f"{API}/backtest", body)

    assert (reply.status, reply.code) == (400, "bad_parameter")
    assert b"root:" not in reply.body and not [secret for secret in SECRETS if secret in reply.body]


def test_U12_no_label_of_a_metric_comes_from_what_is_asked(site: Site) -> None:
    for path in ("/pages/acme", "/pages/evil", "/events?type=evil.*", "/evil"):
        site.get(API + path)

    labels = _labels(site)
    assert '{route="/api/v1/events",status="4xx"}' in labels
    assert not [label for label in labels if "evil" in label or "acme" in label]


def _labels(site: Site) -> set[str]:
    return set(re.findall(r"\{[^}]*\}", site.get("/metrics").body.decode()))
