"""A tree of files: what is read of it, what is passed by, and where it ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from statuswire.discovery import kinds, searching, walking
from statuswire.discovery.matching import MAX_EVIDENCE
from statuswire.errors import ConfigError


def never() -> bool:
    return False


def put(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def slugs(found: searching.Search) -> set[str]:
    return set(found.findings.proposals)


def test_a_tree_is_read_with_the_places_of_what_it_names(tmp_path: Path) -> None:
    put(tmp_path, {"web/package.json": '{\n"dependencies": {"stripe": "1"}}', "vercel.json": "{}"})

    found = searching.tree(tmp_path, never)

    best = {one.slug: one.evidence[0] for one in found.findings.ranked()}
    assert (best["stripe"].file, best["stripe"].line) == ("web/package.json", 2)
    assert (best["vercel"].file, best["vercel"].line) == ("vercel.json", 0)


@pytest.mark.parametrize("folder", ["node_modules/x", ".git", "venv/lib", "vendor/x", "a/b/dist", "Pods"])
def test_folders_of_other_people_s_work_are_passed_by(folder: str, tmp_path: Path) -> None:
    put(tmp_path, {f"{folder}/package.json": '{"dependencies": {"stripe": "1"}}'})

    assert slugs(searching.tree(tmp_path, never)) == set()


def test_links_are_not_followed_into_circles_or_out_of_the_tree(tmp_path: Path) -> None:
    root = put(tmp_path / "root", {"a/package.json": '{"dependencies": {"stripe": "1"}}'})
    put(tmp_path / "outside", {"go.mod": "require github.com/slack-go/slack v1.0.0\n"})
    (root / "a" / "loop").symlink_to(root)
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "go.mod").symlink_to(tmp_path / "outside" / "go.mod")

    found = searching.tree(root, never)

    assert slugs(found) == {"stripe"}
    assert found.files == 1


def test_a_pipe_is_no_file_to_wait_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "package.json")

    assert searching.tree(tmp_path, never).files == 0


def test_malformed_files_are_told_and_the_others_read(tmp_path: Path) -> None:
    put(tmp_path, {"a/package.json": "{", "b/package.json": '{"dependencies": {"stripe": "1"}}'})

    found = searching.tree(tmp_path, never)

    assert [(one.file, one.why) for one in found.unread] == [("a/package.json", "is not JSON (line 1)")]
    assert slugs(found) == {"stripe"}


def test_a_file_that_is_too_large_is_told_and_not_read(tmp_path: Path) -> None:
    put(tmp_path, {"app.py": "# https://api.stripe.com\n" + "x" * kinds.TEXT_BYTES})

    found = searching.tree(tmp_path, never)

    assert [one.why for one in found.unread] == ["is larger than 1 MiB"]
    assert slugs(found) == set()


def test_binary_files_are_none(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_bytes(b"\0https://api.stripe.com/v1")

    assert slugs(searching.tree(tmp_path, never)) == set()


def test_what_is_not_text_of_one_encoding_is_read_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_bytes(b'# caf\xe9\nURL = "https://api.stripe.com/v1"\n')

    assert slugs(searching.tree(tmp_path, never)) == {"stripe"}


def test_the_search_ends_with_its_time_and_says_so(tmp_path: Path) -> None:
    put(tmp_path, {f"f{number}.py": "" for number in range(20)})
    looks = iter([False] * 5 + [True] * 100)

    found = searching.tree(tmp_path, lambda: next(looks))

    assert (found.files, found.cut) == (5, "the time was over")


def test_the_search_ends_with_its_number_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "MAX_FILES", 3)
    put(tmp_path, {f"f{number}.py": "" for number in range(9)})

    found = searching.tree(tmp_path, never)

    assert (found.files, found.cut) == (3, "there are more than 3 files")


def test_evidence_beyond_some_is_only_counted(tmp_path: Path) -> None:
    put(tmp_path, {f"f{number}.py": '"https://api.stripe.com"' for number in range(30)})

    one = searching.tree(tmp_path, never).findings.proposals["stripe"]

    assert (len(one.evidence), one.count) == (MAX_EVIDENCE, 30)


def test_what_only_tests_and_examples_name_is_weak(tmp_path: Path) -> None:
    put(
        tmp_path,
        {"tests/pay.py": '"https://api.stripe.com"', "examples/x/package.json": '{"dependencies": {"ably": "1"}}'},
    )

    found = searching.tree(tmp_path, never).findings.ranked()

    assert [(one.slug, one.sureness.name) for one in found] == [("ably", "WEAK"), ("stripe", "WEAK")]


def test_one_file_may_be_named(tmp_path: Path) -> None:
    put(tmp_path, {"go.mod": "require github.com/slack-go/slack v1.0.0\n"})

    assert slugs(searching.tree(tmp_path / "go.mod", never)) == {"slack"}


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such folder or file"):
        searching.tree(tmp_path / "nowhere", never)
