"""Statements in the dashboard: the page, its CSV, the file for print, and who may see them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import lxml.html
import pytest

from statuswire.config import layers, validate
from statuswire.engine.statements import load_statement
from statuswire.model import AccountRole
from statuswire.web.face.sla import as_file
from tests.fakes import FakeClock
from tests.promised import AFTERWARDS, CONFIG, at, config, play
from tests.web.face.looking import text_of
from tests.web.parts import Reply, Site
from tests.web.people import BEYOND, Browser, account, signed_in

PAGE = "/reports/sla/payments-api?month=2026-10"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    made = Site()
    play(made.store)
    made.clock = FakeClock(AFTERWARDS)
    made.replace(clock=made.clock, config=config, file=config())
    yield made
    made.store.close()


def main_of(reply: Reply) -> str:
    assert reply.status == 200, reply
    return text_of(lxml.html.fromstring(reply.body.decode()).xpath("//main")[0])


def test_the_page_says_the_verdict_the_steps_and_the_documents(site: Site) -> None:
    shown = main_of(site.get(PAGE))

    assert "payments-api, October 2026" in shown
    assert "The objective was not kept: 99.7353 % to 99.7801 %, promised 99.9 %; credit 10 %" in shown
    assert "Best: all that is not known was up" in shown and "100 x (1 - 98 / 44,580)" in shown
    assert "Card payments fail" in shown and "New switches" in shown
    assert "announced in time" in shown


def test_every_digest_that_an_incident_points_to_is_a_row_of_the_page(site: Site) -> None:
    tree = lxml.html.fromstring(site.get(PAGE).body.decode())

    ids = tree.xpath("//*/@id")
    wanted = tree.xpath("//a[starts-with(@href, '#d-')]/@href")
    assert len(wanted) == 4 and {one[1:] for one in wanted} <= set(ids)
    assert len(ids) == len(set(ids))
    assert tree.xpath("//main//*[@style]") == []


def test_without_a_month_it_is_the_last_one_that_is_over(site: Site) -> None:
    assert "October 2026" in main_of(site.get("/reports/sla/payments-api"))


def test_the_months_beside_it_are_linked_but_for_those_to_come(site: Site) -> None:
    def around(month: str) -> list[str]:
        tree = lxml.html.fromstring(site.get(f"/reports/sla/payments-api?month={month}").body.decode())
        return [one.rpartition("=")[2] for one in tree.xpath("//nav[@aria-label='Months']/a/@href")]

    assert around("2026-10") == ["2026-09", "2026-11"]
    assert around("2026-11") == ["2026-10"]


def test_a_month_that_goes_on_is_said_to_be_so_far(site: Site) -> None:
    shown = main_of(site.get("/reports/sla/payments-api?month=2026-11"))

    assert "Not decided by what is known" in shown and "so far" in shown and "To come" in shown


def test_the_table_comes_as_csv(site: Site) -> None:
    reply = site.get(f"{PAGE}&format=csv")

    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["content-disposition"] == 'attachment; filename="statuswire-sla-payments-api-2026-10.csv"'
    rows = list(csv.DictReader(io.StringIO(reply.body.decode())))
    assert {"contract", "state", "step", "incident", "maintenance", "excluded", "document"} <= {
        row["part"] for row in rows
    }


@pytest.mark.parametrize(
    "target", ["/reports/sla/nothing", "/reports/sla/payments-api?month=2026-13", "/reports/sla/payments-api?month=x"]
)
def test_there_is_no_other_contract_and_no_other_month(site: Site, target: str) -> None:
    assert site.get(target).status == 404


def test_the_reports_name_the_contracts(site: Site) -> None:
    tree = lxml.html.fromstring(site.get("/reports").body.decode())

    assert tree.xpath("//section[@aria-labelledby='contracts']//a/@href") == ["/reports/sla/payments-api"]


def test_the_file_needs_nothing_from_elsewhere_and_has_what_the_page_has(site: Site) -> None:
    contract = config().promises["payments-api"]
    found = site.store.read(lambda tx: load_statement(tx, contract, at(1).date(), AFTERWARDS))

    made = as_file(found)

    tree = lxml.html.fromstring(made)
    assert tree.xpath("//script | //link | //img | //*[@src]") == []
    said = text_of(tree.xpath("//body")[0])
    for part in ("The objective was not kept", "Minutes by state", "How it is reckoned", "Card payments fail"):
        assert part in said


def test_what_a_provider_wrote_is_text_and_no_markup(site: Site) -> None:
    loud = CONFIG.replace("payments-api", "a").replace('"API"', '"<b>API</b>"')
    made = validate(layers.parse(loud, "f.yaml"), {})
    found = site.store.read(lambda tx: load_statement(tx, made.promises["a"], at(1).date(), AFTERWARDS))

    assert "<b>API" not in as_file(found)


# --- who may -----------------------------------------------------------------------------------------------------


def test_contracts_are_for_viewers_and_not_for_the_public() -> None:
    site = Site()
    play(site.store)
    site.clock = FakeClock(AFTERWARDS)
    site.replace(clock=site.clock, config=config, file=config(), settings=BEYOND, is_public=True)
    viewer: Browser = signed_in(site, account(site, AccountRole.VIEWER))
    stranger = {"host": "status.example.com"}

    assert site.get(PAGE, headers=stranger).status == 401
    assert b"payments-api" not in site.get("/reports", headers=stranger).body
    assert site.get(PAGE, headers=viewer.headers).status == 200
    site.store.close()
