"""`statuswire signals`, where no service runs."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from statuswire.cli.app import app
from statuswire.engine.clock import Clock
from statuswire.model import SignalSource, SignalState, SignalWord
from statuswire.signing import signal_token
from statuswire.store import Tx, open_store, queries

SECRET = b"s" * 32
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
FILE = "database: sqlite:///{folder}/statuswire.db\npages: [openai]\nsignals: {{shared: {shared}}}\n"


class Desk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write(shared=False)
        with closing(open_store(self.url)) as store:
            store.write(self._fill)

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder}/statuswire.db"

    def write(self, *, shared: bool) -> None:
        text = FILE.format(folder=self.folder, shared=str(shared).lower())
        (self.folder / "statuswire.yaml").write_text(text, encoding="utf-8")

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, ["signals", *arguments, "--config", str(self.folder / "statuswire.yaml")])

    @staticmethod
    def _fill(tx: Tx) -> None:
        queries.set_setting(tx, queries.SECRET_SETTING, SECRET.hex())
        queries.set_setting(tx, queries.ADDRESS_SETTING, "http://127.0.0.1:8000")
        for slug in ("acme", "brook"):
            page = queries.upsert_page(tx, slug=slug, name=slug, url="", platform="", origin="hook")
            for state, ago in ((SignalState.FIRING, 90), (SignalState.RESOLVED, 30)):
                at = NOW - timedelta(minutes=ago)
                word = SignalWord(
                    page.id, "API", SignalSource.JSON, "k", state, at, f"{slug} fails", "", NOW + timedelta(days=2)
                )
                queries.add_signals(tx, [word], at)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(Clock, "now", lambda _: NOW)
    return Desk(tmp_path)


def test_what_fired_is_listed_with_how_long_it_took(desk: Desk) -> None:
    lines = desk.run().stdout.splitlines()

    assert lines[0].split() == ["Began", "Page", "State", "For", "By", "Admitted", "What"]
    assert sorted(line.split("  ")[-1].strip() for line in lines[1:]) == ["acme fails", "brook fails"]
    assert all("2026-05-04 10:30" in line and "resolved" in line and "1 h" in line for line in lines[1:])


def test_pages_are_chosen_by_their_slugs_and_programs_get_json(desk: Desk) -> None:
    found = json.loads(desk.run("list", "--page", "ac*", "--json").stdout)

    assert [(one["page"], one["state"], one["began_at"]) for one in found] == [
        ("acme", "resolved", "2026-05-04T10:30:00Z")
    ]


def test_where_nothing_fired_it_says_so(desk: Desk) -> None:
    assert desk.run("--since", "5m").stdout == "no signal fired in that time\n"


def test_the_address_of_a_page_is_shown(desk: Desk) -> None:
    assert desk.run("address", "acme").stdout.splitlines()[-1].split() == [
        "acme",
        f"http://127.0.0.1:8000/signals/{signal_token(SECRET, 'acme')}",
    ]


def test_without_a_page_there_are_all_addresses_and_that_of_all_pages_where_it_is_wanted(desk: Desk) -> None:
    alone = json.loads(desk.run("address", "--json").stdout)
    desk.write(shared=True)
    both = json.loads(desk.run("address", "--json").stdout)

    assert [one["page"] for one in alone] == ["acme", "brook"]
    assert [one["page"] for one in both] == ["", "acme", "brook"]
    assert both[0]["path"] == f"/signals/{signal_token(SECRET)}"


def test_a_page_that_is_not_watched_has_no_address(desk: Desk) -> None:
    result = desk.run("address", "nowhere")

    assert result.exit_code == 2
    assert "no page `nowhere` is watched; known are acme, brook" in result.stderr
