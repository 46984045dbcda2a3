"""For FastAPI: a dependency.

@app.post("/status-events", status_code=204)
async def told(message: Annotated[Received, Depends(received("whsec_..."))]) -> None:
    print(message.event)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import HTTPException, Request

from statuswire.client.errors import Unreadable
from statuswire.client.receive import MAX_BODY_BYTES, Received, checked, read, refusal
from statuswire.errors import SignatureError


def received(*secrets: str) -> Callable[[Request], Awaitable[Received]]:
    """What is given to `Depends`. Answers 401, 400 and 413 by itself. Raises SignatureError for a useless secret."""
    known = checked(secrets)

    async def dependency(request: Request) -> Received:
        try:
            return read(await _body(request), request.headers, known)
        except (SignatureError, Unreadable) as error:
            status, sentence = refusal(error)
            raise HTTPException(status, sentence) from error

    return dependency


async def _body(request: Request) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_BODY_BYTES:
            raise HTTPException(413, "the body is too large")
        parts.append(part)
    return b"".join(parts)
