"""`statuswire backtest` from the command line: a configuration, a log or a series, and another configuration."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from statuswire.backtest.command import named_series
from statuswire.cli.app import app
from statuswire.model import Filter, Silence
from statuswire.store import queries
from tests.backtest.stored import START, incident, logged, said, summary, written

CONFIG = "database: {database}\nchannels: {{ops: {{kind: console}}}}\nroutes: [{{name: ops, channel: ops{more}}}]\n"


@pytest.fixture
def series(tmp_path: Path) -> Path:
    begun, done = (10, "investigating", "Hm."), (12, "resolved", "Gone.")
    return written(
        tmp_path / "acme.jsonl",
        summary(0),
        summary(10, incident("i1", "Blink", begun, impact="major")),
        summary(12, incident("i1", "Blink", begun, done, impact="major")),
    )


def config(folder: Path, name: str, more: str = "", database: str = "sqlite:///none.db") -> str:
    path = folder / name
    path.write_text(CONFIG.format(database=database, more=more), encoding="utf-8")
    return str(path)


def ran(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["backtest", *words], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def test_a_configuration_is_tried_over_a_series_of_a_named_page(series: Path, tmp_path: Path) -> None:
    path = config(tmp_path, "a.yaml", ", page: payments")

    output = ran("--config", path, "--series", f"payments={series}")

    assert output.startswith("With these rules you would have got 2 messages")


def test_a_configuration_is_tried_over_the_log_of_its_database(series: Path, tmp_path: Path) -> None:
    url = logged(series, tmp_path / "statuswire.db")

    output = ran("--config", config(tmp_path, "a.yaml", database=url), "--since", "3650d")

    assert output.startswith("With these rules you would have got 2 messages")


def test_what_was_silenced_by_command_counts_unless_the_configuration_is_to_speak_alone(
    series: Path, tmp_path: Path
) -> None:
    url = logged(series, tmp_path / "statuswire.db")
    said(url, partial(queries.add_silence, one=Silence(Filter(pages=("acme",)), "known"), now=START))
    asked = ("--config", config(tmp_path, "a.yaml", database=url), "--since", "3650d")

    applied = json.loads(ran(*asked, "--json"))["report"]["applied"]

    assert ran(*asked).startswith("With these rules you would have got 0 messages")
    assert ran(*asked, "--config-alone").startswith("With these rules you would have got 2 messages")
    assert applied == {"silences": 1, "acknowledged": 0, "snoozed": 0, "overridden": 0}


def test_two_configurations_are_compared(series: Path, tmp_path: Path) -> None:
    loud, quiet = config(tmp_path, "a.yaml"), config(tmp_path, "b.yaml", ", hold: 5m")

    output = ran("--config", loud, "--against", quiet, "--series", str(series))
    body = json.loads(ran("--config", loud, "--against", quiet, "--series", str(series), "--json"))

    assert "Route ops: 2 messages before, 0 then (-2)" in output
    assert body["differences"][0]["no_longer_told"] == ["acme/incident/i1"]
    assert body["against"]["routes"][0]["missed"][0]["title"] == "Blink"


def test_what_is_no_impact_is_said_so(series: Path, tmp_path: Path) -> None:
    output = ran("--config", config(tmp_path, "a.yaml"), "--series", str(series), "--impact", "awful", code=2)

    assert "`awful` is not an impact" in output


def test_without_channels_there_is_nothing_to_try(series: Path, tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    path.write_text("pages: [openai]\n", encoding="utf-8")

    assert "no channels and no routes" in ran("--config", str(path), "--series", str(series), code=2)


def test_a_file_without_a_slug_names_its_page_by_itself() -> None:
    assert named_series("github=a=b.jsonl") == ("github", Path("a=b.jsonl"))
    assert named_series("/data/A=b.jsonl") == ("", Path("/data/A=b.jsonl"))
