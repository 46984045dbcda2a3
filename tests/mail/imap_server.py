"""A small IMAP server on loopback: enough of RFC 3501 for a client that only reads, and able to misbehave."""

from __future__ import annotations

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PASSWORD = "let me in"


@dataclass
class ImapServer:
    """`folders` maps names to mails by UID. `said` are the commands received; `refuses` words it says NO to, and after
    `hangs_up_on` it closes."""

    folders: dict[str, dict[int, bytes]]
    validity: int = 7
    port: int = 0
    refuses: str = "NOTHING"
    hangs_up_on: str = "NOTHING"
    said: list[str] = field(default_factory=list)

    def answer(self, line: str, folder: list[str]) -> Iterator[bytes]:
        """The answer to one command; `folder` holds the name of the one that is open."""
        tag, _, rest = line.partition(" ")
        self.said.append(rest)
        if rest.upper().startswith(self.refuses):
            yield f"{tag} NO not so\r\n".encode()
            return
        yield from self._untagged(rest, folder)
        is_wrong = rest.startswith("LOGIN") and PASSWORD not in rest
        yield f"{tag} {'NO wrong password' if is_wrong else 'OK done'}\r\n".encode()

    def _untagged(self, rest: str, folder: list[str]) -> Iterator[bytes]:
        word = rest.upper()
        if word.startswith("CAPABILITY"):
            yield b"* CAPABILITY IMAP4rev1\r\n"
        elif word.startswith("EXAMINE"):
            folder[:] = [rest.split('"')[1]]
            mails = self.folders.get(folder[0], {})
            yield f"* {len(mails)} EXISTS\r\n* OK [UIDVALIDITY {self.validity}] valid\r\n".encode()
        elif word.startswith("UID SEARCH"):
            yield f"* SEARCH {' '.join(map(str, self._searched(rest, folder[0])))}\r\n".encode()
        elif word.startswith("UID FETCH"):
            uid, limit = map(int, re.findall(r"FETCH (\d+) .*<0\.(\d+)>", rest)[0])
            body = self.folders[folder[0]][uid][:limit]
            yield f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(body)}}}\r\n".encode() + body + b")\r\n"

    def _searched(self, rest: str, folder: str) -> list[int]:
        """`n:*` has the last one in any case, as in real servers."""
        uids = sorted(self.folders[folder])
        found = re.search(r"UID SEARCH UID (\d+):\*", rest)
        if found is None:
            return uids
        return [uid for uid in uids if uid >= int(found[1])] or uids[-1:]


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        imap: ImapServer = self.server.imap
        folder: list[str] = []
        self.wfile.write(b"* OK ready\r\n")
        while line := self.rfile.readline().decode().strip():
            if imap.hangs_up_on in line:
                return
            for part in imap.answer(line, folder):
                self.wfile.write(part)
            if "LOGOUT" in line:
                return


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def serving(imap: ImapServer, tls: ssl.SSLContext | None = None) -> Iterator[ImapServer]:
    with _Server(("127.0.0.1", 0), _Talk) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        server.imap = imap
        imap.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield imap
        finally:
            server.shutdown()
            thread.join(5)
