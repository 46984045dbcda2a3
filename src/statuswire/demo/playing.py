"""Playing the script to a service, and the configuration under which the real one watches the stage."""

from __future__ import annotations

from statuswire.config import Config
from statuswire.demo.script import SCRIPT, SECRET, HookPost, Step
from statuswire.demo.stage import CAST, Stage
from statuswire.engine.clock import Clock
from statuswire.errors import FetchError, FetchReason
from statuswire.net.http import HttpClient
from statuswire.options import DemoOptions


def demo_config(stage: Stage, options: DemoOptions) -> Config:
    """The real service's configuration for watching the stage: one page for each provider, polled every second."""
    pages = [
        {
            "slug": one.slug,
            "name": one.name,
            "platform": one.platform,
            "url": stage.bases[one.slug],
            "feed": stage.bases[one.slug] + one.feed_path if one.feed_path else "",
            "allow_private": True,
        }
        for one in CAST
    ]
    return Config.model_validate(
        {
            "database": "sqlite://",
            "server": {"host": "127.0.0.1", "port": options.port},
            "poll": {"interval": "1s", "while_open": "1s"},
            "pages": pages,
            "hooks": {"secrets": {"incident-io": [SECRET]}},
            "console": {"format": options.format, "heartbeat": "10s", "tz": options.tz},
            "log": {"level": "error"},
        }
    )


async def play(
    stage: Stage, hook_address: str, clock: Clock, *, speed: float = 1.0, script: tuple[Step, ...] = SCRIPT
) -> None:
    """Let the script happen, hooks included; `hook_address` is where the service listens. Raises FetchError where a
    hook cannot be delivered."""
    start = clock.monotonic()
    async with HttpClient(user_agent="statuswire demo") as client:
        for step in script:
            await clock.sleep(start + step.at_s / speed - clock.monotonic())
            post = step.act(stage, clock.now())
            if post is not None:
                await _send(client, hook_address, post)


async def _send(client: HttpClient, hook_address: str, post: HookPost) -> None:
    headers = {"Content-Type": "application/json", **post.headers}
    url = hook_address + post.path
    response = await client.request("POST", url, headers=headers, body=post.body, allow_private=True)
    if response.status >= 300:
        raise FetchError(
            FetchReason.STATUS, f"{post.path}: the service answered {response.status}", status=response.status
        )
