"""A page that only mails, on the real service: taken in by LMTP, told once, over a kill too."""

from __future__ import annotations

import json
import re
import smtplib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from .running import Running

ADDRESS = re.compile(r"hook\+\w+@ops\.example")


def send(socket: Path, address: str, message_id: str, subject: str, at: datetime) -> None:
    head = f"From: a@acme-relay.example\r\nSubject: {subject}\r\nMessage-ID: <{message_id}@x>\r\n"
    raw = f"{head}Date: {format_datetime(at)}\r\n\r\nText of mail {message_id}.\r\n"
    with smtplib.LMTP(str(socket)) as client:
        client.sendmail("a@acme-relay.example", [address], raw.encode())


def secret_address(service: Running) -> str:
    found = ADDRESS.search(service.get("/settings").body.decode())
    assert found, "whoever may operate finds it there"
    return found[0]


def test_a_page_that_only_mails_is_told_once_over_a_kill(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    socket = tmp_path / "lmtp.sock"
    page = {"name": "Acme Relay", "url": "https://status.acme-relay.example", "platform": "email"}
    settings = {"pages": [page], "mail": {"domain": "ops.example", "lmtp": {"socket": str(socket)}}}
    (tmp_path / "statuswire.yaml").write_text(json.dumps(settings))
    arguments = ("run", "--config", "statuswire.yaml", "--port", "0")

    with Running(*arguments, cwd=tmp_path) as service:
        address = secret_address(service)
        send(socket, address, "1", "[Investigating] Slow API", now - timedelta(seconds=60))
        service.until_line("Text of mail 1.")
        service.kill()

    with Running(*arguments, cwd=tmp_path) as service:
        assert secret_address(service) == address
        send(socket, address, "1", "[Investigating] Slow API", now - timedelta(seconds=60))
        send(socket, address, "2", "Re: [Resolved] Slow API", now - timedelta(seconds=30))
        lines = service.until_line("Text of mail 2.")
        assert service.stop() == 0

    assert not any("Text of mail 1." in line for line in lines)
    assert not any(address.partition("@")[0].partition("+")[2] in line for line in (*service.errors, *service.lines))
