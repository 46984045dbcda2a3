-- Times are BIGINT microseconds since 1970 UTC, flags are 0 or 1, lists are JSON text: what every engine keeps alike.
-- {identity}, {lasting_identity} and {bytes} stand for the engine's own words (schema.py). A statement ends with a
-- semicolon and a line end.

CREATE TABLE page (
    id {identity},
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_fold TEXT NOT NULL,
    url TEXT NOT NULL,
    platform TEXT NOT NULL,
    origin TEXT NOT NULL,
    provider_id TEXT,
    time_zone TEXT,
    allow_private SMALLINT NOT NULL DEFAULT 0
);

CREATE INDEX page_provider ON page (platform, provider_id);

CREATE INDEX page_name_fold ON page (name_fold);

-- ver is the lock of a page: whoever records something moves it on, or finds that somebody else did.
CREATE TABLE page_state (
    page_id BIGINT PRIMARY KEY REFERENCES page (id) ON DELETE CASCADE,
    ver BIGINT NOT NULL,
    status TEXT,
    as_of BIGINT,
    served_at BIGINT,
    baseline_at BIGINT
);

CREATE TABLE feed (
    id {identity},
    page_id BIGINT NOT NULL REFERENCES page (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    role TEXT NOT NULL,
    tier BIGINT NOT NULL,
    accept TEXT NOT NULL,
    etag TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    wire_digest {bytes},
    state TEXT NOT NULL,
    failures BIGINT NOT NULL DEFAULT 0,
    failing_since BIGINT,
    last_ok_at BIGINT,
    last_error TEXT NOT NULL DEFAULT '',
    due_at BIGINT,
    polls BIGINT NOT NULL DEFAULT 0,
    not_modified BIGINT NOT NULL DEFAULT 0,
    read_at BIGINT,
    as_of BIGINT,
    served_at BIGINT,
    UNIQUE (page_id, url)
);

-- body is the whole value (model.KnownComponent) as JSON, read back in one step; the other columns are what statements ask
-- for, written from the same value. Likewise for incidents and updates.
CREATE TABLE component (
    page_id BIGINT NOT NULL REFERENCES page (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    status TEXT NOT NULL,
    position BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (page_id, id)
);

-- begun_at is the moment by which incidents are listed: what the provider says of the beginning, else what we saw.
CREATE TABLE incident (
    page_id BIGINT NOT NULL REFERENCES page (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    phase TEXT NOT NULL,
    impact TEXT NOT NULL,
    is_open SMALLINT NOT NULL,
    begun_at BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (page_id, id)
);

-- The query must repeat the predicate (is_open = 1) for this index to be used.
CREATE INDEX incident_open ON incident (page_id) WHERE is_open = 1;

CREATE INDEX incident_begun ON incident (begun_at, page_id, id);

CREATE INDEX incident_page_begun ON incident (page_id, begun_at, id);

-- Finds an incident by any of its identities; the list itself stands in the body of the incident.
CREATE TABLE incident_alias (
    page_id BIGINT NOT NULL,
    alias TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    PRIMARY KEY (page_id, alias, incident_id),
    FOREIGN KEY (page_id, incident_id) REFERENCES incident (page_id, id) ON DELETE CASCADE
);

CREATE TABLE incident_update (
    page_id BIGINT NOT NULL,
    incident_id TEXT NOT NULL,
    key TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (page_id, incident_id, key),
    FOREIGN KEY (page_id, incident_id) REFERENCES incident (page_id, id) ON DELETE CASCADE
);

-- What makes an event happen once. Outlives the event itself, so that pruning history never repeats it.
CREATE TABLE event_key (
    key TEXT PRIMARY KEY,
    seen_at BIGINT NOT NULL
);

CREATE TABLE event (
    id BIGINT PRIMARY KEY,
    page_id BIGINT NOT NULL REFERENCES page (id),
    key TEXT NOT NULL,
    type TEXT NOT NULL,
    incident_id TEXT,
    at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    body TEXT NOT NULL
);

-- One row. Its lock makes event ids gapless and visible in order.
CREATE TABLE log_head (
    id SMALLINT PRIMARY KEY,
    last BIGINT NOT NULL
);

INSERT INTO log_head (id, last) VALUES (1, 0);

CREATE TABLE inbox (
    id {identity},
    source TEXT NOT NULL,
    message_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    body {bytes} NOT NULL,
    headers TEXT NOT NULL,
    page_slug TEXT NOT NULL,
    provider TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    attempts BIGINT NOT NULL DEFAULT 0,
    last_error TEXT NOT NULL DEFAULT '',
    UNIQUE (source, message_id)
);

CREATE INDEX inbox_waiting ON inbox (id) WHERE state = 'waiting';

CREATE INDEX inbox_quarantined ON inbox (id) WHERE state = 'quarantined';

CREATE TABLE follower (
    name TEXT PRIMARY KEY,
    event_id BIGINT NOT NULL
);

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Read by older versions that meet a schema which they do not know.
INSERT INTO setting (name, value) VALUES ('schema.needs', '0.1.0');

CREATE TABLE delivery (
    id {identity},
    event_id BIGINT NOT NULL REFERENCES event (id),
    channel TEXT NOT NULL,
    lane TEXT NOT NULL,
    message_id TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    attempts BIGINT NOT NULL DEFAULT 0,
    next_at BIGINT NOT NULL,
    lease_until BIGINT,
    epoch BIGINT NOT NULL DEFAULT 0,
    last_error TEXT NOT NULL DEFAULT '',
    UNIQUE (event_id, channel)
);

CREATE INDEX delivery_due ON delivery (next_at) WHERE state = 'waiting';

CREATE INDEX delivery_lane ON delivery (lane, event_id) WHERE state = 'waiting';
