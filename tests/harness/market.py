"""Starts the real program for a test, talks HTTP to it, and ends it by its own process id."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import uuid

from broken import Broken
from ports import free_port


class Failure(Exception):
    """What went wrong, told to a person."""


class Away(Exception):
    """No answer: the market is not there, or went away in the middle."""


class Answer:
    def __init__(self, method, path, body, status, headers, data):
        self.method, self.path, self.sent = method, path, body
        self.status, self.headers, self.raw = status, headers, data
        self.json = None
        if data and "json" in (headers.get("Content-Type") or ""):
            self.json = json.loads(data)

    def __getitem__(self, name):
        try:
            return self.json[name]
        except (KeyError, TypeError):
            raise Failure(f"the answer lacks {name!r}\n{self.told()}") from None

    def json_if(self, *statuses):
        """The body if the status is one of these, else None."""
        return self.json if self.status in statuses else None

    @property
    def code(self):
        return (self.json or {}).get("code") if isinstance(self.json, dict) else None

    def told(self):
        sent = "(no body)"
        if isinstance(self.sent, bytes):
            sent = repr(self.sent[:300])
        elif self.sent is not None:
            sent = json.dumps(self.sent, ensure_ascii=False)
        got = self.raw.decode("utf-8", "replace")[:2000] or "(no body)"
        return f"  request: {self.method} {self.path}\n           {sent}\n  answer:  {self.status}\n           {got}"


class Client:
    """A client of one market; each thread keeps a connection of its own."""

    def __init__(self, port, prefix="/api/v1", contract=None):
        self.port, self.prefix, self.contract = port, prefix, contract
        self.tls = None  # an ssl.SSLContext: the market speaks HTTPS
        self.inbox = None  # an Inbox: its mail goes to a mail server
        self.local = threading.local()

    def ask(self, method, path, body=None, token=None, headers=None, timeout=20):
        """Any answer; raises Away if there is none. A stale kept-alive connection is replaced once."""
        full = path if path.startswith(("/healthz", "/readyz", "/metrics", "/dev/", "/intake/")) else self.prefix + path
        sent = {"Accept": "application/json", **(headers or {})}
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        if token:
            sent["Authorization"] = "Bearer " + token
        kept = getattr(self.local, "connection", None)
        for connection in ([kept] if kept and method == "GET" else []) + [None]:
            try:
                if connection is None:
                    self.close()
                    connection = self.connection(timeout)
                    connection.connect()
                    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self.local.connection = connection
                connection.request(method, full, data, sent)
                got = connection.getresponse()
                answer = Answer(method, full, body, got.status, got.headers, got.read())
                if got.will_close:
                    self.close()
                self.hold_to_contract(answer)
                return answer
            except (OSError, http.client.HTTPException) as e:
                self.close()
                problem = e
        raise Away(f"{method} {full}: {type(problem).__name__}: {problem}")

    def mails_to(self, address):
        """What the market sent to the address, the newest first."""
        if self.inbox:
            return self.inbox.mails_to(address)
        return self.expect(200, "GET", f"/dev/mail?to={address}")["items"]

    def connection(self, timeout):
        if self.tls:
            return http.client.HTTPSConnection("localhost", self.port, timeout=timeout, context=self.tls)
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def close(self):
        kept = getattr(self.local, "connection", None)
        if kept:
            kept.close()
        self.local.connection = None

    def hold_to_contract(self, answer):
        if not self.contract:
            return
        try:
            self.contract.check(answer)
        except Broken as e:
            raise Broken(f"against the contract: {e}\n{answer.told()}") from None

    def expect(self, status, method, path, body=None, token=None, headers=None, code=None):
        """The answer, which must have this status (or one of these)."""
        answer = self.ask(method, path, body, token, headers)
        wanted = (status,) if isinstance(status, int) else tuple(status)
        if answer.status not in wanted:
            raise Failure(f"expected status {' or '.join(map(str, wanted))}\n{answer.told()}")
        if code and answer.code != code:
            raise Failure(f"expected code {code!r}\n{answer.told()}")
        if answer.status >= 400:
            check_problem(answer)
        return answer


def check_problem(answer):
    """Errors have one form, whoever made them."""
    kind = answer.headers.get("Content-Type") or ""
    if answer.json is None or "application/problem+json" not in kind:
        raise Failure(f"an error must be application/problem+json, not {kind!r}\n{answer.told()}")
    for name in ("type", "title", "status", "code"):
        if name not in answer.json:
            raise Failure(f"a problem must have {name!r}\n{answer.told()}")
    if answer.json["status"] != answer.status:
        raise Failure(f"the problem's status differs from the answer's\n{answer.told()}")


def poll(what, condition, limit=10.0, pause=0.05):
    """The first true value of condition(), which is asked again until then; Failure after the limit."""
    end = time.monotonic() + limit
    last = None
    while True:
        try:
            value = condition()
            if value:
                return value
        except Failure as e:
            last = e
        if time.monotonic() >= end:
            raise Failure(f"after {limit:g} s still not so: {what}" + (f"\n{last}" if last else ""))
        time.sleep(pause)


def unhandled_event():
    """One that chat cannot make sense of."""
    return {"specversion": "1.0", "id": str(uuid.uuid5(uuid.NAMESPACE_URL, "buried")), "source": "/oficio/test",
             "type": "users.profile.updated", "subject": str(uuid.uuid4()), "time": "2026-01-31T09:30:00.000Z",
             "datacontenttype": "application/json", "data": {"version": 1, "concerns": [], "profile": 5}}


class Market:
    """One market process after the other on the same data."""

    def __init__(self, binary, settings=(), contract=None):
        self.binary = os.path.abspath(binary)
        self.folder = tempfile.TemporaryDirectory(prefix="oficio-test-")
        self.data = os.path.join(self.folder.name, "data")
        self.log_path = os.path.join(self.folder.name, "log")
        self.settings = ["log.level=warn", "rate.per_address=0", "rate.per_account=0", *settings]
        self.port = free_port()
        self.process = None
        self.client = Client(self.port, contract=contract)

    def command(self):
        command = [self.binary, "serve", "all", "--port", str(self.port), "--data", self.data]
        for setting in self.settings:
            command += ["--set", setting]
        return command

    def environment(self):
        # libmongoc leaves a file of counters behind for each process that is killed, and warns when it finds one.
        return {k: v for k, v in os.environ.items() if not k.startswith("OFICIO_")} | {"MONGOC_DISABLE_SHM": "1"}

    def start(self, limit=30.0):
        """Starts it and waits until it is ready; gives the seconds that this took."""
        began = time.monotonic()
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=self.environment(), cwd=self.folder.name)
        def ready():
            if self.process.poll() is not None:
                raise SystemExit(self.report(f"it ended with {self.process.returncode} before it was ready"))
            try:
                return self.client.ask("GET", "/readyz", timeout=5).status == 200
            except Away:
                return False
        poll("/readyz answers 200", ready, limit, 0.02)
        return time.monotonic() - began

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, limit=20.0):
        """Asks it to stop; gives its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(limit)
        except subprocess.TimeoutExpired:
            raise Failure(f"it did not stop within {limit:g} s of SIGTERM") from None

    def webhook_key(self):
        """What the payment provider signs with."""
        with open(os.path.join(self.data, "keys", "payments"), encoding="ascii") as file:
            return bytes.fromhex(file.read().strip())

    def record_events(self):
        """Adds a queue that nobody reads, so that all events from now on stay for events(). While it is stopped."""
        with sqlite3.connect(os.path.join(self.data, "events.db")) as bus:
            queue = bus.execute("INSERT INTO queues(name) VALUES('recorded') RETURNING id").fetchone()[0]
            bus.execute("INSERT INTO patterns(queue, pattern) VALUES(?, '#')", (queue,))

    def bury_event(self):
        """Leaves an event that chat could not handle, as a dead letter. While it is stopped."""
        event = unhandled_event()
        with sqlite3.connect(os.path.join(self.data, "events.db")) as bus:
            queue = bus.execute("SELECT id FROM queues WHERE name LIKE 'chat%' LIMIT 1").fetchone()[0]
            seq = bus.execute("INSERT INTO events(id, body) VALUES(?, ?) RETURNING seq",
                              (event["id"], json.dumps(event))).fetchone()[0]
            bus.execute("INSERT INTO deliveries(queue, seq, state, attempts, reason) VALUES(?, ?, 2, 9, 'test')",
                        (queue, seq))

    def command_line(self, *words):
        """Runs the program with these words on the same data; what it printed."""
        done = subprocess.run([self.binary, *words, "--data", self.data], capture_output=True, text=True, timeout=30,
                              env=self.environment(), cwd=self.folder.name)
        if done.returncode:
            raise Failure(f"{' '.join(words)} ended with {done.returncode}: {done.stderr or done.stdout}")
        return done.stdout

    def events(self):
        """All events since record_events(), in the order in which they were told."""
        with sqlite3.connect(os.path.join(self.data, "events.db")) as bus:
            rows = bus.execute("SELECT e.body FROM deliveries d JOIN events e ON e.seq = d.seq "
                               "JOIN queues q ON q.id = d.queue WHERE q.name = 'recorded' ORDER BY d.seq")
            return [json.loads(body) for body, in rows]

    def log_tail(self, lines=15):
        try:
            with open(self.log_path, encoding="utf-8", errors="replace") as log:
                return "".join(log.readlines()[-lines:])
        except OSError:
            return ""

    def report(self, why):
        return f"FAILED: {why}\nlast lines of the log:\n{self.log_tail()}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.folder.cleanup()


def chosen_market():
    """One process, or what OFICIO_TEST_MARKET says: `servers` (a process a service, on with.py's servers), or
    `servers*2` (two of each)."""
    kind, _, instances = os.environ.get("OFICIO_TEST_MARKET", "one").partition("*")
    if kind == "one":
        return Market
    from fleet import Fleet  # it builds on this module
    return lambda *arguments: Fleet(*arguments, instances=int(instances or 1))


def run(test, settings=(), contract=None):
    """Runs test(market, arguments) with the binary that the first argument names; exit status 0 or 1.
    With a contract, every expected answer must be as it describes."""
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} PATH-TO-OFICIO [arguments]")
    began = time.monotonic()
    with chosen_market()(sys.argv[1], settings, contract) as market:
        try:
            test(market, sys.argv[2:])
        except (Failure, Away, Broken) as e:
            print(market.report(e), flush=True)
            sys.exit(1)
    print(f"passed in {time.monotonic() - began:.1f} s")


def step(text):
    print(f"- {text}", flush=True)
