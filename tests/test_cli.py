"""The command line: help, errors in one sentence, exit codes, and the real program in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from statuswire.cli import overview
from statuswire.cli.app import app
from statuswire.cli.arguments import span
from statuswire.cli.group import exit_code
from statuswire.errors import ConfigError, FetchError, FetchReason, ParseError, ParseReason, StoreError, StoreReason

FIXTURES = Path(__file__).parent / "platforms" / "statuspage"
COMMANDS = [name for commands in overview.COMMANDS.values() for name in commands]


def program(*arguments: str, text: bytes = b"", **environ: str) -> subprocess.CompletedProcess[bytes]:
    """The real program, in an environment with nothing of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STATUSWIRE_")}
    return subprocess.run(
        [sys.executable, "-m", "statuswire", *arguments],
        input=text,
        capture_output=True,
        env={**kept, **environ},
        timeout=60,
        check=False,
    )


def invoked(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "100"})
    return result.exit_code, result.stdout, result.stderr


def test_the_overview_names_every_command_and_fits_80_columns() -> None:
    shown = overview.render()
    registered = list(app.commands)

    assert sorted(COMMANDS) == sorted(registered)
    for name in COMMANDS:
        assert f"  {name} " in shown
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)])
def test_help_is_the_overview_whichever_way_it_is_asked_for(arguments: Sequence[str]) -> None:
    assert invoked(*arguments)[:2] == (0, overview.render() + "\n")


@pytest.mark.parametrize("name", [*COMMANDS, "db upgrade"])
def test_every_command_has_help_with_an_example(name: str) -> None:
    code, shown, _ = invoked(*name.split(), "--help")

    assert code == 0
    assert "Examples:\n" in shown
    assert f"  statuswire {name}" in shown


def test_the_program_shows_help_and_version_quickly_without_the_command_line_library() -> None:
    script = (
        "import sys; sys.argv = ['statuswire', '{}']; from statuswire.cli import main; main();"
        "assert not {{'click', 'rich', 'pydantic', 'lxml', 'aiohttp'}} & set(sys.modules)"
    )
    for option in ("--help", "--version"):
        ran = subprocess.run([sys.executable, "-c", script.format(option)], capture_output=True, check=False)
        assert ran.returncode == 0, ran.stderr


def test_the_installed_program_and_the_module_are_the_same() -> None:
    installed = Path(sys.executable).with_name("statuswire")

    by_name = subprocess.run([installed, "--version"], capture_output=True, check=True)

    assert by_name.stdout == program("--version").stdout
    assert by_name.stdout.startswith(b"statuswire ")


@pytest.mark.parametrize("arguments", [("--help",), ("catalog", "git"), ("check-config", "--schema")])
def test_a_full_disk_behind_the_output_is_said_in_one_sentence(arguments: Sequence[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "statuswire", *arguments], stdout=full, stderr=subprocess.PIPE, check=False
        )

    assert ran.returncode == 74
    assert ran.stderr == b"statuswire: the output cannot be written: No space left on device\n"


