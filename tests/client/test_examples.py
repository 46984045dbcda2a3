"""The examples of the how-to are good Python and name what there is."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

from statuswire import client

DOCS = Path(__file__).parents[2] / "docs"
BLOCKS = re.findall(r"^```python\n(.*?)^```$", (DOCS / "how-to" / "use-the-client.md").read_text("utf-8"), re.M | re.S)


@pytest.mark.parametrize("block", BLOCKS)
def test_an_example_imports_only_what_is_there(block: str) -> None:
    imports = [node for node in ast.walk(ast.parse(block)) if isinstance(node, ast.ImportFrom)]

    assert imports
    for node in imports:
        module = import_module(node.module or "")
        assert [name.name for name in node.names if not hasattr(module, name.name)] == []


def test_every_error_and_every_call_is_in_the_reference() -> None:
    text = (DOCS / "reference" / "client.md").read_text("utf-8")
    errors = [name for name in client.__all__ if isinstance(getattr(client, name), type(client.ClientError))]
    named = [name for name in errors if issubclass(getattr(client, name), client.ClientError)]
    calls = [name for name in vars(client.Client) if not name.startswith("_")]

    assert [name for name in named if f"`{name}`" not in text] == []
    assert [name for name in calls if f"| `{name}(" not in text] == []


def test_both_clients_have_the_same_calls() -> None:
    calls = {name for name in vars(client.Client) if not name.startswith("_")}

    assert calls == {name for name in vars(client.AsyncClient) if not name.startswith("_")} - {"carry"}


def test_what_is_offered_is_there() -> None:
    assert all(hasattr(client, name) for name in client.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        client.nothing  # noqa: B018
