"""`statuswire import` of other tools' files, as it is typed."""

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
from tests.elsewhere.test_formats import FILES


class Desk:
    """Commands over a configuration and a database in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "statuswire.yaml"
        self.file.write_text(f"database: sqlite:///{folder}/statuswire.db\npages: [openai]  # ours\n", encoding="utf-8")

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, [*arguments, "--config", str(self.file)])

    def importing(self, name: str, *options: str) -> Result:
        file, text = FILES[name]
        (self.folder / file).write_text(text, encoding="utf-8")
        return self.run("import", str(self.folder / file), *options)

    def open_database(self) -> None:
        with closing(open_store(f"sqlite:///{self.folder}/statuswire.db")):
            """Made as `statuswire run` would."""

    def kept(self) -> list[dict[str, object]]:
        return (yaml.safe_load(self.run("export").stdout) or {}).get("pages", [])


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.open_database()
    return made


def test_a_backup_of_uptime_kuma_becomes_pages_with_a_report(desk: Desk) -> None:
    result = desk.importing("uptime-kuma")

    assert result.exit_code == 0
    assert desk.kept() == [{"slug": "github"}, {"slug": "stripe"}]
    rows = {line.split("  ")[0]: " ".join(line.split()) for line in result.stdout.splitlines()}
    assert rows["GitHub"] == "GitHub in the catalog github, by its page"
    assert rows["Payments"] == "Payments in the catalog stripe, by a host of that vendor"
    assert rows["DNS"] == "DNS left out is a check of the type dns, and not of an address"
    assert "a backup of Uptime Kuma: 6 entries, 2 in the catalog, 4 left out" in result.stdout
    assert "2 pages put into the database" in result.stdout
    assert "CANARY" not in result.stdout


@pytest.mark.parametrize("name", FILES)
def test_every_format_brings_its_pages_once(name: str, desk: Desk) -> None:
    first = desk.importing(name)
    kept = desk.kept()
    again = desk.importing(name)

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert kept and desk.kept() == kept
    assert "openai" not in {page["slug"] for page in kept}


def test_a_dry_run_says_all_and_changes_nothing(desk: Desk) -> None:
    result = desk.importing("services-json", "--dry-run", "--json")

    body = json.loads(result.stdout)
    assert [(one["outcome"], one["page"].get("slug")) for one in body["entries"]] == [
        ("watched", None),
        ("address", "shop-example"),
    ]
    assert desk.kept() == []


def test_a_dry_run_needs_no_database(tmp_path: Path) -> None:
    result = Desk(tmp_path).importing("csv", "--dry-run")

    assert result.exit_code == 0
    assert not (tmp_path / "statuswire.db").exists()


def test_without_a_database_the_way_is_told(tmp_path: Path) -> None:
    result = Desk(tmp_path).importing("csv")

    assert result.exit_code == 2
    assert "`statuswire run` makes it" in result.stderr


def test_the_pages_may_go_into_a_configuration(desk: Desk) -> None:
    result = desk.importing("services-json", "--write", str(desk.file))

    text = desk.file.read_text(encoding="utf-8")
    assert result.exit_code == 0 and "1 pages added" in result.stdout
    assert "# ours" in text
    assert [one.slug for one in validate(layers.parse(text, "x"), {}).targets] == ["openai", "shop-example"]
    assert desk.kept() == []


def test_a_format_may_be_named_and_an_unknown_one_is_told(desk: Desk) -> None:
    named = desk.importing("uptime-kuma", "--from", "uptime-kuma", "--dry-run")
    unknown = desk.importing("uptime-kuma", "--from", "kuma")

    assert named.exit_code == 0
    assert unknown.exit_code == 2 and "right: uptime-kuma" in unknown.stderr


def test_a_file_that_is_not_of_the_named_format_is_told(desk: Desk) -> None:
    result = desk.importing("csv", "--from", "opml")

    assert result.exit_code == 2
    assert "pages.csv: is no XML" in result.stderr


def test_our_own_file_may_be_tried_before(desk: Desk) -> None:
    (desk.folder / "own.yaml").write_text("pages: [stripe]\nroutes: [{name: loud, channel: x}]\n", encoding="utf-8")
    (desk.folder / "good.yaml").write_text("pages: [stripe]\n", encoding="utf-8")

    wrong = desk.run("import", str(desk.folder / "own.yaml"), "--dry-run")
    good = desk.run("import", str(desk.folder / "good.yaml"), "--dry-run")

    assert wrong.exit_code == 2
    assert good.stdout == "would put the page stripe\n"
    assert desk.kept() == []
