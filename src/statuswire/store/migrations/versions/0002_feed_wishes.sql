-- How often at most a feed is worth asking (microseconds; NULL: as often as its page), and what to post to it.

ALTER TABLE feed ADD COLUMN every BIGINT;

ALTER TABLE feed ADD COLUMN post TEXT NOT NULL DEFAULT '';
