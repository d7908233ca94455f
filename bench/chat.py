#!/usr/bin/env python3
"""Measures reading a very long conversation: its newest page, pages far back, and all of them one after another."""

import argparse
import os
import random
import statistics
import sys
import threading
import time

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "tests", "harness"))

from figures import percentile, write_down  # noqa: E402
from market import Failure, Market, poll  # noqa: E402
from people import Person  # noqa: E402

PAGE = 50
WORDS = "an owl that looks to the left, in green and on white, for the sign above the door of a small shop".split()


def timed(person, path):
    began = time.perf_counter()
    answer = person.expect(200, "GET", path)
    return (time.perf_counter() - began) * 1000, answer


def fill(people, path, count, chance):
    """Each writes half of the messages, half of those by a connection more; messages a second, of all, the first tenth
    and the last."""
    left, guard, failures, marks = [count], threading.Lock(), [], {}
    texts = [" ".join(chance.choices(WORDS, k=chance.randint(3, 40))) for _ in range(1000)]

    def write(person):
        while True:
            with guard:
                if left[0] <= 0 or failures:
                    return
                left[0] -= 1
                number = left[0]
                if number in (count - 1, count * 9 // 10, count // 10):
                    marks[number] = time.monotonic()
            answer = person.ask("POST", path, {"text": texts[number % len(texts)]})
            while answer.status in (401, 503):  # access tokens live for a quarter of an hour
                if answer.status == 401:
                    person.token = person.sign_in()["access_token"]
                answer = person.ask("POST", path, {"text": texts[number % len(texts)]})
            if answer.status != 201:
                failures.append(answer.told())

    threads = [threading.Thread(target=write, args=(person,)) for person in people * 2]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if failures:
        raise Failure(failures[0])
    began, early, late, end = marks[count - 1], marks[count * 9 // 10], marks[count // 10], time.monotonic()
    return count / (end - began), count / 10 / (early - began), count / 10 / (end - late)


def in_turns(person, path, count, rounds, chance):
    """{where: times}: pages here and there, asked in turns, so that whatever else runs disturbs all alike."""
    def far(share):
        low, high = share
        return chance.randint(max(PAGE + 1, int(count * low)), int(count * high))
    kinds = {
        "the newest page": lambda: f"{path}?limit={PAGE}",
        "a page in the newest tenth": lambda: f"{path}?limit={PAGE}&before={far((0.9, 1))}",
        "a page in the middle": lambda: f"{path}?limit={PAGE}&before={far((0.45, 0.55))}",
        "a page in the oldest tenth": lambda: f"{path}?limit={PAGE}&before={far((0, 0.1))}",
        "forwards from the middle": lambda: f"{path}?limit={PAGE}&after={far((0.45, 0.55))}",
    }
    times = {kind: [] for kind in kinds}
    for _ in range(rounds):
        for kind, make in kinds.items():
            took, answer = timed(person, make())
            if len(answer["items"]) != PAGE:
                raise Failure(f"{kind} has {len(answer['items'])} messages")
            times[kind].append(took)
    return times


def walk(person, path, count):
    """All pages from the newest to the oldest by their cursors: the times."""
    times, seen, query = [], 0, f"?limit={PAGE}"
    while query:
        took, answer = timed(person, path + query)
        times.append(took)
        seen += len(answer["items"])
        query = answer["next_cursor"] and f"?limit={PAGE}&cursor={answer['next_cursor']}"
    if seen != count:
        raise Failure(f"{seen} messages were found on the way, and {count} were written")
    return times


def row(name, times):
    return f"| {name} | {statistics.median(times):.2f} | {percentile(times, 0.99):.2f} |"


def measure(options):
    chance = random.Random(1)
    with Market(options.binary, ["rate.per_account=0"]) as market:
        market.start()
        ana, ben = Person(market.client, "ana"), Person(market.client, "ben")
        def opened():
            answer = ana.ask("POST", "/conversations", {"with": "ben"})
            return answer.json if answer.status in (200, 201) else None
        conversation = f"/conversations/{poll('chat knows ben', opened)['id']}"
        path = conversation + "/messages"
        rates = fill([ana, ben], path, options.messages, chance)
        rate = f"{rates[0]:.0f} messages/s, the first tenth {rates[1]:.0f}, the last {rates[2]:.0f}"
        print(f"{options.messages:,} messages written, {rate}", flush=True)
        for person in (ana, ben):
            person.token = person.sign_in()["access_token"]
        read, _ = timed(ana, conversation)
        began = time.perf_counter()
        ben.expect(200, "POST", conversation + "/read", {"seq": options.messages})
        marked = (time.perf_counter() - began) * 1000
        times = in_turns(ana, path, options.messages, options.rounds, chance)
        walked = walk(ben, path, options.messages)
        tenth = max(1, len(walked) // 10)
        lines = [row(kind, took) for kind, took in times.items()]
        lines.append(row("the way back, its first tenth", walked[:tenth]))
        lines.append(row("the way back, its last tenth", walked[-tenth:]))
        return "\n".join([
            f"{time.strftime('%Y-%m-%d', time.gmtime())}, {os.cpu_count()} cores, {options.messages:,} messages in one conversation, pages of "
            f"{PAGE}, one client, each kind of page {options.rounds} times; load average after: {os.getloadavg()[0]:.1f}.  ",
            f"Written by two people with two connections each: {rate}. The conversation itself: {read:.1f} ms; all marked "
            f"as read at once: {marked:.1f} ms. All {len(walked):,} pages one after another: {sum(walked) / 1000:.1f} s.", "",
            "| page | p50, ms | p99, ms |", "| --- | --- | --- |", *lines])


def main():
    parser = argparse.ArgumentParser(prog="./oficio bench chat", description=__doc__)
    parser.add_argument("binary", help=argparse.SUPPRESS)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=500, help="pages of each kind")
    parser.add_argument("--write", action="store_true", help="put the figures into bench/README.md")
    options = parser.parse_args()
    figures = measure(options)
    print("\n" + figures)
    if options.write:
        write_down("chat figures", figures)


if __name__ == "__main__":
    main()
