"""Ports for the servers that tests start."""

import fcntl
import os
import random
import socket
import tempfile

given = set()
register = None  # kept open: closing it would give up all ports


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
    """Nothing listens there, and no other test gets it while this process lives."""
    # Below the ephemeral range, so that no outgoing connection of this machine takes it meanwhile.
    for _ in range(500):
        port = random.randrange(20000, 32000)
        if port not in given and reserve(port) and port_free(port):
            given.add(port)
            return port
    raise OSError("no free port found")


def reserve(port):
    """Between finding a port free and listening there, tests that run beside this one would take it: its byte
    in a file that all share is locked, which the kernel undoes when this process ends."""
    global register
    if register is None:
        path = os.path.join(tempfile.gettempdir(), f"oficio-ports-{os.getuid()}")
        register = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.lockf(register, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
        return True
    except OSError:
        return False
