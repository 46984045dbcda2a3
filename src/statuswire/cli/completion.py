"""`--show-completion` and `--install-completion`: what a shell runs to complete our commands, which click writes."""

from __future__ import annotations

import pwd
from os import getuid
from pathlib import Path

from click import Group
from click.shell_completion import get_completion_class

from statuswire.errors import ConfigError

VARIABLE = "_STATUSWIRE_COMPLETE"
PLACES = {
    "bash": ".local/share/bash-completion/completions/statuswire",
    "fish": ".config/fish/completions/statuswire.fish",
    "zsh": ".zfunc/_statuswire",
}
"""Below the home folder. The first two are read without further ado, that of zsh where `fpath` has `~/.zfunc`."""


def script(program: Group, shell: str) -> str:
    """What the shell is to read; `shell` empty means the user's own. Raises ConfigError for one that is not known."""
    name = shell or Path(pwd.getpwuid(getuid()).pw_shell).name
    kind = get_completion_class(name) if name in PLACES else None
    if kind is None:
        raise ConfigError(f"`{name}` is not a shell that can be helped; right: {', '.join(PLACES)}", where="completion")
    return kind(program, {}, "statuswire", VARIABLE).source()


def install(program: Group, shell: str, home: Path) -> Path:
    """Write it where the shell looks for it. Raises ConfigError where that cannot be done."""
    name = shell or Path(pwd.getpwuid(getuid()).pw_shell).name
    text = script(program, name)
    place = home / PLACES[name]
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{place} cannot be written: {error.strerror}", where="completion") from error
    return place
