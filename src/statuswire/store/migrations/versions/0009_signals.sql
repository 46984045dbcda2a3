-- What our own monitoring says, beside what providers say.

-- One row for each word of a sender: this thing fires since `at`, or was over at `at`. lapses_at: if nothing more is heard
-- by then, it counts as over.
CREATE TABLE signals (
    id {identity},
    page_id BIGINT NOT NULL REFERENCES page (id),
    component TEXT NOT NULL,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    title TEXT NOT NULL,
    url TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    lapses_at BIGINT NOT NULL
);

-- A word that is said again is the same one.
CREATE UNIQUE INDEX signals_word ON signals (page_id, source, key, component, at, state);

CREATE INDEX signals_page_at ON signals (page_id, at);

CREATE INDEX signals_lapses ON signals (lapses_at);
