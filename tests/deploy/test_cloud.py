"""What the page about clouds shows fits the image and the service: ports, paths, folders and variables."""

from __future__ import annotations

import re
import tomllib

import yaml

from statuswire import config
from statuswire.config import layers
from statuswire.config.settings import ServerConfig
from statuswire.server import ending
from statuswire.web.table import ROWS
from tests.deploy.asked import misunderstood
from tests.deploy.tools import DEPLOY, ROOT

PAGE = (ROOT / "docs" / "how-to" / "deploy-in-the-cloud.md").read_text("utf-8")
PORT = ServerConfig().port
END_S = ending.FINISH_S + 2 * ending.LAST_LINES_S


def block(heading: str) -> str:
    found = re.search(rf"^## {re.escape(heading)}\n.*?```text\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def variables() -> dict[str, str]:
    lines = (line.split("  #")[0].partition("=") for line in block("Everywhere").splitlines())
    return {name: value.strip() for name, _, value in lines}


def test_the_variables_for_all_of_them_are_settings() -> None:
    others = {name: value for name, value in variables().items() if name != "STATUSWIRE_DATABASE"}

    chosen = config.load(environ=others)

    assert misunderstood(variables()) == set()
    assert "169.254.0.0/16" in chosen.auth.proxies
    assert config.validate(layers.parse("pages: []", "no file"), others)


def test_fly_is_told_the_port_the_path_and_how_to_end_it() -> None:
    app = tomllib.loads(block("Fly.io"))
    service = app["http_service"]

    assert service["internal_port"] == PORT
    assert service["checks"][0]["path"] in {row.pattern for row in ROWS}
    assert (service["auto_stop_machines"], service["min_machines_running"]) == ("off", 1)
    assert app["kill_signal"] == "SIGTERM"
    assert app["kill_timeout"] > END_S
    assert (ROOT / app["build"]["dockerfile"]).is_file()


def test_render_is_told_the_port_the_path_and_how_to_end_it() -> None:
    service = yaml.safe_load(block("Render"))["services"][0]
    said = {one["key"]: one.get("value") for one in service["envVars"]}

    assert said["PORT"] == PORT
    assert misunderstood(said) == set()
    assert service["healthCheckPath"] in {row.pattern for row in ROWS}
    assert service["maxShutdownDelaySeconds"] > END_S
    assert (ROOT / service["dockerfilePath"]).is_file()


def test_cloud_run_is_told_the_port_and_never_to_sleep() -> None:
    command = block("Cloud Run")

    assert f"--port {PORT} --min-instances 1" in command
    assert "--no-cpu-throttling" in command


def test_the_folder_of_a_disk_is_that_of_the_image() -> None:
    dockerfile = (DEPLOY / "docker" / "Dockerfile").read_text("utf-8")

    assert "\nVOLUME /data\n" in dockerfile
    assert 'destination = "/data"' in PAGE
