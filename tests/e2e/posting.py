"""Senders of hooks that go on until the service is gone, and remember which were acknowledged."""

from __future__ import annotations

import http.client
import json
import threading
import zlib
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType
from urllib.parse import urlsplit

PATH = "/webhook/statuspage"
JSON = {"Content-Type": "application/json"}
TIMEOUT_S = 10.0
PAGES = 100


def hook_body(name: str) -> bytes:
    """A subscriber body about an incident of its own on one of many pages, whose text occurs nowhere else."""
    update = {"body": f"text of {name}"}
    incident = {
        "id": name,
        "name": f"Incident {name}",
        "status": "investigating",
        "updated_at": "2026-05-04T10:00:00Z",
        "components": [{"name": "API"}],
        "incident_updates": [update],
    }
    return json.dumps({"incident": incident, "page": {"name": f"Page {zlib.crc32(name.encode()) % PAGES}"}}).encode()


@dataclass
class Senders:
    """So many threads that post one hook after another on kept connections, from `with` to its end.

    `acknowledged` are the names of hooks that were answered with 2xx, `refused` counts other answers; a connection
    that breaks ends its sender.
    """

    base_url: str
    name: str
    threads: int = 2
    acknowledged: list[str] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)

    def __enter__(self) -> Senders:
        self._is_over = False
        self._running = [threading.Thread(target=self._send, args=(number,)) for number in range(self.threads)]
        for thread in self._running:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over = True
        for thread in self._running:
            thread.join()

    def _send(self, sender: int) -> None:
        connection = http.client.HTTPConnection(urlsplit(self.base_url).netloc, timeout=TIMEOUT_S)
        try:
            for number in count():
                if self._is_over:
                    break
                self._post(connection, f"{self.name}-{sender}-{number}")
        except (OSError, http.client.HTTPException):
            pass  # the service is gone, which is what is tested
        finally:
            connection.close()

    def _post(self, connection: http.client.HTTPConnection, name: str) -> None:
        connection.request("POST", PATH, hook_body(name), JSON)
        reply = connection.getresponse()
        reply.read()
        if reply.status in (200, 202):
            self.acknowledged.append(name)
        else:
            self.refused[reply.status] += 1
