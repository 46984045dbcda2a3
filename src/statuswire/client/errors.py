"""What calls and guards raise.

    StatuswireError
    └── ClientError
        ├── Unreachable     no answer: no such host, refused, broken off, too slow, not who it claims to be
        ├── Refused         the server said no; `problem` is its document (RFC 9457)
        ├── Unreadable      what came is not what the API promises
        ├── WaitedInVain    `wait_until_ok` reached the end of its time
        └── ServiceDown     a guard holds a call back; `reading` says why

None of them holds a token or a body.
"""

from __future__ import annotations

from statuswire.client.shapes import Problem
from statuswire.client.standing import Reading
from statuswire.errors import StatuswireError

_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})


class ClientError(StatuswireError):
    """Base of all. `is_permanent` where asking again cannot help without somebody's doing."""

    reason = "client"
    is_permanent = True


class Unreachable(ClientError):
    """`reason`: `dns`, `connect`, `tls`, `timeout`, `reset` or `protocol`. Permanent is only a certificate that
    is not believed: what else breaks a handshake may be a server that restarts."""

    def __init__(self, reason: str, message: str, *, is_permanent: bool = False) -> None:
        super().__init__(message)
        self.reason = reason
        self.is_permanent = is_permanent


class Refused(ClientError):
    """`reason` is the `code` of the problem; `retry_after_s` what the server asks for, None where it asks nothing."""

    def __init__(self, problem: Problem, retry_after_s: float | None = None) -> None:
        super().__init__(f"{problem.status} {problem.title}: {problem.detail}".rstrip(": "))
        self.reason = problem.code or "status"
        self.problem = problem
        self.retry_after_s = retry_after_s
        self.is_permanent = problem.status not in _PASSING


class Unreadable(ClientError):
    reason = "unreadable"


class WaitedInVain(ClientError):
    """The message says how it was at the end."""

    reason = "waited"
    is_permanent = False


class ServiceDown(ClientError):
    """The call was not made."""

    reason = "down"
    is_permanent = False

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading.why)
        self.reading = reading
