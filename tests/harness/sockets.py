"""Sockets of people, by the official client, which runs in a process of Node's beside the test."""

import json
import os
import shutil
import subprocess
import threading
import time

from market import Failure

OWN = ("connect", "disconnect", "connect_error")  # events of the client itself
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sockets.cjs")


class Sockets:
    """`modules`: the folder with the client's node_modules. With a contract, all that is heard must be as it describes."""

    def __init__(self, modules, contract=None):
        self.contract = contract
        node = shutil.which("node")
        if not node:
            raise Failure("node is needed")
        self.process = subprocess.Popen([node, SCRIPT, modules], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.changed = threading.Condition()
        self.heard, self.answers, self.calls = {}, {}, 0
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            told = json.loads(line)
            with self.changed:
                if "call" in told:
                    self.answers[told["call"]] = told["answer"]
                else:
                    self.heard.setdefault(told["name"], []).append((told["event"], told.get("body")))
                self.changed.notify_all()

    def tell(self, **order):
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def open(self, name, port, **options):
        """With `auth`, `transports`, `extraHeaders` and the like; see Socket.connected()."""
        self.tell(do="open", name=name, url=f"http://127.0.0.1:{port}/", options=options)
        return Socket(self, name)

    def __enter__(self):
        return self

    def check(self):
        """Holds all that was heard so far to the contract."""
        with self.changed:
            told = [one for all_of_one in self.heard.values() for one in all_of_one]
        for event, body in told:
            if event not in OWN:
                self.contract.check_told(event, body)

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Socket:
    def __init__(self, all_of_them, name):
        self.all, self.name = all_of_them, name

    def events(self, event=None):
        """All bodies so far of that event; without one, pairs of event and body."""
        with self.all.changed:
            told = list(self.all.heard.get(self.name, []))
        return told if event is None else [body for what, body in told if what == event]

    def wait(self, event, fits=lambda body: True, limit=15.0, first=0):
        """The first body of the event, from number `first` on, that fits."""
        until = time.monotonic() + limit
        with self.all.changed:
            while True:
                told = [body for what, body in self.all.heard.get(self.name, []) if what == event]
                for body in told[first:]:
                    if fits(body):
                        return body
                left = until - time.monotonic()
                if left <= 0 or not self.all.changed.wait(left):
                    got = self.all.heard.get(self.name, [])[-8:]
                    raise Failure(f"{self.name} heard no such {event!r} within {limit:g} s; the last: {got}")

    def connected(self, times=1, limit=15.0):
        """What the client knows of its connection number `times`."""
        return self.wait("connect", first=times - 1, limit=limit)

    def ask(self, event, body, limit=20.0):
        """The acknowledgement."""
        with self.all.changed:
            self.all.calls += 1
            call = self.all.calls
        self.all.tell(do="emit", name=self.name, event=event, body=body, call=call)
        with self.all.changed:
            if not self.all.changed.wait_for(lambda: call in self.all.answers, limit):
                raise Failure(f"{self.name}: no answer to {event!r}")
            answer = self.all.answers.pop(call)
        if self.all.contract:
            self.all.contract.check_asked(event, body, answer)
        return answer

    def expect(self, event, body):
        """The data of an acknowledgement that is well."""
        answer = self.ask(event, body)
        if not answer.get("ok"):
            raise Failure(f"{self.name}: {event!r} {body} was answered {answer}")
        return answer.get("data")

    def refuse(self, event, body, code):
        answer = self.ask(event, body)
        got = (answer.get("error") or {}).get("code")
        if answer.get("ok") or got != code:
            raise Failure(f"{self.name}: {event!r} must be refused as {code}, not {answer}")
        return answer["error"]

    def cut(self):
        """The line is lost; the client comes back by itself."""
        self.all.tell(do="cut", name=self.name)

    def come_with(self, auth):
        """The next time that it connects."""
        self.all.tell(do="auth", name=self.name, auth=auth)

    def connect(self):
        self.all.tell(do="connect", name=self.name)

    def close(self):
        self.all.tell(do="close", name=self.name)
