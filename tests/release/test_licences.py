"""Nothing comes with us that may not be given on."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.requirements import Requirement

from release import licences


def test_every_package_that_we_bring_has_a_licence_of_the_list() -> None:
    assert licences.faults(licences.all_needed()) == []


def test_one_that_has_none_of_the_list_is_named_and_so_is_one_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "License-Expression: MIT\nRequires-Dist: grim\nRequires-Dist: gone; python_version > '3'"
    for name, lines in (("glad", told), ("grim", "License-Expression: AGPL-3.0-only")):
        (tmp_path / f"{name}-1.dist-info").mkdir()
        text = f"Metadata-Version: 2.4\nName: {name}\nVersion: 1\n{lines}\n"
        (tmp_path / f"{name}-1.dist-info" / "METADATA").write_text(text, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    assert licences.faults([Requirement("glad")]) == [
        "gone is not installed",
        "grim: AGPL-3.0-only is not on the list",
    ]


@pytest.mark.parametrize(
    ("expression", "may"),
    [
        ("MIT", True),
        ("Apache-2.0 OR GPL-3.0-only", True),
        ("Apache-2.0 AND CNRI-Python", True),
        ("MIT AND GPL-3.0-only", False),
        ("(MIT OR GPL-2.0-only) AND BSD-3-Clause", True),
        ("(MIT AND AGPL-3.0-only) OR SSPL-1.0", False),
        ("unknown", False),
        ("License :: OSI Approved :: BSD License", False),
    ],
)
def test_an_expression_is_allowed_where_a_way_through_it_is(expression: str, may: bool) -> None:
    assert licences.is_allowed(expression) is may
