"""Nothing comes with us that may not be given on."""

from __future__ import annotations

import pytest

from release import licences


def test_every_package_that_we_bring_has_a_licence_of_the_list() -> None:
    assert licences.faults() == []


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
