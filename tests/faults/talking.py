#!/usr/bin/env python3
"""Hundreds of official Socket.IO clients talk while what carries their messages is killed, one part after another. All
that was acknowledged is in the conversations, once; all come back by themselves, and see everything.
Under tests/infra/with.py rabbitmq KIND... --

usage: talking.py PATH-TO-OFICIO NODE-MODULES [--people N] [--sockets N] [--pause MILLISECONDS]
"""

import argparse
import collections
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "harness"))
sys.path.insert(0, here)

from damage import ServerKilled, ServiceKilled  # noqa: E402
from fleet import Fleet  # noqa: E402
from market import Away, Failure, poll, step  # noqa: E402
from people import pair_up, sign_up_many  # noqa: E402


class Crowd:
    """The clients, all in one process of Node."""

    def __init__(self, modules, port, people, sockets, pause):
        self.size = len(people) * sockets
        self.now = {"acknowledged": 0, "connected": 0}
        self.end = queue.Queue()
        self.process = subprocess.Popen(["node", os.path.join(here, "crowd.cjs"), modules], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        given = {"url": f"http://127.0.0.1:{port}", "sockets": sockets, "pause": pause,
                 "people": [{"token": p.token, "conversation": p.conversation} for p in people]}
        self.say(json.dumps(given))
        threading.Thread(target=self.listen, daemon=True).start()

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def listen(self):
        for line in self.process.stdout:
            told = json.loads(line)
            if told.get("done"):
                self.end.put(told)
            else:
                self.now = told
        self.end.put(None)

    def await_talk(self, limit=60.0):
        """Until all are connected, and as many messages as there are clients were acknowledged from now on."""
        goal = self.now["acknowledged"] + self.size
        def talking():
            if self.process.poll() is not None:
                raise SystemExit(f"the clients ended with {self.process.returncode}")
            return self.now["connected"] == self.size and self.now["acknowledged"] >= goal
        try:
            poll("all are connected and talk", talking, limit, 0.1)
        except Failure as e:
            raise Failure(f"{e}\nthe clients say: {self.now}") from None

    def finish(self, limit=60.0):
        self.say("finish")
        try:
            told = self.end.get(timeout=limit)
        except queue.Empty:
            raise Failure(f"the clients come to no end: {self.now}") from None
        if told is None:
            raise Failure("the clients ended before they were asked to")
        return told

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def all_messages(person):
    seen, after = [], 0
    while True:
        page = person.expect(200, "GET", f"/conversations/{person.conversation}/messages?after={after}&limit=100")["items"]
        if not page:
            return seen
        seen += page
        after = page[-1]["seq"]


def prove(people, told):
    if told["problems"]:
        raise Failure("; ".join(told["problems"]))
    acknowledged = collections.defaultdict(set)
    for conversation, client_id in told["acknowledged"]:
        acknowledged[conversation].add(client_id)
    for person in people[::2]:
        seen = all_messages(person)
        counts = collections.Counter(m["client_id"] for m in seen)
        lost = [c for c in acknowledged[person.conversation] if counts[c] == 0]
        twice = [c for c, count in counts.items() if count > 1]
        if lost or twice:
            raise Failure(f"{len(lost)} acknowledged messages are gone, {len(twice)} are there twice: {(lost + twice)[:5]}")
        if [m["seq"] for m in seen] != list(range(1, len(seen) + 1)):
            raise Failure(f"the numbers of {person.conversation} have gaps")


def test(fleet, wanted):
    fleet.start()
    people = sign_up_many(fleet.client, wanted.people)
    pair_up(people)
    with Crowd(wanted.modules, fleet.port, people, wanted.sockets, wanted.pause) as crowd:
        crowd.await_talk()
        step(f"{crowd.size} clients talk")
        for damage in (ServiceKilled(fleet, "gateway"), ServiceKilled(fleet, "notifications"),
                       ServiceKilled(fleet, "chat"), ServerKilled("rabbitmq")):
            before = crowd.now["acknowledged"]
            damage.strike()
            time.sleep(damage.hold)  # so long does it last
            damage.heal()
            began = time.monotonic()
            crowd.await_talk()
            step(f"{damage.what}: all talk again {time.monotonic() - began:.1f} s later, "
                 f"{crowd.now['acknowledged'] - before} messages acknowledged meanwhile")
        told = crowd.finish()
    numbers = {name: value for name, value in told.items() if isinstance(value, int) and name != "done"}
    step(f"{len(told['acknowledged'])} messages acknowledged; {numbers}")
    prove(people, told)
    step("each is there once, in one order, and every client has seen all")
    if fleet.stop() != 0:
        raise Failure("exit status after SIGTERM must be 0")


def arguments():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("binary")
    parser.add_argument("modules")
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--sockets", type=int, default=5, help="of each of them")
    parser.add_argument("--pause", type=int, default=8_000, help="between two messages of a client, on average")
    return parser.parse_args()


def main():
    wanted = arguments()
    # Whoever ends this ends the processes of the fleet, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    began = time.monotonic()
    with Fleet(wanted.binary) as fleet:
        try:
            test(fleet, wanted)
        except (Failure, Away) as e:
            print(fleet.report(e), flush=True)
            sys.exit(1)
    print(f"passed in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
