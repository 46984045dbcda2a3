"""A Maildir: every mail taken once, over restarts too, and none deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from statuswire.errors import StoreError, StoreReason
from statuswire.mail.maildir import Maildir
from tests.mail.parts import Parts, mail, parts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    return tmp_path


def names(folder: Path, part: str) -> list[str]:
    return sorted(path.name for path in (folder / part).iterdir())


def look(folder: Path, act: Callable[[Parts, Maildir], Awaitable[None]]) -> None:
    async def both() -> None:
        with parts() as built:
            await act(built, Maildir(folder, built.intake, built.clock, timedelta(seconds=30)))

    asyncio.run(both())


def test_new_mail_is_taken_and_marked_seen(folder: Path) -> None:
    (folder / "new" / "1.a.host").write_bytes(mail())
    (folder / "cur" / "2.b.host:2,F").write_bytes(mail("[Resolved] Slow API", "2"))

    async def act(built: Parts, maildir: Maildir) -> None:
        assert await maildir.look() == 2
        assert await built.read() == ["incident.created", "incident.resolved"]

    look(folder, act)

    assert names(folder, "new") == []
    assert names(folder, "cur") == ["1.a.host:2,S", "2.b.host:2,FS"]


def test_what_was_seen_is_not_taken_again(folder: Path) -> None:
    (folder / "cur" / "1.a.host:2,S").write_bytes(mail())

    async def act(built: Parts, maildir: Maildir) -> None:
        assert await maildir.look() == 0

    look(folder, act)


def test_a_mail_read_before_a_crash_and_met_again_tells_nothing_new(folder: Path) -> None:
    (folder / "new" / "1.a.host").write_bytes(mail())

    async def act(built: Parts, maildir: Maildir) -> None:
        await built.intake.take(mail(), None, "test")
        await maildir.look()

        assert await built.read() == ["incident.created"]

    look(folder, act)


def test_a_mail_that_can_never_be_read_is_out_of_the_way(folder: Path) -> None:
    (folder / "new" / "1.a.host").write_bytes(b"hello")
    (folder / "new" / "2.b.host").write_bytes(mail())

    async def act(built: Parts, maildir: Maildir) -> None:
        assert await maildir.look() == 2
        assert len(built.hooks()) == 1

    look(folder, act)

    assert len(names(folder, "cur")) == 2


def test_a_mail_that_could_not_be_stored_stays_for_the_next_look(folder: Path) -> None:
    (folder / "new" / "1.a.host").write_bytes(mail())

    async def act(built: Parts, maildir: Maildir) -> None:
        accept = built.inbox.accept

        async def fail(hook: object) -> bool:
            raise StoreError(StoreReason.FULL, "the disk is full")

        built.inbox.accept = fail
        assert await maildir.look() == 0
        built.inbox.accept = accept
        assert await maildir.look() == 1

    look(folder, act)


def test_a_folder_that_is_not_there_is_logged_and_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def act(built: Parts, maildir: Maildir) -> None:
        assert await maildir.look() == 0

    look(tmp_path / "none", act)

    assert "maildir not read" in caplog.text
