"""The wire between a replica and the database, which can be cut: nothing passes then, and nobody is told."""

from __future__ import annotations

import selectors
import socket
import threading
from contextlib import suppress
from types import TracebackType

CHUNK = 1 << 16


class Wire:
    """Listens on `port` and carries everything to `target` and back, until it is cut, and again once it is mended.

    What was under way when it was cut is carried on after it: as on a network that is down for a while.
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._whole = threading.Event()
        self._whole.set()
        self._is_closed = False
        self._unwanted = b""
        self._sockets: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def __enter__(self) -> Wire:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_closed = True
        self._whole.set()
        for one in (self._listener, *tuple(self._sockets)):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def cut(self) -> None:
        self._whole.clear()

    def mend(self) -> None:
        self._whole.set()

    def refuse(self, word: bytes) -> None:
        """Every connection whose client says this word is ended as soon as it says it."""
        self._unwanted = word

    def _accept(self) -> None:
        while not self._is_closed:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        self._whole.wait()
        try:
            far = socket.create_connection(self._target)
        except OSError:
            near.close()
            return
        self._sockets |= {near, far}
        try:
            self._carry(near, far)
        except OSError:
            pass  # one of the two is gone, which ends the other
        finally:
            self._sockets -= {near, far}
            near.close()
            far.close()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        with selectors.DefaultSelector() as selector:
            for one, other in ((near, far), (far, near)):
                selector.register(one, selectors.EVENT_READ, other)
            while True:
                for key, _ in selector.select():
                    self._whole.wait()
                    data = key.fileobj.recv(CHUNK)  # type: ignore[union-attr]
                    if not data or (self._unwanted and key.fileobj is near and self._unwanted in data):
                        return
                    key.data.sendall(data)
