#!/usr/bin/env python3
"""What telemetry costs a request: markets with the same samples, asked in turns: two without it, which tells how much the
measuring itself is off, one with a file of its own, and one that sends it to the search server of OFICIO_TEST_ELASTICSEARCH."""

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "tests", "harness"))

from figures import write_down  # noqa: E402
from market import Market  # noqa: E402
from measure import cases, memory, wrk  # noqa: E402


def kinds():
    out = {"without": "off", "again": "off", "file": "sqlite:telemetry.db"}
    if server := os.environ.get("OFICIO_TEST_ELASTICSEARCH"):
        out["server"] = server
    return out


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def settle(pid, limit=30.0):
    """Until it rests: an order's events are handled after its answer, and are a part of what it costs."""
    until = time.monotonic() + limit
    while time.monotonic() < until:
        before = processor_seconds(pid)
        time.sleep(0.2)
        if processor_seconds(pid) - before <= 0.01:
            return


def once(options, market, url, script):
    """Requests a second, and microseconds of processor for each with all that it leads to."""
    settle(market.process.pid)
    before = processor_seconds(market.process.pid)
    got = wrk(options, url, script)
    settle(market.process.pid)
    return got["rate"], 1e6 * (processor_seconds(market.process.pid) - before) / (got["rate"] * options.seconds)


def compare(options, markets):
    rows = []
    asked = {kind: cases(market, market.client) for kind, market in markets.items()}
    for i, (name, _, _) in enumerate(asked["without"]):
        if name == "sign-in" or not name.startswith(options.only):
            continue  # a password's hash takes a hundred times as long as anything else
        got = {kind: [] for kind in markets}
        for _ in range(options.rounds):
            for kind in random.sample(list(markets), len(markets)):
                _, url, script = asked[kind][i]
                got[kind].append(once(options, markets[kind], url, script))
        rows.append(row(name, got))
        print(rows[-1], flush=True)
    return rows


def row(name, got):
    """The processor's time without telemetry, and how much more the others took."""
    plain = got["without"]
    cells = [name, f"{statistics.median(rate for rate, _ in plain):,.0f}", f"{statistics.median(c for _, c in plain):.1f}"]
    for kind, runs in got.items():
        if kind == "without":
            continue
        # Turns of one round are compared: what else runs on the machine changes slowly.
        more = statistics.median(theirs[1] / ours[1] - 1 for ours, theirs in zip(plain, runs))
        cells.append(f"{100 * more:+.1f} % ({statistics.median(c for _, c in runs):.1f})")
    return "| " + " | ".join(cells) + " |"


def measure(options):
    with ExitStack() as all_of_them:
        markets = {kind: all_of_them.enter_context(Market(options.binary, [f"telemetry={where}"]))
                   for kind, where in kinds().items()}
        first = markets["without"]
        subprocess.run([options.binary, "seed", "--data", first.data], check=True, stdout=subprocess.DEVNULL,
                       env=first.environment())
        for market in markets.values():
            if market is not first:
                shutil.copytree(first.data, market.data)
        for market in markets.values():
            market.start()
        rows = compare(options, markets)
        used = ", ".join(f"{memory(market.process.pid, 'VmHWM'):.0f} ({kind})" for kind, market in markets.items())
    names = {"again": "without, again", "file": "with a file", "server": "sent to a server"}
    heads = ["request", "requests/s without", "µs of processor without", *(names[k] for k in markets if k in names)]
    return "\n".join([f"Memory at most, MiB: {used}.", "", "| " + " | ".join(heads) + " |",
                      "| --- " * len(heads) + "|", *rows])


def main():
    parser = argparse.ArgumentParser(prog="./oficio bench telemetry", description=__doc__)
    parser.add_argument("binary", help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=int, default=3, help="for each turn")
    parser.add_argument("--rounds", type=int, default=9, help="turns of each")
    parser.add_argument("--only", default="", help="requests whose name begins so: gig, search, order")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--write", action="store_true", help="put the figures into bench/README.md")
    options = parser.parse_args()
    figures = (f"{time.strftime('%Y-%m-%d', time.gmtime())}, {os.cpu_count()} cores shared with wrk, {options.connections} "
               f"connections, {options.rounds} turns of {options.seconds} s each.  \n" + measure(options))
    print("\n" + figures)
    if options.write:
        write_down("telemetry figures", figures)


if __name__ == "__main__":
    main()