def test_ctrl_c_while_the_program_is_still_loading_ends_it_without_a_traceback() -> None:
    script = """
import sys
from statuswire.cli import main

class Impatient:
    def find_spec(self, name, path, target=None):
        if name == "statuswire.cli.app":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Impatient())
sys.argv = ["statuswire", "page"]
main()
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)

    assert (ran.returncode, ran.stderr) == (130, b"")


def test_shell_completion_is_offered() -> None:
    ran = program("--show-completion", "bash")
    completed = program(_STATUSWIRE_COMPLETE="bash_complete", COMP_WORDS="statuswire repl", COMP_CWORD="1")

    assert b"_STATUSWIRE_COMPLETE" in ran.stdout
    assert completed.stdout.split() == [b"plain,replay"]


def test_an_unknown_command_is_refused_with_a_suggestion() -> None:
    code, _, said = invoked("wach")

    assert code == 2
    assert "watch" in said


def test_an_unknown_slug_answers_with_the_nearest_matches() -> None:
    code, shown, said = invoked("status", "opnai")

    assert (code, shown) == (2, "")
    assert said.startswith("statuswire: `opnai` is not in the catalog; nearest: openai")


def test_the_catalog_is_searched_with_typos() -> None:
    code, shown, _ = invoked("catalog", "opnai")

    assert code == 0
    assert shown.splitlines()[1].split() == ["openai", "OpenAI", "incidentio", "ai", "https://status.openai.com"]


def test_the_catalog_as_json() -> None:
    code, shown, _ = invoked("catalog", "github", "--json")

    assert code == 0
    assert json.loads(shown)[0]["slug"] == "github"


def test_a_search_without_a_hit_ends_with_1() -> None:
    assert invoked("catalog", "qqqqqqqqqq")[0] == 1


def test_read_prints_the_snapshot_of_a_document() -> None:
    code, shown, _ = invoked("read", str(FIXTURES / "summary.json"), "--url", "https://status.example/x")

    told = json.loads(shown)
    assert code == 0
    assert told["platform"] == "statuspage"
    assert told["covers"] == sorted(told["covers"])
    assert told["components"]


def test_read_takes_standard_input_and_gives_the_same_in_every_process() -> None:
    body = (FIXTURES / "summary.json").read_bytes()

    first, second = (
        program("read", "-", text=body, PYTHONHASHSEED="1"),
        program("read", "-", text=body, PYTHONHASHSEED="2", LC_ALL="C"),
    )

    assert first.returncode == 0
    assert first.stdout == second.stdout


def test_read_ends_with_4_and_the_reason_for_what_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<!doctype html><html><body>Just a moment...</body></html>")

    code, shown, said = invoked("read", str(tmp_path / "page.html"))

    assert (code, shown) == (4, "")
    assert said.startswith("statuswire: ")


def test_an_error_that_quotes_a_document_cannot_move_the_cursor(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<!doctype html><html><title>a\x1b[2J\x9b1mb</title><body></body></html>")

    _, _, said = invoked("read", str(tmp_path / "page.html"))

    assert "\x1b" not in said
    assert "\x9b" not in said


def test_read_refuses_an_unknown_platform_and_a_missing_file(tmp_path: Path) -> None:
    assert invoked("read", str(FIXTURES / "summary.json"), "--platform", "nope")[0] == 2
    assert invoked("read", str(tmp_path / "nothing"))[0] == 2


def test_read_takes_webhook_bodies() -> None:
    code, shown, _ = invoked("read", str(FIXTURES / "hook-minimal.json"), "--hook")

    assert code == 0
    assert json.loads(shown)["incidents"]


def test_check_config_names_file_line_and_key(tmp_path: Path) -> None:
    file = tmp_path / "statuswire.yaml"
    file.write_text("server:\n  prot: 8000\n")

    code, shown, said = invoked("check-config", "--config", str(file))

    assert (code, shown) == (2, "")
    assert said == f"statuswire: {file}:2: `server.prot` is not a setting; did you mean `port`? (host, port)\n"


def test_check_config_shows_what_holds_without_secrets(tmp_path: Path) -> None:
    file = tmp_path / "statuswire.yaml"
    file.write_text("pages: [github]\nhooks: {secrets: {generic: s3cret}}\n")

    _, lines, _ = invoked("check-config", "--config", str(file))
    _, told, _ = invoked("check-config", "--config", str(file), "--json")

    assert "pages     1: github" in lines
    assert json.loads(told)["poll"]["interval"] == "1m"
    assert "s3cret" not in lines + told


def test_the_schema_is_published() -> None:
    code, shown, _ = invoked("check-config", "--schema")

    assert code == 0
    assert json.loads(shown)["properties"]["pages"]


def test_db_upgrade_makes_the_database(tmp_path: Path) -> None:
    code, shown, _ = invoked("db", "upgrade", "--database", f"sqlite:///{tmp_path / 'x.db'}")

    assert (code, shown) == (0, "the database is up to date\n")
    assert (tmp_path / "x.db").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("watch", "openai", "--interval", "soon"), "--interval `soon` is not a length of time; right: 60s, 3m, 24h"),
        (("watch", "openai", "--interval", "0"), "--interval: must be at least 1s"),
        (("watch", "openai", "--format", "watchr"), "--format: `watchr` is not a format"),
        (("watch", "openai", "--tz", "Mars"), "`Mars` is not a time zone"),
        (("demo", "--format", "x"), "--format: `x` is not a format"),
        (("db", "staus"), "No such command 'staus'. Did you mean 'status'?"),
        (("why", "x"), "'x' is not a valid integer."),
        (("why", str(2**63)), f"{2**63} is not in the range 1<=x<="),
        (("deliveries", "retry", str(2**63)), f"{2**63} is not in the range 1<=x<="),
        (("silence", "end", "0"), "0 is not in the range 1<=x<="),
    ],
)
def test_wrong_options_are_refused_with_what_would_be_right(arguments: Sequence[str], words: str) -> None:
    code, _, said = invoked(*arguments)

    assert code == 2
    assert words in said


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigError("x"), 2),
        (ParseError(ParseReason.EMPTY, "x"), 4),
        (StoreError(StoreReason.LOCKED, "x"), 75),
        (StoreError(StoreReason.READ_ONLY, "x"), 78),
        (StoreError(StoreReason.NEWER_SCHEMA, "x"), 78),
        (StoreError(StoreReason.FULL, "x"), 1),
        (FetchError(FetchReason.DNS, "x"), 1),
    ],
)
def test_exit_codes_of_errors(error: Exception, code: int) -> None:
    assert exit_code(error) == code  # type: ignore[arg-type]


def test_lengths_of_time_are_read_as_in_the_configuration() -> None:
    assert span("3m", "--interval") == timedelta(minutes=3)
    assert span(None, "--interval") is None


def test_what_signs_people_in_is_loaded_with_the_first_that_does() -> None:
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, statuswire.server; "
            "print({'jinja2', 'argon2', 'authlib', 'joserfc', 'fastapi', 'nh3'} & set(sys.modules))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )

    assert loaded.stdout == "set()\n"
