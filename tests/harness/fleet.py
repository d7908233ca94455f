"""The market as one process a service, on the servers that tests/infra/with.py has started."""

import hashlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time

import amqp
from inbox import Inbox
from market import Away, Failure, Market, poll, unhandled_event
from ports import free_port
from server_settings import KINDS, settings_of

SERVICES = ("auth", "users", "gigs", "chat", "orders", "reviews", "notifications")


def settings_for_servers():
    """What has no server stays in files. By the variables OFICIO_TEST_<KIND>."""
    found = {}
    for kind in KINDS:
        address = os.environ.get(f"OFICIO_TEST_{kind.upper()}")
        if address:
            found |= settings_of(kind, address)
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
        self.given = given
        self.settings += [f"{name}={value}" for name, value in given.items()]
        if given.get("mail"):
            self.client.inbox = Inbox(os.environ["OFICIO_TEST_SMTP_HTTP"])

    def set_options(self):
        return [word for setting in self.settings for word in ("--set", setting)]

    def command_of(self, name, instance):
        return [self.binary, "serve", name, "--port", str(self.where[name, instance]), "--data", self.data,
                *self.set_options()]

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

    def command_line(self, *words):
        return super().command_line(*words, *self.set_options())

    def webhook_key(self):
        return hashlib.sha256(self.given["payments.webhook_key"].encode()).digest()

    def record_events(self):
        with amqp.Connection(self.given["events"]) as bus:
            bus.declare_queue("recorded")
            bus.bind("recorded", "oficio.events", "#")

    def bury_event(self):
        event = unhandled_event()
        with amqp.Connection(self.given["events"]) as bus:
            bus.publish("chat.accounts.dead", json.dumps(event).encode(), event["id"],
                        {"x-oficio-attempts": 9, "x-oficio-reason": "test"})

    def events(self):
        with amqp.Connection(self.given["events"]) as bus:
            return [json.loads(body) for body in bus.get_all("recorded")]

    def __exit__(self, *_):
        for process in self.processes.values():
            if process.poll() is None:
                process.kill()
                process.wait()
        self.folder.cleanup()


def run_fleet(fleet, test):
    """Runs test(fleet) with a fleet that it is given, for those that are made in a way of their own."""
    with fleet:
        try:
            test(fleet)
        except (Failure, Away) as e:
            print(fleet.report(e))
            sys.exit(1)
    print("passed")
