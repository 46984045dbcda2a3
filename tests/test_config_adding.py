"""Pages added to the text of a configuration: everything else stays, to the letter."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.config import layers
from statuswire.config.adding import BEGIN, Added, Entry, extended, write
from statuswire.errors import ConfigError

TWO = [
    Added("stripe", "npm package stripe"),
    Added({"slug": "pay", "name": "Pay: us #1", "url": "https://status.pay.example"}),
]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "",
            BEGIN
            + "pages:\n  - stripe  # npm package stripe\n  - {slug: pay, name: 'Pay: us #1', url: 'https://status.pay.example'}\n",
        ),
        (
            "pages:\n- openai\n",
            "pages:\n- openai\n- stripe  # npm package stripe\n- {slug: pay, name: 'Pay: us #1', url: 'https://status.pay.example'}\n",
        ),
        (
            "pages: [openai]  # all\n",
            "pages: [openai, stripe, {slug: pay, name: 'Pay: us #1', url: 'https://status.pay.example'}]  # all\n",
        ),
        ("pages: []\n", "pages: [stripe, {slug: pay, name: 'Pay: us #1', url: 'https://status.pay.example'}]\n"),
    ],
)
def test_pages_stand_at_the_end_of_the_list(before: str, after: str) -> None:
    assert extended(before, TWO) == after


FORMS = (
    "pages:\n",
    "pages: null\npoll: {interval: 2m}\n",
    "pages: ~ # none yet\npoll: {interval: 2m}\n",
    "poll:\n  interval: 2m",
    "pages:\n    # first\n    - openai # a\n    # last\n\n# next\npoll: {interval: 2m}\n",
    "pages:\n- slug: x\n  url: https://x.example\n  components:\n  - API\n\npoll: {interval: 2m}\n",
    "pages:\n- slug: x\n  name: |\n    Long\n  url: https://x.example\n# end\npoll: {interval: 2m}\n",
    "pages: [\n  openai,\n  github, # b\n]\npoll: {interval: 2m}\n",
    "pages: [openai, github,]\n",
    "---\npages:\n  - openai",
    "pages:\r\n  - openai\r\npoll: {interval: 2m}\r\n",
    "# only a remark\n",
)


@pytest.mark.parametrize("before", FORMS)
def test_what_stands_there_stays_in_its_order_and_means_the_same(before: str) -> None:
    after = extended(before, TWO)

    old, new = layers.parse(before, "old").values, layers.parse(after, "new").values
    assert new == {**old, "pages": [*(old.get("pages") or []), "stripe", TWO[1].entry]}
    kept = iter(re.sub(r"[\[\],]", " ", after).split())
    assert all(word in kept for word in re.sub(r"null|~|[\[\],]", " ", before).split())
    assert after.count("\r\n") in (0, after.count("\n"))


@pytest.mark.parametrize(
    "before", ["pages: openai\n", "pages: {a: b}\n", "- a\n", "pages: &a [x]\nmore: *a\n", "pages: [\n"]
)
def test_a_file_into_which_nothing_can_be_written_is_refused(before: str) -> None:
    with pytest.raises(ConfigError):
        extended(before, TWO)


def test_a_list_that_is_used_twice_is_not_changed_unseen() -> None:
    with pytest.raises(ConfigError, match="by hand"):
        extended("pages: &a\n- x\nmore: *a\n", TWO)


def test_nothing_to_add_changes_nothing() -> None:
    assert extended("pages: [a]\n", []) == "pages: [a]\n"


entries: st.SearchStrategy[Entry] = st.one_of(
    st.text(min_size=1, max_size=30),
    st.dictionaries(st.sampled_from(["slug", "name", "url"]), st.text(max_size=30), min_size=1),
)


@given(st.sampled_from(FORMS), st.lists(st.builds(Added, entries, st.text(max_size=30)), min_size=1, max_size=4))
def test_any_text_is_added_as_it_is_or_refused(before: str, added: list[Added]) -> None:
    try:
        after = extended(before, added)
    except ConfigError:
        return

    assert layers.parse(after, "new").values["pages"][-len(added) :] == [one.entry for one in added]  # type: ignore[index]


def test_the_file_is_replaced_as_a_whole_with_its_rights_and_through_links(tmp_path: Path) -> None:
    file, link = tmp_path / "real.yaml", tmp_path / "link.yaml"
    file.write_text("pages: [openai]\n", encoding="utf-8")
    file.chmod(0o600)
    link.symlink_to(file)

    write(link, TWO[:1])

    assert file.read_text(encoding="utf-8") == "pages: [openai, stripe]\n"
    assert link.is_symlink() and file.stat().st_mode & 0o777 == 0o600
    assert sorted(one.name for one in tmp_path.iterdir()) == ["link.yaml", "real.yaml"]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot be written: No such file or directory$"):
        write(tmp_path / "nowhere" / "x.yaml", TWO)
