#!/usr/bin/env python3
"""The same stories with each service in a process of its own, under tests/infra/with.py rabbitmq […].

processes.py PATH-TO-OFICIO [INSTANCES]"""

import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))

from broken import Broken  # noqa: E402
from contract import Contract  # noqa: E402
from fleet import Fleet  # noqa: E402
from market import Away, Client, Failure, poll, step  # noqa: E402
from people import Person  # noqa: E402
from story import same, story  # noqa: E402


def tokens_outlive_auth(fleet):
    """The signing keys are the database's, not a process's."""
    client = fleet.client
    ana = Person(client, "ana")
    kids = {key["kid"] for key in client.expect(200, "GET", "/auth/jwks")["keys"]}
    for name, instance in list(fleet.processes):
        if name == "auth":
            fleet.kill_one(name, instance)
    client.expect(200, "GET", "/gigs/search")
    answer = client.expect(503, "GET", "/auth/me", token=ana.token)
    if not answer.headers.get("Retry-After"):
        raise Failure(f"503 must say when to come again\n{answer.told()}")
    ready = client.ask("GET", "/readyz")
    same("status of /readyz", ready.status, 503)
    same("auth's status", ready["services"]["auth"]["status"], "unreachable")
    for name, instance in list(fleet.processes):
        if name == "auth":
            fleet.start_one(name, instance)
    poll("auth is back", lambda: client.ask("GET", "/auth/me", token=ana.token).status == 200, 60)
    same("signing keys", {key["kid"] for key in client.expect(200, "GET", "/auth/jwks")["keys"]}, kids)
    fleet.wait_ready()


def one_instance_is_enough(fleet):
    """While one of each is gone no request fails, but those that were under way."""
    client = fleet.client
    bea = Person(client, "bea")
    for name, instance in list(fleet.processes):
        if instance == 1:
            fleet.kill_one(name, instance)
    for _ in range(30):
        client.expect(200, "GET", "/auth/me", token=bea.token)
        client.expect(200, "GET", "/gigs/search")
        client.expect(200, "GET", "/orders?role=buyer", token=bea.token)
    bea.become_seller()
    for name, instance in list(fleet.processes):
        if instance == 1:
            fleet.start_one(name, instance)
    fleet.wait_ready()


def operated_from_outside(fleet, binary):
    """The commands work on the same settings."""
    client = fleet.client
    carla = Person(client, "carla")

    def command(*words):
        line = [binary, *words, "--data", fleet.data]
        for setting in fleet.settings:
            line += ["--set", setting]
        done = subprocess.run(line, capture_output=True, text=True, timeout=60, env=fleet.environment())
        same(f"exit status of {' '.join(words)} ({done.stderr.strip()})", done.returncode, 0)
        return done.stdout

    command("operator", "grant", "carla")
    poll("the sessions of before end",
         lambda: client.ask("GET", "/auth/me", token=carla.token).code == "session_ended", 20)
    token = carla.sign_in()["access_token"]
    client.expect(200, "GET", "/ops/events", token=token)
    before = {key["kid"] for key in client.expect(200, "GET", "/auth/jwks")["keys"]}
    command("keys", "rotate")
    poll("the new key is published",
         lambda: before < {key["kid"] for key in client.expect(200, "GET", "/auth/jwks")["keys"]}, 20)
    shown = command("events", "--url", f"http://127.0.0.1:{fleet.port}")
    if "chat.accounts" not in shown:
        raise Failure(f"oficio events shows no queue of chat:\n{shown}")


def parts_are_named(fleet):
    for name in ("auth", "chat"):
        ready = Client(fleet.where[name, 0]).expect(200, "GET", "/readyz")
        for part in ("database", "events"):
            same(f"{name}'s {part}", ready["checks"][part]["state"], "ok")


def clocks_move_together(fleet):
    client = fleet.client
    now = client.expect(200, "POST", "/dev/clock", {"advance": "1h"})["now"]
    diego = Person(client, "diego")
    # auth signs with its newest key now, which was published long before where clocks do not jump.
    poll("the gateway knows the new key", lambda: diego.ask("GET", "/auth/me").status == 200, 20)
    moved = diego.expect(200, "GET", "/auth/me")["account"]["created_at"]
    if moved < now:
        raise Failure(f"auth made an account at {moved}, after the clock was moved to {now}")


def main():
    binary = os.path.abspath(sys.argv[1])
    instances = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    began = time.monotonic()
    with Fleet(binary, contract=Contract(), instances=instances) as fleet:
        try:
            story(fleet, [])
            fleet.start()
            step("each process names its parts")
            parts_are_named(fleet)
            step("sessions and keys outlive auth's processes")
            tokens_outlive_auth(fleet)
            if instances > 1:
                step("one instance of each is enough")
                one_instance_is_enough(fleet)
            step("operators, keys and events are seen to from outside")
            operated_from_outside(fleet, binary)
            step("the clocks of all processes move together")
            clocks_move_together(fleet)
            same("exit status after SIGTERM", fleet.stop(), 0)
        except (Failure, Away, Broken) as e:
            print(fleet.report(e), flush=True)
            sys.exit(1)
    print(f"passed in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
