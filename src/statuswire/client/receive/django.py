"""For Django: a decorator of a view.

@received("whsec_...")
def told(request, message):
    print(message.event)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from statuswire.client.errors import Unreadable
from statuswire.client.receive import MAX_BODY_BYTES, Received, checked, read, refusal
from statuswire.errors import SignatureError

View = Callable[..., Any]


def received(*secrets: str) -> Callable[[View], View]:
    """The view, of either kind, is given a Received after the request, and may return nothing, which is 204.

    Answers 401, 400, 405 and 413 by itself; Django's protection of forms does not concern it. Raises SignatureError
    for a useless secret.
    """
    known = checked(secrets)

    def decorator(view: View) -> View:
        @wraps(view)
        def receiving(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            message = _read(request, known)
            return _answer(view(request, message, *args, **kwargs)) if isinstance(message, Received) else message

        @wraps(view)
        async def awaiting(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            message = _read(request, known)
            return _answer(await view(request, message, *args, **kwargs)) if isinstance(message, Received) else message

        exempt: View = csrf_exempt(awaiting if iscoroutinefunction(view) else receiving)
        return exempt

    return decorator


def _read(request: HttpRequest, secrets: tuple[str, ...]) -> Received | HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    body = request.read(MAX_BODY_BYTES + 1)
    if len(body) > MAX_BODY_BYTES:
        return JsonResponse({"detail": "the body is too large"}, status=413)
    try:
        return read(body, request.headers, secrets)
    except (SignatureError, Unreadable) as error:
        status, sentence = refusal(error)
        return JsonResponse({"detail": sentence}, status=status)


def _answer(told: Any) -> HttpResponse:
    return HttpResponse(status=204) if told is None else told
