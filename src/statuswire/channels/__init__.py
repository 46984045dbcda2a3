"""Pure adapters out: an Event becomes what one kind of destination takes. `CHANNELS` is the registry."""

from __future__ import annotations

from statuswire.channels import console
from statuswire.channels.base import Channel

CHANNELS: dict[str, Channel] = {console.CHANNEL.kind: console.CHANNEL}
