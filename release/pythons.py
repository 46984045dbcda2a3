"""The Pythons of this machine: on the path, of pyenv, of uv."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path


def found(versions: tuple[str, ...], home: Path | None = None) -> dict[str, Path | None]:
    """An interpreter for each version such as `3.12`; None where there is none that runs and can make environments."""
    return {one: next(filter(lambda path: _is(path, one), _places(one, home or Path.home())), None) for one in versions}


def _places(version: str, home: Path) -> Iterator[Path]:
    """Those of pyenv come before the path, on which it has shims that need not lead anywhere."""
    yield from sorted(home.glob(f".pyenv/versions/{version}.*/bin/python"))
    yield from sorted(home.glob(f".local/share/uv/python/cpython-{version}.*/bin/python"))
    on_path = shutil.which(f"python{version}")
    if on_path:
        yield Path(on_path)


def _is(path: Path, version: str) -> bool:
    script = "import sys, venv, ssl, sqlite3; print('%d.%d' % sys.version_info[:2])"
    told = subprocess.run([path, "-c", script], capture_output=True, text=True, check=False)
    return told.returncode == 0 and told.stdout.strip() == version
