"""`./oficio stack` starts servers that stay, tells of them, and stops them."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))
import server  # noqa: E402  (it knows where the next is)
import amqp  # noqa: E402


class Wrong(Exception):
    pass


def same(what, got, wanted):
    if got != wanted:
        raise Wrong(f"{what}: expected {wanted!r}, got {got!r}")


def stack(folder, action, status=0):
    # Of its output we read what was said until it ended: what it leaves running must not hold the pipe.
    done = subprocess.run([sys.executable, "-B", str(Path(__file__).with_name("stack.py")), action, folder],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, timeout=280)
    same(f"status of {action}", done.returncode, status)
    return done.stdout


def settings_in(folder):
    path = Path(folder) / "oficio.conf"
    same("who may read the settings", path.stat().st_mode & 0o777, 0o600)
    lines = (line.partition(" = ") for line in path.read_text(encoding="utf-8").splitlines() if line[0] != "#")
    return {name: value for name, _, value in lines}


def of_folder(folder):
    """The processes that were started with something of this folder, or in it."""
    found = {}
    for pid, _, _ in server.processes():
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes()
            if folder.encode() in words or os.readlink(f"/proc/{pid}/cwd").startswith(folder):
                found[pid] = words
        except OSError:
            pass  # it ended
    return found


def check(folder):
    same("status before", stack(folder, "status", 3), f"No servers run on {folder}.\n")
    told = stack(folder, "up")
    if "cannot be had" in told:
        print(told, file=sys.stderr)
        sys.exit(77)
    settings = settings_in(folder)
    for value in settings.values():
        if "://" in value and value not in told:
            raise Wrong(f"{value} was not told:\n{told}")
    documents = {urlsplit(settings[f"{name}.database"]).path for name in ("users", "gigs", "chat", "orders")}
    same("databases of documents", documents, {"/users", "/gigs", "/chat", "/orders"})
    with amqp.Connection(settings["events"]) as bus:
        bus.declare_queue("left_here")
        bus.publish("left_here", b"42", "1", {})
    if not stack(folder, "up").startswith("The servers run already"):
        raise Wrong("a second up does not say that they run")

    redis = next(pid for pid, words in of_folder(folder).items() if b"redis" in words)
    os.kill(redis, signal.SIGKILL)
    if "redis          has ended" not in stack(folder, "status"):
        raise Wrong("a server that ended is not named")
    if not stack(folder, "up").startswith("redis had ended: starting it again"):
        raise Wrong("up does not start what has ended")

    same("stop", stack(folder, "stop"), "The servers have stopped.\n")
    same("what still runs", of_folder(folder), {})
    stack(folder, "up")
    same("settings after the next up", settings_in(folder), settings)
    with amqp.Connection(settings["events"]) as bus:
        same("data after the next up", bus.get_all("left_here"), [b"42"])
    stack(folder, "stop")
    same("what still runs", of_folder(folder), {})
    same("a second stop", stack(folder, "stop"), f"No servers run on {folder}.\n")


def main():
    with tempfile.TemporaryDirectory(prefix="oficio-stack-") as folder:
        try:
            check(folder)
        except (Wrong, subprocess.TimeoutExpired) as e:
            print(f"FAILED: {e}", file=sys.stderr)
            sys.exit(1)
        finally:
            for pid in of_folder(folder):
                server.send(pid, signal.SIGTERM)
    print("passed")


main()
