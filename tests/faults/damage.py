"""What breaks: a server, or a process of a service; and how it is mended."""

import os
import signal
import subprocess
import time

from fleet import SERVICES
from market import Failure

# First those whose faults leave events resting, which come again while the others break.
SERVERS = ("elasticsearch", "smtp", "rabbitmq", "redis", "mysql", "postgresql", "mongodb")
ORDERLY_STOP = 15.0  # seconds


def present_servers():
    return [kind for kind in SERVERS if f"OFICIO_TEST_{kind.upper()}" in os.environ]


def control(*words):
    """Of the servers that tests/infra/with.py keeps."""
    done = subprocess.run([os.environ["OFICIO_TEST_CONTROL"], *words], capture_output=True, text=True, timeout=200)
    if done.returncode:
        raise Failure(f"control {' '.join(words)}: {done.stderr or done.stdout}")
    return done.stdout.strip()


class Damage:
    """strike() breaks something for about `hold` seconds, heal() mends it and returns when whoever can mend
    it has done what they can."""

    hold = 2.0
    whole_within = 60.0  # after heal()
    of_events = True     # whether each queue must then be seen to move; for others the end of the shift shows it

    def __init__(self, what):
        self.what = what

    def strike(self):
        raise NotImplementedError

    def heal(self):
        raise NotImplementedError


class ServerKilled(Damage):
    def __init__(self, kind):
        super().__init__(f"{kind}: kill -9, start")
        self.kind = kind
        self.of_events = kind == "rabbitmq"

    def strike(self):
        control("kill", self.kind)

    def heal(self):
        control("start", self.kind)


class ServerStopped(ServerKilled):
    def __init__(self, kind):
        super().__init__(kind)
        self.what = f"{kind}: orderly stop, start"

    def strike(self):
        control("stop", self.kind)


class ServerPaused(ServerKilled):
    hold = 4.0

    def __init__(self, kind):
        super().__init__(kind)
        self.what = f"{kind}: paused {self.hold:g} s"

    def strike(self):
        control("pause", self.kind)

    def heal(self):
        control("resume", self.kind)


class ServiceKilled(Damage):
    hold = 1.0

    def __init__(self, fleet, name, instance=0):
        super().__init__(f"{name}: kill -9, start")
        self.fleet, self.name, self.instance = fleet, name, instance

    def strike(self):
        self.fleet.kill_one(self.name, self.instance)

    def heal(self):
        self.fleet.start_one(self.name, self.instance)


class ServiceStopped(ServiceKilled):
    def __init__(self, fleet, name, instance=0):
        super().__init__(fleet, name, instance)
        self.what = f"{name}: SIGTERM, start"

    def strike(self):
        process = self.fleet.processes[self.name, self.instance]
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        try:
            status = process.wait(ORDERLY_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise Failure(f"{self.name} did not stop within {ORDERLY_STOP:g} s of SIGTERM") from None
        if status != 0:
            raise Failure(f"{self.name} ended with {status} after SIGTERM ({time.monotonic() - began:.1f} s)")


def of_servers(kinds):
    return [how(kind) for kind in kinds for how in (ServerKilled, ServerStopped, ServerPaused)]


def of_services(fleet):
    return [how(fleet, name) for name in (*SERVICES, "gateway") for how in (ServiceKilled, ServiceStopped)]
