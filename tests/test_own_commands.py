"""Pages and routes of the database, by command, where no service runs."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from statuswire.cli.app import app
from statuswire.config import layers, validate
from statuswire.store import open_store

FILE = """
database: sqlite:///{folder}/statuswire.db
pages: [openai]
channels: {{ops: {{kind: webhook, url: "https://ops.example.com/hook"}}}}
"""
OWN = """\
pages:
- slug: stripe
- slug: payments
  url: https://status.example.com
  tags: critical-path
routes:
- name: loud
  channel: ops
  hold: 3m
"""


class Desk:
    """Commands over a configuration and a database in a folder."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "statuswire.yaml"
        self.own = folder / "own.yaml"
        self.file.write_text(FILE.format(folder=folder), encoding="utf-8")
        with closing(open_store(f"sqlite:///{folder}/statuswire.db")):
            """Made as `statuswire run` would."""

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, [*arguments, "--config", str(self.file)])

    def importing(self, text: str) -> Result:
        self.own.write_text(text, encoding="utf-8")
        return self.run("import", str(self.own))

    def exported(self) -> str:
        return self.run("export").stdout


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_what_is_imported_is_exported_as_it_was(desk: Desk) -> None:
    assert desk.importing(OWN).exit_code == 0

    assert desk.exported() == OWN


def test_what_is_exported_can_be_pasted_into_the_file(desk: Desk) -> None:
    desk.importing(OWN)

    text = desk.file.read_text(encoding="utf-8").replace("pages: [openai]\n", "") + desk.exported()

    config = validate(layers.parse(text, "statuswire.yaml"), {})
    assert [target.slug for target in config.targets] == ["stripe", "payments"]
    assert [route.name for route in config.told()] == ["loud"]


def test_a_file_with_a_mistake_changes_nothing_and_every_mistake_has_its_line(desk: Desk) -> None:
    result = desk.importing(
        """\
pages:
- stripe
- https://status.openai.com
- {slug: a, url: "https://a.example", bearer_env: TOKEN}
- zzzzzq
routes:
- {name: loud, channel: opps}
- loud
channels: {}
silences: {}
"""
    )

    assert result.exit_code == 2
    assert [line.partition("own.yaml:")[2][:30] for line in result.stderr.splitlines()] == [
        "3: `pages[1].slug` is `openai`",
        "4: `pages[2].bearer_env` can o",
        "5: `pages[3]` `zzzzzq` is not ",
        "7: `routes[0].channel` names t",
        "8: `routes[1]` must be a mappi",
        "9: `channels` can only be set ",
        "10: `silences` can only be set",
    ]
    assert desk.exported() == "# the database holds no pages and no routes\n"


def test_pages_are_added_by_a_word_or_an_address_and_dropped(desk: Desk) -> None:
    assert desk.run("page", "add", "stripe").exit_code == 0
    assert desk.run("page", "add", "https://status.openai.com", "--slug", "mine", "--tag", "x").exit_code == 0
    assert desk.run("page", "add", "stripe").exit_code == 1
    assert desk.run("page", "drop", "stripe").exit_code == 0
    assert desk.run("page", "drop", "openai").exit_code == 1

    assert yaml.safe_load(desk.exported()) == {
        "pages": [{"url": "https://status.openai.com", "slug": "mine", "tags": ["x"]}]
    }


def test_a_page_whose_address_is_watched_already_is_remarked_upon(desk: Desk) -> None:
    assert desk.run("page", "add", "https://status.openai.com", "--slug", "mine").stdout == (
        "mine is watched; openai has the same address\n"
    )


@pytest.mark.parametrize("host", ["10.1.2.3:9000", "[::1]", "localhost"])
def test_a_page_at_a_private_address_that_will_not_be_asked_is_remarked_upon(desk: Desk, host: str) -> None:
    assert desk.run("page", "add", f"http://{host}/status", "--slug", "mine").stdout == (
        "mine is watched; its address is private and is not asked: put it in the file, with `allow_private: true`\n"
    )


def test_a_list_without_rows_says_what_that_means(desk: Desk) -> None:
    desk.file.write_text(desk.file.read_text(encoding="utf-8").partition("channels:")[0], encoding="utf-8")

    assert desk.run("route").stdout == "nothing is told anywhere: there are neither routes nor channels\n"


def test_pages_and_routes_are_listed_with_where_they_come_from(desk: Desk) -> None:
    desk.importing(OWN)

    pages = json.loads(desk.run("page", "list", "--json").stdout)["pages"]
    routes = json.loads(desk.run("route", "list", "--json").stdout)["routes"]

    assert [(one["slug"], one["from"]) for one in pages] == [
        ("openai", "file"),
        ("stripe", "database"),
        ("payments", "database"),
    ]
    assert [(one["name"], one["channels"], one["from"]) for one in routes] == [("loud", ["ops"], "database")]
    assert "payments" in desk.run("page").stdout
    assert "loud" in desk.run("route").stdout


def test_what_the_file_has_taken_since_is_shown_as_left_out(desk: Desk) -> None:
    desk.importing(OWN)
    text = desk.file.read_text(encoding="utf-8")
    desk.file.write_text(text.replace("[openai]", "[openai, stripe]").replace("ops:", "pager:"), encoding="utf-8")

    pages = json.loads(desk.run("page", "list", "--json").stdout)["pages"]
    routes = json.loads(desk.run("route", "list", "--json").stdout)["routes"]
    found = json.loads(desk.run("doctor", "--json").stdout)

    assert [one["slug"] for one in pages if one["left_out"]] == ["stripe"]
    assert [(one["name"], bool(one["left_out"])) for one in routes] == [("pager", False), ("loud", True)]
    assert {"page stripe", "route loud"} <= {one["subject"] for one in found}
    assert desk.run("route", "drop", "loud").exit_code == 0
    assert desk.run("route", "drop", "pager").exit_code == 1
