#!/usr/bin/env python3
"""Mail that cannot be kept: it comes after a kill and a restart, and after a dead letter was replayed; never twice.

usage: mail.py PATH-TO-OFICIO
"""

import contextlib
import os
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))

from market import Failure, poll, run, step  # noqa: E402
from people import Person  # noqa: E402

QUEUE = "notifications.verification"


def rename_outbox(market, old, new):
    """Takes the outbox's table away, or brings it back, under the running market."""
    with contextlib.closing(sqlite3.connect(os.path.join(market.data, "mail.db"), timeout=10)) as db:
        db.execute(f"ALTER TABLE {old} RENAME TO {new}")
        db.commit()


def same(what, got, expected):
    if got != expected:
        raise Failure(f"{what}: {got!r}, not {expected!r}")


class Clock:
    """The market's, which starts anew with the process."""

    def __init__(self, client):
        self.client, self.minutes = client, 0

    def advance(self, minutes):
        self.client.expect(200, "POST", "/dev/clock", {"advance": f"{minutes}m"})
        self.minutes += minutes


def events(market, clock, *arguments):
    """What `oficio events` says, on this machine's own authority."""
    command = [market.binary, "events", *arguments, "--data", market.data, "--port", str(market.port),
               "--set", f"clock_offset={clock.minutes}m"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, env=market.environment())
    if done.returncode != 0:
        raise Failure(f"oficio events ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def counts(told):
    """Waiting and dead of the mail's queue."""
    line = next(line for line in told.splitlines() if line.startswith(QUEUE + " "))
    waiting, dead = line.split()[1:3]
    return int(waiting), int(dead)


def mails_to(market, email):
    return market.client.expect(200, "GET", f"/dev/mail?to={email}")["items"]


def mail_faults(market, _):
    client = market.client
    market.start()
    step("the outbox breaks; somebody signs up; the process is killed while the mail waits")
    rename_outbox(market, "mail", "mail_gone")
    ana = Person(client, "ana", locale="en")
    poll("the mail waits", lambda: counts(events(market, Clock(client)))[0] == 1)
    market.kill()
    market.start()
    clock = Clock(client)
    step("after a restart, with an outbox that works again, the mail comes, once")
    clock.advance(1)
    poll("the mail is there", lambda: mails_to(market, ana.email))
    ana.verify_email()
    same("mails", len(mails_to(market, ana.email)), 1)

    step("an outbox that stays broken makes a dead letter, which the command shows")
    rename_outbox(market, "mail", "mail_away")
    bea = Person(client, "bea", locale="es")

    def dead():
        clock.advance(11)
        return counts(events(market, clock))[1] == 1
    poll("the mail is a dead letter", dead, 60, 0.3)
    told = events(market, clock)
    if "7 attempts" not in told or "auth.email.verification_requested" not in told:
        raise Failure(f"oficio events must tell of the mail\n{told}")
    step("the outbox is mended and the letter replayed: the mail comes, once")
    rename_outbox(market, "mail_away", "mail")
    events(market, clock, "replay")
    found = poll("the mail is there", lambda: mails_to(market, bea.email))
    same("subject", found[0]["subject"], "Confirma tu dirección de correo")
    same("mails", len(mails_to(market, bea.email)), 1)
    same("dead letters", counts(events(market, clock)), (0, 0))
    same("exit status after SIGTERM", market.stop(), 0)


if __name__ == "__main__":
    run(mail_faults)
