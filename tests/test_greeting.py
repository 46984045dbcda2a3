"""The banner's next steps: where to look, what to try, what to paste."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from functools import partial

import pytest

from statuswire.config import Config
from statuswire.console import load_looks
from statuswire.greeting import Place, banner
from statuswire.model import Page
from statuswire.store import open_store
from tests.web.filling import NOW, incident, put, put_left

PLACE = Place("0.1.0", "webhooks + polling", "http://127.0.0.1:8000", "t0ken")
ACME = Page(1, "acme", "Acme", "https://status.acme.example", "statuspage")


def steps(config: Config, *pages: Page) -> tuple[str, ...]:
    return banner(config, pages, (), PLACE).next_steps


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_the_dashboard_is_named_first(host: str) -> None:
    config = Config.model_validate({"pages": [], "server": {"host": host}})

    assert steps(config)[0] == "Look at it: http://127.0.0.1:8000/ is the dashboard"


def test_a_trial_is_offered_where_it_is_believed_and_the_first_pages_hook_is_named() -> None:
    here = steps(Config.model_validate({"pages": []}), ACME)
    beyond = steps(Config.model_validate({"pages": [], "server": {"host": "0.0.0.0"}}), ACME)

    assert "See it work: curl -X POST http://127.0.0.1:8000/test" in here
    assert not any("/test" in step for step in beyond)
    assert here[-1].startswith("Let Acme push: paste http://127.0.0.1:8000/hooks/t0ken")


def test_U6_secret_addresses_are_shown_to_a_terminal_alone() -> None:
    """What else takes standard output keeps it: a journal, the log of a container."""
    logged = replace(PLACE, is_seen=False, mail=((ACME, "hook+t0ken@ops.example"),))
    shown = banner(Config.model_validate({"pages": []}), [ACME], (), logged).next_steps

    assert "t0ken" not in str(shown)
    assert shown[-2:] == (
        "Let Acme push: its secret address is in http://127.0.0.1:8000/settings",
        "Let Acme mail: its secret address is in http://127.0.0.1:8000/settings",
    )


def test_where_one_signs_in_and_nobody_can_the_first_account_is_told_of() -> None:
    nobody = replace(PLACE, has_accounts=False)
    beyond = Config.model_validate({"pages": [], "server": {"host": "0.0.0.0"}})
    here = Config.model_validate({"pages": []})

    assert "Let yourself in: statuswire user add NAME --role admin" in banner(beyond, (), (), nobody).next_steps
    for config, place in ((beyond, PLACE), (here, nobody)):
        assert not any("user add" in step for step in banner(config, (), (), place).next_steps)


def test_what_is_open_on_a_page_that_nobody_read_for_long_was_open_when_it_was_last_read() -> None:
    """As after a night without the service."""
    config = Config.model_validate({"pages": []})
    with closing(open_store("sqlite://")) as store:
        pages = [put(store, "acme", incidents=[incident("i1")]), put_left(store, "left", incidents=[incident("i2")])]
        looks = store.read(partial(load_looks, now=NOW))

    read, left = banner(config, pages, looks, PLACE).pages

    assert read.how.endswith("; open now: Slow API")
    assert left.how.endswith("; open when it was last read: Slow API")
