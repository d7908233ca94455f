#!/usr/bin/env python3
"""Measures the real-time server beside npm's socket.io: the same clients, in the same run, in turns."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

from figures import write_down

here = os.path.dirname(os.path.abspath(__file__))

LOADS = [
    ("acknowledged events", "one waiting a client", ["acks", "--window", "1"]),
    ("acknowledged events", "eight waiting a client", ["acks", "--window", "8"]),
    ("room deliveries", "one sender, one event at a time", ["rooms", "--window", "1"]),
    ("room deliveries", "four senders, four events each", ["rooms", "--senders", "4", "--window", "4"]),
]


class Server:
    def __init__(self, name, words):
        self.name = name
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().split()[-1])

    def load(self, client, *words):
        made = subprocess.run([client, *words, "--port", str(self.port), "--pid", str(self.process.pid)],
                              stdout=subprocess.PIPE, text=True, check=True)
        return json.loads(made.stdout)

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


class Servers:
    """Fresh ones for each measurement of memory, and one pair for all of speed."""

    def __init__(self, echo, yardstick):
        self.words = {"ours": [echo, "--port", "0", "--threads", "1"],
                      "socket.io": ["node", os.path.join(here, "realtime", "yardstick.cjs"), yardstick]}

    def start(self, name):
        return Server(name, self.words[name])


def speed(servers, client, seconds, rounds):
    both = [servers.start(name) for name in servers.words]
    rows = []
    try:
        for what, how, words in LOADS:
            rates = {s.name: [] for s in both}
            for _ in range(rounds):
                for s in both:
                    told = s.load(client, *words, "--connections", "100", "--seconds", str(seconds))
                    rates[s.name].append(told["per_cpu_second"])
            ours, theirs = (statistics.median(rates[name]) for name in ("ours", "socket.io"))
            rows.append(f"| {what}, {how} | {ours:,.0f} | {theirs:,.0f} | {ours / theirs:.1f} |")
            print(rows[-1], flush=True)
    finally:
        for s in both:
            s.stop()
    return rows


def memory(servers, client, connections):
    rows = {}
    for name in servers.words:
        s = servers.start(name)
        try:
            rows[name] = s.load(client, "idle", "--connections", str(connections), "--seconds", "5")
        finally:
            s.stop()
    ours, theirs = (rows[name]["bytes_per_connection"] / 1024 for name in ("ours", "socket.io"))
    opened = [rows[name]["open_cpu_us"] for name in ("ours", "socket.io")]
    out = [f"| memory a connection, KiB, at {connections:,} | {ours:.1f} | {theirs:.1f} | {theirs / ours:.1f} |",
           f"| processor to open one, µs | {opened[0]:.0f} | {opened[1]:.0f} | {opened[1] / opened[0]:.1f} |"]
    print("\n".join(out), flush=True)
    return out


def hold(servers, client, connections, seconds):
    s = servers.start("ours")
    try:
        told = s.load(client, "idle", "--connections", str(connections), "--seconds", str(seconds))
    finally:
        s.stop()
    line = (f"{connections:,} connections held for {seconds / 60:.0f} minutes: none was lost, each answered at least "
            f"{told['fewest_pings']} heartbeats; {told['bytes_at_the_end'] / 1024:.1f} KiB a connection at the end, "
            f"{told['idle_cpu'] * 100:.1f} % of a processor.")
    print(line, flush=True)
    return line


def main():
    words = argparse.ArgumentParser(prog="./oficio bench realtime", description=__doc__)
    words.add_argument("echo")
    words.add_argument("client")
    words.add_argument("yardstick")
    words.add_argument("--seconds", type=float, default=5)
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--hold", type=float, default=120, help="seconds that 15,000 connections are held")
    words.add_argument("--write", action="store_true", help="put the figures into bench/README.md")
    given = words.parse_args()
    servers = Servers(given.echo, given.yardstick)
    before = os.getloadavg()[0]
    rows = ["| | ours | socket.io | ratio |", "| --- | --- | --- | --- |"]
    rows += speed(servers, given.client, given.seconds, given.rounds)
    rows += memory(servers, given.client, 5_000)
    held = hold(servers, given.client, 15_000, given.hold) if given.hold > 0 else ""
    node = subprocess.run(["node", "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    head = (f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, Node {node}, 100 clients, {given.seconds:.0f} s each, median "
            f"of {given.rounds}; load average before and after: {before:.1f} and {os.getloadavg()[0]:.1f}.  ")
    if given.write:
        told = "Events and deliveries per second of the server's processor time:"
        write_down("realtime figures", "\n".join([head, told, "", *rows, "", held]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
