"""The nouns of statuswire: frozen values without behaviour that needs a socket, a clock or a database.

A `Document` arrives, a platform reads it into a `Snapshot`, `core.reconcile` compares the Snapshot with what is
`Known`, and the `Event`s that follow are stored, delivered and streamed. All times are aware and in UTC.

All names are imported from here; where they stand is nobody else's business.
"""

from __future__ import annotations

from statuswire.model.documents import (
    Document,
    DocumentKind,
    Hook,
)
from statuswire.model.events import (
    Event,
    EventComponent,
    EventFeed,
    EventIncident,
    EventPage,
    EventUpdate,
)
from statuswire.model.knowledge import (
    Changes,
    Known,
    KnownComponent,
    KnownIncident,
    KnownUpdate,
    Moment,
)
from statuswire.model.outgoing import (
    Action,
    Announcement,
    Command,
    Delivered,
    Delivery,
    DeliveryState,
    Later,
    Line,
    Mail,
    Message,
    MessageKind,
    Outcome,
    Publication,
    Refused,
    Reply,
    Request,
    Standing,
    Wording,
)
from statuswire.model.pages import (
    Feed,
    FeedHealth,
    FeedSpec,
    FeedState,
    Page,
    PageRef,
    Role,
)
from statuswire.model.snapshots import (
    AffectedComponent,
    Component,
    Incident,
    IncidentUpdate,
    PageFacts,
    Problem,
    Snapshot,
)
from statuswire.model.vocabulary import (
    Cover,
    EventType,
    Impact,
    Kind,
    Phase,
    Source,
    Status,
)

__all__ = [
    "Action",
    "AffectedComponent",
    "Announcement",
    "Changes",
    "Command",
    "Component",
    "Cover",
    "Delivered",
    "Delivery",
    "DeliveryState",
    "Document",
    "DocumentKind",
    "Event",
    "EventComponent",
    "EventFeed",
    "EventIncident",
    "EventPage",
    "EventType",
    "EventUpdate",
    "Feed",
    "FeedHealth",
    "FeedSpec",
    "FeedState",
    "Hook",
    "Impact",
    "Incident",
    "IncidentUpdate",
    "Kind",
    "Known",
    "KnownComponent",
    "KnownIncident",
    "KnownUpdate",
    "Later",
    "Line",
    "Mail",
    "Message",
    "MessageKind",
    "Moment",
    "Outcome",
    "Page",
    "PageFacts",
    "PageRef",
    "Phase",
    "Problem",
    "Publication",
    "Refused",
    "Reply",
    "Request",
    "Role",
    "Snapshot",
    "Source",
    "Standing",
    "Status",
    "Wording",
]
