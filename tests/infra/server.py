"""What all servers share: a folder, a port that stays, processes that are ended by their ids."""

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "harness"))
from ports import free_port, port_free  # noqa: E402

cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").absolute() / "oficio" / "servers"


class Missing(Exception):
    """The server cannot be had on this machine; says why."""


class Failed(Exception):
    """The server is there, but does not do what it should; says what happened."""


class Server:
    """One server on loopback. Start, stop and the rest are called by one thread that outlives the server:
    the server is ended with the thread that started it."""

    kind = ""
    account = None  # for servers that refuse to run as root: the account that they run as then
    start_limit = 90.0  # seconds
    stop_limit = 60.0

    def __init__(self, folder, durable=False, ports=None, password="oficio"):
        """`folder` is this server's own; `durable`: survive a power cut, not only a kill; `ports`: those of
        an earlier run, by name."""
        self.folder = Path(folder)
        self.data = self.folder / "data"
        self.log_path = self.folder / "log"
        self.durable = durable
        self.password = password
        self.ports = dict(ports or {})
        self.process = None

    # --- what each kind says ---

    def find(self):
        """Finds its program, quickly; raises Missing."""
        raise NotImplementedError

    def obtain(self):
        """Builds what no package brings, unless that was done before. Raises Failed, or Missing."""

    def create(self):
        """Makes the data folder when there is none."""
        self.data.mkdir()

    def command(self):
        raise NotImplementedError

    def environment(self):
        return {}

    def working_folder(self):
        return self.folder

    def ready(self):
        """One try to really talk to it."""
        raise NotImplementedError

    def address(self):
        """What Oficio's settings take."""
        raise NotImplementedError

    def more(self):
        """Further addresses for tests, by the end of the variable's name."""
        return {}

    def complaints(self):
        """The lines of its log that say it was asked wrongly, though it answered."""
        return ""

    # --- what they share ---

    def port(self, name="main"):
        if name not in self.ports:
            self.ports[name] = free_port()
        return self.ports[name]

    def prepare(self):
        """Makes the folder and its data, unless they are there already."""
        self.obtain()
        self.folder.mkdir(exist_ok=True)
        self.own(self.folder)
        self.must_reach()
        if not self.data.exists():
            self.create()
        self.own(self.data)

    def must_reach(self):
        """Root's own folders are closed to the account that the server runs as."""
        who = self.run_as()
        if who and subprocess.run(["test", "-x", self.folder], check=False, **who).returncode:
            raise Failed(f"{self.kind} runs as the account {self.account}, which must be able to reach {self.folder}: "
                         "choose a folder that others may pass through")

    def start(self):
        """Starts it and waits until it answers."""
        if self.running():
            return
        for attempt in range(3):
            self.launch()
            if self.await_ready():
                return
            why = self.log_tail()
            self.kill()
            # Between finding a port free and binding it somebody else took it. Once it had been told to
            # others, it stays.
            if self.ending or attempt == 2 or self.told or "ddress already in use" not in why and "eaddrinuse" not in why:
                raise Failed(f"{self.kind} did not start; the end of its log:\n{why}")
            self.ports.clear()

    told = False  # its port is known to others
    ending = False  # do not wait any longer

    def launch(self):
        # Ended by the kernel if this program dies without a chance to do it. Set after the account was
        # changed, since that clears it, and without code between fork and exec, since there are threads.
        command = ["setpriv", "--pdeathsig", "KILL", "--", *map(str, self.command())]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("OFICIO_")}
        environment.update({k: str(v) for k, v in self.environment().items()})
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=environment, cwd=self.working_folder(), start_new_session=True,
                                            **self.run_as())

    def run_as(self):
        if os.geteuid() != 0 or not self.account:
            return {}
        who = pwd.getpwnam(self.account)
        return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}

    def own(self, path):
        """Gives the file or folder, with all inside, to the account that the server runs as."""
        who = self.run_as()
        if not who or Path(path).stat().st_uid == who["user"]:
            return
        subprocess.run(["chown", "-R", f"{who['user']}:{who['group']}", path], check=True)

    def run(self, command, **options):
        """A helper of the server to its end, as the server's account; what it printed. Raises Failed."""
        done = subprocess.run(["setpriv", "--pdeathsig", "KILL", "--", *map(str, command)], capture_output=True,
                              text=True, **{"timeout": 120, "cwd": self.folder, **self.run_as(), **options})
        if done.returncode:
            raise Failed(f"{self.kind}: {command[0]} ended with {done.returncode}: {done.stderr or done.stdout}")
        return done.stdout

    def await_ready(self):
        end = time.monotonic() + self.start_limit
        pause = 0.02
        while time.monotonic() < end and not self.ending:
            if self.process.poll() is not None:
                return False
            try:
                if self.ready():
                    return True
            except (OSError, EOFError, ValueError):
                pass  # not yet
            time.sleep(pause)
            pause = min(0.2, pause * 1.3)
        return False

    def running(self):
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self):
        return self.process.pid if self.running() else None

    def stop(self):
        """Asks it to end, as an operator would, and waits for that."""
        if not self.running():
            return
        self.signal_all(signal.SIGCONT)
        self.ask_to_end()
        try:
            self.process.wait(self.stop_limit)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failed(f"{self.kind} did not stop within {self.stop_limit:g} s; killed it") from None
        self.kill()  # what it left behind

    def ask_to_end(self):
        self.process.terminate()

    def kill(self):
        """Ends it with all its processes at once, as when the machine goes away."""
        if self.process is None:
            return
        self.signal_all(signal.SIGKILL)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pid in of_session(self.process.pid):
            end(pid)

    def pause(self):
        self.signal_all(signal.SIGSTOP)

    def resume(self):
        self.signal_all(signal.SIGCONT)

    def signal_all(self, number):
        if not self.running():
            return
        for pid in (self.process.pid, *descendants(self.process.pid)):
            send(pid, number)

    def log_tail(self, lines=20):
        try:
            with open(self.log_path, encoding="utf-8", errors="replace") as log:
                return "".join(log.readlines()[-lines:])
        except OSError:
            return ""

    def from_template(self, version, make):
        """Fills the data folder with a copy of what make() once left there, kept in the cache: to
        initialise a database takes seconds, to copy it does not."""
        sources = b"".join(p.read_bytes() for p in (Path(__file__), Path(sys.modules[type(self).__module__].__file__)))
        key = hashlib.sha256(repr((version, self.password, self.durable)).encode() + sources).hexdigest()[:16]
        template = cache / f"{self.kind}-{key}"
        if self.durable:  # made once, and with a password of its own
            make()
            return
        if not template.exists():
            make()
            cache.mkdir(parents=True, exist_ok=True)
            fresh = cache / f"{self.kind}-{os.getpid()}.new"
            copy(self.data, fresh)
            try:
                fresh.rename(template)
            except OSError:  # another test was first
                shutil.rmtree(fresh)
            forget_old(self.kind)
            return
        os.utime(template)
        copy(template, self.data)


