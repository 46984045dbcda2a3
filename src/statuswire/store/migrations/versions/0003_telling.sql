-- Telling people. The table of deliveries that version 0001 made was never used; this is its true form.

DROP TABLE delivery;

-- One thing as one route has told it so far; body is the whole value (model.Story) as JSON. wake_at is when there is
-- something to decide without an event, NULL for never.
CREATE TABLE story (
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    title_key TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    is_open SMALLINT NOT NULL,
    wake_at BIGINT,
    body TEXT NOT NULL,
    PRIMARY KEY (route, key)
);

-- The query must repeat the predicate for this index to be used.
CREATE INDEX story_wake ON story (wake_at) WHERE wake_at IS NOT NULL;

CREATE INDEX story_title ON story (route, title_key, opened_at);

-- What a route made of an event, and why: what is shown to people who wonder.
CREATE TABLE verdict (
    event_id BIGINT NOT NULL,
    route TEXT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (event_id, route)
);

-- A channel is here once something was told on it. disabled_at: nothing is sent until an operator looks. next_at: not
-- before, because it failed or asked for patience. refusals: how many of the newest failures in a row said that address
-- or credentials are wrong. recent: which pages began lately (collecting.Recent), as JSON.
CREATE TABLE channel (
    name TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    disabled_at BIGINT,
    disabled_reason TEXT NOT NULL DEFAULT '',
    failures BIGINT NOT NULL DEFAULT 0,
    refusals BIGINT NOT NULL DEFAULT 0,
    failing_since BIGINT,
    next_at BIGINT,
    last_ok_at BIGINT,
    last_error TEXT NOT NULL DEFAULT '',
    recent TEXT NOT NULL DEFAULT ''
);

-- Of one lane, one delivery at a time, the oldest first. wakes counts what was put in: whoever lets go of a lane with
-- nothing left must see the same number as when it looked. next_at NULL: nothing to do. crashes counts the holders in a
-- row that ended without letting go.
CREATE TABLE lane (
    channel TEXT NOT NULL,
    lane TEXT NOT NULL,
    wakes BIGINT NOT NULL DEFAULT 0,
    owner TEXT NOT NULL DEFAULT '',
    epoch BIGINT NOT NULL DEFAULT 0,
    lease_until BIGINT,
    crashes BIGINT NOT NULL DEFAULT 0,
    next_at BIGINT,
    PRIMARY KEY (channel, lane)
);

CREATE INDEX lane_due ON lane (next_at) WHERE next_at IS NOT NULL;

-- What is to be sent (waiting) or to be told together (collecting). body: event ids, thread, reason and so on.
CREATE TABLE delivery (
    id {lasting_identity},
    channel TEXT NOT NULL,
    lane TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    thread TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL,
    batch TEXT NOT NULL DEFAULT '',
    attempts BIGINT NOT NULL DEFAULT 0,
    next_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_error TEXT NOT NULL DEFAULT '',
    body TEXT NOT NULL
);

CREATE INDEX delivery_lane ON delivery (channel, lane, id) WHERE state = 'waiting';

CREATE INDEX delivery_batch ON delivery (next_at) WHERE state = 'collecting';

-- What of a thread waits to be told with others, so that nothing newer overtakes it.
CREATE INDEX delivery_thread ON delivery (channel, thread) WHERE state = 'collecting';

-- Ends of deliveries: delivered, failed, dropped, folded. A message id is here at most once.
CREATE TABLE delivery_log (
    id BIGINT PRIMARY KEY,
    channel TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    body TEXT NOT NULL
);

CREATE INDEX delivery_log_ended ON delivery_log (ended_at);

-- What a channel's conversation left for the next message of a thread (a Slack ts, a Discord message id), as JSON.
CREATE TABLE thread (
    channel TEXT NOT NULL,
    thread TEXT NOT NULL,
    state TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (channel, thread)
);

CREATE TABLE silence (
    id {identity},
    until BIGINT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    body TEXT NOT NULL
);

-- The operator's word about one incident or component.
CREATE TABLE mark (
    page TEXT NOT NULL,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    until BIGINT,
    body TEXT NOT NULL,
    PRIMARY KEY (page, subject, kind)
);

-- Several pages in one story: which, since when, and the evidence, as JSON.
CREATE TABLE correlation (
    id TEXT PRIMARY KEY,
    began_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body TEXT NOT NULL
);

CREATE INDEX correlation_updated ON correlation (updated_at);

UPDATE setting SET value = '0.1.0' WHERE name = 'schema.needs';
