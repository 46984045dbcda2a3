"""Every statement of the store in one place to import from: `from statuswire.store import queries`.

They stand by subject in `pages`, `state`, `events`, `hooks`, `marks` and `listing`. Each takes the open
transaction first.
"""

from statuswire.store.events import append_events, events_after, last_event_id
from statuswire.store.hooks import (
    add_hooks,
    finish_hook,
    forget_hooks,
    hook_counts,
    quarantine_hook,
    retry_hook,
    waiting_hooks,
)
from statuswire.store.listing import (
    CursorError,
    PageState,
    incident_list,
    open_incidents,
    page_states,
    stats,
)
from statuswire.store.marks import SECRET_SETTING, follower, set_follower, set_setting, setting
from statuswire.store.pages import (
    feeds,
    page_by_id,
    page_by_name,
    page_by_provider,
    page_by_slug,
    pages,
    replace_feeds,
    save_feed,
    save_schedules,
    update_page,
    upsert_feed,
    upsert_page,
)
from statuswire.store.state import has_open, load_known, numeric_incidents, save_changes, save_relocation

__all__ = [
    "SECRET_SETTING",
    "CursorError",
    "PageState",
    "add_hooks",
    "append_events",
    "events_after",
    "feeds",
    "finish_hook",
    "follower",
    "forget_hooks",
    "has_open",
    "hook_counts",
    "incident_list",
    "last_event_id",
    "load_known",
    "numeric_incidents",
    "open_incidents",
    "page_by_id",
    "page_by_name",
    "page_by_provider",
    "page_by_slug",
    "page_states",
    "pages",
    "quarantine_hook",
    "replace_feeds",
    "retry_hook",
    "save_changes",
    "save_feed",
    "save_relocation",
    "save_schedules",
    "set_follower",
    "set_setting",
    "setting",
    "stats",
    "update_page",
    "upsert_feed",
    "upsert_page",
    "waiting_hooks",
]
