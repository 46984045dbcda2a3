-- What version 0.1.0 wrote with schema 0005: a page that posts hooks, an incident of two updates, and a channel that could
-- not be reached, so that both messages wait.

INSERT INTO page (id, slug, name, name_fold, url, platform, origin, provider_id, time_zone, allow_private) VALUES
    (1, 'alder', 'alder', 'alder', '', 'statuspage', 'hook', 'alder', NULL, 0);

INSERT INTO page_state (page_id, ver, status, as_of, served_at, baseline_at) VALUES
    (1, 2, 'operational', 1777888800000000, 1795987512035452, 1795987512035452);

INSERT INTO incident (page_id, id, kind, phase, impact, is_open, begun_at, body) VALUES
    (1, 'alder-0', 'incident', 'identified', 'minor', 1, 1795987512144673, '{"id":"alder-0","kind":"incident","title":"Incident alder-0","phase":"identified","impact":"minor","url":"","moment":{"as_of":"2026-05-04T10:00:03Z","served_at":"2026-11-29T21:25:12.057769Z"},"components":[],"updates":[],"aliases":[],"created_at":null,"started_at":null,"resolved_at":null,"updated_at":"2026-05-04T10:00:03Z","scheduled_for":null,"scheduled_until":null,"absent_since":null,"absences":0,"is_told":true,"cycle":0,"revision":0,"first_seen_at":"2026-11-29T21:25:12.144673Z","raw_phase":"identified","raw_impact":"minor","moved_at":null}');

INSERT INTO incident_update (page_id, incident_id, key, seq, at, body) VALUES
    (1, 'alder-0', 'u0', 1, 1777888800000000, '{"key":"u0","seq":1,"phase":"investigating","text":"alder-0 word 0","at":"2026-05-04T10:00:00Z","fold":"alder-0 word 0","ids":["u0"],"revisions":["2b9ac8b37c022ea4"],"updated_at":"2026-05-04T10:00:00Z","raw":"","raw_phase":"investigating","source":"hook","has_own_time":true,"is_told":true,"seen_at":"2026-11-29T21:25:12.144673Z","components":[]}');

INSERT INTO incident_update (page_id, incident_id, key, seq, at, body) VALUES
    (1, 'alder-0', 'u3', 2, 1777888803000000, '{"key":"u3","seq":2,"phase":"identified","text":"alder-0 word 1","at":"2026-05-04T10:00:03Z","fold":"alder-0 word 1","ids":["u3"],"revisions":["c3bed8929cc9a3d8"],"updated_at":"2026-05-04T10:00:03Z","raw":"","raw_phase":"identified","source":"hook","has_own_time":true,"is_told":true,"seen_at":"2026-11-29T21:25:12.157279Z","components":[]}');

INSERT INTO event_key (key, seen_at) VALUES
    ('2538d856c9aec53b8205c4428d4f931d0aa66750', 1795987512144673);

INSERT INTO event_key (key, seen_at) VALUES
    ('bcbf00ee49a936ab53aa0419c8ab9501d1f77433', 1795987512157279);

INSERT INTO event (id, page_id, key, type, incident_id, at, seen_at, body) VALUES
    (1, 1, '2538d856c9aec53b8205c4428d4f931d0aa66750', 'incident.created', 'alder-0', 1777888800000000, 1795987512144673, '{"id":1,"type":"incident.created","at":"2026-05-04T10:00:00Z","seen_at":"2026-11-29T21:25:12.144673Z","lag_s":18098712.145,"source":"hook","page":{"slug":"alder","name":"alder","url":""},"incident":{"id":"alder-0","title":"Incident alder-0","kind":"incident","phase":"investigating","impact":"minor","url":"","started_at":null,"resolved_at":null,"components":[]},"update":{"id":"u0","phase":"investigating","text":"alder-0 word 0","at":"2026-05-04T10:00:00Z"}}');

INSERT INTO event (id, page_id, key, type, incident_id, at, seen_at, body) VALUES
    (2, 1, 'bcbf00ee49a936ab53aa0419c8ab9501d1f77433', 'incident.updated', 'alder-0', 1777888803000000, 1795987512157279, '{"id":2,"type":"incident.updated","at":"2026-05-04T10:00:03Z","seen_at":"2026-11-29T21:25:12.157279Z","lag_s":18098709.157,"source":"hook","page":{"slug":"alder","name":"alder","url":""},"incident":{"id":"alder-0","title":"Incident alder-0","kind":"incident","phase":"identified","impact":"minor","url":"","started_at":null,"resolved_at":null,"components":[]},"update":{"id":"u3","phase":"identified","text":"alder-0 word 1","at":"2026-05-04T10:00:03Z"}}');

UPDATE log_head SET last = 2;

