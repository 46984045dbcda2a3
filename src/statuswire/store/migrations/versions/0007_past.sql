-- What reports need of events, verdicts and deliveries that are forgotten.

-- One row for each event that is kept no more. body is the event where it says how a page stood, else what figures over a
-- long time need of it.
CREATE TABLE past_event (
    id BIGINT PRIMARY KEY,
    page_id BIGINT NOT NULL REFERENCES page (id),
    type TEXT NOT NULL,
    incident_id TEXT,
    at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    body TEXT NOT NULL
);

CREATE INDEX past_event_seen ON past_event (seen_at, id);

CREATE INDEX past_event_page_seen ON past_event (page_id, seen_at);

-- How many verdicts of a route, or deliveries of a channel, there were of the events of a page in the quarter of an hour
-- that ended at ended_at. word is the kind of verdict or the state of delivery.
CREATE TABLE past_count (
    ended_at BIGINT NOT NULL,
    page_id BIGINT NOT NULL,
    what TEXT NOT NULL,
    route TEXT NOT NULL,
    channel TEXT NOT NULL,
    word TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (ended_at, page_id, what, route, channel, word)
);
