"""Other versions of the program, for tests of upgrades: the sources as they are, and some migrations more.

All but the folder `store` are links to the sources, so that making one and starting it costs little.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import statuswire
from statuswire.store import schema

SOURCES = Path(statuswire.__file__).parent


@dataclass(frozen=True, slots=True)
class Migration:
    """`sql` as it would stand in `versions/NNNN_name.sql`, for both engines."""

    revision: str
    sql: str
    is_contract: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """`folder` comes first in PYTHONPATH."""

    number: str
    folder: Path
    revisions: tuple[str, ...]

    @property
    def environ(self) -> Mapping[str, str]:
        return {"PYTHONPATH": str(self.folder)}

    def command(self, *arguments: str, database: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """`statuswire ARGUMENTS` of this version, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "statuswire", *arguments],
            env={**os.environ, **self.environ, "STATUSWIRE_DATABASE": database},
            cwd=cwd, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    def migrating(self, *arguments: str) -> subprocess.Popen[str]:
        """The child process of an upgrade, which waits for the name of the database on its standard input."""
        return subprocess.Popen(
            [sys.executable, "-m", "statuswire.store.migrations", *arguments],
            env={**os.environ, **self.environ},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip


def make_version(folder: Path, number: str, migrations: Sequence[Migration] = ()) -> Version:
    """A version of this number in a new folder: what is here, and these migrations after it."""
    package = folder / "statuswire"
    package.mkdir(parents=True)
    for one in SOURCES.iterdir():
        if one.name != "store":
            (package / one.name).symlink_to(one)
    shutil.copytree(SOURCES / "store", package / "store")
    _note_number(folder, number)
    for one in migrations:
        (package / "store" / "migrations" / "versions" / f"{one.revision}_more.sql").write_text(one.sql, "utf-8")
    revisions = (*schema.REVISIONS, *(one.revision for one in migrations))
    _know(package / "store" / "schema.py", revisions, [one.revision for one in migrations if one.is_contract])
    return Version(number, folder, revisions)


def _note_number(folder: Path, number: str) -> None:
    """As an installer does it."""
    facts = folder / f"statuswire-{number}.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: statuswire\nVersion: {number}\n", "utf-8")


def _know(path: Path, revisions: Sequence[str], contracts: Sequence[str]) -> None:
    text = path.read_text("utf-8")
    words = ", ".join(f'"{one}"' for one in contracts)
    for name, value in (("REVISIONS", tuple(revisions)), ("CONTRACTS", f"frozenset({{{words}}})" if words else "")):
        if value:
            text, changed = re.subn(rf"^({name}\b[^=\n]*= ).*$", rf"\g<1>{value}", text, flags=re.MULTILINE)
            assert changed == 1, name
    path.write_text(text, "utf-8")
