"""Fixtures that every test may ask for."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.servers import postgres, redis

settings.register_profile("quick", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("nightly", deadline=None, suppress_health_check=[HealthCheck.too_slow])


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--nightly", action="store_true", help="run the long property runs too")


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("nightly" if config.getoption("--nightly") else "quick")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Of what is collected nothing goes away until the end: looking for garbage in it, then and later, finds none."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--nightly"):
        return
    nightly = [item for item in items if item.get_closest_marker("nightly")]
    items[:] = [item for item in items if item not in nightly]
    if nightly:
        config.hook.pytest_deselected(items=nightly)


@pytest.fixture(scope="session")
def captures() -> Path:
    """The folder of captured real documents, which is not part of the project."""
    default = Path(__file__).resolve().parents[2] / "shared" / "captures"
    folder = Path(os.environ.get("STATUSWIRE_CAPTURES", default))
    if not (folder / "MANIFEST.csv").is_file():
        pytest.skip(f"no captured documents at {folder} (set STATUSWIRE_CAPTURES)")
    return folder


@pytest.fixture(scope="session")
def servers() -> None:
    """For tests that start real ones. Where the machine should have them (TESTS_NEED_SERVERS) nothing is skipped."""
    missing = [name for name, found in (("PostgreSQL", postgres.binaries()), ("Redis", redis.binary())) if not found]
    if missing and not os.environ.get("TESTS_NEED_SERVERS"):
        pytest.skip(f"no {' and no '.join(missing)} on this machine or in its environment")
    assert not missing


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A PostgreSQL of this process. Where the machine should have one (TESTS_NEED_SERVERS) nothing is skipped."""
    try:
        with postgres.running() as server:
            yield server
    except LookupError as error:
        if os.environ.get("TESTS_NEED_SERVERS"):
            raise
        pytest.skip(str(error))


@pytest.fixture
def postgres_database(postgres_server: postgres.Server) -> Iterator[str]:
    """The URL of a database for one test, with the newest schema in it."""
    url = postgres_server.new_database()
    yield url
    postgres_server.drop_database(url)
