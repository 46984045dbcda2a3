-- Documents that are kept as evidence for contracts.

-- The bytes of a document, once, by their SHA-256 in hexadecimal. size is how many there were; body is a frame of
-- Zstandard, or empty where the document held a secret.
CREATE TABLE raw_document (
    digest TEXT PRIMARY KEY,
    size BIGINT NOT NULL,
    body {bytes} NOT NULL
);

-- One row for each receipt that is kept. why: event, change, first or last of a month, or latest, which goes when the next
-- one of the same address comes. The events that it made have the numbers from first_event to last_event. needed_until:
-- the last window of a contract that it lies in ends then.
CREATE TABLE evidence (
    id {identity},
    page_id BIGINT NOT NULL REFERENCES page (id),
    digest TEXT NOT NULL REFERENCES raw_document (digest),
    url TEXT NOT NULL,
    source TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    served_at BIGINT NOT NULL,
    why TEXT NOT NULL,
    needed_until BIGINT NOT NULL,
    first_event BIGINT,
    last_event BIGINT
);

CREATE INDEX evidence_page ON evidence (page_id, url, received_at);

CREATE INDEX evidence_page_received ON evidence (page_id, received_at);

CREATE INDEX evidence_digest ON evidence (digest);

CREATE INDEX evidence_needed ON evidence (needed_until);
