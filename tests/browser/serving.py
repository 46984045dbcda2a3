"""An application in memory, served on a free port of this machine for as long as a browser looks at it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from statuswire.web.asgi import App
from statuswire.web.protocol import server_config


@contextmanager
def served(app: App) -> Iterator[str]:
    """The base URL. The application runs on an event loop of its own, in a thread."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        host, port = listener.getsockname()[:2]
        server = uvicorn.Server(server_config(app, host=host, port=port, loop="asyncio"))
        thread = threading.Thread(target=asyncio.run, args=(server.serve(sockets=[listener]),), daemon=True)
        thread.start()
        yield f"http://{host}:{port}"
        server.should_exit = True
        server.force_exit = True  # streams would be waited for
        thread.join(20)
