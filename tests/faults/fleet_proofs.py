"""What must hold of a fleet on servers after any fault, beyond what proofs.py asks over HTTP."""

import collections
import json
import re
import time
import uuid

import amqp
from market import Away, Client, Failure, poll

RECORDED = "recorded"
TOLD = {1: "orders.order.paid", 2: "orders.order.started", 3: "orders.order.delivered", 4: "orders.order.completed",
        5: "orders.order.cancelled"}  # by a trade's rank


def part_troubles(fleet):
    """What is not as it should be, in the words of the processes; empty when all is well."""
    troubles = []
    for (name, instance), process in fleet.processes.items():
        who = f"{name} {instance}"
        if process.poll() is not None:
            troubles.append(f"{who} ended with {process.returncode}")
            continue
        try:
            ready = Client(fleet.where[name, instance]).ask("GET", "/readyz", timeout=5)
        except Away as e:
            troubles.append(f"{who}: {e}")
            continue
        checks = (ready.json or {}).get("checks", {})
        bad = {part: state for part, state in checks.items() if state["state"] != "ok"}
        if ready.status != 200 or bad:
            troubles.append(f"{who}: {ready.status} {bad or ready.json}")
    return troubles


def await_whole(fleet, limit):
    """Until every process and every part of each says that it works; the seconds that this took, and what was
    the last to come. Raises Failure after the limit, and at once if a process has ended, since nobody starts it
    again."""
    began = time.monotonic()
    last = []
    while True:
        troubles = part_troubles(fleet)
        if not troubles:
            return time.monotonic() - began, "; ".join(last)
        last = troubles
        if any(" ended with " in t for t in troubles) or time.monotonic() - began > limit:
            raise Failure(f"not whole {time.monotonic() - began:.0f} s after the fault: " + "; ".join(troubles))
        time.sleep(0.05)


def retry_queues(name):
    return [f"{name}.retry.{pause}" for pause in (200, 1000, 5000, 30_000, 120_000, 600_000)]


class Queues:
    """Of the events of all services."""

    def __init__(self, fleet):
        self.fleet = fleet
        # Not what each notifications process hears alone, for as long as it lives.
        self.names = sorted(name for name in self.states() if name != "notifications.live")

    def bus(self):
        return amqp.Connection(self.fleet.given["events"])

    def told(self):
        """What `oficio events` says."""
        return self.fleet.command_line("events", "--url", f"http://127.0.0.1:{self.fleet.port}")

    def replay(self):
        self.fleet.command_line("events", "replay", "--url", f"http://127.0.0.1:{self.fleet.port}")

    def states(self):
        """(waiting, dead) by queue."""
        told = self.told()
        rows = re.findall(r"^([a-z]+\.[a-z.]+) +(\d+) +(\d+)$", told, re.MULTILINE)
        if not rows:
            raise Failure(f"oficio events shows no queues:\n{told}")
        return {name: (int(waiting), int(dead)) for name, waiting, dead in rows}

    @staticmethod
    def unwanted(queue):
        """An event that nobody listens to, though it comes to this queue: (body, id)."""
        body = {"specversion": "1.0", "id": str(uuid.uuid4()), "source": "/oficio/test", "type": "test.road.tried",
                "subject": queue, "time": "2026-01-31T09:30:00.000Z", "datacontenttype": "application/json",
                "data": {"version": 1, "concerns": []}}
        return json.dumps(body).encode(), body["id"]

    def prove_they_move(self, limit=60.0):
        """Each takes an event that nobody wants, and hands it to its consumer, who throws it away."""
        with self.bus() as bus:
            for name in self.names:
                try:
                    bus.publish(name, *self.unwanted(name), {})
                except (OSError, EOFError, amqp.Refused) as e:
                    raise Failure(f"the queue {name} takes nothing: {type(e).__name__} {e}") from None
            end = time.monotonic() + limit
            while stuck := [name for name in self.names if bus.count(name)]:
                if time.monotonic() > end:
                    raise Failure(f"queues do not move: {stuck}")
                time.sleep(0.05)

    def await_dead(self, wanted, limit=60.0):
        """Dead letters are in these queues alone: {queue: how many}."""
        def as_wanted():
            with self.bus() as bus:
                found = {name: bus.count(name + ".dead") for name in self.names}
            last.update(dead={name: count for name, count in found.items() if count})
            return last["dead"] == wanted
        last = {}
        try:
            poll("dead letters", as_wanted, limit, 0.1)
        except Failure:
            raise Failure(f"dead letters must be {wanted or 'none'}: {last['dead']}") from None

    def await_handled(self, limit=200.0):
        """No event waits, nor rests after a failure; the longest pause that short faults lead to is two minutes."""
        last = {}

        def handled():
            with self.bus() as bus:
                found = {queue: bus.count(queue) for name in self.names for queue in (name, *retry_queues(name))}
            last["left"] = {queue: count for queue, count in found.items() if count}
            return not last["left"]
        try:
            poll("events", handled, limit, 0.5)
        except Failure:
            raise Failure(f"not handled after {limit:g} s: {last['left']}") from None

    def forget_dead(self):
        with self.bus() as bus:
            for name in self.names:
                bus.purge(name + ".dead")

    def prove_empty(self, limit=60.0):
        """Nothing waits any more, and nothing has died."""
        last = {}

        def empty():
            last.update(states={name: state for name, state in self.states().items() if state != (0, 0)})
            return not last["states"]
        try:
            poll("queues", empty, limit, 0.5)
        except Failure:
            raise Failure(f"queues must be empty; (waiting, dead): {last['states']}") from None


