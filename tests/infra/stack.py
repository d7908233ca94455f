#!/usr/bin/python3 -B
"""Real servers for development, in the background, with data that stays: `./oficio stack up|status|stop`."""

import fcntl
import json
import os
import secrets
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from server import Failed, Missing, await_end, port_free  # noqa: E402
from server_settings import settings_of  # noqa: E402
from servers import KINDS  # noqa: E402
from supervisor import Supervisor, ask, leave_terminal  # noqa: E402


class Stack:
    """The folder of a stack: data, logs, passwords and ports, and the socket of the process that keeps its
    servers while they run."""

    def __init__(self, folder):
        self.folder = Path(folder).absolute()
        self.memory = self.folder / "stack.json"
        self.settings = self.folder / "oficio.conf"
        self.socket = self.folder / "socket"

    def asked(self, *words):
        """What the keeper answers, or None if nothing runs."""
        try:
            return ask(self.socket, words)
        except (FileNotFoundError, ConnectionRefusedError):
            return None

    def remembered(self):
        try:
            return json.loads(self.memory.read_text(encoding="utf-8"))
        except FileNotFoundError:
            made = [secrets.token_hex(16) for _ in range(5)]
            return {"password": made[0], "ports": {}, "keys": dict(zip(
                ("identity_key", "seal_key", "cursor_key", "payments.webhook_key"), made[1:]))}

    def remember(self, state, supervisor):
        state["ports"] |= {kind: server.ports for kind, server in supervisor.servers.items()}
        write_private(self.memory, json.dumps(state, indent=2) + "\n")
        settings = dict(state["keys"])
        for kind, server in supervisor.servers.items():
            settings |= settings_of(kind, server.address())
        lines = [f"{name} = {value}\n" for name, value in settings.items()]
        write_private(self.settings, "# Oficio's settings for the servers of `./oficio stack`.\n" + "".join(lines))

    # --- in the process that keeps the servers ---

    def keep(self, told):
        leave_terminal()
        supervisor = None
        try:
            supervisor, missing = self.start()
            answer = {"servers": self.described(supervisor), "missing": missing}
        except (Failed, Missing) as e:
            answer = {"failed": str(e)}
        ended = threading.Event()
        if "failed" not in answer:
            self.socket.unlink(missing_ok=True)  # of a keeper that was killed
            supervisor.serve(self.socket, lambda words: self.more(supervisor, words, ended, answer))
        with os.fdopen(told, "w", encoding="utf-8") as line:
            json.dump(answer, line)
        if "failed" in answer:
            os._exit(1)
        ended.wait()
        time.sleep(0.2)  # the answer goes out
        os._exit(0)

    def start(self):
        state = self.remembered()
        ports = {kind: names for kind, names in state["ports"].items()
                 if all(port_free(port, of_our_own=True) for port in names.values())}
        supervisor = Supervisor(self.folder, KINDS, durable=True, ports=ports, password=state["password"])
        missing = supervisor.missing()
        supervisor.forget(missing)
        try:
            supervisor.start()
        except (Failed, Missing):
            supervisor.end()
            raise
        self.remember(state, supervisor)
        return supervisor, missing

    @staticmethod
    def described(supervisor):
        return {kind: {"address": server.address(), "pid": server.pid, "more": server.more()}
                for kind, server in supervisor.servers.items()}

    def more(self, supervisor, words, ended, answer):
        if words == ["status"]:
            return answer | {"servers": self.described(supervisor)}
        if words == ["end"]:
            supervisor.end()
            self.socket.unlink(missing_ok=True)
            ended.set()
            return str(os.getpid())
        return None


def write_private(path, text):
    """Whole or not at all, and only for its owner: it has passwords."""
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.chmod(0o600)
    fresh.write_text(text, encoding="utf-8")
    fresh.rename(path)


def show(stack, state, settings=True):
    for kind, server in state["servers"].items():
        print(f"  {kind:<14} {server['address'] if server['pid'] else 'has ended'}")
        for name, address in server["more"].items():
            print(f"  {'':<14} {address}  ({name.lower()})")
    for kind, why in state["missing"].items():
        print(f"  {kind:<14} cannot be had: {why}")
    if settings:
        print(f"\nSettings that use them, in {stack.settings}:\n")
        print("".join(f"  {line}\n" for line in stack.settings.read_text(encoding="utf-8").splitlines()
                      if not line.startswith("#") and "_key = " not in line))
        print(f"  ./oficio serve SERVICE --config {stack.settings}   (and one for each; gateway last)\n"
              "  ./oficio stack stop   ends them; their data stays")


def up(stack):
    stack.folder.mkdir(parents=True, exist_ok=True)
    # Some servers run as an account of their own, which must reach its folder in this one.
    stack.folder.chmod(0o711)
    with open(stack.folder / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return up_alone(stack, lock)


def up_alone(stack, lock):
    running = stack.asked("status")
    if running:
        ended = [kind for kind, server in running["servers"].items() if not server["pid"]]
        for kind in ended:
            print(f"{kind} had ended: starting it again")
            stack.asked("start", kind)
        if not ended:
            print("The servers run already:")
        show(stack, stack.asked("status"))
        return 0
    print(f"Starting the servers (data in {stack.folder})", flush=True)
    state = in_background(stack, lock)
    if "failed" in state:
        print(f"oficio: {state['failed']}", file=sys.stderr)
        return 1
    show(stack, state)
    return 0


def in_background(stack, lock):
    """Starts the keeper, which stays when this ends; what became of its start."""
    listen, told = os.pipe()
    if os.fork() == 0:
        os.close(listen)
        lock.close()  # it is the one who started this that holds it
        try:
            log = os.open(stack.folder / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            # Builds tell of themselves before: those stay on the terminal until the servers run.
            if os.fork() == 0:
                os.dup2(log, 1)
                stack.keep(told)
        finally:
            os._exit(0)
    os.wait()
    os.close(told)
    with os.fdopen(listen, encoding="utf-8") as line:
        return json.loads(line.read() or '{"failed": "the process that keeps the servers ended"}')


def status(stack):
    running = stack.asked("status")
    if not running:
        print(f"No servers run on {stack.folder}.")
        return 3
    show(stack, running, settings=False)
    return 0


def stop(stack):
    keeper = stack.asked("end")
    if keeper is None:
        print(f"No servers run on {stack.folder}.")
        return 0
    await_end(int(keeper))
    print("The servers have stopped.")
    return 0


def main(words):
    actions = {"up": up, "status": status, "stop": stop}
    if len(words) != 2 or words[0] not in actions:
        print("stack.py up|status|stop FOLDER", file=sys.stderr)
        return 2
    try:
        return actions[words[0]](Stack(words[1]))
    except (Failed, OSError) as e:
        print(f"oficio: {e}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
