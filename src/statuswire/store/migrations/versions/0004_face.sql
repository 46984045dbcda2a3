-- Who may see and do what, what people keep through the dashboard and the API, and how the log is read by page.

-- password_hash empty: signs in elsewhere. subject is "issuer sub" of OpenID Connect. role: viewer, operator, admin.
CREATE TABLE account (
    id {lasting_identity},
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL DEFAULT '',
    subject TEXT UNIQUE,
    created_at BIGINT NOT NULL,
    seen_at BIGINT,
    disabled_at BIGINT
);

-- Of what a browser shows only the SHA-256 is kept. csrf is what its forms must carry.
CREATE TABLE session (
    digest {bytes} PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    csrf TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX session_account ON session (account_id);

-- scopes is a JSON list. account_id NULL: made by command for a program.
CREATE TABLE api_token (
    id {lasting_identity},
    digest {bytes} NOT NULL UNIQUE,
    name TEXT NOT NULL,
    account_id BIGINT REFERENCES account (id) ON DELETE CASCADE,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    used_at BIGINT,
    revoked_at BIGINT
);

-- Failed sign-ins by minute: subject is a digest of an account's name or of an address.
CREATE TABLE attempt (
    subject TEXT NOT NULL,
    minute BIGINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (subject, minute)
);

-- Every change that a person or program made: who, what (`page.add`), on what; detail is JSON without secrets.
CREATE TABLE audit (
    id {lasting_identity},
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
);

-- Pages and routes that were not written into the file; body is what the file would hold, as JSON.
CREATE TABLE own_page (
    slug TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    author TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE own_route (
    name TEXT PRIMARY KEY,
    position BIGINT NOT NULL,
    body TEXT NOT NULL,
    author TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Filters with a name, for feeds and lists; body is the filter's query as JSON.
CREATE TABLE saved_filter (
    name TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    author TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- account 0 is whoever sits at the machine while nobody has to sign in.
CREATE TABLE favourite (
    account_id BIGINT NOT NULL,
    page TEXT NOT NULL,
    PRIMARY KEY (account_id, page)
);

CREATE INDEX event_page ON event (page_id, id);

-- The query must repeat the predicate for this index to be used.
CREATE INDEX event_incident ON event (page_id, incident_id, id) WHERE incident_id IS NOT NULL;

CREATE INDEX event_seen ON event (seen_at, id);

CREATE INDEX verdict_at ON verdict (at);

-- How many components stand at each status, and which are not well, without reading all of them. The second query must
-- repeat the predicate.
CREATE INDEX component_status ON component (page_id, status);

CREATE INDEX component_troubled ON component (page_id, position, id) WHERE status <> 'operational';

CREATE INDEX event_page_seen ON event (page_id, seen_at);

-- When anything was polled at all: from the start of a service to its last sign of life (one row for each run).
CREATE TABLE watching (
    began_at BIGINT PRIMARY KEY,
    last_at BIGINT NOT NULL
);