INSERT INTO inbox (id, source, message_id, platform, body, headers, page_slug, provider, received_at, state, attempts, last_error) VALUES
    (1, 'statuspage', 'hook_5bc19309830917aa1b987597', 'statuspage', CAST('{"page": {"id": "alder", "name": "alder", "status_indicator": "none", "status_description": ""}, "incident": {"id": "alder-0", "name": "Incident alder-0", "status": "investigating", "impact": "minor", "updated_at": "2026-05-04T10:00:00+00:00", "components": [], "incident_updates": [{"id": "u0", "status": "investigating", "body": "alder-0 word 0", "created_at": "2026-05-04T10:00:00+00:00", "updated_at": "2026-05-04T10:00:00+00:00"}]}}' AS BLOB), '{"content-type":"application/json","user-agent":"example/1"}', '', '', 1795987512035452, 'read', 0, '');

INSERT INTO inbox (id, source, message_id, platform, body, headers, page_slug, provider, received_at, state, attempts, last_error) VALUES
    (2, 'statuspage', 'hook_723e33c16ea467a844fe9cfc', 'statuspage', CAST('{"page": {"id": "alder", "name": "alder", "status_indicator": "none", "status_description": ""}, "incident": {"id": "alder-0", "name": "Incident alder-0", "status": "identified", "impact": "minor", "updated_at": "2026-05-04T10:00:03+00:00", "components": [], "incident_updates": [{"id": "u3", "status": "identified", "body": "alder-0 word 1", "created_at": "2026-05-04T10:00:03+00:00", "updated_at": "2026-05-04T10:00:03+00:00"}]}}' AS BLOB), '{"content-type":"application/json","user-agent":"example/1"}', '', '', 1795987512057769, 'read', 0, '');

INSERT INTO follower (name, event_id) VALUES
    ('planner', 2);

INSERT INTO follower (name, event_id) VALUES
    ('console', 2);

INSERT INTO setting (name, value) VALUES
    ('install_secret', '5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e');

INSERT INTO story (route, key, title_key, opened_at, is_open, wake_at, body) VALUES
    ('r', 'alder/incident/alder-0', 'alder/incident alder-0', 1795987512151541, 1, NULL, '{"route":"r","key":"alder/incident/alder-0","thread":"alder/incident/alder-0","opened_at":"2026-11-29T21:25:12.151541Z","page":"alder","title_key":"alder/incident alder-0","is_open":true,"told":2,"held":[],"due_at":null,"why_held":"","closed_at":null,"escalate_at":null,"last_event_id":2,"impact":"minor","was_told":true,"left_to":"","is_escalated":false}');

INSERT INTO verdict (event_id, route, kind, reason, at) VALUES
    (1, 'r', 'told', '', 1795987512151541);

INSERT INTO verdict (event_id, route, kind, reason, at) VALUES
    (2, 'r', 'told', '', 1795987512174444);

INSERT INTO channel (name, kind, disabled_at, disabled_reason, failures, refusals, failing_since, next_at, last_ok_at, last_error, recent) VALUES
    ('w', 'webhook', NULL, '', 1, 0, 1795987512164365, 1795987512999999, NULL, 'connect: 127.0.0.1: no connection: Connect call failed (''127.0.0.1'', 9)', '');

INSERT INTO lane (channel, lane, wakes, owner, epoch, lease_until, crashes, next_at) VALUES
    ('w', '1', 2, '', 1, NULL, 0, 0);

INSERT INTO delivery (id, channel, lane, message_id, thread, state, batch, attempts, next_at, created_at, last_error, body) VALUES
    (1, 'w', '1', 'msg_un4wmzhjkwc2se7zfbov7uedo3fgdua32q5c5xxjxpdbd53lpkeq', 'alder/incident/alder-0', 'waiting', '', 1, 1795987512999999, 1795987512151541, 'connect: 127.0.0.1: no connection: Connect call failed (''127.0.0.1'', 9)', '{"id":0,"channel":"w","lane":"1","message_id":"msg_un4wmzhjkwc2se7zfbov7uedo3fgdua32q5c5xxjxpdbd53lpkeq","kind":"event","event_ids":[1],"thread":"alder/incident/alder-0","route":"r","opened_at":"2026-11-29T21:25:12.151541Z","is_last":false,"is_shared":false,"reason":"","evidence":[],"state":"waiting","batch":"","attempts":0,"next_at":null,"created_at":"2026-11-29T21:25:12.151541Z","last_error":"","wording":null,"story":"alder/incident/alder-0","begins":true,"ours":null}');

INSERT INTO delivery (id, channel, lane, message_id, thread, state, batch, attempts, next_at, created_at, last_error, body) VALUES
    (2, 'w', '1', 'msg_f7dfpbfx6msjvd5gptekyuenp35nm4cypnyqcocracditgd7ozla', 'alder/incident/alder-0', 'waiting', '', 0, 0, 1795987512174444, '', '{"id":0,"channel":"w","lane":"1","message_id":"msg_f7dfpbfx6msjvd5gptekyuenp35nm4cypnyqcocracditgd7ozla","kind":"event","event_ids":[2],"thread":"alder/incident/alder-0","route":"r","opened_at":"2026-11-29T21:25:12.151541Z","is_last":false,"is_shared":false,"reason":"","evidence":[],"state":"waiting","batch":"","attempts":0,"next_at":null,"created_at":"2026-11-29T21:25:12.174444Z","last_error":"","wording":null,"story":"alder/incident/alder-0","begins":false,"ours":null}');
