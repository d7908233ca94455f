"""Two instances of each service: one is killed at random moments, or sleeps while the other takes its lease."""

import random
import signal
import time

import changes
from damage import Damage
from fleet import SERVICES
from queue_faults import QueueFull, keep_little, keep_much

KILLS = 4


class KilledAgainAndAgain(Damage):
    """Also between publishing an event and marking it as published."""

    hold = 0.0

    def __init__(self, trial, name, kills):
        super().__init__(f"{name}: one of two killed {kills} times")
        self.trial, self.name, self.kills = trial, name, kills
        self.chance = random.Random(f"{trial.seed} {name}")

    def strike(self):
        fleet = self.trial.fleet
        for number in range(self.kills):
            instance = number % 2  # whichever has the lease: the other takes over
            time.sleep(self.chance.uniform(0.1, 0.6))  # the random moment is the point here
            fleet.kill_one(self.name, instance)
            fleet.start_one(self.name, instance)
            self.trial.await_one(self.name, instance)

    def heal(self):
        pass  # they are all running


class LeaseChanges(Damage):
    """Each instance sleeps so long that the other has its lease, and wakes with what it wanted to publish."""

    hold = 0.0
    sleep = 4.0  # more than two heartbeats

    def __init__(self, trial, name):
        super().__init__(f"{name}: each of two asleep {self.sleep:g} s")
        self.trial, self.name = trial, name

    def strike(self):
        for instance in (0, 1):
            process = self.trial.fleet.processes[self.name, instance]
            process.send_signal(signal.SIGSTOP)
            time.sleep(self.sleep)
            process.send_signal(signal.SIGCONT)

    def heal(self):
        pass


def trial_of_pairs(trial, which):
    fleet = trial.fleet
    keep_little(trial)
    changes.have_instances(fleet, 2)
    fleet.start()
    names = [name for name in SERVICES if which in ("", name)]
    faults = [QueueFull(trial)]
    faults += [LeaseChanges(trial, name) for name in names if name in ("orders", "chat")]
    faults += [KilledAgainAndAgain(trial, name, KILLS) for name in names if name != "notifications"]
    trial.run(faults)
    keep_much(trial)
    changes.have_instances(fleet, 1)
    fleet.start()
