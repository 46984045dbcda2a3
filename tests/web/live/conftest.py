from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator

import pytest

from tests.web.live.client import Streaming


@pytest.fixture
def site() -> Iterator[Streaming]:
    made = Streaming()
    yield made
    made.store.close()


def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """A test that is a coroutine is run on a loop of its own."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = inspect.signature(pyfuncitem.obj).parameters
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True
