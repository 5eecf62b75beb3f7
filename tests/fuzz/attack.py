"""Hostile clients of a running server, for some seconds, in a process of their own; prints what they saw as JSON.

python -m tests.fuzz.attack PORT SECONDS SEED
"""

import json
import socket
import sys
import threading
import time
from collections import Counter
from random import Random

from tests.fuzz.frames import WEBSOCKET_ATTACKS, Attack, odd_request, upgrade_head

CLIENTS = 6
ATTACK_SECONDS = 1.5
"""How long one client goes on at most."""
SITE_QUERY = "EIO=4&transport=websocket&site=honchosha"


class Attackers:
    """Clients that attack side by side until the time is over."""

    def __init__(self, port: int, seconds: float, seed: int) -> None:
        self._port = port
        self._end = time.monotonic() + seconds
        self._seed = seed
        self._lock = threading.Lock()
        self._begun = 0
        self.seen: Counter[str] = Counter()

    def run(self) -> None:
        threads = [threading.Thread(target=self._attack, args=(number,)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _note(self, what: str) -> None:
        with self._lock:
            self.seen[what] += 1

    def _attack(self, number: int) -> None:
        random = Random(f"{self._seed} {number}")
        turn = number
        # However slow the machine is: each attack is made once at least.
        while time.monotonic() < self._end or self._begun < len(WEBSOCKET_ATTACKS):
            turn += 1
            if turn % 7 == 0:
                self._requests_without_a_pause()
            elif turn % 3 == 0:
                self._odd_requests(random)
            else:
                # All in turn first, so that a short run has met each of them.
                with self._lock:
                    attack = WEBSOCKET_ATTACKS[self._begun % len(WEBSOCKET_ATTACKS)]
                    self._begun += 1
                self._websocket(random, attack)

    def _connect(self) -> socket.socket:
        client = socket.create_connection(("127.0.0.1", self._port), timeout=10)
        client.settimeout(0.3)
        return client

    def _websocket(self, random: Random, attack: Attack) -> None:
        with self._connect() as client:
            self._note(attack.__name__)
            client.sendall(upgrade_head(self._port, SITE_QUERY))
            self._note(f"status {_status(client)}")
            end = time.monotonic() + ATTACK_SECONDS
            try:
                for piece in attack(random):
                    client.sendall(piece)
                    if time.monotonic() > end:
                        break
                if random.random() < 0.5:
                    client.recv(1 << 16)
            except TimeoutError:
                self._note("not read by the server")
            except OSError:
                self._note("cut off")

    def _requests_without_a_pause(self) -> None:
        """Thousands of sound requests on one connection, sent before any is answered."""
        many = f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n\r\n".encode() * 500
        end = time.monotonic() + ATTACK_SECONDS
        with self._connect() as client:
            self._note("requests_without_a_pause")
            try:
                while time.monotonic() < end:
                    client.sendall(many)
                    client.recv(1 << 20)
            except OSError:
                self._note("cut off")

    def _odd_requests(self, random: Random) -> None:
        sid = ""
        if random.random() < 0.5:
            sid = self._polling_session()
        for _ in range(random.randint(1, 6)):
            with self._connect() as client:
                request = odd_request(random, self._port, sid)
                if random.random() < 0.1:
                    request = request[: random.randrange(1, len(request))]
                try:
                    client.sendall(request)
                    status = _status(client)
                except OSError:
                    status = "none"
                self._note(f"status {status}")
                if status == "500":
                    self._note(f"500 after {request[:300]!r}")

    def _polling_session(self) -> str:
        with self._connect() as client:
            head = f"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n\r\n"
            client.sendall(head.encode())
            try:
                answer = client.recv(1 << 16)
            except OSError:
                return ""
        _, _, rest = answer.partition(b'"sid":"')
        return rest.partition(b'"')[0].decode("latin-1")


def _status(client: socket.socket) -> str:
    """The status of an answer; "none" where there was none."""
    try:
        head = client.recv(1 << 16)
    except OSError:
        return "none"
    words = head.split(b" ", 2)
    return words[1].decode("latin-1") if head.startswith(b"HTTP/") and len(words) > 1 else "none"


if __name__ == "__main__":
    attackers = Attackers(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
    attackers.run()
    print(json.dumps(attackers.seen, sort_keys=True))
