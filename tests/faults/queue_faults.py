"""Events that cannot be handled: poison, a consumer that always fails, and a queue that is full."""

import json
import os
import re
import urllib.request
import uuid

import amqp
import changes
from damage import Damage, ServiceStopped
from market import Failure, poll
from people import Person
from trial import QUEUES

ATTEMPTS = "x-oficio-attempts"
LAST = 6  # failures after which one more makes a dead letter


class Poison(Damage):
    """What is no event, straight into the exchange: a dead letter of each queue that hears of such, and nobody
    else's trouble."""

    heard_by = ("users.orders", "reviews.placed", "chat.orders")
    bodies = (b"this is no event", b"{}", b"\xff\xfe\x00", b"[" * 1000)

    def __init__(self, trial):
        super().__init__("poison in the exchange")
        self.trial = trial

    def strike(self):
        with self.trial.queues.bus() as bus:
            for body in self.bodies:
                bus.publish("orders.order.placed", body, str(uuid.uuid4()), {}, exchange="oficio.events")

    def heal(self):
        queues = self.trial.queues
        queues.await_dead({name: len(self.bodies) for name in self.heard_by})
        told = queues.told()
        if told.count("  malformed\n") != len(self.bodies) * len(self.heard_by):
            raise Failure(f"oficio events must show what is no event:\n{told}")
        queues.replay()
        queues.await_dead({name: len(self.bodies) for name in self.heard_by})
        with queues.bus() as bus:
            for name in self.heard_by:
                bus.purge(name + ".dead")
        queues.await_dead({})


def refuse_mail_to(address):
    told = {"stage": "rcpt", "code": 451, "message": "come back later", "times": 100_000, "address": address}
    mail_server("POST", told)


def mail_server(method, told=None):
    request = urllib.request.Request(os.environ["OFICIO_TEST_SMTP_HTTP"] + "/refusals", method=method,
                                     data=json.dumps(told).encode() if told else None)
    urllib.request.urlopen(request, timeout=10).close()


class AlwaysFails(Damage):
    """A mail that its server never takes becomes a dead letter, and arrives, once, when it is replayed."""

    queue = "notifications.verification"

    def __init__(self, trial):
        super().__init__("a consumer that always fails, replay")
        self.trial = trial

    def strike(self):
        name = f"unlucky{uuid.uuid4().hex[:8]}"
        refuse_mail_to(f"{name}@example.com")
        self.person = Person(self.trial.client, name)

    def heal(self):
        queues = self.trial.queues
        with queues.bus() as bus:
            self.hurry(bus)
        queues.await_dead({self.queue: 1})
        told = queues.told()
        if not re.search(rf"{self.queue} +auth.email.verification_requested\n +{LAST + 1} attempts; .*451", told):
            raise Failure(f"oficio events must tell of the mail:\n{told}")
        mail_server("DELETE")
        queues.replay()
        queues.await_dead({})
        mails = poll("the mail is there", self.person.mails, 30)
        if len(mails) != 1:
            raise Failure(f"{len(mails)} mails came, not one")

    def hurry(self, bus):
        """The event failed three times by itself; the long pauses that follow are left out."""
        waiting = f"{self.queue}.retry.30000"
        poll("the mail waits for its fourth try", lambda: bus.count(waiting), 30, 0.1)
        for body in bus.get_all(waiting, keep=False):
            bus.publish(self.queue, body, json.loads(body)["id"], {ATTEMPTS: LAST})


class QueueFull(Damage):
    """A consumer is stopped and its queue full: what others do is acknowledged, and told when there is room."""

    hold = 3.0
    queue = "users.chat"

    def __init__(self, trial):
        super().__init__(f"{self.queue} is full, its service stopped")
        self.trial = trial

    def strike(self):
        fleet = self.trial.fleet
        self.stopped = [ServiceStopped(fleet, name, i) for name, i in fleet.where if name == "users"]
        for one in self.stopped:
            one.strike()
        self.fill()

    def fill(self):
        with self.trial.queues.bus() as bus:
            for _ in range(10 * FULL):
                try:
                    bus.publish(self.queue, *self.trial.queues.unwanted(self.queue), {})
                except amqp.Refused:
                    return
        raise Failure(f"{self.queue} takes more than {10 * FULL} events")

    def heal(self):
        self.fill()  # it is full still: nothing of what was acknowledged meanwhile has gone there
        for one in self.stopped:
            one.heal()


FULL = 60


def trial_of_queues(trial, _):
    faults = [Poison(trial)]
    if trial.fleet.given.get("mail"):
        faults.append(AlwaysFails(trial))
    trial.run(faults, QUEUES)


def keep_little(trial):
    """From now on queues keep few events, and a connection that says nothing is given up soon."""
    use_queues(trial, f"?max_length={FULL}&heartbeat=1")


def keep_much(trial):
    """As they are by default."""
    use_queues(trial, "")


def use_queues(trial, options):
    changes.stop(trial.fleet)
    changes.delete_queues(trial.queues)
    changes.put(trial.fleet, {"events": os.environ["OFICIO_TEST_RABBITMQ"] + options})
