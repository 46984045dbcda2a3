"""Programs of users that receive webhooks, as small as the how-to shows them."""

from __future__ import annotations

from typing import Annotated, Any

import django
import flask
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.urls import path
from fastapi import Depends, FastAPI

from statuswire.client.receive import Received
from statuswire.client.receive import django as of_django
from statuswire.client.receive import fastapi as of_fastapi
from statuswire.client.receive import flask as of_flask

SECRET = "whsec_c3RhdHVzd2lyZSBkZW1vIHNlY3JldCAwMQ=="

heard: list[Received] = []


def fastapi_app() -> FastAPI:
    app = FastAPI()

    @app.post("/told", status_code=204)
    async def told(it: Annotated[Received, Depends(of_fastapi.received(SECRET))]) -> None:
        heard.append(it)

    return app


def flask_app() -> flask.Flask:
    app = flask.Flask(__name__)

    @app.post("/told")
    @of_flask.received(SECRET)
    def told(it: Received) -> None:
        heard.append(it)

    @app.post("/later")
    @of_flask.received(SECRET)
    async def told_later(it: Received) -> None:
        heard.append(it)

    return app


@of_django.received(SECRET)
def told_django(request: Any, it: Received) -> None:
    heard.append(it)


@of_django.received(SECRET)
async def told_django_later(request: Any, it: Received) -> None:
    heard.append(it)


urlpatterns = [path("told", told_django), path("later", told_django_later)]


def django_app() -> WSGIHandler:
    """Django has one configuration in a process."""
    if not settings.configured:
        settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="for tests", LOGGING_CONFIG=None)
        django.setup()
    return WSGIHandler()


APPS = {"fastapi": fastapi_app, "flask": flask_app, "django": django_app}
