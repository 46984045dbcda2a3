"""Keeping the catalog true: what looking at a page says of its row, and a user's own rows."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from pathlib import Path

import pytest

from statuswire import catalog_upkeep
from statuswire.catalog import Provider, read_file, read_rows, shipped, write_rows
from statuswire.config import Config
from statuswire.errors import ConfigError
from statuswire.options import VerifyOptions
from tests.fake_provider import ThreadedProvider

FIXTURES = Path(__file__).parent / "platforms"
STATUSPAGE = (FIXTURES / "statuspage" / "summary.json").read_bytes()
ACME = "slug,name,page_url\nacme,Acme Relay,https://status.acme.example\n"


def row(url: str, platform: str = "", *, is_weak: bool = False) -> Provider:
    (one,) = read_rows(ACME, "test")
    return replace(one, page_url=url.rstrip("/"), platform=platform, is_weak=is_weak, hosts=("127.0.0.1",))


def checked(*rows: Provider, settings: Config | None = None) -> tuple[list[catalog_upkeep.Checked], str]:
    out = io.StringIO()
    return asyncio.run(catalog_upkeep._check(rows, out, settings or Config(), allow_private=True)), out.getvalue()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


# --- verify ----------------------------------------------------------------------------------------------------------


def test_a_row_that_is_true_is_dated() -> None:
    with ThreadedProvider() as provider:
        provider.serve("/api/v2/summary.json", STATUSPAGE)
        (one,), shown = checked(row(provider.url(), "statuspage"))

    assert one.row is not None and one.row.seen
    assert not one.is_changed
    assert shown.startswith("=  acme  statuspage  ")


def test_a_row_of_weak_evidence_is_weak_no_more() -> None:
    with ThreadedProvider() as provider:
        provider.serve("/api/v2/summary.json", STATUSPAGE)
        (one,), shown = checked(row(provider.url(), "instatus", is_weak=True))

    assert one.row is not None
    assert (one.row.platform, one.row.is_weak) == ("statuspage", False)
    assert "(was instatus)" in shown


def test_a_page_that_is_not_recognised_leaves_its_row_alone() -> None:
    with ThreadedProvider() as provider:
        provider.serve("/", b"<html><title>Acme</title></html>", content_type="text/html")
        (one,), shown = checked(row(provider.url(), "statuspage"))

    assert one.row is None
    assert shown.startswith("?  acme  statuspage")


def test_pages_of_one_host_are_looked_at_one_after_the_other() -> None:
    with ThreadedProvider() as provider:
        provider.serve("/api/v2/summary.json", STATUSPAGE)
        both, _ = checked(row(provider.url()), replace(row(provider.url()), slug="other"))

    assert [one.row is not None for one in both] == [True, True]


def test_a_look_says_who_asks_and_opens_pages_that_are_configured() -> None:
    with ThreadedProvider() as provider:
        provider.serve("/api/v2/summary.json", STATUSPAGE)
        page = {"slug": "acme", "url": provider.url(), "allow_private": True, "headers": {"X-Key": "k7"}}
        settings = Config.model_validate({"poll": {"user_agent_contact": "ops@acme.example"}, "pages": [page]})
        (one,), _ = checked(row(provider.url()), settings=settings)

    assert one.row is not None
    assert all("ops@acme.example" in seen.headers["user-agent"] for seen in provider.seen)
    assert {seen.headers.get("x-key") for seen in provider.seen} == {"k7"}


def test_verify_wants_to_know_which_rows() -> None:
    with pytest.raises(ConfigError, match="--all"):
        catalog_upkeep.verify(VerifyOptions(), io.StringIO())
    with pytest.raises(ConfigError, match="qqqqqqqq"):
        catalog_upkeep.verify(VerifyOptions(("qqqqqqqq",)), io.StringIO())


# --- files -----------------------------------------------------------------------------------------------------------


def test_the_shipped_rows_come_back_as_they_were_written() -> None:
    assert read_rows(write_rows(shipped()), "shipped") == shipped()


def test_rows_of_a_file_take_the_place_of_own_ones_and_the_rest_stays(here: Path) -> None:
    Path("first.csv").write_text(ACME + "beta,Beta,https://beta.example\n")
    Path("second.csv").write_text(ACME.replace("Acme Relay", "Acme"))
    for name in ("first.csv", "second.csv"):
        catalog_upkeep.import_rows(Path(name), io.StringIO())

    assert [(one.slug, one.name) for one in read_file(catalog_upkeep.OWN_FILE)] == [("acme", "Acme"), ("beta", "Beta")]
    assert not list(here.glob(".*"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("slug,name\nacme,Acme\n", "line 1: the column `page_url` is missing"),
        ("slug,name,page_url,colour\n", "line 1: `colour` is no column"),
        (ACME + "Bad Slug,x,https://x.example\n", "line 3: the slug `Bad Slug`"),
        (ACME + "beta,,https://x.example\n", "line 3: `name` is empty"),
        (ACME + "beta,Beta,ftp://x.example\n", "line 3: `page_url` must begin with https://"),
        (ACME + "acme,Again,https://x.example\n", "line 3: the slug `acme` stands twice"),
        (ACME + "beta,Beta\n", "line 3"),
        (ACME.replace("page_url", "page_url,seen").replace("example\n", "example,yesterday\n"), "`seen` is no day"),
        ('slug,name,page_url\nacme,"Acme,https://x.example\n', "unexpected end"),
    ],
)
def test_every_mistake_is_told_with_its_line_and_nothing_changes(here: Path, text: str, words: str) -> None:
    Path("bad.csv").write_text(text)

    with pytest.raises(ConfigError) as caught:
        catalog_upkeep.import_rows(Path("bad.csv"), io.StringIO())

    assert words in str(caught.value)
    assert not catalog_upkeep.OWN_FILE.exists()


def test_a_file_that_is_no_text_is_refused(here: Path) -> None:
    Path("bad.csv").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(ConfigError, match="cannot be read"):
        catalog_upkeep.import_rows(Path("bad.csv"), io.StringIO())
