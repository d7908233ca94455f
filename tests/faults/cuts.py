"""The network between the services and one server is cut for a while."""

import os
from urllib.parse import urlsplit

import changes
from damage import Damage, present_servers
from load import DEADLINE
from market import step
from network import Way
from server_settings import settings_of

# Seconds; where not said: less than anybody's patience. The databases: more than a request's. RabbitMQ: more
# than a heartbeat.
LENGTHS = {"mysql": DEADLINE + 2, "mongodb": DEADLINE + 2, "rabbitmq": 11.0}


class Cut(Damage):
    def __init__(self, kind, way):
        self.hold = LENGTHS.get(kind, 4.0)
        super().__init__(f"{kind}: network cut for {self.hold:g} s")
        self.way = way
        self.of_events = kind == "rabbitmq"

    def strike(self):
        self.way.cut()

    def heal(self):
        self.way.mend()


def through(address, way):
    url = urlsplit(address)
    account, at, _ = url.netloc.rpartition("@")
    query = url.query
    if url.scheme == "smtp":  # its certificate is for another address
        query = "&".join([part for part in query.split("&") if not part.startswith("ca=")] + ["verify=false"])
    return url._replace(netloc=account + at + way.address, query=query).geturl()


def trial_of_cuts(trial, which):
    kinds = [kind for kind in present_servers() if which in ("", kind)]
    fleet, before = trial.fleet, dict(trial.fleet.given)
    ways = {}
    try:
        for number, kind in enumerate(kinds):
            url = urlsplit(os.environ[f"OFICIO_TEST_{kind.upper()}"])
            ways[kind] = Way(url.hostname, url.port, number)
        refused = next(iter(ways.values())).why_no_cable
        step(f"cuts by a relay, since this machine allows no network of its own: {refused}" if refused else
             "cuts of a cable between network namespaces")
        changes.stop(fleet)
        for kind, way in ways.items():
            changes.put(fleet, settings_of(kind, through(os.environ[f"OFICIO_TEST_{kind.upper()}"], way)))
        fleet.start()
        trial.run([Cut(kind, way) for kind, way in ways.items()])
        changes.stop(fleet)
        changes.put(fleet, before)
        fleet.start()
    finally:
        for way in ways.values():
            way.close()
