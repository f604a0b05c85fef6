"""A server that is killed in the middle of saves loses at most the last edit, and never leaves half a file."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

import httpx
import pytest
from tests.workbench.test_instances import address_in, first_line, opening

KILLS = 10


class Writer(threading.Thread):
    """Sends edits one after the other until the server is gone."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address, self.text = address, text
        self.saved, self.sent = text, text

    def run(self) -> None:
        """Write numbered texts, each on the one before."""
        home = self.address.split("/?")[0]
        with httpx.Client(base_url=home, headers={"Origin": home}, trust_env=False, follow_redirects=True) as client:
            try:
                client.get(self.address)
                version = client.get("/api/text").json()["version"]
                for number in range(100_000):
                    self.sent = f"{self.text}# {number} {'x' * 50_000}\n"
                    answer = client.post("/api/text", json={"base": version, "text": self.sent})
                    version, self.saved = answer.json()["version"], self.sent
            except httpx.HTTPError:
                return


@pytest.mark.slow
def test_a_killed_server_loses_at_most_the_last_edit(case_file: Path) -> None:
    text = case_file.read_text(encoding="utf-8")
    moments, edits = random.Random(1), 0
    for _kill in range(KILLS):
        case_file.write_text(text, encoding="utf-8")
        with opening(str(case_file)) as process:
            writer = Writer(address_in(first_line(process)), text)
            writer.start()
            time.sleep(0.7 + moments.uniform(0.0, 0.4))
            process.kill()
            writer.join()
        left = case_file.read_text(encoding="utf-8")
        assert left in (writer.saved, writer.sent)
        edits += writer.saved != text
    assert edits >= KILLS // 2  # most were killed among saves
