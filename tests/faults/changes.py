"""A fleet that is stopped, changed and started again on the same data."""

from fleet import SERVICES
from fleet_proofs import retry_queues
from market import Failure
from ports import free_port


def stop(fleet):
    status = fleet.stop()
    if status != 0:
        raise Failure(f"exit status {status} after SIGTERM")


def put(fleet, settings):
    fleet.given |= settings
    fleet.settings = [s for s in fleet.settings if s.partition("=")[0] not in settings]
    fleet.settings += [f"{name}={value}" for name, value in settings.items()]


def have_instances(fleet, count):
    for name in SERVICES:
        for i in range(count):
            fleet.where.setdefault((name, i), free_port())
    fleet.where = {(name, i): port for (name, i), port in fleet.where.items() if i < count}
    fleet.processes = {key: process for key, process in fleet.processes.items() if key in fleet.where}
    put(fleet, {f"{name}.url": ",".join(f"http://127.0.0.1:{fleet.where[name, i]}" for i in range(count))
                for name in SERVICES})


def delete_queues(queues):
    """Their limits are theirs from the first declaration on. To be called when they are empty and nobody listens."""
    with queues.bus() as bus:
        for name in queues.names:
            for queue in (name, *retry_queues(name)):
                bus.delete_queue(queue)
