#!/usr/bin/env python3
"""Measures how long a message takes to the other side's sockets, with many connected: in one process on embedded parts,
and with a process a service on real servers."""

import argparse
import json
import os
import subprocess
import sys
import time

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "tests", "harness"))

from figures import write_down  # noqa: E402
from market import Failure, chosen_market  # noqa: E402
from people import pair_up, sign_up_many  # noqa: E402

SERVERS = ["mysql", "postgresql", "mongodb", "redis", "rabbitmq", "elasticsearch"]
WITH = os.path.join(here, "..", "tests", "infra", "with.py")
HEADS = ["| where | sent over | seen p50, ms | p99, ms | acknowledged p50, ms | p99, ms |", "| --- | --- | --- | --- | --- | --- |"]


def measure(options, where):
    """Rows of the table; in the market that OFICIO_TEST_MARKET names."""
    rows = []
    with chosen_market()(options.binary, ["sockets.per_address=0", "http.max_connections_per_client=0"]) as market:
        market.start()
        people = sign_up_many(market.client, options.people)
        pair_up(people)
        for via in ("http", "socket"):
            for person in people:  # access tokens live for a quarter of an hour
                if time.monotonic() - options.began > 600:
                    person.token = person.sign_in()["access_token"]
            lines = "".join(f"{p.token} {p.conversation}\n" for p in people)
            done = subprocess.run([options.client, "--port", str(market.port), "--via", via, "--rate", str(options.rate),
                                   "--seconds", str(options.seconds), "--sockets", str(options.sockets)],
                                  input=lines, stdout=subprocess.PIPE, text=True, check=True)
            got = json.loads(done.stdout)
            print(f"{where}, {via}: {got}", flush=True)
            if got["refused"] or got["twice"]:
                raise Failure(f"{got['refused']} messages were refused, {got['twice']} were seen twice")
            acknowledged = f"{got['ack_p50']:.1f} | {got['ack_p99']:.1f}" if via == "socket" else "|"
            lost = f" ({got['never_seen']} never)" if got["never_seen"] else ""
            rows.append(f"| {where} | {'HTTP' if via == 'http' else 'Socket.IO'} | {got['p50']:.1f}{lost} | {got['p99']:.1f} | {acknowledged} |")
        market.stop()
    return rows


def on_servers(options):
    """The same again under with.py, which gives it the servers."""
    words = [sys.executable, "-B", WITH, *options.servers.split(","), "--", sys.executable, "-B", __file__, options.binary,
             options.client, "--rows", *[f"--{name}={getattr(options, name)}" for name in ("people", "sockets", "rate", "seconds", "servers")]]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, env=os.environ | {"OFICIO_TEST_MARKET": "servers"}, check=False)
    print(done.stdout, end="", flush=True)
    if done.returncode:
        raise Failure(f"on servers it ended with {done.returncode}")
    return [line for line in done.stdout.splitlines() if line.startswith("| ")]


def main():
    parser = argparse.ArgumentParser(prog="./oficio bench talk", description=__doc__)
    parser.add_argument("binary", help=argparse.SUPPRESS)
    parser.add_argument("client", help=argparse.SUPPRESS)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--sockets", type=int, default=5, help="of each of them")
    parser.add_argument("--rate", type=float, default=200, help="messages a second")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--servers", default=",".join(SERVERS), help="the kinds of servers; none: embedded parts alone")
    parser.add_argument("--rows", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--write", action="store_true", help="put the figures into bench/README.md")
    options = parser.parse_args()
    options.began = time.monotonic()
    if options.rows:
        print("\n".join(measure(options, options.servers.replace(",", ", "))))
        return
    rows = measure(options, "embedded parts")
    if options.servers:
        rows += on_servers(options)
    head = (f"{time.strftime('%Y-%m-%d', time.gmtime())}, {os.cpu_count()} cores, {options.people * options.sockets:,} sockets of {options.people} people, "
            f"{options.rate:.0f} messages/s for {options.seconds:.0f} s each; load average after: {os.getloadavg()[0]:.1f}.  ")
    figures = "\n".join([head, "", *HEADS, *rows])
    print("\n" + figures)
    if options.write:
        write_down("talk figures", figures)


if __name__ == "__main__":
    main()
