"""A process that serves one pack alone: reads an address a line, answers a line of JSON (``status``, ``body`` in base64)."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from starlette.applications import Starlette
from starlette.testclient import TestClient

from layers.api.cities import routes


def main() -> None:
    with TestClient(Starlette(routes=routes()), base_url="http://atlas.test") as client:
        for line in sys.stdin:
            answer = client.get(json.loads(line), follow_redirects=False)
            body = base64.b64encode(answer.content).decode()
            print(json.dumps({"status": answer.status_code, "body": body}), flush=True)


if __name__ == "__main__":
    main()
