"""Detection, tests of channels and backtests as the API has them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from statuswire import config
from statuswire.backtest.running import over_log
from statuswire.config import Config
from statuswire.config.layers import parse
from statuswire.engine.clock import Clock
from statuswire.engine.rules import calendar_of, rules_of
from statuswire.errors import ConfigError
from statuswire.model import Impact
from statuswire.store import Store, open_store
from statuswire.web.tools import Body, Busy, Tools, Trial, WrongRules
from statuswire.workbench import LOOKS_AT_ONCE, Workbench, tools_of
from tests.backtest.stored import START, incident, logged, summary, written
from tests.fakes import FakeClock

FILE = """
pages: [{slug: acme, url: "https://s.example"}]
channels:
  ops: {kind: file, path: PATH}
  print: {kind: console}
routes: [{channel: ops}]
"""
BEGUN = (10, "investigating", "Hm.")
BLINK = [
    summary(0),
    summary(10, incident("i1", "Blink", BEGUN, impact="major")),
    summary(40, incident("i1", "Blink", BEGUN, (40, "resolved", "Gone."), impact="major")),
]
ALL = Trial()


@pytest.fixture
def loaded(tmp_path: Path) -> Config:
    return config.validate(parse(FILE.replace("PATH", str(tmp_path / "told.jsonl")), "statuswire.yaml"), {})


@pytest.fixture
def database(tmp_path: Path) -> str:
    return logged(written(tmp_path / "acme.jsonl", *BLINK), tmp_path / "log.db")


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    with closing(open_store(database)) as opened:
        yield opened


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def tools(loaded: Config, store: Store, said: list[str]) -> Tools:
    async def say(text: str) -> None:
        said.append(text)

    return tools_of(lambda: loaded, store, FakeClock(START), say)  # type: ignore[arg-type]


def go_on() -> None:
    """There is time enough."""


def told(body: Body) -> dict[str, list[str]]:
    report: Any = body["report"]
    return {route["route"]: list(route["told"]) for route in report["routes"]}


# --- backtest ----------------------------------------------------------------------------------------------------


def test_the_report_is_that_of_the_command(tools: Tools, loaded: Config, tmp_path: Path) -> None:
    copy = logged(tmp_path / "acme.jsonl", tmp_path / "copy.db")
    reminding = calendar_of(loaded)
    by_command = over_log(
        copy, rules=rules_of(loaded), reminding=reminding, impact=Impact.MAJOR, since=START - ALL.since
    )

    report: Any = tools.backtest(ALL, go_on)["report"]

    assert report["messages"] == by_command.messages > 0
    assert told({"report": report}) == {one.route: list(one.told) for one in by_command.routes}


def test_other_routes_and_silences_are_tried_over_configured_channels(tools: Tools) -> None:
    silenced = tools.backtest(Trial(silences=[{"page": "acme", "reason": "not used"}]), go_on)
    narrowed = tools.backtest(Trial(routes=[{"name": "bad", "channel": "print", "impact": ">=critical"}]), go_on)

    assert told(silenced) == {"ops": [], "print": []}
    assert told(narrowed)["bad"] == []


@pytest.mark.parametrize(
    ("trial", "sentence"),
    [
        (Trial(routes=[{"channel": "opps"}]), "routes.0.channel names the channel `opps`"),
        (Trial(routes=[{"channel": "ops", "hald": "3m"}]), "routes.0.hald is not a setting; did you mean `hold`"),
        (Trial(routes=[{"channel": "ops"}, {"hold": "3m"}]), "routes.1.channel is needed"),
        (Trial(silences=[{"reason": "all of it"}]), "silences.0"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tools: Tools, trial: Trial, sentence: str) -> None:
    with pytest.raises(WrongRules, match=sentence):
        tools.backtest(trial, go_on)


def test_it_ends_when_its_time_is_over_and_another_may_begin(tools: Tools) -> None:
    def no_more() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        tools.backtest(ALL, no_more)

    assert tools.backtest(ALL, go_on)["report"]


def test_one_at_a_time(tools: Tools) -> None:
    def again() -> None:
        tools.backtest(ALL, go_on)

    with pytest.raises(Busy):
        tools.backtest(ALL, again)


# --- detection ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://169.254.169.254/latest", "http://[::1]/"])
def test_private_addresses_are_not_looked_at(tools: Tools, url: str) -> None:
    body: Any = asyncio.run(_within(tools, url))

    assert body["platform"] is None
    assert any("address" in doubt for doubt in body["doubts"]), body["doubts"]


async def _within(tools: Tools, url: str) -> Body:
    async with asyncio.timeout(20):
        return await tools.detect(url)


@pytest.mark.parametrize("what", ["", "ftp://x.example", "no-such-slug-at-all", "http://["])
def test_what_is_no_address_and_no_slug_is_refused(tools: Tools, what: str) -> None:
    with pytest.raises(ConfigError):
        asyncio.run(tools.detect(what))


def test_so_many_pages_are_looked_at_and_no_more(loaded: Config, store: Store) -> None:
    bench = Workbench(lambda: loaded, store, Clock(), _silent)
    bench._looks = LOOKS_AT_ONCE

    with pytest.raises(Busy):
        asyncio.run(bench.detect("http://127.0.0.1:9/"))


async def _silent(text: str) -> None:
    await asyncio.sleep(0)


# --- tests of channels -------------------------------------------------------------------------------------------


def test_a_sample_goes_to_the_channel(tools: Tools, tmp_path: Path) -> None:
    body = asyncio.run(tools.send_test("ops"))

    assert (body["outcome"], body["kind"]) == ("delivered", "file")
    assert "Test incident" in (tmp_path / "told.jsonl").read_text(encoding="utf-8")
    assert body["replies"] == [{"status": 0}]


def test_a_channel_that_prints_does_so_on_the_console_of_the_service(tools: Tools, said: list[str]) -> None:
    assert asyncio.run(tools.send_test("print"))["outcome"] == "delivered"
    assert said


def test_a_channel_that_is_not_there_is_refused(tools: Tools) -> None:
    with pytest.raises(ConfigError, match="did you mean"):
        asyncio.run(tools.send_test("opss"))
