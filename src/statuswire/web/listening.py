"""The socket that we listen on."""

from __future__ import annotations

import errno
import ipaddress
import socket

from statuswire.errors import ConfigError

_HINTS = {
    errno.EADDRINUSE: "choose another with --port, or --port 0 for a free one",
    errno.EACCES: "ports below 1024 need rights that this user does not have; choose another with --port",
}


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 takes a free one. Raises ConfigError that says what to do."""
    listener = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except (OSError, UnicodeError) as error:
        if listener is not None:
            listener.close()
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise ConfigError(f"cannot listen on {host}:{port}: {reason}; {_hint(error)}") from error
    listener.setblocking(False)
    return listener


def _hint(error: Exception) -> str:
    code = error.errno if isinstance(error, OSError) else None
    return _HINTS.get(code or 0, "choose another address with --host")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def base_url(listener: socket.socket) -> str:
    """`http://127.0.0.1:8000`, with brackets around an IPv6 address."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
