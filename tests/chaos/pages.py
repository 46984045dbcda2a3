"""Pages that are polled: each publishes its script update by update, and shows all of it in every document."""

from __future__ import annotations

import asyncio
import json
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.fake_provider import Seen, document, reply
from tests.faults.providers import PHASES, text_of

SHOWN = 40
"""So many incidents a document shows, the newest."""


@dataclass
class Polled:
    """A Statuspage whose update of number n has the text `text_of(name, n)`; `acknowledged` is how many are out."""

    name: str
    dice: random.Random
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    acknowledged: int = 0
    posts: int = 0
    refusals: int = 0
    reads: int = 0
    _incidents: dict[str, dict[str, object]] = field(default_factory=dict)

    def publish(self) -> None:
        """The next update of the script."""
        text, at = text_of(self.name, self.acknowledged), self.now().isoformat()
        name, place = text.split()[0], int(text.split()[-1])
        update = {"id": f"u{self.acknowledged}", "status": PHASES[place], "body": text, "created_at": at}
        known = self._incidents.get(name)
        shown = known or {"id": name, "name": f"Incident {name}", "impact": "minor", "created_at": at, "components": []}
        updates = [update | {"updated_at": at}, *list(shown.get("incident_updates", ()))]  # type: ignore[call-overload]
        over = {"resolved_at": at} if PHASES[place] == "resolved" else {}
        self._incidents[name] = shown | {"status": PHASES[place], "updated_at": at, "incident_updates": updates} | over
        self.acknowledged += 1
        self.posts += 1

    def publish_on(self, is_over: threading.Event) -> None:
        """One after another once the page was read, until it is over."""
        while not is_over.wait(self.dice.choice((1.0, 2.0, 4.0))):
            if self.reads:
                self.publish()

    # --- documents ----------------------------------------------------------------------------------------------------

    async def play(self, request: Seen, writer: asyncio.StreamWriter) -> bool:
        """Answers for everything below the page's address."""
        what = request.path.partition("?")[0].rpartition("/")[2]
        if what not in ("summary.json", "incidents.json", "scheduled-maintenances.json"):
            return await reply(404)(request, writer)
        self.reads += 1
        return await document(json.dumps(self._body(what)).encode())(request, writer)

    def _body(self, what: str) -> Mapping[str, object]:
        page = {"id": self.name, "name": self.name, "url": "", "updated_at": self.now().date().isoformat()}
        incidents = list(self._incidents.values())[-SHOWN:][::-1]
        if what == "incidents.json":
            return {"page": page, "incidents": incidents}
        if what == "scheduled-maintenances.json":
            return {"page": page, "scheduled_maintenances": []}
        unresolved = [one for one in incidents if one["status"] != "resolved"]
        status = {"indicator": "minor" if unresolved else "none", "description": ""}
        component = {"id": "c1", "name": "API", "status": "operational", "position": 1}
        whole = {"page": page, "status": status, "components": [component], "incidents": unresolved}
        return whole | {"scheduled_maintenances": []}
