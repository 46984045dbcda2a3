"""The GitHub Action and the GitLab template: right by their schemas, and their scripts run against a real service.

The schemas are those of schemastore.org as the package check-jsonschema brings them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.e2e.acme import Acme, summary

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "integrations" / "github-action" / "action.yml").read_text(encoding="utf-8"))
TEMPLATE = yaml.safe_load((ROOT / "integrations" / "gitlab" / "statuswire-gate.yml").read_text(encoding="utf-8"))
JOB = TEMPLATE[".statuswire-gate"]
WHAT = "  acme:API  \n\nacme:Chat, Completions\n"
HELD = "hold: worse than maintenance: acme:API: degraded: Slow API"
PASSED = "pass: acme:API: degraded: Slow API; acme:Chat, Completions: operational"


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Acme]:
    with Acme(tmp_path_factory.mktemp("acme")) as one:
        one.say(summary(1, "degraded_performance", incident="Slow API"))
        one.service.until_line("Status: Degraded")
        yield one


@pytest.fixture
def shell(tmp_path: Path) -> Mapping[str, str]:
    """An environment in which `statuswire` is this one, and GitHub's files are there."""
    program = tmp_path / "bin" / "statuswire"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m statuswire "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("STATUSWIRE_")}
    files_of_github = {name: str(tmp_path / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH")}
    return {**clean, **files_of_github, "PATH": f"{program.parent}:{clean['PATH']}", "RUNNER_TEMP": str(tmp_path)}


def schema(name: str) -> Any:
    place = files("check_jsonschema") / "builtin_schemas" / "vendor" / f"{name}.json"
    return json.loads(place.read_text(encoding="utf-8"))


def run(script: str, environ: Mapping[str, str], *shell: str) -> tuple[int, str, str]:
    done = subprocess.run([*shell, script], env=dict(environ), capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout.strip(), done.stderr.strip()


@pytest.mark.parametrize(("name", "document"), [("github-actions", ACTION), ("gitlab-ci", TEMPLATE)])
def test_the_files_are_what_their_schemas_want(name: str, document: Any) -> None:
    jsonschema.validate(document, schema(name), cls=jsonschema.validators.validator_for(schema(name)))


# --- GitHub -----------------------------------------------------------------------------------------------------------

INSTALL, ASK = ACTION["runs"]["steps"]


def asked(acme: Acme, shell: Mapping[str, str], **inputs: str) -> tuple[int, str, dict[str, str]]:
    """Exit code, output, and outputs of the step that asks, its variables filled in as GitHub would."""
    given = {name: one.get("default", "") for name, one in ACTION["inputs"].items()}
    given |= {"what": WHAT, "server": acme.url, **inputs}
    environ = {name: given[value[len("${{ inputs.") : -len(" }}")]] for name, value in ASK["env"].items()}
    code, out, error = run(ASK["run"], {**shell, **environ}, "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
    lines = Path(shell["GITHUB_OUTPUT"]).read_text(encoding="utf-8").splitlines()
    return code, out or error, dict(line.split("=", 1) for line in lines)


def test_the_action_passes_by_what_it_is_told(acme: Acme, shell: Mapping[str, str]) -> None:
    code, out, outputs = asked(acme, shell)

    assert (code, out) == (0, PASSED)
    assert outputs == {"ruling": "pass", "why": PASSED.removeprefix("pass: ")}
    assert Path(shell["GITHUB_STEP_SUMMARY"]).read_text(encoding="utf-8").strip() == PASSED


def test_the_action_fails_with_the_reason(acme: Acme, shell: Mapping[str, str]) -> None:
    assert asked(acme, shell, max="maintenance")[:2] == (1, HELD)
    code, out, _ = asked(acme, shell, what="acme:Nope", unknown="pass", wait="20m")
    assert (code, out.partition(":")[0]) == (3, "unknown")


def test_nothing_that_the_action_is_given_is_run(acme: Acme, shell: Mapping[str, str]) -> None:
    code, out, outputs = asked(acme, shell, what="$(touch pwned)\n`id`\n--help")

    assert (code, outputs["ruling"]) == (2, "")
    assert "statuswire: " in out and "uid=" not in out
    assert not list(Path(shell["RUNNER_TEMP"]).rglob("pwned")) and not Path("pwned").exists()


def test_the_scripts_of_the_action_hold_no_expressions() -> None:
    assert not any("${{" in step["run"] for step in (INSTALL, ASK))


def test_what_the_action_installs_is_put_on_the_path(shell: Mapping[str, str]) -> None:
    lines = [line for line in INSTALL["run"].splitlines() if "GITHUB_PATH" in line]

    run("\n".join(lines), shell, "bash", "-ec")

    assert Path(shell["GITHUB_PATH"]).read_text(encoding="utf-8").strip() == f"{shell['RUNNER_TEMP']}/statuswire/bin"


def test_every_input_of_the_action_is_used_and_every_one_used_is_declared() -> None:
    used = {value for step in (INSTALL, ASK) for value in step["env"].values()}

    assert used == {f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"]}


# --- GitLab -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("program", ["sh", "bash"])
def test_the_job_passes_and_fails_by_its_variables(acme: Acme, shell: Mapping[str, str], program: str) -> None:
    (script,) = JOB["script"]
    environ = {**shell, **JOB["variables"], "GATE_WHAT": WHAT, "STATUSWIRE_SERVER": acme.url}

    assert run(script, environ, program, "-ec")[:2] == (0, PASSED)
    assert run(script, {**environ, "GATE_MAX": "maintenance"}, program, "-ec")[:2] == (1, HELD)
    told = run(script, {**environ, "GATE_WHAT": "acme:Nope", "GATE_UNKNOWN": "pass", "GATE_WAIT": "9m"}, program, "-ec")
    assert told[0] == 3
    assert run(script, {**environ, "GATE_WHAT": "$(touch pwned)"}, program, "-ec")[0] == 2
    assert not Path("pwned").exists()
