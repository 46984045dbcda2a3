"""Commands out of typed functions: what a signature says is what is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import pytest
from click.testing import CliRunner

from statuswire.cli import completion, terms
from statuswire.errors import ConfigError

Name = Annotated[str, terms.Argument(metavar="NAME", help="Whose.")]
Many = Annotated[list[int] | None, terms.Option("--id", help="Numbers.")]


def called(*arguments: str) -> dict[str, Any]:
    """What a function is given for a command line."""
    given: dict[str, Any] = {}
    group = terms.Group("top")

    @group.command("do")
    def do(
        name: Name,
        ids: Many = None,
        share: Annotated[float, terms.Option("--share", min=0, max=1)] = 0.5,
        file: Annotated[Path | None, terms.Option("--file", metavar="FILE")] = None,
        bare: Annotated[str | None, terms.Option("--shell", metavar="[SHELL]", bare="own")] = None,
        is_sure: Annotated[bool, terms.Option("--sure")] = False,
    ) -> None:
        """Do it."""
        given.update(name=name, ids=ids, share=share, file=file, bare=bare, is_sure=is_sure)

    result = CliRunner().invoke(group, ["do", *arguments])
    given["said"] = result.output
    return given


def test_what_is_left_out_has_its_default() -> None:
    found = called("ada")

    assert found | {"said": ""} == {
        "name": "ada", "ids": None, "share": 0.5, "file": None, "bare": None, "is_sure": False, "said": "",
    }  # fmt: skip


def test_what_is_given_has_the_type_of_the_parameter() -> None:
    found = called("ada", "--id", "3", "--id", "4", "--share", "1", "--file", "a/b", "--sure", "--shell", "fish")

    assert (found["ids"], found["share"], found["file"]) == ([3, 4], 1.0, Path("a/b"))
    assert (found["is_sure"], found["bare"]) == (True, "fish")


def test_an_option_may_stand_without_its_value_where_that_has_a_meaning() -> None:
    assert called("ada", "--shell")["bare"] == "own"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [((), "Missing argument 'NAME'"), (("a", "--share", "2"), "0<=x<=1"), (("a", "--id", "x"), "not a valid integer")],
)
def test_what_does_not_fit_is_refused_with_the_reason(arguments: tuple[str, ...], said: str) -> None:
    found = called(*arguments)

    assert "name" not in found
    assert said in found["said"]


def test_help_tells_arguments_and_defaults() -> None:
    said = called("--help")["said"]

    assert "NAME" in said
    assert "Whose." in said
    assert "[default: 0.5; 0<=x<=1]" in said


def test_a_parameter_that_says_nothing_of_itself_is_a_mistake_of_ours() -> None:
    def wrong(name: str) -> None: ...

    with pytest.raises(TypeError, match="`name` is annotated with neither"):
        terms.command_of(wrong, "wrong")


@pytest.mark.parametrize("shell", sorted(completion.PLACES))
def test_completion_is_written_where_the_shell_looks_for_it(tmp_path: Path, shell: str) -> None:
    place = completion.install(terms.Group("statuswire"), shell, tmp_path)

    assert place == tmp_path / completion.PLACES[shell]
    assert "_STATUSWIRE_COMPLETE" in place.read_text("utf-8")


def test_a_shell_that_is_not_known_is_named_with_those_that_are() -> None:
    with pytest.raises(ConfigError, match="`tcsh` is not a shell that can be helped; right: bash, fish, zsh"):
        completion.script(terms.Group("statuswire"), "tcsh")
