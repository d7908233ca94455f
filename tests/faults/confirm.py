#!/usr/bin/env python3
"""A relay that is killed after the broker has its events and before it heard so: after the next start they are
published again, with the ids that they had, and have happened once. Under tests/infra/with.py rabbitmq --"""

import os
import re
import socket
import sqlite3
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))

from fleet import Fleet, run_fleet  # noqa: E402
from market import Failure, poll, step  # noqa: E402
from people import CARD, Person, new_key, order_form  # noqa: E402
from story import place, publish, same  # noqa: E402


class Line:
    """A TCP proxy whose way back can be closed: what the server says is then thrown away, and nobody notices."""

    def __init__(self, host, port):
        self.target = (host, port)
        self.mute = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection(self.target)
            threading.Thread(target=self.carry, args=(client, server, None), daemon=True).start()
            threading.Thread(target=self.carry, args=(server, client, self.mute), daemon=True).start()

    @staticmethod
    def carry(source, sink, mute):
        try:
            while data := source.recv(65536):
                if not (mute and mute.is_set()):
                    sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class FleetWithLine(Fleet):
    """Whose orders reach RabbitMQ through the line."""

    def __init__(self, binary):
        super().__init__(binary)
        address = self.given["events"]
        self.line = Line(*re.search(r"@([\d.]+):(\d+)", address).groups())
        self.through = re.sub(r"@[\d.]+:\d+", f"@127.0.0.1:{self.line.port}", address)

    def command_of(self, name, instance):
        command = super().command_of(name, instance)
        return command + ["--set", f"events={self.through}"] if name == "orders" else command


def unmarked(fleet):
    """Ids of events that orders keeps until it knows that they are published."""
    with sqlite3.connect(f"file:{fleet.data}/orders.db?mode=ro", uri=True) as database:
        rows = database.execute("SELECT outbox FROM orders WHERE outbox IS NOT NULL").fetchall()
    return {found for text, in rows for found in re.findall(r'"id":"([0-9a-f-]{36})","source"', text)}


def told(seller, order):
    items = seller.expect(200, "GET", "/users/me/activity")["items"]
    return [a["id"] for a in items if a["kind"] == "order.paid" and order["id"] in a["link"]]


def kill_between(fleet):
    client = fleet.client
    fleet.start()
    fleet.record_events()
    buyer, seller = Person(client, "berta"), Person(client, "samuel")
    seller.verify_email()
    seller.become_seller()
    order = place(buyer, publish(seller, client))
    poll("all is published", lambda: not unmarked(fleet))

    step("the broker's word does not come back any more; an order is paid all the same")
    fleet.line.mute.set()
    path = f"/orders/{order['id']}"
    buyer.expect(200, "POST", path + "/pay", {"method": CARD}, {"Idempotency-Key": new_key()})
    poll("the seller is told: the broker has the event", lambda: told(seller, order), 20)
    pending = unmarked(fleet)
    if not pending:
        raise Failure("orders has taken out an event that nobody confirmed")

    step("orders is killed just then, and started again")
    fleet.kill_one("orders")
    fleet.line.mute.clear()
    fleet.start_one("orders")
    fleet.wait_ready()
    poll("orders knows that all is published", lambda: not unmarked(fleet), 30)
    same("the order", buyer.expect(200, "GET", path)["status"], "awaiting_requirements")

    step("the event went out twice, and happened once")
    ids = [e["id"] for e in fleet.events()]
    for one in pending:
        if ids.count(one) < 2:
            raise Failure(f"{one} was published {ids.count(one)} times: the kill did not fall between")
    same("notices of the payment", len(told(seller, order)), 1)
    mails = [m for m in seller.mails() if order["id"] in m["text"]]
    same("mails of the payment", len(mails), 1)


if __name__ == "__main__":
    run_fleet(FleetWithLine(sys.argv[1]), kill_between)
