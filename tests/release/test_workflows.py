"""What runs with the rights of the project is known to the last byte."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from release.project import ROOT, pythons_promised

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_its_commit_with_the_version_beside_it(path: Path) -> None:
    used = re.findall(r"uses: *(.*)", path.read_text("utf-8"))

    assert used
    assert [one for one in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_read_and_no_more_unless_a_job_says_so(path: Path) -> None:
    flow = yaml.safe_load(path.read_text("utf-8"))
    rights = {name: set(job.get("permissions", {})) for name, job in flow["jobs"].items()}

    assert flow["permissions"] == {"contents": "read"}
    assert {name: more for name, more in rights.items() if more} in (
        {},
        {"publish": {"id-token"}, "announce": {"contents"}},
    )
    assert all("timeout-minutes" in job for job in flow["jobs"].values())


def test_the_promised_pythons_are_those_that_the_workflows_set_up() -> None:
    for path in WORKFLOWS:
        assert set(re.findall(r"^ +(3\.\d+)$", path.read_text("utf-8"), re.MULTILINE)) == set(pythons_promised())


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_a_form_asks_with_words_and_ids_of_its_own(path: Path) -> None:
    form = yaml.safe_load(path.read_text("utf-8"))
    asked = form["body"]

    assert {"name", "description", "body"} <= set(form)
    assert len({one["id"] for one in asked}) == len(asked)
    assert all(one["type"] in {"input", "textarea"} and one["attributes"]["label"] for one in asked)


def test_what_contributors_are_told_to_copy_is_an_adapter_that_can_be_compiled() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    (adapter,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)

    space: dict[str, object] = {}
    exec(compile(adapter, "lamplight.py", "exec"), space)
    assert space["PLATFORM"].name == "lamplight"  # type: ignore[attr-defined]
