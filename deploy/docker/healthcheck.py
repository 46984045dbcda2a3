"""Whether the service of this container can do its work: exit code 0 if `/health` says so, 1 otherwise.

Standard library alone, for the image has no curl. Asks by the name `localhost`, which every configuration answers to.
"""

import http.client
import os
import sys

TIMEOUT_S = 5


def is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/health", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if is_healthy(int(os.environ.get("STATUSWIRE_SERVER__PORT", "8000"))) else 1)
