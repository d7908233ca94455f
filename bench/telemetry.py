#!/usr/bin/env python3
"""What telemetry costs a request: two markets with the same samples, one with it and one without, asked in turns."""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "tests", "harness"))

from figures import write_down  # noqa: E402
from market import Market  # noqa: E402
from measure import cases, memory, wrk  # noqa: E402

KINDS = {"off": ["telemetry=off"], "on": ["telemetry=sqlite:telemetry.db"]}


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def once(options, market, url, script):
    """Requests a second, and microseconds of processor for each."""
    before = processor_seconds(market.process.pid)
    got = wrk(options, url, script)
    return got["rate"], 1e6 * (processor_seconds(market.process.pid) - before) / (got["rate"] * options.seconds)


def compare(options, markets):
    rows = []
    asked = {kind: cases(market, market.client) for kind, market in markets.items()}
    for i, (name, _, _) in enumerate(asked["off"]):
        if name == "sign-in":
            continue  # a password's hash takes a hundred times as long as anything else
        got = {"off": [], "on": []}
        for turn in range(options.rounds):
            for kind in ("off", "on") if turn % 2 == 0 else ("on", "off"):
                _, url, script = asked[kind][i]
                got[kind].append(once(options, markets[kind], url, script))
        rate = {kind: statistics.median(r for r, _ in runs) for kind, runs in got.items()}
        cost = {kind: statistics.median(c for _, c in runs) for kind, runs in got.items()}
        # Turns that stand next to each other are compared: what else runs on the machine changes slowly.
        more = statistics.median(on[1] / off[1] - 1 for off, on in zip(got["off"], got["on"]))
        rows.append(f"| {name} | {rate['off']:,.0f} | {rate['on']:,.0f} | {cost['off']:.1f} | {cost['on']:.1f} | {100 * more:+.1f} % |")
        print(rows[-1], flush=True)
    return rows


def measure(options):
    with Market(options.binary, KINDS["off"]) as off, Market(options.binary, KINDS["on"]) as on:
        subprocess.run([options.binary, "seed", "--data", off.data], check=True, stdout=subprocess.DEVNULL)
        shutil.copytree(off.data, on.data)
        markets = {"off": off, "on": on}
        for market in markets.values():
            market.start()
        rows = compare(options, markets)
        used = {kind: memory(market.process.pid, "VmHWM") for kind, market in markets.items()}
    return "\n".join([
        f"Memory at most: {used['off']:.0f} MiB without, {used['on']:.0f} MiB with.", "",
        "| request | requests/s without | with | µs of processor without | with | more, median of pairs |",
        "| --- | --- | --- | --- | --- | --- |", *rows])


def main():
    parser = argparse.ArgumentParser(prog="./oficio bench telemetry", description=__doc__)
    parser.add_argument("binary", help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=int, default=3, help="for each turn")
    parser.add_argument("--rounds", type=int, default=9, help="turns of each")
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
