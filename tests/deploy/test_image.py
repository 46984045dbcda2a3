"""The image: what it is made of, what its linter says, and whether its parts do what they are for."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.deploy.tools import DEPLOY, ROOT, left_out, run, tool
from tests.e2e.running import Running

DOCKERFILE = DEPLOY / "docker" / "Dockerfile"
HEALTHCHECK = DEPLOY / "docker" / "healthcheck.py"


def steps() -> list[tuple[str, str]]:
    """Every instruction with what stands behind it."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text("utf-8"), flags=re.MULTILINE).replace("\\\n", " ")
    parts = (line.partition(" ") for line in text.splitlines() if line.strip())
    return [(name, re.sub(r"\s+", " ", rest).strip()) for name, _, rest in parts]


def last_stage() -> dict[str, str]:
    """Of the image itself; what is said twice is said last."""
    start = max(n for n, (name, _) in enumerate(steps()) if name == "FROM")
    return dict(steps()[start:])


def pins(lock: str) -> dict[str, str]:
    """Packages of a lock file with their versions."""
    text = (ROOT / "requirements" / f"{lock}.lock").read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~! ]", one)[0] for one in requirements}


def test_hadolint_finds_no_fault() -> None:
    run(tool("hadolint"), DOCKERFILE)


def test_everything_installed_is_proved_by_its_hash_or_built_here() -> None:
    pip = [
        command
        for name, text in steps()
        if name == "RUN"
        for command in text.split(" && ")
        if command.startswith("pip ")
    ]

    assert len(pip) == 4
    assert all("--require-hashes" in one or "--no-deps" in one for one in pip)
    assert all("--no-build-isolation" in one for one in pip if " wheel " in one)


def test_the_image_has_what_a_run_needs_and_the_two_extras_as_they_are_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = names(project["dependencies"]) | names(extras["postgres"]) | names(extras["redis"])
    image, tested = pins("image"), pins("dev")

    assert wanted <= set(image)
    assert image.items() <= tested.items()
    assert not {"hatchling", "setuptools", "pytest", "apprise"} & set(image)


def test_it_runs_as_nobody_of_note_and_is_ended_as_the_service_expects() -> None:
    stage = last_stage()

    assert stage["USER"] == "10001:10001"
    assert stage["STOPSIGNAL"] == "SIGTERM"
    assert (stage["ENTRYPOINT"], stage["CMD"]) == ('["statuswire"]', '["run"]')
    assert stage["VOLUME"] == stage["WORKDIR"] == "/data"


def test_the_builder_is_sent_only_what_the_image_is_made_of() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
    sent = {line[1:] for line in lines if line.startswith("!")}
    copied = {
        source for name, text in steps() if name == "COPY" and "--from" not in text for source in text.split()[:-1]
    }

    assert "*" in lines
    assert sent == copied
    assert all((ROOT / one).exists() for one in sent)


def test_the_healthcheck_says_yes_only_while_the_service_can_work(tmp_path: Path) -> None:
    def asked(port: int) -> int:
        environ = {"STATUSWIRE_SERVER__PORT": str(port)}
        return subprocess.run(
            [sys.executable, "-IS", str(HEALTHCHECK)], env=environ, check=False, timeout=30
        ).returncode

    environ = {"STATUSWIRE_PAGES": "[]", "STATUSWIRE_AUTH__HOSTS": "[status.example.com]"}
    with Running("run", "--port", "0", cwd=tmp_path, environ=environ) as service:
        port = int(service.base_url.rpartition(":")[2])
        while_running = asked(port)
        service.stop()

    assert (while_running, asked(port)) == (0, 1)


@pytest.mark.parametrize("word", ["STATUSWIRE_SERVER__PORT", "/health"])
def test_the_healthcheck_is_the_one_of_the_image(word: str) -> None:
    assert last_stage()["HEALTHCHECK"].endswith('CMD ["python", "-IS", "/opt/statuswire/healthcheck.py"]')
    assert word in HEALTHCHECK.read_text("utf-8")


CONFINED = """
mount -t tmpfs tmpfs "$1" && mount -o remount,bind,ro / && cd "$1" && shift || exit 97
touch /etc/written 2>/dev/null && exit 98
exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$@"
"""


def test_a_run_needs_no_capability_and_writes_nowhere_but_into_its_folder(tmp_path: Path) -> None:
    """As in the image with a read-only root: the same mounts, made by hand."""
    within = ("unshare", "--mount", "sh", "-c", CONFINED, "sh", str(tmp_path))
    if subprocess.run([*within, "true"], capture_output=True, check=False).returncode == 97 or os.geteuid() != 0:
        left_out("no mounts of our own here: root is needed")
    environ = {"STATUSWIRE_PAGES": "[]", "PYTHONDONTWRITEBYTECODE": "1"}

    with Running("run", "--port", "0", cwd=tmp_path, environ=environ, within=within) as service:
        hook, health = service.post("/test"), service.get("/health")
        code = service.stop()

    assert (hook.status, health.status, code) == (202, 200, 0)
    assert list(tmp_path.iterdir()) == []
