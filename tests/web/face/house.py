"""A seeded site beyond loopback, with people who have signed in and forms that they send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import lxml.html

from statuswire.config import Config
from statuswire.engine import owning
from statuswire.engine.rules import rules_of
from statuswire.model import AccountRole, AuditEntry
from statuswire.store import queries
from statuswire.web.tools import Tools
from tests.web.api.seed import seeded
from tests.web.face.looking import text_of
from tests.web.parts import Reply, Site
from tests.web.people import BEYOND, Browser, account, signed_in

FILE = Config.model_validate(
    {
        "pages": [
            {"slug": "acme", "url": "https://status.acme.example", "tags": ["critical-path"]},
            {"slug": "brook", "url": "https://status.brook.example"},
        ],
        "channels": {
            "ops": {"kind": "slack", "url": "https://hooks.slack.com/services/T0/B0/canary-slack"},
            "pager": {"kind": "pagerduty", "key": "canary0123456789abcdef0123456789"},
        },
        "routes": [{"name": "everything", "channel": "ops"}],
        "silences": [{"page": "brook", "component": "Docs", "reason": "not used"}],
    }
)


@dataclass
class House:
    site: Site
    people: dict[AccountRole, Browser]

    def get(self, target: str, role: AccountRole | None = AccountRole.VIEWER) -> Reply:
        headers = {"host": "status.example.com"} if role is None else self.people[role].headers
        return self.site.get(target, headers=headers)

    def look(self, target: str, role: AccountRole | None = AccountRole.VIEWER) -> Any:
        """The page as a tree, of which the status was looked at."""
        reply = self.get(target, role)
        assert reply.status == 200, reply
        return lxml.html.fromstring(reply.body.decode())

    def post(
        self,
        path: str,
        fields: dict[str, Any] | None = None,
        role: AccountRole = AccountRole.OPERATOR,
        csrf: str | None = None,
    ) -> Reply:
        browser = self.people[role]
        body = urlencode({"csrf": browser.csrf if csrf is None else csrf, **(fields or {})}, doseq=True)
        headers = browser.same_origin | {"content-type": "application/x-www-form-urlencoded"}
        return self.site.post(path, body.encode(), headers)

    def changes(self) -> list[AuditEntry]:
        return self.site.store.read(lambda tx: queries.audit_list(tx, limit=50))


def open_house(*, is_public: bool = False, tools: Tools | None = None) -> House:
    site = seeded(has_people=False)

    def config() -> Config:
        return site.store.read(lambda tx: owning.load(tx, FILE)).config

    site.replace(
        settings=BEYOND,
        file=FILE,
        config=config,
        rules=lambda: rules_of(config()),
        is_public=is_public,
        **({} if tools is None else {"tools": tools}),
    )
    people = {role: signed_in(site, account(site, role)) for role in AccountRole}
    return House(site, people)


def text(tree: Any, path: str = "//main") -> str:
    """What a reader sees of the first that the path finds."""
    return text_of(tree.xpath(path)[0])
