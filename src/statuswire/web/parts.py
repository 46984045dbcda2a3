"""What the web application is built from; `server/answering.py` fills it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from statuswire.access.settings import AccessSettings
from statuswire.config import Config
from statuswire.engine.clock import Clock
from statuswire.engine.heartbeats import Beat
from statuswire.engine.hub import Hub
from statuswire.engine.inbox import Inbox
from statuswire.engine.levels import NOTHING, Wanted
from statuswire.engine.planner import Rules
from statuswire.metrics import Metrics, PeerCounts
from statuswire.model import ReplicaRole
from statuswire.net.http import HttpClient
from statuswire.store import Store
from statuswire.web.doors import SecretAddresses
from statuswire.web.tools import NO_TOOLS, Tools
from statuswire.web.trust import HookSettings


@dataclass(frozen=True, slots=True)
class ReplicaFacts:
    """What one of several processes on one database knows of itself and the others: the ids of those that live, how
    many shards of pages it polls, and which duties it has."""

    id: str
    roles: tuple[str, ...]
    live: tuple[str, ...]
    shards: int
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What only the running loops know, as of now.

    `mode` is how we learn of things (`event-based (webhooks)`, `webhooks + polling`). `polls` counts polls by how they
    ended (`not_modified`, `unchanged`, `changed`, or why they failed), `feeds` the feeds by state, `flags` what
    failures of days say of pages, by slug. `stopped_loops` names loops that should run and do not. `last_told_at`: when
    events were last handed to listeners. `heartbeats`: how the last one to each channel that wants some ended. `peers`:
    how each way to other replicas is, with `peer_counts`, what was said on them.
    `replica` where several processes may share the database.
    """

    mode: str
    polls: Mapping[str, int] = field(default_factory=dict)
    feeds: Mapping[str, int] = field(default_factory=dict)
    feeds_failing: int = 0
    flags: Mapping[str, str] = field(default_factory=dict)
    is_offline: bool = False
    stopped_loops: tuple[str, ...] = ()
    last_told_at: datetime | None = None
    heartbeats: Mapping[str, Beat] = field(default_factory=dict)
    peers: Mapping[str, str] = field(default_factory=dict)
    peer_counts: PeerCounts | None = None
    replica: ReplicaFacts | None = None


@dataclass(frozen=True, slots=True)
class AppParts:
    """Everything that the routes need. `platforms` are the names of those that read hooks, `channels` those of the
    configured channels. `control_token` lets commands give orders (empty: nobody), and `on_order` is called after one.
    `is_public`: anybody may see the state of pages; `access` says who may come in. `client` asks an OpenID provider.
    `look_soon` polls a page by its number (False: nothing is polled for it), `tools` are the commands that programs may
    use too. `file` is the configuration as it was at the start; `config` the same with the pages and routes that are
    kept in the database, as of now, and `rules` what is told where by it. `named_levels` are the pages and components
    that metrics show by name. `roles` are the parts of the work that this process does.
    """

    store: Store
    inbox: Inbox
    settings: HookSettings
    addresses: SecretAddresses
    platforms: tuple[str, ...]
    clock: Clock
    metrics: Metrics
    facts: Callable[[], Facts]
    hub: Hub
    version: str
    started_at: datetime
    channels: tuple[str, ...] = ()
    control_token: str = ""
    on_order: Callable[[], object] = lambda: None
    is_public: bool = False
    access: AccessSettings = field(default_factory=AccessSettings)
    client: HttpClient | None = None
    look_soon: Callable[[int], bool] = lambda page_id: False
    tools: Tools = NO_TOOLS
    file: Config = field(default_factory=Config)
    config: Callable[[], Config] = Config
    rules: Callable[[], Rules] = Rules
    named_levels: Wanted = NOTHING
    roles: frozenset[ReplicaRole] = frozenset(ReplicaRole)
