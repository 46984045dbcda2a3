"""For Flask: a decorator below the route.

@app.post("/status-events")
@received("whsec_...")
def told(message: Received) -> None:
    print(message.event)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, request

from statuswire.client.errors import Unreadable
from statuswire.client.receive import MAX_BODY_BYTES, Received, checked, read, refusal
from statuswire.errors import SignatureError

View = Callable[..., Any]


def received(*secrets: str) -> Callable[[View], View]:
    """The view is given a Received before its other arguments, and may return nothing, which is 204.

    Answers 401, 400 and 413 by itself. Raises SignatureError for a useless secret.
    """
    known = checked(secrets)

    def decorator(view: View) -> View:
        @wraps(view)
        def receiving(*args: Any, **kwargs: Any) -> Any:
            body = request.stream.read(MAX_BODY_BYTES + 1)
            if len(body) > MAX_BODY_BYTES:
                return {"detail": "the body is too large"}, 413
            message = _read(body, known)
            if not isinstance(message, Received):
                return message
            answer = current_app.ensure_sync(view)(message, *args, **kwargs)
            return ("", 204) if answer is None else answer

        return receiving

    return decorator


def _read(body: bytes, secrets: tuple[str, ...]) -> Received | tuple[dict[str, str], int]:
    try:
        return read(body, dict(request.headers), secrets)
    except (SignatureError, Unreadable) as error:
        status, sentence = refusal(error)
        return {"detail": sentence}, status
