#!/usr/bin/env python3
"""Measures the search of a market with many made-up gigs: the index alone, then through the gateway."""

import argparse
import collections
import os
import random
import re
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "tests", "harness"))

from figures import percentile, write_down  # noqa: E402
from market import Market  # noqa: E402


def memory(pid, what):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(rf"^{what}:\s+(\d+) kB", status.read(), re.M).group(1)) / 1024


def words_of(client):
    """The words of some hundred gigs, the most frequent first, and some tags."""
    count, tags = collections.Counter(), []
    for page in range(6):
        found = client.expect(200, "GET", f"/gigs/search?limit=100&min_price={500 + page * 700}").json
        for gig in found["items"]:
            count.update(set(re.findall(r"\w{2,}", (gig["title"] + " " + gig["description"]).lower())))
            tags += gig["tags"]
    return [word for word, _ in count.most_common()], tags


def misspelt(word, chance):
    at = chance.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2:] + ("x" if len(word) > 6 else "")


def make_queries(client, per_kind, chance):
    """{kind: [paths]}, as people ask."""
    words, tags = words_of(client)
    common, usual, rare = words[:30], words[30:600], words[-3000:]
    long = [w for w in usual if len(w) > 5]
    places = [(c["id"], s["id"]) for c in client.expect(200, "GET", "/categories")["items"] for s in c["subcategories"]]
    pick = chance.choice

    def search(**parameters):
        return "/gigs/search?" + urllib.parse.urlencode({"limit": 20, **parameters})

    kinds = {
        "all gigs": lambda: search(),
        "a category": lambda: search(category=pick(places)[0]),
        "a rare word": lambda: search(q=pick(rare)),
        "a usual word": lambda: search(q=pick(usual)),
        "a common word": lambda: search(q=pick(common)),
        "two words": lambda: search(q=f"{pick(usual)} {pick(common)}"),
        "four words": lambda: search(q=" ".join(chance.sample(usual, 4))),
        "one letter": lambda: search(q=pick("abcdefghilmnoprstuv")),
        "three letters": lambda: search(q=pick(usual)[:3]),
        "a misspelt word": lambda: search(q=misspelt(pick(long), chance)),
        "a subcategory, prices, by price": lambda: search(subcategory=pick(places)[1], min_price=2000, max_price=20000,
                                                          sort="price_asc"),
        "a word, country, stars, by sales": lambda: search(q=pick(common), country="ES", min_rating=4,
                                                           sort="best_selling"),
        "a tag, newest": lambda: search(tags=pick(tags), sort="newest"),
        "suggestions": lambda: "/gigs/suggest?" + urllib.parse.urlencode({"q": pick(usual)[:4]}),
    }
    return {kind: [make() for _ in range(per_kind)] for kind, make in kinds.items()}


def timed(client, path):
    began = time.perf_counter()
    answer = client.expect(200, "GET", path)
    return (time.perf_counter() - began) * 1000, len(answer.raw)


def row(name, times, size):
    return (f"| {name} | {size:,.0f} | {statistics.median(times):.1f} | {percentile(times, 0.99):.1f} | "
            f"{max(times):.1f} |")


def together(client, paths, clients):
    """All paths by several clients at once; the times, and requests a second."""
    left, times, guard = list(paths), [], threading.Lock()

    def ask():
        while True:
            with guard:
                if not left:
                    return
                path = left.pop()
            took, _ = timed(client, path)
            with guard:
                times.append(took)

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    began = time.perf_counter()
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return times, len(times) / (time.perf_counter() - began)


def measure(options):
    chance = random.Random(1)
    with Market(options.binary) as market:
        os.makedirs(market.data, exist_ok=True)
        print("The index alone:", flush=True)
        alone = subprocess.run([options.index_bench, os.path.join(market.data, "gigs-search.db"), str(options.gigs)],
                               check=True, capture_output=True, text=True).stdout
        print(alone, flush=True)
        ready = market.start(limit=300)
        kinds = make_queries(market.client, options.rounds, chance)
        lines, every = [], []
        for kind, paths in kinds.items():
            got = [timed(market.client, path) for path in paths]
            times = [took for took, _ in got]
            every += times
            lines.append(row(kind, times, statistics.mean(size for _, size in got)))
            print(lines[-1], flush=True)
        lines.append(row("**all of these**", every, 0).replace("| 0 |", "| |"))
        mixed = [path for paths in kinds.values() for path in paths]
        chance.shuffle(mixed)
        busy, rate = together(market.client, mixed, 4)
        used = memory(market.process.pid, "VmRSS"), memory(market.process.pid, "VmHWM")
        return "\n".join([
            f"{time.strftime('%Y-%m-%d', time.gmtime())}, {os.cpu_count()} cores, {options.gigs:,} gigs, one client that "
            f"asks {options.rounds} times each.  ",
            f"Start to ready: {ready:.1f} s. Memory of the whole process: {used[0]:.0f} MiB, {used[1]:.0f} MiB at most.  ",
            f"Four clients at once, all kinds mixed: {rate:.0f} requests/s, p50 {statistics.median(busy):.1f} ms, "
            f"p99 {percentile(busy, 0.99):.1f} ms.", "",
            "| search for | answer, bytes | p50, ms | p99, ms | max, ms |", "| --- | --- | --- | --- | --- |", *lines, "",
            "The index alone, in milliseconds of processor:", "", "```", alone.strip(), "```"])


def main():
    parser = argparse.ArgumentParser(prog="./oficio bench search", description=__doc__)
    parser.add_argument("binary", help=argparse.SUPPRESS)
    parser.add_argument("index_bench", help=argparse.SUPPRESS)
    parser.add_argument("--gigs", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=100, help="queries of each kind")
    parser.add_argument("--write", action="store_true", help="put the figures into bench/README.md")
    options = parser.parse_args()
    figures = measure(options)
    print("\n" + figures)
    if options.write:
        write_down("search figures", figures)


if __name__ == "__main__":
    main()
