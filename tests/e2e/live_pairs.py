#!/usr/bin/env python3
"""Two gateways and two notifications on real servers, of which one of each is killed: nobody hears of an event twice, and
where something may be missing they are told so. Under tests/infra/with.py KIND...

live_pairs.py PATH-TO-OFICIO NODE-MODULES"""

import os
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))

from fleet import Fleet  # noqa: E402
from live import converse, followed_by  # noqa: E402
from market import Away, Client, Failure, poll, step  # noqa: E402
from people import Person  # noqa: E402
from ports import free_port  # noqa: E402
from sockets import Sockets  # noqa: E402
from talk import same  # noqa: E402


def pairs(binary):
    fleet = Fleet(binary, ("rate.per_account=0",))
    fleet.where["gateway", 1] = free_port()
    fleet.where["notifications", 1] = free_port()
    addresses = ",".join(f"http://127.0.0.1:{fleet.where['notifications', i]}" for i in range(2))
    fleet.settings = [s for s in fleet.settings if not s.startswith("notifications.url=")]
    fleet.settings.append(f"notifications.url={addresses}")
    return fleet


class Talker:
    """Ben sends messages through the second gateway, as fast as they are answered."""

    def __init__(self, ben, path):
        self.ben, self.path, self.sent, self.ends = ben, path, [], threading.Event()
        self.failure = None
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        try:
            while not self.ends.is_set():
                text = f"Number {len(self.sent)}."
                self.sent.append(self.ben.expect(201, "POST", self.path + "/messages", {"text": text})["id"])
        except (Failure, Away) as e:
            self.failure = e

    def go_on(self, count=20):
        """Waits until so many more are sent."""
        wanted = len(self.sent) + count
        poll("messages are sent", lambda: len(self.sent) >= wanted or self.failure, 60)
        if self.failure:
            raise self.failure

    def end(self):
        self.ends.set()
        self.thread.join(30)
        if self.failure:
            raise self.failure
        return self.sent


def heard_once(socket, sent, start=0):
    """All that was sent, each once, in order."""
    socket.wait("message", lambda m: m["id"] == sent[-1], 30)
    heard = [m["id"] for m in socket.events("message")]
    same(f"{socket.name}: how many came twice", len(heard) - len(set(heard)), 0)
    same(f"{socket.name}: what is missing", [i for i in sent if i not in heard], [])


def follows(fleet, instance):
    """How many gateways follow that instance of notifications."""
    answer = Client(fleet.where["notifications", instance], prefix="").ask("GET", "/metrics")
    for line in answer.raw.decode().splitlines():
        if line.startswith("oficio_live_followers "):
            return int(float(line.split()[1]))
    return 0


def are_followed(fleet, *instances):
    def all_follow():
        try:
            return sum(follows(fleet, i) for i in instances) == 2
        except Away:
            return False
    poll("both gateways follow", all_follow, 30)


def knows_enough(fleet, instance, talker):
    """What it cannot have is told; so it is let be there for longer than gateways go back when they come to it."""
    own = Client(fleet.where["notifications", instance], prefix="")

    def ready():
        try:
            return own.ask("GET", "/readyz").status == 200
        except Away:
            return False
    poll(f"notifications {instance} is ready", ready, 30)
    born = time.monotonic()
    while time.monotonic() - born < 11:
        talker.go_on(5)


def one_of_two(fleet, people, talker):
    """Each instance of notifications once is killed, and misses nothing for anybody."""
    for instance in (0, 1):
        knows_enough(fleet, 1 - instance, talker)
        fleet.kill_one("notifications", instance)
        talker.go_on()
        are_followed(fleet, 1 - instance)
        talker.go_on()
        fleet.start_one("notifications", instance)
        fleet.wait_ready()
    heard = [len(socket.events("resync")) for socket in people]
    same("resyncs while one of two was there", heard, [0] * len(people))


def both(fleet, people, talker):
    for instance in (0, 1):
        fleet.kill_one("notifications", instance)
    talker.go_on()
    for instance in (0, 1):
        fleet.start_one("notifications", instance)
    for socket in people:
        socket.wait("resync", limit=60)
    fleet.wait_ready()
    are_followed(fleet, 0, 1)


def across(ana, ben, conversation, account):
    watched = ben.expect("presence:watch", {"account_ids": [account]})["items"]
    if not watched[0]["online"]:  # her gateway has just begun to tell
        same("who comes to the other gateway", ben.wait("presence", lambda p: p["online"])["account_id"], account)
    ana.expect("typing", {"conversation_id": conversation})
    same("who types there", ben.wait("typing")["account_id"], account)


def ends_everywhere(fleet, sockets, ana):
    other = ana.sign_in()
    here = sockets.open("ana's other session", fleet.where["gateway", 0], auth={"token": other["access_token"]})
    here.connected()
    there = Client(fleet.where["gateway", 1])
    there.expect((200, 204), "POST", "/auth/signout", {}, other["access_token"])
    same("why", here.wait("disconnect"), "io server disconnect")


def story(fleet, modules):
    fleet.start()
    second = Client(fleet.where["gateway", 1])
    poll("the second gateway is ready", lambda: second.ask("GET", "/readyz").status == 200, 60)
    ana, ben = Person(fleet.client, "ana"), Person(second, "ben")
    conversation = converse(ana, ben)
    for gateway in (0, 1):
        followed_by(fleet.where["gateway", gateway])
    with Sockets(modules) as sockets:
        people = [sockets.open("ana", fleet.where["gateway", 0], auth={"token": ana.token}),
                  sockets.open("ben", fleet.where["gateway", 1], auth={"token": ben.token}, transports=["websocket"])]
        for socket in people:
            socket.connected()
        step("people at two gateways see each other")
        across(*people, conversation, ana.id)
        ends_everywhere(fleet, sockets, ana)
        step("one of two notifications is killed, then the other")
        talker = Talker(ben, f"/conversations/{conversation}")
        one_of_two(fleet, people, talker)
        sent = list(talker.sent)
        for socket in people:
            heard_once(socket, sent)
        step("both are killed: all are told to fetch again")
        both(fleet, people, talker)
        talker.go_on()
        step("a gateway is killed: who was there comes to the other")
        fleet.kill_one("gateway", 0)
        people[0].wait("disconnect")
        moved = sockets.open("ana at the other", fleet.where["gateway", 1], auth={"token": ana.token})
        same("recovered", moved.connected()["recovered"], False)
        first = len(talker.sent) + 1
        talker.go_on()
        sent = talker.end()
        heard_once(moved, sent[first:])
        for socket in people:
            heard = [m["id"] for m in socket.events("message")]
            same(f"{socket.name}: how many came twice", len(heard) - len(set(heard)), 0)
    fleet.start_one("gateway", 0)
    fleet.wait_ready()
    same("exit status after SIGTERM", fleet.stop(), 0)


def main():
    with pairs(sys.argv[1]) as fleet:
        try:
            story(fleet, sys.argv[2])
        except (Failure, Away) as e:
            print(fleet.report(e), flush=True)
            sys.exit(1)


if __name__ == "__main__":
    main()
