"""Kinds are known by name and loaded when they are asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from statuswire.channels import CHANNELS
from statuswire.channels.base import Channel


def test_a_kind_is_the_name_of_its_module() -> None:
    assert all(isinstance(channel, Channel) and channel.kind == kind for kind, channel in CHANNELS.items())
    assert len(CHANNELS) == len(set(CHANNELS))


def test_what_is_no_kind_is_not_there() -> None:
    assert "carrier-pigeon" not in CHANNELS and "base" not in CHANNELS
    with pytest.raises(KeyError):
        CHANNELS["base"]


def test_to_know_the_names_loads_no_kind() -> None:
    script = (
        "import sys; from statuswire.channels import CHANNELS; assert 'slack' in CHANNELS and list(CHANNELS);"
        "print([name for name in CHANNELS if f'statuswire.channels.{name}' in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