def forget_old(name, days=30):
    """Removes what of this name nobody has used for so long from the cache."""
    for path in cache.glob(f"{name}-*"):
        if path.stat().st_mtime < time.time() - days * 86400:
            shutil.rmtree(path, ignore_errors=True)


def copy(source, target):
    subprocess.run(["cp", "-a", "--reflink=auto", "--sparse=always", source, target], check=True)


def send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def processes():
    """(pid, parent, session) of all processes."""
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as stat:
                    fields = stat.read().rpartition(")")[2].split()
                if fields[0] not in "ZX":
                    yield int(entry), int(fields[1]), int(fields[3])
            except OSError:
                pass  # it ended


def descendants(pid):
    children = {}
    for child, parent, _ in processes():
        children.setdefault(parent, []).append(child)
    found, todo = [], [pid]
    while todo:
        for child in children.get(todo.pop(), ()):
            found.append(child)
            todo.append(child)
    return found


def of_session(session):
    return [pid for pid, _, its in processes() if its == session]


def end(pid, limit=5.0):
    """Kills a process that is not our child and waits until it is gone."""
    send(pid, signal.SIGKILL)
    await_end(pid, limit)


def await_end(pid, limit=10.0):
    until = time.monotonic() + limit
    while time.monotonic() < until and any(pid == found for found, _, _ in processes()):
        time.sleep(0.01)


def which(*names, folders=("/usr/sbin", "/usr/local/sbin")):
    """The first of these programs that can be found, or None."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *folders])
    return next(filter(None, (shutil.which(name, path=path) for name in names)), None)
