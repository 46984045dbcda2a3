"""Databases moved, kept, restored and pruned by command."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from statuswire import server
from statuswire.archive import marks
from statuswire.cli.app import app
from statuswire.engine.clock import Clock
from statuswire.errors import ConfigError
from statuswire.model import Verdict, VerdictKind
from statuswire.options import RunOptions
from statuswire.store import open_store, queries
from tests.archive.filling import SMALL, fill, url_of


class Desk:
    """Commands over a database in a folder."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "statuswire.db"
        self.other = folder / "other.db"
        self.file = folder / "kept.backup"
        fill(self.database, copies=3)

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, list(arguments))

    def migrate(self, *more: str) -> Result:
        return self.run("migrate", "--from", url_of(self.database), "--to", url_of(self.other), *more)

    def backup(self, file: str = "") -> Result:
        return self.run("backup", file or str(self.file), "--database", url_of(self.database))

    def restore(self, to: Path) -> Result:
        return self.run("restore", str(self.file), "--database", url_of(to))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_move_tells_its_progress_on_standard_error_and_its_end_on_standard_output(desk: Desk) -> None:
    result = desk.migrate()

    assert (result.exit_code, result.stderr.splitlines()[0]) == (0, "page: 1 rows, all of them")
    assert "tables are the same in both" in result.stdout
    assert desk.migrate("--verify-only").exit_code == 0


def test_a_difference_is_named_and_has_exit_code_1(desk: Desk) -> None:
    desk.migrate()
    with closing(open_store(url_of(desk.other), options=SMALL)) as store:
        store.write(lambda tx: tx.execute("UPDATE follower SET event_id = event_id + 1"))

    result = desk.migrate("--verify-only", "--json")

    body = json.loads(result.stdout)
    assert (result.exit_code, body["same"]) == (1, False)
    assert {name for name, one in body["tables"].items() if one["digest"] != one["digest_there"]} == {"follower"}


def test_a_move_onto_something_is_refused_with_exit_code_2(desk: Desk) -> None:
    desk.migrate()

    result = desk.migrate()

    assert (result.exit_code, result.stdout) == (2, "")
    assert "is not empty" in result.stderr


def test_a_move_of_what_a_service_holds_has_exit_code_75(desk: Desk) -> None:
    with closing(open_store(url_of(desk.database), options=SMALL)):
        assert desk.migrate().exit_code == 75


def test_no_service_starts_on_what_is_only_partly_filled(desk: Desk) -> None:
    with closing(open_store(url_of(desk.other), options=SMALL)) as store:
        store.write(lambda tx: marks.begin(tx, "somewhere"))

    with pytest.raises(ConfigError, match="not filled yet: run the same `statuswire migrate` again"):
        server.run(RunOptions(database=url_of(desk.other), port=0))


def test_a_backup_is_kept_and_restored(desk: Desk) -> None:
    kept, restored = desk.backup(), desk.restore(desk.other)

    assert (kept.exit_code, restored.exit_code) == (0, 0)
    assert "it holds secrets" in kept.stdout
    assert "rows restored, as they were at " in restored.stdout
    again = desk.run("migrate", "--from", url_of(desk.database), "--to", url_of(desk.other), "--verify-only")
    assert again.exit_code == 0


def test_a_backup_can_be_written_to_standard_output(desk: Desk) -> None:
    result = desk.backup("-")
    desk.file.write_bytes(result.stdout_bytes)

    assert result.exit_code == 0
    assert desk.restore(desk.other).exit_code == 0


def test_a_backup_that_is_cut_has_exit_code_2(desk: Desk) -> None:
    desk.backup()
    desk.file.write_bytes(desk.file.read_bytes()[:-9])

    result = desk.restore(desk.other)

    assert result.exit_code == 2
    assert "cannot be restored" in result.stderr


def test_a_file_that_cannot_be_written_is_named(desk: Desk) -> None:
    result = desk.backup(str(desk.file / "nowhere" / "kept"))

    assert result.exit_code == 2
    assert "cannot be written: No such file or directory" in result.stderr


@pytest.fixture
def pruned(tmp_path: Path) -> Path:
    """A database with a verdict of a hundred days ago."""
    path = tmp_path / "old.db"
    with closing(open_store(url_of(path), options=SMALL)) as store:
        old = Clock().now() - timedelta(days=100)
        store.write(lambda tx: queries.add_verdicts(tx, [Verdict(1, "ops", VerdictKind.TOLD, "")], old))
    return path


def verdicts(path: Path) -> int:
    with closing(open_store(url_of(path), options=SMALL)) as store:
        return len(store.read(lambda tx: queries.verdicts(tx, 1)))


def test_what_would_be_forgotten_is_shown_and_kept(pruned: Path) -> None:
    result = CliRunner().invoke(app, ["prune", "--dry-run", "--json", "--database", url_of(pruned)])

    body = json.loads(result.stdout)
    assert (body["dry_run"], {one["kind"]: one["rows"] for one in body["kinds"]}["verdicts"]) == (True, 1)
    assert verdicts(pruned) == 1


def test_what_is_old_is_forgotten(pruned: Path) -> None:
    kept = CliRunner().invoke(app, ["prune", "--older-than", "400d", "--database", url_of(pruned)])

    assert kept.exit_code == 0
    assert "verdicts: 1 from before " in kept.stdout
    assert verdicts(pruned) == 0
