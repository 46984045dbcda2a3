"""The published schemas of what the API answers, with examples.

Nothing is made by these: the bodies come from `wire.py`, `web/shapes.py` and `web/told.py`, and a test holds real ones
against what is published here.
"""

from __future__ import annotations

from statuswire.web.api.shapes.base import Problem
from statuswire.web.api.shapes.contracts import Contracts, ContractStatement
from statuswire.web.api.shapes.events import Event, Events, Verdicts
from statuswire.web.api.shapes.feeds import Feeds, HookAddress, HookAddresses, Hooks, QuarantinedHooks
from statuswire.web.api.shapes.finding import Catalog, Detection, Provider
from statuswire.web.api.shapes.incidents import Incidents
from statuswire.web.api.shapes.ourselves import Health, Replicas, Stats, WholeStatus
from statuswire.web.api.shapes.owning import Obeyed, OwnThings
from statuswire.web.api.shapes.pages import Components, ComponentTree, Page, Pages
from statuswire.web.api.shapes.people import Accounts, Audit, Me, TokenMade, Tokens
from statuswire.web.api.shapes.reports import ReportRows, Uptimes
from statuswire.web.api.shapes.rules import Backtest, Marks, Routes, Silences
from statuswire.web.api.shapes.signals import PageSignals, SignalAddresses, Signals
from statuswire.web.api.shapes.story import IncidentAccount
from statuswire.web.api.shapes.telling import Channel, Channels, Correlations, Deliveries, Delivery, TestOutcome

__all__ = [
    "Accounts",
    "Audit",
    "Backtest",
    "Catalog",
    "Channel",
    "Channels",
    "ComponentTree",
    "Components",
    "ContractStatement",
    "Contracts",
    "Correlations",
    "Deliveries",
    "Delivery",
    "Detection",
    "Event",
    "Events",
    "Feeds",
    "Health",
    "HookAddress",
    "HookAddresses",
    "Hooks",
    "IncidentAccount",
    "Incidents",
    "Marks",
    "Me",
    "Obeyed",
    "OwnThings",
    "Page",
    "PageSignals",
    "Pages",
    "Problem",
    "Provider",
    "QuarantinedHooks",
    "Replicas",
    "ReportRows",
    "Routes",
    "SignalAddresses",
    "Signals",
    "Silences",
    "Stats",
    "TestOutcome",
    "TokenMade",
    "Tokens",
    "Uptimes",
    "Verdicts",
    "WholeStatus",
]
