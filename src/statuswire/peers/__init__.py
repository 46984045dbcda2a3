"""What a process says to its equals beside the database: hints, recorded events, tokens of hosts. Never authoritative.

    hint(topic) ── Hints ─┬─ RedisWay ─── PUBLISH          told(events) ── Fanout ── frames ── the tails of the others
                          └─ PostgresWay ─ NOTIFY          reserve(hosts) ── Buckets ── one script for all replicas

Whoever is hinted at looks by itself after a second at the latest, a tail takes a frame only where it goes on from its
own place without a gap, and a bucket that cannot be asked is replaced by the local one. So nothing that is lost,
repeated, late or made up here changes more than how soon something is seen.

What speaks to Redis or PostgreSQL is loaded when it is configured, for the memory it takes.
"""
