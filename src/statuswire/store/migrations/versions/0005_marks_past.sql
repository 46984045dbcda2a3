-- Marks that were taken back or replaced, so that it can be said what held when. One that ran out stays in mark.

CREATE TABLE mark_log (
    page TEXT NOT NULL,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    ended_at BIGINT NOT NULL,
    body TEXT NOT NULL
);
