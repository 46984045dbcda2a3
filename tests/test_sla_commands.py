"""`statuswire sla` over the month that the documentation tells."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from statuswire.cli.app import app
from statuswire.store import SqliteOptions, open_store
from tests.promised import CONFIG, play

SMALL = SqliteOptions(reserve_bytes=1 << 16)
HOWTO = Path(__file__).resolve().parents[1] / "docs" / "how-to" / "prove-an-sla.md"


class Desk:
    """Commands over a configuration and a database in a folder."""

    def __init__(self, folder: Path) -> None:
        self.database = f"sqlite:///{folder}/statuswire.db"
        self.file = folder / "statuswire.yaml"
        self.file.write_text(CONFIG, encoding="utf-8")
        with closing(open_store(self.database, options=SMALL)) as store:
            play(store)

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, ["sla", *arguments, "--config", str(self.file), "--database", self.database])

    def change(self, sql: str) -> None:
        with closing(open_store(self.database, options=SMALL)) as store:
            store.write(lambda tx: tx.execute(sql))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield Desk(tmp_path_factory.mktemp("sla"))


def october(desk: Desk, *options: str) -> Result:
    return desk.run("statement", "payments-api", "--month", "2026-10", *options)


def digests(desk: Desk) -> list[str]:
    return [one["sha256"] for one in json.loads(october(desk, "--json").stdout)["documents"]]


def test_the_worked_example_is_what_the_command_prints(desk: Desk) -> None:
    text = HOWTO.read_text(encoding="utf-8")
    shown = re.search(r"^\$ statuswire sla statement payments-api --month 2026-10\n(.*?)^```$", text, re.M | re.S)
    file = re.search(r"^```yaml\n(.*?)^```$", text, re.M | re.S)

    assert shown and shown[1] == october(desk).stdout
    assert file and file[1].strip() == CONFIG.strip()


def test_a_breach_ends_with_1_and_what_is_not_decided_with_3(desk: Desk) -> None:
    assert october(desk).exit_code == 1
    assert desk.run("statement", "payments-api", "--month", "2026-08").exit_code == 3


def test_every_form_says_the_same(desk: Desk) -> None:
    body = json.loads(october(desk, "--json").stdout)
    rows = list(csv.DictReader(io.StringIO(october(desk, "--csv").stdout)))
    page = october(desk, "--html").stdout

    assert (body["breach"], body["best"], body["worst"]) == ("yes", 99.7801, 99.7353)
    assert [row["sha256"] for row in rows if row["part"] == "document"] == [one["sha256"] for one in body["documents"]]
    assert page.startswith("<!doctype html>") and "99.7353 % to 99.7801 %" in page


def test_two_forms_at_once_are_refused(desk: Desk) -> None:
    done = october(desk, "--csv", "--json")

    assert (done.exit_code, done.stderr) == (2, "statuswire: one of --html, --csv and --json is enough\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("statement", "payment-api"), "there is no contract `payment-api`; known: payments-api"),
        (("statement", "payments-api", "--month", "10/2026"), "--month: `10/2026` is not a month; right: 2026-10"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(desk: Desk, words: tuple[str, ...], said: str) -> None:
    done = desk.run(*words)

    assert (done.exit_code, done.stderr) == (2, f"statuswire: {said}\n")


def test_the_contracts_are_listed(desk: Desk) -> None:
    shown = desk.run("list").stdout.splitlines()

    assert shown[0].split() == ["Contract", "Page", "Objective", "Window", "Statement", "Breach"]
    assert shown[1].split()[:5] == ["payments-api", "payments", "99.9", "%", "month"]
    assert json.loads(desk.run("list", "--json").stdout)["contracts"][0]["contract"]["name"] == "payments-api"


def test_without_contracts_it_is_said_how_to_name_one(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text("pages: []", encoding="utf-8")

    done = CliRunner().invoke(app, ["sla", "--config", str(tmp_path / "f.yaml")])

    assert (done.exit_code, "name one under `contracts`" in done.stdout) == (0, True)


def test_a_document_is_printed_as_it_was_received(desk: Desk) -> None:
    name = digests(desk)[0]

    done = desk.run("document", name.upper())

    assert hashlib.sha256(done.stdout_bytes).hexdigest() == name


def test_a_document_that_is_not_kept_is_told(desk: Desk) -> None:
    done = desk.run("document", "0" * 64)

    assert (done.exit_code, done.stderr) == (1, "statuswire: the document is not kept\n")


def test_documents_are_verified_and_one_that_was_changed_is_named(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    first, second, *others = digests(desk)
    count = len(others) + 3  # with the one before the window and the ones after it

    assert re.match(r"\d+ good, 0 kept by their digest alone, 0 damaged\n", desk.run("verify").stdout)
    desk.change(f"UPDATE raw_document SET body = x'00' WHERE digest = '{first}'")
    desk.change(f"UPDATE raw_document SET body = x'' WHERE digest = '{second}'")

    done = desk.run("verify")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[1:] == [f"damaged: {first}"]
    body = json.loads(desk.run("verify", "--json").stdout)
    assert body == {"good": body["good"], "withheld": 1, "damaged": [first]} and body["good"] >= count - 3
    assert desk.run("document", second).stderr == "statuswire: the document held a secret: its digest alone is kept\n"
