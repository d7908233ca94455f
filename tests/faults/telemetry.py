#!/usr/bin/env python3
"""Elasticsearch, which keeps what a market records of itself, hangs, and then is killed, under load. People must not notice;
afterwards every line of the log is there that was written meanwhile, or counted as dropped where the disk had no room.
Under tests/infra/with.py elasticsearch --

usage: telemetry.py PATH-TO-OFICIO [--hold SECONDS]
"""

import argparse
import itertools
import json
import os
import re
import signal
import sys
import threading
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from damage import ServerKilled, ServerPaused  # noqa: E402
from market import Away, Failure, Market, poll, step  # noqa: E402

SERVER = os.environ.get("OFICIO_TEST_ELASTICSEARCH", "").rstrip("/")
STREAM = "logs-oficio.gigs-dev"
SEARCHERS = 4
PAUSE = 0.01    # seconds between two searches of one
CATCH_UP = 150.0  # seconds: the longest pause of the shipper, a start of the server, and all that waits
# Times are compared within one run. The machine's other work is not ours to blame: times may be so much longer,
# and what takes less than this many seconds is noise.
MUCH_LONGER = 4.0
NOISE = 0.025
SHARES = (0.5, 0.95, 0.99)


def ask_server(path, body=None):
    request = urllib.request.Request(SERVER + path, json.dumps(body).encode() if body else None,
                                     {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


class Load:
    """Searches, each with a mark of its own that its line in the log keeps, and how long each took."""

    def __init__(self, client, mark):
        self.client, self.mark = client, mark
        self.numbers = itertools.count()
        self.guard = threading.Lock()
        self.begin_phase()
        self.answered, self.failures = set(), []
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.work, daemon=True) for _ in range(SEARCHERS)]

    def begin_phase(self):
        with self.guard:
            self.times, phase = [], getattr(self, "times", [])
        return sorted(phase)

    def work(self):
        while not self.stopping.wait(PAUSE):
            number = next(self.numbers)
            began = time.monotonic()
            try:
                self.client.expect(200, "GET", f"/gigs/search?q={self.mark}{number}")
            except (Failure, Away) as e:
                self.failures.append(e)
                return
            with self.guard:
                self.times.append(time.monotonic() - began)
                self.answered.add(number)

    def run_for(self, seconds):
        """How long each took, the shortest first."""
        self.begin_phase()
        if self.stopping.wait(seconds) or self.failures:
            raise Failure(f"under load: {self.failures[0]}")
        return self.begin_phase()

    def end(self):
        """Nobody searches any more."""
        self.stopping.set()
        for thread in self.threads:
            thread.join(30)


def at_share(times, share):
    return times[min(len(times) - 1, int(len(times) * share))]


def compare(before, during, what):
    told = []
    for share in SHARES:
        was, became = at_share(before, share), at_share(during, share)
        told.append(f"p{share * 100:g} {was * 1000:.1f} → {became * 1000:.1f} ms")
        if became > MUCH_LONGER * max(was, NOISE):
            raise Failure(f"{what} is noticed: {told[-1]}")
    print(f"  {len(before)} and {len(during)} searches: {', '.join(told)}")


def figure(market, name):
    text = market.client.expect(200, "GET", "/metrics").raw.decode()
    found = re.search(rf"^oficio_telemetry_{name} (\S+)$", text, re.MULTILINE)
    return int(float(found.group(1))) if found else 0


def marks_kept(mark):
    """The numbers of all such marks in the log, each found by the place of the one before."""
    ask_server(f"/{STREAM}/_refresh")
    found, after = [], None
    while True:
        body = {"size": 5000, "_source": ["oficio.search.text"], "sort": [{"oficio.search.text": "asc"}],
                "query": {"prefix": {"oficio.search.text": mark}}}
        hits = ask_server(f"/{STREAM}/_search", body | ({"search_after": after} if after else {}))["hits"]["hits"]
        if not hits:
            return found
        after = hits[-1]["sort"]
        found += [int(hit["_source"]["oficio"]["search"]["text"].removeprefix(mark)) for hit in hits]


def await_all_sent(market):
    """Nothing waits any more. Told again and again, since the market goes on recording."""
    def sent():
        return figure(market, "spilled_bytes") == 0 and figure(market, "waiting") < 200
    poll("all that waited is sent", sent, CATCH_UP, 0.5)


def outage(market, load, damage, hold, at_the_end=lambda: None):
    what = f"elasticsearch {'hangs' if isinstance(damage, ServerPaused) else 'is killed'}"
    step(f"{what} for {hold:g} s")
    before = load.run_for(max(5.0, hold / 4))
    damage.strike()
    try:
        during = load.run_for(hold)
        at_the_end()
        waiting = figure(market, "spilled_bytes") + figure(market, "waiting")
    finally:
        damage.heal()
    if waiting == 0:
        raise Failure("nothing waits: the server was not away at all")
    compare(before, during, what)


def prove_kept(market, load):
    """Every search that was answered left its line; what was dropped instead is counted."""
    await_all_sent(market)
    answered = set(load.answered)

    def all_there():
        kept = marks_kept(load.mark)
        missing = answered - set(kept)
        dropped = figure(market, "dropped_total")
        if len(kept) != len(set(kept)):
            raise Failure(f"{len(kept) - len(set(kept))} lines are there twice")
        if len(missing) > dropped:
            raise Failure(f"{len(missing)} lines of {len(answered)} are missing, and {dropped} records are counted as dropped")
        return f"{len(answered)} lines, {len(missing)} missing, {dropped} records counted as dropped", missing, dropped
    told, missing, dropped = poll("all lines are there", all_there, CATCH_UP, 1.0)
    print(f"  {told}")
    return missing, dropped


def under_load(binary, options, mark, work):
    with Market(binary, [f"telemetry={SERVER}{options}"]) as market:
        # Searches are told at a level that tests do without.
        market.settings = [s for s in market.settings if not s.startswith("log.level")] + ["log.level=info"]
        market.start()
        load = Load(market.client, mark)
        for thread in load.threads:
            thread.start()
        try:
            work(market, load)
        except (Failure, Away) as e:
            print(market.report(e), flush=True)
            raise
        finally:
            load.end()


def within_the_bound(hold):
    def work(market, load):
        for damage in (ServerPaused("elasticsearch"), ServerKilled("elasticsearch")):
            outage(market, load, damage, hold)
            _, dropped = prove_kept(market, load)
            if dropped:
                raise Failure(f"{dropped} records were dropped, and there was room for them")
    return work


def beyond_the_bound(hold):
    """With room for a second or two on the disk: the oldest go, the market stays, the newest are kept."""
    def work(market, load):
        # Nothing comes after it, which would need the room, too.
        outage(market, load, ServerPaused("elasticsearch"), hold, load.end)
        last = max(load.answered)
        missing, dropped = prove_kept(market, load)
        if not dropped:
            raise Failure("nothing was dropped, and there was no room for it")
        if last in missing:
            raise Failure("the newest are missing, and the oldest should be")
    return work


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--hold", type=float, default=20.0)
    wanted = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    began = time.monotonic()
    try:
        under_load(wanted.binary, "", "firstmark", within_the_bound(wanted.hold))
        step("with hardly any room on the disk")
        under_load(wanted.binary, "?spill_mb=1", "secondmark", beyond_the_bound(max(20.0, wanted.hold / 3)))
    except (Failure, Away):
        sys.exit(1)
    print(f"passed in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
