-- What grows for ever is kept by time: events by the month in which they were seen, ends of deliveries by day. A whole
-- part is dropped at once when it is old enough (store/partitions.py). No part of another time is looked at, so a
-- unique key over all of them would have to hold the time too.

DROP TABLE event;

CREATE TABLE event (
    id BIGINT NOT NULL,
    page_id BIGINT NOT NULL REFERENCES page (id),
    key TEXT NOT NULL,
    type TEXT NOT NULL,
    incident_id TEXT,
    at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (id, seen_at)
) PARTITION BY RANGE (seen_at);

CREATE INDEX event_page ON event (page_id, id);

CREATE INDEX event_incident ON event (page_id, incident_id, id) WHERE incident_id IS NOT NULL;

CREATE INDEX event_seen ON event (seen_at, id);

CREATE INDEX event_page_seen ON event (page_id, seen_at);

CREATE TABLE event_other PARTITION OF event DEFAULT;

DROP TABLE delivery_log;

CREATE TABLE delivery_log (
    id BIGINT NOT NULL,
    channel TEXT NOT NULL,
    message_id TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (id, ended_at)
) PARTITION BY RANGE (ended_at);

CREATE INDEX delivery_log_message ON delivery_log (message_id);

CREATE INDEX delivery_log_ended ON delivery_log (ended_at);

CREATE TABLE delivery_log_other PARTITION OF delivery_log DEFAULT;

-- For analysts: the same with times and documents in PostgreSQL's own types. Only read.

CREATE VIEW statuswire_pages AS
SELECT page.id, slug, name, url, platform, origin, provider_id, time_zone, shard, status,
    TIMESTAMPTZ 'epoch' + as_of * INTERVAL '1 microsecond' AS as_of,
    TIMESTAMPTZ 'epoch' + baseline_at * INTERVAL '1 microsecond' AS known_since
FROM page LEFT JOIN page_state ON page_state.page_id = page.id;

CREATE VIEW statuswire_feeds AS
SELECT feed.id, slug AS page, feed.url, role, state, failures, last_error, polls, not_modified,
    TIMESTAMPTZ 'epoch' + failing_since * INTERVAL '1 microsecond' AS failing_since,
    TIMESTAMPTZ 'epoch' + last_ok_at * INTERVAL '1 microsecond' AS last_ok_at,
    TIMESTAMPTZ 'epoch' + due_at * INTERVAL '1 microsecond' AS due_at
FROM feed JOIN page ON page.id = feed.page_id;

CREATE VIEW statuswire_components AS
SELECT slug AS page, component.id, body::JSONB ->> 'name' AS name, status, position, body::JSONB AS body
FROM component JOIN page ON page.id = component.page_id;

CREATE VIEW statuswire_incidents AS
SELECT slug AS page, incident.id, body::JSONB ->> 'title' AS title, kind, phase, impact, is_open = 1 AS is_open,
    TIMESTAMPTZ 'epoch' + begun_at * INTERVAL '1 microsecond' AS begun_at,
    body::JSONB AS body
FROM incident JOIN page ON page.id = incident.page_id;

CREATE VIEW statuswire_updates AS
SELECT slug AS page, incident_id, key, seq, body::JSONB ->> 'text' AS text,
    TIMESTAMPTZ 'epoch' + at * INTERVAL '1 microsecond' AS at,
    body::JSONB AS body
FROM incident_update JOIN page ON page.id = incident_update.page_id;

CREATE VIEW statuswire_events AS
SELECT event.id, slug AS page, type, incident_id,
    TIMESTAMPTZ 'epoch' + at * INTERVAL '1 microsecond' AS at,
    TIMESTAMPTZ 'epoch' + seen_at * INTERVAL '1 microsecond' AS seen_at,
    (seen_at - at) * INTERVAL '1 microsecond' AS lag,
    body::JSONB AS body
FROM event JOIN page ON page.id = event.page_id;

CREATE VIEW statuswire_deliveries AS
SELECT id, channel, message_id, state, attempts, last_error,
    TIMESTAMPTZ 'epoch' + created_at * INTERVAL '1 microsecond' AS created_at,
    NULL::TIMESTAMPTZ AS ended_at,
    body::JSONB AS body
FROM delivery
UNION ALL
SELECT id, channel, message_id, state, attempts, last_error,
    TIMESTAMPTZ 'epoch' + created_at * INTERVAL '1 microsecond',
    TIMESTAMPTZ 'epoch' + ended_at * INTERVAL '1 microsecond',
    body::JSONB
FROM delivery_log;
