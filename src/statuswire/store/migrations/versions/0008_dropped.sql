-- Pages that are watched no more. What is known of them stays, and lists of what is watched leave them out.

ALTER TABLE page ADD COLUMN dropped_at BIGINT;

CREATE INDEX page_dropped ON page (id) WHERE dropped_at IS NOT NULL;
