"""The reference of channels and templates names what there is, and the how-tos' examples are good settings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from statuswire.channels import CHANNELS
from statuswire.channels.exec import environment
from statuswire.channels.mqtt import PLACEHOLDERS
from statuswire.channels.template_filters import FILTERS
from statuswire.channels.template_language import TESTS
from statuswire.channels.template_values import NAMES
from statuswire.channels.templates import Templates, check, worded
from statuswire.errors import DeliveryReason
from tests.channels.playing import about

DOCS = Path(__file__).resolve().parents[2] / "docs"
CHANNEL_PAGE = (DOCS / "reference" / "channels.md").read_text(encoding="utf-8")
TEMPLATE_PAGE = (DOCS / "reference" / "templates.md").read_text(encoding="utf-8")


def section(kind: str) -> str:
    found = re.search(rf"^## {kind}$(.*?)(?=^## |\Z)", CHANNEL_PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"no section {kind}"
    return found[1]


def firsts(text: str) -> set[str]:
    """What stands as code in the first column of its tables."""
    cells = re.findall(r"^\| (`[^|]+`) \|", text, re.MULTILINE)
    return {word for cell in cells for word in re.findall(r"`([^`(]+)", cell) if word.strip(", ")}


def test_variables_placeholders_and_reasons_are_documented() -> None:
    assert {row for row in firsts(section("exec")) if row.startswith("STATUSWIRE_")} == set(environment(about()))
    assert not [name for name in PLACEHOLDERS if f"`{{{name}}}`" not in section("mqtt")]
    assert firsts(CHANNEL_PAGE.partition("## Reasons")[2]) == {one.value for one in DeliveryReason}


def test_variables_filters_and_tests_of_templates_are_documented() -> None:
    variables, _, rest = TEMPLATE_PAGE.partition("## Language")

    assert firsts(variables) == set(NAMES)
    assert firsts(rest) == {name for name in FILTERS if not name.startswith("_")}
    assert not [name for name in TESTS if f"`{name}`" not in rest]


@pytest.mark.parametrize("kind", [kind for kind, channel in CHANNELS.items() if channel.requires])
def test_an_example_of_a_kind_that_must_be_allowed_allows_it(kind: str) -> None:
    block = re.search(r"^```yaml\n(.*?)^```$", how_to(f"tell-{kind}"), re.MULTILINE | re.DOTALL)

    assert block and yaml.safe_load(block[1])[CHANNELS[kind].requires] is True


def how_to(name: str) -> str:
    return (DOCS / "how-to" / f"{name}.md").read_text(encoding="utf-8")


def test_the_template_of_the_how_to_is_good_and_gives_what_is_shown() -> None:
    page = how_to("write-templates")
    (block,) = re.findall(r"^```yml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    given = yaml.safe_load(block)["channels"]["post"]["template"]
    shown = re.findall(r"^```text\n(.*?)\n```$", page, re.MULTILINE | re.DOTALL)

    wording, reason = worded(about(), Templates(**given))

    assert [problem for text in given.values() for problem in check(text)] == []
    assert wording is not None and [wording.title] == shown, reason
