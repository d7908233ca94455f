"""Ports for the servers that tests start."""

import random
import socket


def free_port():
    # Below the ephemeral range, so that no outgoing connection of this machine takes it meanwhile.
    for _ in range(200):
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise OSError("no free port found")
