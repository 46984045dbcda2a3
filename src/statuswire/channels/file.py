"""A file of JSON lines that begins anew when it is large.

One line an event, as the console's `json` prints it and the API serves it, oldest first. A line is there as a whole and
on the disk before the next one is written. After a crash between writing and remembering it the same line can come
twice: its `id` is the same.
"""

from __future__ import annotations

from datetime import datetime
from posixpath import basename, join, normpath

from pydantic import Field, ValidationInfo, field_validator

from statuswire.channels.base import STANDARD_OUTPUT, Channel, ChannelSettings, Conversation, done, single
from statuswire.channels.bodies import json_lines
from statuswire.model import Line, Message


class FileSettings(ChannelSettings):
    """JSON lines in a file."""

    path: str = Field(min_length=1, max_length=1000, examples=["/var/log/statuswire/events.jsonl"])
    """The file, which is made where it does not exist; its folder must. A relative path counts from the folder of the
    configuration file. `-` is standard output."""

    rotate_bytes: int = Field(default=10 * 1024 * 1024, ge=0, examples=[10485760])
    """The file begins anew before it grows larger than this; 0 lets it grow."""

    keep: int = Field(default=5, ge=0, le=1000, examples=[5])
    """How many older files stay, as `events.jsonl.1` (the newest) and so on."""

    @field_validator("path")
    @classmethod
    def _is_certain(cls, value: str, info: ValidationInfo) -> str:
        """The absolute path: where the service is started from does not matter."""
        if value == STANDARD_OUTPUT:
            return value
        if "\0" in value or basename(value) in ("", ".", ".."):
            raise ValueError("must be the path of a file")
        folder = (info.context or {}).get("folder") or ""
        path = normpath(join(folder, value))
        if not path.startswith("/"):
            raise ValueError(
                "must be an absolute path, or `-`: there is no configuration file whose folder would count"
            )
        return path


def converse(message: Message, settings: ChannelSettings, now: datetime) -> Conversation:
    """All lines of the message at once."""
    assert isinstance(settings, FileSettings)
    text = b"\n".join(json_lines(message)).decode()
    return (yield from single(Line(settings.path, text, settings.rotate_bytes, settings.keep), now, done))


CHANNEL = Channel(
    kind="file",
    title="JSON lines in a file",
    settings=FileSettings,
    converse=converse,
    rate_per_s=1000,
    burst=1000,
    ordered_by_thread=False,
)
