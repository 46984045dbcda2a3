"""The base is small, and says where more is to be had. `make release-check` weighs what it really installs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from release.project import ROOT, project, pythons_promised

from release import licences, weighing
from statuswire import extras

OURS = 1
OTHERS = sorted({module for modules in extras.EXTRAS.values() for module in modules})
WITHOUT = (
    "import sys; from importlib.machinery import PathFinder; real = PathFinder.find_spec;"
    f"PathFinder.find_spec = lambda name, *rest: None if name in {OTHERS} else real(name, *rest);"
)
"""A Python on which no library of an extra is installed."""

ONE_AFTER_ANOTHER = """
import io, json
from contextlib import redirect_stderr
from statuswire.cli import main

told = []
for command in json.loads(sys.argv[1]):
    sys.argv = ["statuswire", *command]
    with redirect_stderr(io.StringIO()) as said:
        try:
            main()
        except SystemExit as end:
            told.append([end.code, said.getvalue()])
print(json.dumps(told))
"""
LACKING = {
    "backup -": "archive",
    "replay series.jsonl.zst": "archive",
    "mcp": "mcp",
    "top": "tui",
    "check-config --config mail.yaml": "mail",
    "check-config --config listening.yaml": "mail",
    "check-config --config templates.yaml": "web",
    "check-config --config signed.yaml": "signatures",
    "db status --database postgresql://u@127.0.0.1/x": "postgres",
}
"""Commands, and the extra that they need."""


def base() -> dict[str, int]:
    """Every package that the base brings beside itself, with the bytes of its files as they are installed here."""
    found = licences.closure(map(Requirement, project()["dependencies"]))
    assert None not in found.values()
    return {name: sum(file.size or 0 for file in one.files or ()) for name, one in found.items() if one is not None}


def told(commands: Iterable[list[str]], folder: Path) -> list[list[object]]:
    """The exit code of each command, and what it said: one after another in one process, for each starts slowly."""
    script = f"{WITHOUT}{ONE_AFTER_ANOTHER}"
    given = json.dumps(list(commands))
    ran = subprocess.run([sys.executable, "-c", script, given], cwd=folder, capture_output=True, text=True, check=True)
    answers: list[list[object]] = json.loads(ran.stdout.splitlines()[-1])
    return answers


def test_the_base_has_at_most_25_packages_and_60_megabytes() -> None:
    ours = sum(path.stat().st_size for path in (ROOT / "src" / "statuswire").rglob("*") if path.suffix != ".pyc")

    assert len(base()) + OURS <= weighing.MOST_PACKAGES
    assert (sum(base().values()) + ours) / 2**20 <= weighing.MOST_MIB


def test_every_extra_is_known_with_all_of_its_libraries() -> None:
    names = {module: set(found) for module, found in packages_distributions().items()}
    declared = {
        extra: {Requirement(one).name for one in needed}
        for extra, needed in project()["optional-dependencies"].items()
        if extra != "standard" and extra in extras.EXTRAS
    }
    known = {extra: {names[module].copy().pop() for module in modules} for extra, modules in extras.EXTRAS.items()}

    folded = {extra: {name.lower() for name in found} for extra, found in known.items()}
    assert {extra: found - {"mcp-types"} for extra, found in folded.items()} == declared


def test_the_standard_installation_is_said_the_same_in_both_places() -> None:
    (said,) = project()["optional-dependencies"]["standard"]

    assert Requirement(said).extras == set(extras.STANDARD)


def test_what_is_not_installed_is_named_with_the_extra_that_brings_it(tmp_path: Path) -> None:
    key = "whpk_" + "A" * 43 + "="
    files = {
        "mail.yaml": "channels: {m: {kind: email, host: smtp.x.example, sender: a@x.example, to: [b@x.example]}}",
        "listening.yaml": "mail: {smtp: {port: 2525}}",
        "templates.yaml": "templates: {t: {title: '{{ headline }}'}}",
        "signed.yaml": f"hooks: {{secrets: {{statuspage: '{key}'}}}}",
        "series.jsonl.zst": "",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text + "\n", "utf-8")

    answers = told(map(str.split, LACKING), tmp_path)

    for (command, extra), (code, said) in zip(LACKING.items(), answers, strict=True):
        assert code == 2 and f"pip install 'statuswire[{extra}]'" in str(said), f"{command}: {code}, {said}"
        assert "Traceback" not in str(said), command


def test_every_extra_is_told_of_where_people_install() -> None:
    page = (ROOT / "docs" / "how-to" / "install.md").read_text("utf-8")
    rows = re.findall(r"^\| (`.*`) \|", page, re.MULTILINE)

    assert set(re.findall(r"`(\w+)`", " ".join(rows))) == set(project()["optional-dependencies"])


def test_every_promised_python_is_one_that_installs_us() -> None:
    oldest = re.sub(r"^>=", "", project()["requires-python"])

    assert pythons_promised()[0] == oldest


def test_the_version_stands_in_one_place_and_the_chart_follows_it() -> None:
    chart = (ROOT / "deploy" / "helm" / "statuswire" / "Chart.yaml").read_text("utf-8")

    assert f'appVersion: "{project()["version"]}"' in chart
    assert not list((ROOT / "src").rglob("_version.py"))
