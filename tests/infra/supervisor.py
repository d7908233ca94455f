"""Keeps servers running, and takes commands for them over a unix socket."""

import concurrent.futures
import json
import os
import signal
import socket
import sys
import threading
from pathlib import Path

import servers
from server import Failed, Missing, descendants, send

COMMANDS = ("stop", "kill", "start", "restart", "pause", "resume", "pid", "log", "complaints")


class Supervisor:
    def __init__(self, folder, kinds, **options):
        """`kinds` as with.py takes them. `options` are those of each server; `ports` among them are by kind, then
        by name."""
        self.folder = Path(folder)
        ports = options.pop("ports", {})
        parts = dict(map(servers.part_of, kinds))
        self.servers = {part: servers.make(kind, self.folder / part, ports=ports.get(part), **options)
                        for part, kind in parts.items()}
        # One thread for each, which lives as long as this program: the kernel ends a server with the
        # thread that started it.
        self.threads = {kind: concurrent.futures.ThreadPoolExecutor(1) for kind in parts}

    def missing(self):
        """Why those servers that cannot be had cannot, by kind."""
        why = {}
        for kind, server in self.servers.items():
            try:
                server.find()
            except Missing as e:
                why[kind] = str(e)
        return why

    def forget(self, kinds):
        for kind in kinds:
            del self.servers[kind]

    def start(self):
        """Starts them all at once. Raises Failed, or Missing if something that has to be built cannot be."""
        def begin(server):
            server.prepare()
            server.start()
            server.told = True
        running = [self.threads[kind].submit(begin, server) for kind, server in self.servers.items()]
        concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_EXCEPTION)
        for begun in running:
            if begun.done():
                begun.result()

    def end(self):
        """Stops them all at once, each as it likes to be stopped."""
        done = [self.threads[kind].submit(server.stop) for kind, server in self.servers.items()]
        for one in done:
            one.result()

    def end_now(self, limit):
        """Kills them all, when nobody needs their data any more; those that do not let themselves be killed
        within so many seconds stay."""
        for server in self.servers.values():
            server.ending = True  # also those that are still being started
        for pid in descendants(os.getpid()):  # also what only makes their data
            send(pid, signal.SIGKILL)
        done = [self.threads[kind].submit(server.kill) for kind, server in self.servers.items()]
        concurrent.futures.wait(done, timeout=limit)

    def environment(self):
        """What a test is told."""
        told = {}
        for kind, server in self.servers.items():
            name = f"OFICIO_TEST_{kind.upper()}"
            told[name] = server.address()
            told[f"{name}_PID"] = str(server.pid)
            told |= {f"{name}_{end}": value for end, value in server.more().items()}
        return told

    # --- commands ---

    def obey(self, words):
        """Does what one command says; what it answers. Raises Failed."""
        if len(words) != 2 or words[0] not in COMMANDS or words[1] not in self.servers:
            raise Failed(f"expected one of {', '.join(COMMANDS)}, then one of {', '.join(self.servers)}; "
                         f"not '{' '.join(words)}'")
        server = self.servers[words[1]]
        return self.threads[words[1]].submit(self.act, server, words[0]).result()

    @staticmethod
    def act(server, command):
        if command == "pid":
            return str(server.pid or "")
        if command == "log":
            return server.log_tail(100)
        if command == "complaints":
            return server.complaints()
        if command == "restart":
            server.stop()
            server.start()
        else:
            getattr(server, command)()
        return ""

    def serve(self, path, more=None):
        """Takes commands on a unix socket from now on, each on a thread; `more` answers what is not for one
        server, or gives None."""
        os.chdir(Path(path).parent)  # a socket's name has hardly more than 100 bytes
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(Path(path).name)
        listener.listen()

        def handle(connection):
            with connection:
                words = json.loads(connection.makefile().readline())
                try:
                    told = more(words) if more else None
                    answer = {"told": self.obey(words) if told is None else told}
                except Exception as e:  # noqa: BLE001  (whoever asked must hear of it)
                    answer = {"failed": str(e) or type(e).__name__}
                try:
                    connection.sendall(json.dumps(answer).encode() + b"\n")
                except OSError:
                    pass  # who asked went away

        def accept():
            while True:
                threading.Thread(target=handle, args=(listener.accept()[0],), daemon=True).start()
        threading.Thread(target=accept, daemon=True).start()


def ask(path, words, limit=180.0):
    """Sends a command to the supervisor behind the socket; what it answered. Raises Failed, or OSError when
    nobody is there."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(limit)
        os.chdir(Path(path).parent)
        connection.connect(Path(path).name)
        connection.sendall(json.dumps(words).encode() + b"\n")
        line = connection.makefile().readline()
    if not line:
        raise Failed("no answer")
    answer = json.loads(line)
    if "failed" in answer:
        raise Failed(answer["failed"])
    return answer["told"]


def leave_terminal():
    """In the process that keeps the servers: Ctrl-C is for the program in front."""
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, sys.stdin.fileno())