class Recorder:
    """All events that were told since it was made, by a queue of its own."""

    def __init__(self, fleet):
        self.fleet = fleet
        self.told = []  # in order, repetitions too
        fleet.record_events()

    def hear(self):
        with amqp.Connection(self.fleet.given["events"]) as bus:
            bodies = bus.get_all(RECORDED, keep=False)
        self.told += [event for event in map(event_in, bodies) if event]

    def types_by_subject(self):
        found = collections.defaultdict(set)
        for event in self.told:
            found[event["subject"]].add(event["type"])
        return found

    def missing(self, traders):
        self.hear()
        types = self.types_by_subject()
        gone = []
        messages = collections.Counter()
        seen = {e["id"]: e for e in self.told if e["type"] == "chat.message.sent"}
        for event in seen.values():
            messages[event["data"]["message"].get("client_id")] += 1
        for trader in traders:
            gone += [f"gig {gig}" for gig in trader.gigs if "gigs.gig.published" not in types[gig]]
            gone += [f"message {note}" for note in trader.notes if not messages[note]]
            for trade in trader.trades:
                wanted = {"orders.order.placed"} if trade.id else set()
                if trade.rank in TOLD:
                    wanted.add(TOLD[trade.rank])
                gone += [f"{name} of {trade.id}" for name in wanted - types[trade.id]]
        return gone

    def prove(self, traders, limit=60.0):
        """Every acknowledged change was told, and each subject's changes in their order."""
        last = []

        def complete():
            last[:] = self.missing(traders)
            return not last
        try:
            poll("events", complete, limit, 0.5)
        except Failure:
            raise Failure(f"{len(last)} events were never told, such as {last[:3]}") from None
        newest = {}
        seen = set()
        for event in self.told:
            if event["id"] in seen or event.get("republished"):
                continue  # told again, which is allowed at any time
            seen.add(event["id"])
            subject, version = (event["source"], event["subject"]), event["data"]["version"]
            if version < newest.get(subject, 0):
                raise Failure(f"version {version} of {subject} was first told after {newest[subject]}")
            newest[subject] = version

    def repeated(self):
        return len(self.told) - len({e["id"] for e in self.told})


def event_in(body):
    """None: it is no event."""
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) and "type" in event else None


def prove_mails(client, traders, limit=120.0):
    """Everybody who signed up was sent the mail that says so; how many were sent more than once."""
    members = [m for t in traders for m in (t.buyer, t.seller) if m.token]
    counts = {}

    def all_there():
        for m in members:
            mails = client.mails_to(f"{m.username}@example.com")
            counts[m.username] = sum(any("/verify" in link for link in mail["links"]) for mail in mails)
        return all(counts.values())
    try:
        poll("mails", all_there, limit, 0.5)
    except Failure:
        raise Failure(f"never got the mail with their link: {[n for n, c in counts.items() if not c]}") from None
    return sum(c - 1 for c in counts.values())
