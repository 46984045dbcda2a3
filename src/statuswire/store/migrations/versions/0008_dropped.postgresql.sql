-- For analysts: since when a page is not watched.

CREATE OR REPLACE VIEW statuswire_pages AS
SELECT page.id, slug, name, url, platform, origin, provider_id, time_zone, shard, status,
    TIMESTAMPTZ 'epoch' + as_of * INTERVAL '1 microsecond' AS as_of,
    TIMESTAMPTZ 'epoch' + baseline_at * INTERVAL '1 microsecond' AS known_since,
    TIMESTAMPTZ 'epoch' + dropped_at * INTERVAL '1 microsecond' AS dropped_at
FROM page LEFT JOIN page_state ON page_state.page_id = page.id;
