#!/usr/bin/env python3
"""Measures the market as one process a service on real servers (tests/infra/with.py has started them) by wrk."""

import argparse
import os
import subprocess
import sys
import time

here = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [here, os.path.join(here, "..", "tests", "harness"), os.path.join(here, "..", "tests", "e2e")]

from figures import write_down  # noqa: E402
from fleet import Fleet  # noqa: E402
from measure import cases, wrk  # noqa: E402
from market import Market, poll  # noqa: E402
from people import Person  # noqa: E402
from story import publish  # noqa: E402


def processor_seconds(processes):
    total = 0
    for process in processes:
        with open(f"/proc/{process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def measure(name, market, options):
    market.start()
    seller = Person(market.client, "bench_seller")
    seller.become_seller()
    publish(seller, market.client)
    poll("the search finds the gig", lambda: market.client.ask("GET", "/gigs/search?q=logo&limit=1").json["total"] == 1)
    processes = list(getattr(market, "processes", {"all": market.process}).values())
    rows = []
    for what, url, script in cases(market, market.client):
        before = processor_seconds(processes)
        got = wrk(options, url, script)
        spent = (processor_seconds(processes) - before) / (got["rate"] * options.seconds) * 1000 if got["rate"] else 0
        note = (f"{got['bad']:.1f} % not 2xx " if got["bad"] else "") + got["lost"]
        rows.append(f"| {what} | {name} | {got['rate']:,.0f} | {got['p50']:.1f} | {got['p99']:.1f} | {spent:.2f} | {note} |")
        print(rows[-1], flush=True)
    return rows


def main():
    parser = argparse.ArgumentParser(prog="./oficio bench servers", description=__doc__)
    parser.add_argument("binary", help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=int, default=8, help="for each request that is measured")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--write", action="store_true", help="put the figures into bench/README.md")
    options = parser.parse_args()
    outbox = subprocess.run([os.path.join(here, "..", "build", "release", "bench", "bench_outbox")], check=True,
                            capture_output=True, text=True).stdout
    print(outbox, flush=True)
    rows = []
    with Market(options.binary) as market:
        rows += measure("one process, embedded", market, options)
    with Fleet(options.binary) as market:
        rows += measure("a process a service, on servers", market, options)
    load = os.getloadavg()[1]
    text = "\n".join([f"{time.strftime('%Y-%m-%d', time.gmtime())}, {os.cpu_count()} cores shared with wrk and all servers, "
                      f"{options.connections} connections, {options.seconds} s each; load average after: {load:.1f}.", "",
                      "| request | as | requests/s | p50, ms | p99, ms | our processor, ms each | |",
                      "| --- | --- | --- | --- | --- | --- | --- |", *sorted(rows, key=lambda r: r.split("|")[1]), "",
                      "What an event costs (64 writers):", "", outbox.strip()])
    print("\n" + text)
    if options.write:
        write_down("servers figures", text)


if __name__ == "__main__":
    main()
