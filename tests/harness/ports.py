"""Ports for the servers that tests start."""

import random
import socket


def port_free(port, of_our_own=False):
    """`of_our_own`: it was ours a moment ago; connections that the kernel still remembers do not matter."""
    with socket.socket() as probe:
        if of_our_own:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


def free_port():
    # Below the ephemeral range, so that no outgoing connection of this machine takes it meanwhile.
    for _ in range(200):
        port = random.randrange(20000, 32000)
        if port_free(port):
            return port
    raise OSError("no free port found")
