-- Several equal processes on one database: who lives, who does what, and who reads which hook.

-- A process that lives: lease_until is by the database's clock. revision is the newest schema that its program knows,
-- roles a list in JSON, address where the others and commands reach it.
CREATE TABLE replica (
    id TEXT PRIMARY KEY,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    version TEXT NOT NULL,
    revision TEXT NOT NULL,
    roles TEXT NOT NULL,
    address TEXT NOT NULL
);

-- What only one process does at a time: kind is shard (the pages of that shard are polled) or duty. epoch fences: it
-- grows with every new owner, and whoever writes for the lease must still have it.
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL DEFAULT '',
    epoch BIGINT NOT NULL DEFAULT 0,
    lease_until BIGINT
);

-- Pages of one host share a shard, so that one process knows all that is asked of the host; -1 is none yet.
ALTER TABLE page ADD COLUMN shard SMALLINT NOT NULL DEFAULT -1;

CREATE INDEX page_shard ON page (shard);

-- Somebody wants the page polled soon, by whichever process polls it.
ALTER TABLE page ADD COLUMN wished_at BIGINT;

CREATE INDEX page_wished ON page (shard) WHERE wished_at IS NOT NULL;

-- Hosts that feeds are read from whose page is at another host, so that several processes may ask them.
CREATE TABLE shared_host (
    name TEXT PRIMARY KEY
);

-- Hooks of one lane are read in order. claims grows with every reader; who finishes must still have the same.
ALTER TABLE inbox ADD COLUMN lane TEXT NOT NULL DEFAULT '';

ALTER TABLE inbox ADD COLUMN claimed_by TEXT NOT NULL DEFAULT '';

ALTER TABLE inbox ADD COLUMN claimed_until BIGINT;

ALTER TABLE inbox ADD COLUMN claims BIGINT NOT NULL DEFAULT 0;

-- How many readers claimed the hook and came to no end with it.
ALTER TABLE inbox ADD COLUMN ends BIGINT NOT NULL DEFAULT 0;

CREATE INDEX inbox_claimed ON inbox (claimed_until) WHERE state = 'waiting' AND claimed_until IS NOT NULL;

-- The oldest schema whose programs may still use this database; absent in older ones.
INSERT INTO setting (name, value) VALUES ('schema.compatible', '0006');
