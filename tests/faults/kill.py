#!/usr/bin/env python3
"""kill -9 at random moments under load; afterwards nothing acknowledged is missing and the sums are right.

usage: kill.py PATH-TO-OFICIO [ROUNDS [RANDOM-SEED]]; 50 rounds unless told otherwise
"""

import os
import random
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from market import Away, Failure, poll, run, step  # noqa: E402
from proofs import prove_all, prove_round  # noqa: E402
from trader import Trader  # noqa: E402

TRADERS = 5


def work_until_killed(market, traders, chance):
    stopping = threading.Event()
    failures = []

    def work(trader):
        try:
            while not stopping.is_set():
                trader.next_step()
        except Away:
            return  # killed, as planned; the trader remembers what it was about to do
        except Exception as e:  # noqa: BLE001 a failure in a thread must reach the test
            failures.append(e)

    threads = [threading.Thread(target=work, args=(trader,)) for trader in traders]
    for thread in threads:
        thread.start()
    time.sleep(chance.uniform(0.2, 1.5))  # the random moment is the point here
    market.kill()
    stopping.set()
    for thread in threads:
        thread.join(30)
    if failures:
        raise Failure(f"while it was running: {failures[0]}")


def finish(traders):
    """Brings every trade that was begun to its end."""
    for trader in traders:
        end = time.monotonic() + 60
        while trader.open_trades():
            trader.next_step(begin_new=False)
            if time.monotonic() > end:
                raise Failure(f"{trader.name} cannot finish: {trader.open_trades()[0].told()}")


def kill(market, arguments):
    rounds = int(arguments[0]) if arguments else 50
    seed = int(arguments[1]) if len(arguments) > 1 else random.randrange(1_000_000)
    step(f"{rounds} rounds, random seed {seed}")
    chance = random.Random(seed)
    traders = [Trader(market.client, f"trader{i}", random.Random(seed + i)) for i in range(TRADERS)]
    market.start()
    for number in range(1, rounds + 1):
        work_until_killed(market, traders, chance)
        took = market.start()
        for trader in traders:
            prove_round(trader)
        done = sum(t.acknowledged for t in traders)
        step(f"round {number}: killed, ready again after {took:.2f} s, {done} acknowledged writes in all")
    finish(traders)
    poll("no order waits for its payment any more", lambda: not any(t.open_trades() for t in traders))
    prove_all(market, traders)
    step("every write is there, every order was charged once, ratings and balances agree")
    if market.stop() != 0:
        raise Failure("exit status after SIGTERM must be 0")


if __name__ == "__main__":
    run(kill)
