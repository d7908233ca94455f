#!/usr/bin/env python3
"""How the program ends and how it refuses to begin: SIGTERM under load, a taken port, a wrong setting."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))

from market import Away, Failure, poll, run, step  # noqa: E402
from people import Person, gig_form, new_key  # noqa: E402

SENDERS = 6


class Load:
    """People who send messages as fast as they can, and remember which were acknowledged."""

    def __init__(self, client, people, conversation):
        self.client, self.conversation = client, conversation
        self.acknowledged, self.broken, self.sent = set(), [], 0
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.send, args=(people[i % 2],)) for i in range(SENDERS)]
        for thread in self.threads:
            thread.start()

    def send(self, person):
        while True:
            note = {"client_id": new_key(), "text": "under load"}
            try:
                answer = person.ask("POST", f"/conversations/{self.conversation}/messages", note)
            except Away as e:
                # A refused connection is an orderly no. One that breaks after the request went out is not:
                # the listener was closed only after requests in flight were answered.
                if "Refused" not in str(e) and "Reset" not in str(e) and "RemoteDisconnected" not in str(e):
                    self.broken.append(str(e))
                return
            with self.lock:
                self.sent += 1
                if answer.status in (200, 201):
                    self.acknowledged.add(note["client_id"])
                elif answer.status == 503:
                    return
                else:
                    self.broken.append(answer.told())
                    return

    def join(self):
        for thread in self.threads:
            thread.join(30)


def all_messages(person, conversation):
    seen, before = [], None
    while True:
        query = "?limit=100" + (f"&before={before}" if before else "")
        page = person.expect(200, "GET", f"/conversations/{conversation}/messages{query}")["items"]
        if not page:
            return seen
        seen += page
        before = min(m["seq"] for m in page)
        if before <= 1:
            return seen


def two_people_talking(market):
    client = market.client
    buyer, seller = Person(client, "berta"), Person(client, "samuel")
    seller.become_seller()
    poll("the seller publishes", lambda: seller.ask("POST", "/gigs", gig_form(client)).status in (200, 201))
    def opened():
        answer = buyer.ask("POST", "/conversations", {"with": "samuel"})
        return answer.json if answer.status in (200, 201) else None
    return buyer, seller, poll("chat knows the seller", opened)["id"]


def stop_under_load(market):
    market.start()
    buyer, seller, conversation = two_people_talking(market)
    load = Load(market.client, (buyer, seller), conversation)
    poll("a hundred messages are through", lambda: load.sent >= 100, 30)
    began = time.monotonic()
    status = market.stop()
    took = time.monotonic() - began
    load.join()
    step(f"SIGTERM under load: exit status {status} after {took:.2f} s, {len(load.acknowledged)} acknowledged")
    if status != 0:
        raise Failure(f"exit status after SIGTERM must be 0, not {status}")
    if '"log.level":"error"' in market.log_tail(200):
        raise Failure("an orderly stop logs no errors")
    if load.broken:
        raise Failure("requests ended badly:\n" + "\n".join(load.broken[:3]))
    market.start()
    kept = [m.get("client_id") for m in all_messages(buyer, conversation)]
    lost = load.acknowledged - set(kept)
    if lost or len(kept) != len(set(kept)):
        raise Failure(f"{len(lost)} acknowledged messages are lost, {len(kept) - len(set(kept))} are there twice")
    step("after a new start every acknowledged message is there once")


def second_signal(market):
    process = market.process
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGTERM)
    market.stop(limit=5)
    step(f"a second SIGTERM: gone after {time.monotonic() - began:.2f} s")


def refuses(market, what, extra, named):
    """Starting with `extra` ends soon, with a status of its own and one line that names the trouble."""
    done = subprocess.run(market.command() + extra, capture_output=True, text=True, timeout=20,
                          env=market.environment(), cwd=market.folder.name)
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    if done.returncode == 0 or len(lines) != 1 or named not in lines[0]:
        raise Failure(f"{what}: expected a status other than 0 and one line with {named!r}, got "
                      f"{done.returncode} and:\n" + "\n".join(lines))
    step(f"{what}: status {done.returncode}, {lines[0]}")


def stop(market, _):
    stop_under_load(market)
    second_signal(market)
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", market.port))
        taken.listen()
        refuses(market, "a taken port", [], str(market.port))
    refuses(market, "an unknown setting", ["--set", "no.such.setting=1"], "no.such.setting")
    refuses(market, "a wrong value", ["--set", "io_threads=many"], "io_threads")
    refuses(market, "an address that no driver takes", ["--set", "auth.database=mongodb://x"], "auth.database")


if __name__ == "__main__":
    run(stop)
