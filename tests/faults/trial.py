"""One fault after the other under load, what must hold after each, and the table of them all."""

import os
import struct
import sys
import time
from urllib.parse import urlsplit

from fleet_proofs import Queues, Recorder, await_whole, prove_mails
from load import Load
from market import Away, Client, Failure, poll, step
from proofs import prove_all, prove_round

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "infra"))

from servers.mongodb import ask as ask_mongodb  # noqa: E402

TRADERS = 3
SLOW = 8.0  # seconds after which it is worth knowing why
INDEXED_WITHIN = 60.0  # an event's pauses after four failures and a little

EACH = "answers, parts, writes, talk"
QUEUES = "dead letters exactly those, shown, replayed; " + EACH
SHIFT = "one order a key, charges, ratings, balances, mails, events and their order, queues empty"


def of_mongodb():
    """How long MongoDB, or what stands for it, itself takes for the least of questions."""
    if "OFICIO_TEST_MONGODB" not in os.environ:
        return ""
    began = time.monotonic()
    try:
        ask_mongodb(urlsplit(os.environ["OFICIO_TEST_MONGODB"]).port, "admin", {"ping": 1})
    except (OSError, EOFError, struct.error) as e:
        return f"; mongodb itself does not answer a ping: {type(e).__name__} after {time.monotonic() - began:.1f} s"
    return f"; mongodb itself answers a ping after {time.monotonic() - began:.2f} s"


class Table:
    """fault | load during it | recovered after | what was checked"""

    heads = ("fault", "acknowledged", "refused", "longest", "recovered", "checked")

    def __init__(self):
        self.rows = []
        self.failures = []

    def add(self, *row):
        self.rows.append(row)
        step(" | ".join(row))

    def fail(self, what, why):
        self.failures.append(f"{what}: {why}")
        print(f"FAILED: {self.failures[-1]}", flush=True)
        self.add(what, "", "", "", "FAILED", str(why).splitlines()[0][:100])

    def print(self):
        widths = [max(len(row[i]) for row in (self.heads, *self.rows)) for i in range(len(self.heads))]
        for row in (self.heads, tuple("-" * w for w in widths), *self.rows):
            print("| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths)) + " |")
        for failure in self.failures:
            print(f"FAILED: {failure}")


class Trial:
    def __init__(self, fleet, client, seed):
        self.fleet, self.client, self.seed = fleet, client, seed
        self.table = Table()
        self.recorder = Recorder(fleet)
        self.queues = None
        self.shifts = 0
        self.everybody = []  # traders of finished shifts
        self.load = None
        self.begun = False  # somebody of this shift was there

    def begin(self):
        """When the fleet is up."""
        self.queues = Queues(self.fleet)

    def new_shift(self):
        """Fresh people: what is proved of each grows with what they did, and their sessions are short."""
        self.shifts += 1
        self.begun = False
        self.load = Load(self.client, [f"shift{self.shifts}{chr(97 + i)}" for i in range(TRADERS)], self.seed)

    def run(self, damages, checked=EACH):
        """A shift: each of these faults, then what must hold in the end."""
        self.new_shift()
        for damage in damages:
            try:
                self.suffer(damage, checked)
            except (Failure, Away) as e:
                self.table.fail(damage.what, e)
                self.recover()
        self.end_shift()

    def suffer(self, damage, checked):
        load, tally = self.load, self.client.tally
        self.begun = True
        load.begin()
        try:
            load.await_progress()
            tally.reset()
            before = load.acknowledged()
            damage.strike()
            time.sleep(damage.hold)  # so long does it last
            damage.heal()
            took, last = await_whole(self.fleet, damage.whole_within)
            if took > SLOW:
                step(f"{damage.what}: the last to come back: {last[:600]}{of_mongodb()}")
            load.await_progress()
        finally:
            load.end()
        tally.check()
        done, refused, longest = load.acknowledged() - before, tally.told_refused(), tally.longest
        recovered = f"{took:.1f} s"
        if damage.of_events:
            began = time.monotonic()
            self.queues.prove_they_move()
            recovered += f", queues {time.monotonic() - began:.1f} s"
            checked += ", queues move"
        load.newcomers.prove()
        for trader in load.traders:
            prove_round(trader, gigs_within=INDEXED_WITHIN)
        self.table.add(damage.what, f"{done}", refused, f"{longest:.1f} s", recovered, checked)

    def end_shift(self):
        if not self.begun:  # the last fault's people are not asked any more
            return
        name = f"(end of shift {self.shifts})"
        try:
            began = time.monotonic()
            self.load.finish()
            self.queues.await_handled()
            self.everybody += self.load.traders
            self.prove(self.load.traders)
            repeated = prove_mails(self.client, self.load.traders)
            self.queues.prove_empty()
            done = f"{self.load.acknowledged()} in all"
            self.table.add(name, done, f"{repeated} mails twice", "", f"{time.monotonic() - began:.1f} s", SHIFT)
        except (Failure, Away) as e:
            self.table.fail(name, e)
            self.recover()

    def prove(self, traders):
        prove_all(self.fleet, traders, charges_of=self.everybody)
        self.recorder.prove(traders)

    def await_one(self, name, instance, limit=30.0):
        """Until this process says that it is ready."""
        def ready():
            process = self.fleet.processes[name, instance]
            if process.poll() is not None:
                raise SystemExit(self.fleet.report(f"{name} {instance} ended with {process.returncode}"))
            try:
                return Client(self.fleet.where[name, instance]).ask("GET", "/readyz", timeout=5).status == 200
            except Away:
                return False
        poll(f"{name} {instance} is ready", ready, limit)

    def recover(self):
        """After a failure: a fleet that the next fault can be tried on, and people who know nothing of this."""
        for (name, instance), process in self.fleet.processes.items():
            if process.poll() is not None:
                self.fleet.start_one(name, instance)
        await_whole(self.fleet, 120)
        self.queues.forget_dead()
        self.everybody += [t for t in self.load.traders if t not in self.everybody]
        self.new_shift()
