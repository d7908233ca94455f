#!/usr/bin/python3 -B
"""Runs a program with real servers beside it, for tests.

    with.py KIND... -- PROGRAM ARGUMENT...
    with.py --build KIND...       only builds what no package brings, once; says what cannot be had

KIND: mysql, postgresql, mongodb, redis, rabbitmq, elasticsearch, smtp. Where Elasticsearch is not installed, OpenSearch
stands for it; elasticsearch=elastic is Elasticsearch's own core. Each is started on loopback, on a free port and
with its data in a temporary folder, and ended with the program, also when this is killed. Gives the program's exit
status; 77 when a server cannot be had on this machine, and says why; 1 when all went well but for a server that
complains of what it was asked (elastic: that its next major version will not take it). The program finds
  OFICIO_TEST_<KIND>      the server's address, as Oficio's settings take it
  OFICIO_TEST_<KIND>_PID  its process
  OFICIO_TEST_CONTROL     a command: stop|kill|start|restart|pause|resume|pid|log|complaints KIND; all but the last
                          three are done when it ends, with the same port and data; pid prints the present process
OFICIO_TEST_KEEP_LOGS=DIR copies the servers' logs there in the end.
"""

import ctypes
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from server import Failed, Missing  # noqa: E402
from servers import known, make, part_of  # noqa: E402
from supervisor import Supervisor, ask, leave_terminal  # noqa: E402

SKIPPED = 77


def keep_servers(kinds, folder, ended, told):
    """In a process of its own: starts the servers, tells what came of it, and ends them when `ended` closes,
    which the kernel does if the other process is killed."""
    leave_terminal()
    supervisor = Supervisor(folder, kinds)

    def watch():
        os.read(ended, 1)
        keep_logs(folder, supervisor)
        supervisor.end_now(limit=10)
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)
    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        missing = supervisor.missing()
        if missing:
            answer = {"missing": missing}
        else:
            start(supervisor, folder)
            answer = {"environment": supervisor.environment() | {"OFICIO_TEST_CONTROL": str(folder / "control")}}
    except Missing as e:
        answer = {"missing": {"": str(e)}}
    except Failed as e:
        answer = {"failed": str(e)}
    try:
        with os.fdopen(told, "w", encoding="utf-8") as line:
            json.dump(answer, line)
    except OSError:
        pass  # nobody listens any more
    watcher.join()


def start(supervisor, folder):
    supervisor.start()
    supervisor.serve(folder / "socket")
    control = folder / "control"
    words = [sys.executable, "-B", Path(__file__).resolve(), "--control", folder / "socket"]
    control.write_text(f"#!/bin/sh\nexec {shlex.join(map(str, words))} \"$@\"\n", encoding="utf-8")
    control.chmod(0o755)


def keep_logs(folder, supervisor):
    target = os.environ.get("OFICIO_TEST_KEEP_LOGS")
    if not target:
        return
    os.makedirs(target, exist_ok=True)
    for kind, server in supervisor.servers.items():
        if server.log_path.exists():
            shutil.copy(server.log_path, os.path.join(target, f"{kind}.log"))


def place():
    """Where the servers' folders are made: in memory if there is plenty of it, since the disk is what tests on
    servers wait for most; else, or if TMPDIR says so, where temporary files are."""
    plenty = 4 << 30
    memory = "/dev/shm"
    if "TMPDIR" in os.environ or not os.access(memory, os.W_OK):
        return None
    had = os.statvfs(memory)
    return memory if had.f_bavail * had.f_frsize >= plenty and not had.f_flag & os.ST_NOEXEC else None


def run(kinds, command):
    folder = Path(tempfile.mkdtemp(prefix="oficio-servers-", dir=place()))
    folder.chmod(0o711)  # some servers run as an account of their own
    ended, keep = os.pipe()
    listen, told = os.pipe()
    keeper = os.fork()
    if keeper == 0:
        os.close(keep)
        os.close(listen)
        try:
            keep_servers(kinds, folder, ended, told)
        finally:
            os._exit(1)
    os.close(ended)
    os.close(told)

    program = Program()
    try:
        with os.fdopen(listen, encoding="utf-8") as line:
            answer = json.loads(line.read() or '{"failed": "the servers\' keeper ended"}')
        if program.asked_to_end:
            return 128 + program.asked_to_end
        if "missing" in answer:
            for kind, why in answer["missing"].items():
                print(f"skipped: no {kind} here: {why}" if kind else f"skipped: {why}", file=sys.stderr)
            return SKIPPED
        if "failed" in answer:
            print(f"with.py: {answer['failed']}", file=sys.stderr)
            return 1
        return program.run(command, answer["environment"]) or complaints(folder / "socket", kinds)
    finally:
        os.close(keep)
        os.waitpid(keeper, 0)
        shutil.rmtree(folder, ignore_errors=True)  # where the keeper was killed itself


def complaints(socket, kinds):
    """The status of a program that did well."""
    try:
        told = [ask(socket, ["complaints", part_of(kind)[0]]) for kind in kinds]
    except OSError:
        return 0  # the program ended the keeper, too
    print(*filter(None, told), sep="", end="", file=sys.stderr)
    return 1 if any(told) else 0


class Program:
    """What runs in front; signals that ask us to end are passed on to it."""

    def __init__(self):
        self.process = None
        self.asked_to_end = 0
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, self.pass_on)

    def pass_on(self, number, _):
        self.asked_to_end = number
        if self.process:
            self.process.send_signal(number)
        else:
            raise SystemExit(128 + number)

    def run(self, command, environment):
        def end_with_us():
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        try:
            self.process = subprocess.Popen(command, env=os.environ | environment, preexec_fn=end_with_us)
        except OSError as e:
            print(f"with.py: cannot run {command[0]}: {e.strerror}", file=sys.stderr)
            return 127
        status = self.process.wait()
        return status if status >= 0 else 128 - status


def control(socket, words):
    try:
        told = ask(socket, words)
    except OSError as e:
        print(f"control: the servers cannot be reached: {e.strerror or e}", file=sys.stderr)
        return 1
    except Failed as e:
        print(f"control: {e}", file=sys.stderr)
        return 1
    if told:
        print(told)
    return 0


def build(kinds):
    """The status: 0 also for what cannot be had, since the tests on it are skipped."""
    with tempfile.TemporaryDirectory(prefix="oficio-servers-") as folder:
        for kind in kinds:
            server = make(kind, os.path.join(folder, kind))
            try:
                server.find()
                server.obtain()
            except Missing as e:
                print(f"no {kind} here: {e}", file=sys.stderr)
            except Failed as e:
                print(f"with.py: {e}", file=sys.stderr)
                return 1
    return 0


def main(words):
    if words[:1] == ["--control"]:
        return control(words[1], words[2:])
    if words[:1] == ["--build"] and all(map(known, words[1:])):
        return build(words[1:])
    split = words.index("--") if "--" in words else 0
    kinds, command = words[:split], words[split + 1:]
    if not kinds or not command or not all(map(known, kinds)):
        print(__doc__, file=sys.stderr)
        return 2
    return run(list(dict.fromkeys(kinds)), command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
