"""A real Alertmanager, where one is installed: what providers report is an alert in it, inhibits others, outlives its
restart, and ends. It goes by the clock of the machine, so the scene begins at the present moment.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from statuswire.channels import CHANNELS
from statuswire.engine.dispatcher import Dispatcher, Outlet
from statuswire.engine.heartbeats import Heartbeats
from statuswire.engine.planner import KnownChannel, Rules
from statuswire.model import EventType, Route
from tests.deploy.proxies import free_port
from tests.engine.happening import Telling
from tests.fakes import FakeClock
from tests.net.support import on_the_servers_loop, sending
from tests.test_docs import DOCS, FENCE

SERVER, AMTOOL = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager"), shutil.which("amtool")
PAGE = (DOCS / "how-to" / "tell-alertmanager.md").read_text(encoding="utf-8")
(CONFIG,) = (one["body"] for one in FENCE.finditer(PAGE) if one["language"] == "yml")
PATIENCE_S = 30.0


class Server:
    """Its API, by which also alerts of others come in."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def alerts(self) -> dict[str, Any]:
        """Those that fire, by their names; none while it does not answer."""
        try:
            with urlopen(f"{self.url}/api/v2/alerts", timeout=5) as answer:
                return {one["labels"]["alertname"]: one for one in json.loads(answer.read())}
        except (URLError, ConnectionError):
            return {}

    def fires(self, **labels: str) -> None:
        body = json.dumps([{"labels": labels}]).encode()
        urlopen(Request(f"{self.url}/api/v2/alerts", body, {"content-type": "application/json"}), timeout=5).close()

    async def until(self, is_so: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """The alerts, once something is so of them."""
        end = time.monotonic() + PATIENCE_S
        while not is_so(found := await asyncio.to_thread(self.alerts)):
            assert time.monotonic() < end, found
            await asyncio.sleep(0.05)
        return found


class Scene:
    """A page `acme`, a channel, and the heartbeats of the channel."""

    def __init__(self, server: Server, sender: Any) -> None:
        channel = CHANNELS["alertmanager"]
        settings = channel.settings.model_validate({"url": server.url, "allow_private": True})
        outlets = {"ops": Outlet.of("ops", channel, settings)}
        known = KnownChannel("alertmanager", is_pager=True, groups=True)
        self.telling = Telling(Rules((Route("all", ("ops",)),), {"ops": known}, tags={"acme": ("pay",)}))
        now = datetime.now(UTC)
        self.telling.now, clock = now, FakeClock(now)
        self.dispatcher = Dispatcher(self.telling.store, clock, outlets, sender, owner="one")
        self.heartbeats = Heartbeats(self.telling.store, clock, outlets, {"ops": timedelta(minutes=1)}, sender)
        self.outlet = outlets["ops"]

    async def happens(self, type_: EventType) -> None:
        self.telling.happens("acme", type_, components=("API",))
        await self.dispatcher.send_new()


@contextmanager
def running(folder: Path, port: int) -> Iterator[None]:
    config = folder / "alertmanager.yml"
    config.write_text(CONFIG, encoding="utf-8")
    command = (f"--config.file={config}", f"--storage.path={folder}", "--cluster.listen-address=")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(SERVER), *command, f"--web.listen-address=127.0.0.1:{port}"], stdout=log, stderr=log
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


@asynccontextmanager
async def scene(server: Server) -> AsyncIterator[Scene]:
    async with sending() as sender:
        made = Scene(server, sender)
        try:
            yield made
        finally:
            made.telling.close()


async def is_up(server: Server) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            await asyncio.to_thread(urlopen, f"{server.url}/-/ready", None, 5)
        except (URLError, ConnectionError):
            await asyncio.sleep(0.05)
        else:
            return
    raise AssertionError("it does not answer")


if SERVER is not None:

    @on_the_servers_loop
    async def test_an_incident_is_an_alert_that_inhibits_others_until_it_ends(tmp_path: Path) -> None:
        port = free_port()
        server = Server(port)
        with running(tmp_path, port):
            await is_up(server)
            async with scene(server) as stage:
                await asyncio.to_thread(server.fires, alertname="CheckoutFails", page="acme", component="API")
                await server.until(lambda found: found.get("CheckoutFails", {}).get("status", {})["state"] == "active")

                await stage.happens(EventType.INCIDENT_CREATED)
                found = await server.until(lambda found: found["CheckoutFails"]["status"]["state"] == "suppressed")
                provider = found["ProviderIncident"]
                assert provider["labels"] | {"tags": ",pay,", "component": "API"} == provider["labels"]
                assert found["CheckoutFails"]["status"]["inhibitedBy"] == [provider["fingerprint"]]

                await stage.happens(EventType.INCIDENT_RESOLVED)
                rest = await server.until(lambda found: "ProviderIncident" not in found)
                assert rest["CheckoutFails"]["status"]["state"] in ("active", "unprocessed")

    @on_the_servers_loop
    async def test_what_is_open_is_there_again_after_a_restart_and_what_has_ended_is_not(tmp_path: Path) -> None:
        port = free_port()
        server = Server(port)
        async with scene(server) as stage:
            with running(tmp_path, port):
                await is_up(server)
                await stage.happens(EventType.INCIDENT_CREATED)
                await server.until(lambda found: "ProviderIncident" in found)
            with running(tmp_path, port):
                await is_up(server)
                assert await stage.heartbeats.beat(stage.outlet)
                await server.until(lambda found: "ProviderIncident" in found)

                await stage.happens(EventType.INCIDENT_RESOLVED)
                await server.until(lambda found: "ProviderIncident" not in found)
                assert await stage.heartbeats.beat(stage.outlet)
                await asyncio.to_thread(server.fires, alertname="After")
                assert set(await server.until(lambda found: "After" in found)) == {"After"}


if AMTOOL is not None:

    def test_amtool_finds_no_fault_with_the_how_to(tmp_path: Path) -> None:
        file = tmp_path / "alertmanager.yml"
        file.write_text(CONFIG, encoding="utf-8")

        done = subprocess.run([str(AMTOOL), "check-config", str(file)], capture_output=True, text=True, check=False)

        assert done.returncode == 0, done.stdout + done.stderr
