"""The market as one process a service, on the servers that tests/infra/with.py has started."""

import os
import secrets
import signal
import subprocess
import time
from urllib.parse import urlsplit

from market import Away, Failure, Market, poll
from ports import free_port

SERVICES = ("auth", "users", "gigs", "chat", "orders", "reviews", "notifications")
DOCUMENTS = ("users", "gigs", "chat", "orders")
# The setting that a server's address is for.
PARTS = {"mysql": "auth.database", "postgresql": "reviews.database", "redis": "cache", "rabbitmq": "events",
         "elasticsearch": "search", "smtp": "mail"}


def settings_for_servers():
    """What has no server stays in files. By the variables OFICIO_TEST_<KIND>."""
    found = {setting: os.environ[f"OFICIO_TEST_{kind.upper()}"] for kind, setting in PARTS.items()
             if f"OFICIO_TEST_{kind.upper()}" in os.environ}
    mongodb = os.environ.get("OFICIO_TEST_MONGODB")
    if mongodb:
        found |= {f"{name}.database": urlsplit(mongodb)._replace(path=f"/{name}").geturl() for name in DOCUMENTS}
    return found


class Fleet(Market):
    """`instances` of each service behind one gateway. Files of SQLite are for one instance alone."""

    def __init__(self, binary, settings=(), contract=None, instances=1):
        super().__init__(binary, settings, contract)
        self.where = {(name, i): free_port() for name in SERVICES for i in range(instances)} | {("gateway", 0): self.port}
        self.processes = {}
        given = settings_for_servers()
        given |= {key: secrets.token_hex(16) for key in ("identity_key", "seal_key", "cursor_key", "payments.webhook_key")}
        for name in SERVICES:
            given[f"{name}.url"] = ",".join(f"http://127.0.0.1:{port}" for (what, _), port in self.where.items() if what == name)
        self.settings += [f"{name}={value}" for name, value in given.items()]

    def command_of(self, name, instance):
        command = [self.binary, "serve", name, "--port", str(self.where[name, instance]), "--data", self.data]
        for setting in self.settings:
            command += ["--set", setting]
        return command

    def start_one(self, name, instance=0):
        with open(self.log_path, "ab") as log:
            self.processes[name, instance] = subprocess.Popen(
                self.command_of(name, instance), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=self.environment(), cwd=self.folder.name)

    def kill_one(self, name, instance=0):
        self.processes[name, instance].kill()
        self.processes[name, instance].wait()

    def start(self, limit=60.0):
        began = time.monotonic()
        for name, instance in self.where:
            self.start_one(name, instance)
        self.wait_ready(limit)
        return time.monotonic() - began

    def wait_ready(self, limit=60.0):
        def ready():
            for (name, instance), process in self.processes.items():
                if process.poll() is not None:
                    raise SystemExit(self.report(f"{name} {instance} ended with {process.returncode}"))
            try:
                return self.client.ask("GET", "/readyz", timeout=5).status == 200
            except Away:
                return False
        poll("/readyz answers 200", ready, limit, 0.1)

    def stop(self, limit=30.0):
        """The worst exit status."""
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        try:
            return max(process.wait(limit) for process in self.processes.values())
        except subprocess.TimeoutExpired:
            raise Failure(f"not all stopped within {limit:g} s of SIGTERM") from None

    def record_events(self):
        pass

    def events(self):
        """None: they pass through a server, which shows them to nobody else."""
        return None

    def __exit__(self, *_):
        for process in self.processes.values():
            if process.poll() is None:
                process.kill()
                process.wait()
        self.folder.cleanup()
