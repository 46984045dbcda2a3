"""A page that only an authority of its own vouches for: read by the real service, and by nobody who was not told so."""

from __future__ import annotations

import json
import ssl
from pathlib import Path

import trustme

from tests.fake_provider import ThreadedProvider

from .running import Running

SUMMARY = (Path(__file__).parents[1] / "platforms" / "statuspage" / "summary.json").read_bytes()


def test_each_page_believes_the_authority_that_it_was_given(tmp_path: Path) -> None:
    ours = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.issue_cert("127.0.0.1").configure_cert(server)
    bundle = tmp_path / "ca.pem"
    ours.cert_pem.write_to_path(bundle)
    with ThreadedProvider(tls=server) as provider:
        provider.serve("/api/v2/summary.json", SUMMARY)
        url = provider.url("").rstrip("/")
        page = {"url": url, "platform": "statuspage", "allow_private": True}
        pages = [page | {"slug": "told", "ca_file": str(bundle)}, page | {"slug": "not-told"}]
        config = tmp_path / "statuswire.yaml"
        config.write_text(json.dumps({"poll": {"interval": "1s"}, "pages": pages}), encoding="utf-8")
        environ = {"STATUSWIRE_CONFIG": str(config)}
        database = f"sqlite:///{tmp_path / 'test.db'}"
        with Running("run", "--port", "0", "--database", database, cwd=tmp_path, environ=environ) as service:
            stats = service.until_status("/stats", lambda body: body["polls"]["failures"].get("tls", 0) >= 3)
            states = {one["slug"]: one["state"] for one in service.get("/status").json["pages"]}
            assert service.stop() == 0
        with Running("status", "told", "not-told", cwd=tmp_path, environ=environ) as look:
            look.process.wait(30)

    assert states == {"told": "degraded", "not-told": "unknown"}
    assert stats["documents"]["poll_failures"]["statuspage"]["tls"] >= 3
    assert any("page=not-told" in line and "tls" in line for line in service.errors)
    told, not_told = "\n".join(look.lines).splitlines()[1:3]
    assert "Degraded" in told
    assert "Unknown" in not_told
