#!/usr/bin/env python3
"""Faults of the marketplace with a process a service on real servers, each under load; afterwards nothing that was
acknowledged is missing and nothing was done twice. Under tests/infra/with.py KIND... --

usage: servers.py PATH-TO-OFICIO [--rounds N] [--seed N] [--only PART[:WHICH],…]

PART: pairs, queues, services, servers, cuts
"""

import argparse
import os
import random
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import damage  # noqa: E402
from cuts import trial_of_cuts  # noqa: E402
from fleet import Fleet  # noqa: E402
from load import WatchedClient  # noqa: E402
from market import Away, Failure, step  # noqa: E402
from pairs import trial_of_pairs  # noqa: E402
from queue_faults import trial_of_queues  # noqa: E402
from trial import Trial  # noqa: E402


def servers(trial, which):
    trial.run(damage.of_servers([kind for kind in damage.present_servers() if which in ("", kind)]))


def services(trial, which):
    trial.run([d for d in damage.of_services(trial.fleet) if which in ("", d.name)])


# Two of each first: FerretDB looks through all documents for most questions, and gets slow as they get many.
PARTS = {"pairs": trial_of_pairs, "queues": trial_of_queues, "services": services, "servers": servers,
         "cuts": trial_of_cuts}


def test(fleet, wanted):
    client = WatchedClient(fleet.port, fleet.client.inbox)
    took = fleet.start()
    step(f"{len(fleet.processes)} processes are ready after {took:.1f} s; random seed {wanted.seed}")
    trial = Trial(fleet, client, wanted.seed)
    trial.begin()
    try:
        for _ in range(wanted.rounds):
            for part in wanted.only:
                name, _, which = part.partition(":")
                PARTS[name](trial, which)
        status = fleet.stop()
        if status != 0:
            trial.table.fail("the end", f"exit status {status} after SIGTERM")
    finally:
        trial.table.print()
    return trial.table.failures


def arguments():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(PARTS))
    return parser.parse_args()


def main():
    wanted = arguments()
    # Whoever ends this ends the processes of the fleet, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    began = time.monotonic()
    with Fleet(wanted.binary) as fleet:
        try:
            failures = test(fleet, wanted)
        except (Failure, Away) as e:
            failures = [e]
            print(fleet.report(e), flush=True)
        if failures:
            print(fleet.report(f"{len(failures)} failures"), flush=True)
            sys.exit(1)
    print(f"passed in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
