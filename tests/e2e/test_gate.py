"""`statuswire gate` and `check_statuswire`, asking a running service, or looking at the page themselves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.fake_provider import ThreadedProvider, silent

from .acme import Acme, summary
from .running import PATIENCE_S, Running

PLUGIN = "from statuswire.gate.plugin import main; main()"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Acme]:
    """Its API is degraded."""
    with Acme(tmp_path_factory.mktemp("acme")) as one:
        one.say(summary(1, "degraded_performance", incident="Slow API"))
        one.service.until_line("Status: Degraded")
        yield one


def run(*command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("STATUSWIRE_")}
    return subprocess.run(
        [sys.executable, *command], env=clean | environ, capture_output=True, text=True, timeout=60, check=False
    )


def gate(*words: str, **environ: str) -> tuple[int, str]:
    """The exit code, and what is said."""
    done = run("-m", "statuswire", "gate", *words, **environ)
    return done.returncode, (done.stdout + done.stderr).strip()


def test_a_script_goes_on_or_not_by_what_a_server_says(acme: Acme) -> None:
    server = ("--server", acme.url)

    assert gate("acme:API", *server) == (1, "hold: worse than maintenance: acme:API: degraded: Slow API")
    passed = (0, "pass: acme:API: degraded: Slow API; acme:Chat*: operational")
    assert gate("acme:API", "acme:Chat*", "--max", "degraded", STATUSWIRE_SERVER=acme.url) == passed
    assert gate("acme:Nope", "--unknown", "pass", "--wait", "20m", *server) == (
        3,
        "unknown: not known: acme:Nope: Acme Relay has no component of that name",
    )


def test_wrong_usage_says_what_would_be_right(acme: Acme) -> None:
    server = ("--server", acme.url)

    assert gate("acne", *server)[0] == 2 and "there: acme" in gate("acne", *server)[1]
    assert gate("acme", "--max", "fine", *server)[0] == 2
    assert gate("acme", "--unknown", "maybe", *server)[0] == 2
    assert gate("acme", "--server", "example.com")[0] == 2
    assert gate("acme", "--token-file", "/nowhere", *server)[0] == 2
    assert gate()[0] == 2


def test_a_server_that_is_away_is_unknown_or_what_one_wants() -> None:
    with ThreadedProvider() as gone:
        url = gone.url("")

    assert gate("acme", "--server", url) == (3, f"unknown: not known: acme: nothing listens at {url}")
    assert gate("acme", "--server", url, "--unknown", "pass")[0] == 0
    assert gate("acme", "--server", url, "--unknown", "fail")[0] == 1


def test_without_a_server_the_page_itself_is_looked_at_once_for_all_its_components(acme: Acme) -> None:
    with ThreadedProvider() as provider:
        provider.serve("/api/v2/summary.json", summary(1, "degraded_performance", incident="Slow API"))
        page = provider.url("/")

        found = [
            gate(f"{page}: API", f"{page}: Chat*", "--allow-private"),
            gate(f"{page}: API", "--max", "degraded", "--allow-private"),
            gate(f"{page}: Nope", "--unknown", "pass", "--allow-private"),
        ]
        reads = len(provider.requests("/api/v2/summary.json"))

    assert found[0] == (1, f"hold: worse than maintenance: {page}: API: degraded: Slow API")
    assert found[1] == (0, f"pass: {page}: API: degraded: Slow API")
    assert found[2][0] == 3 and "no component is called Nope" in found[2][1]
    assert reads == len(found)


def test_json_says_the_same_to_programs(acme: Acme) -> None:
    done = run("-m", "statuswire", "gate", "acme:API", "--server", acme.url, "--json")

    told = json.loads(done.stdout)
    assert (told["ruling"], told["exit_code"], done.returncode, told["max"]) == ("hold", 1, 1, "maintenance")
    assert told["found"][0] == {
        "what": "acme:API",
        "level": "degraded",
        "freshness": "fresh",
        "why": "acme:API: degraded: Slow API",
    }


def test_waiting_ends_as_soon_as_it_passes(tmp_path: Path) -> None:
    with Acme(tmp_path) as acme:
        acme.say(summary(1, "major_outage", incident="Slow API"))
        acme.service.until_line("Status: Major outage")
        with Running("gate", "acme:API", "--wait", "5m", "--server", acme.url, cwd=tmp_path) as waiting:
            while not waiting.errors and waiting.process.poll() is None:
                acme.service.get("/health/live")
            acme.say(summary(2))
            code = waiting.process.wait(PATIENCE_S)
            lines = waiting.until_line("pass: ")

    assert (code, lines) == (0, ["pass: acme:API: operational"])
    assert waiting.errors == ["waiting: worse than maintenance: acme:API: major_outage: Slow API"]


# --- the plugin -------------------------------------------------------------------------------------------------------


def check(*words: str, **environ: str) -> tuple[int, str]:
    done = run("-c", PLUGIN, *words, **environ)
    assert done.stderr == ""
    return done.returncode, done.stdout.strip()


def test_the_plugin_answers_as_nagios_wants(acme: Acme) -> None:
    code, text = check("acme:API", "-s", acme.url)
    assert code == 1
    assert text.startswith("STATUSWIRE WARNING - acme:API: degraded: Slow API | 'acme:API'=2;1;2;0;4 time=")

    assert check("acme:Chat*", STATUSWIRE_SERVER=acme.url)[0] == 0
    assert check("acme:API", "-c", "degraded", "-s", acme.url)[0] == 2
    assert check("acme:API", "-w", "partial_outage", "-s", acme.url)[0] == 0
    assert check("acme:Nope", "-s", acme.url)[0] == 3
    assert check("acne", "-s", acme.url)[0] == 3


def test_the_plugin_gives_up_in_time() -> None:
    with ThreadedProvider() as server:
        server.otherwise = silent()

        code, text = check("acme", "-t", "0.5", "-s", server.url(""))

    assert code == 3
    assert text.startswith("STATUSWIRE UNKNOWN - ")


def test_the_programs_that_are_installed_exist() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]

    assert set(scripts) == {"statuswire", "check_statuswire"}
    for place in scripts.values():
        module, _, name = place.partition(":")
        assert callable(getattr(import_module(module), name))
