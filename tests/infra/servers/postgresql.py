"""PostgreSQL. The user `oficio` may make databases."""

import os
import re
import signal
import socket
import subprocess
from pathlib import Path

from server import Missing, Server, which


def debian_folders():
    """Where Debian keeps each version's programs, the newest first."""
    versions = [p for p in Path("/usr/lib/postgresql").glob("*/bin") if re.fullmatch(r"\d+", p.parent.name)]
    return [str(p) for p in sorted(versions, key=lambda p: -int(p.parent.name))]


class PostgreSQL(Server):
    kind = "postgresql"
    account = "postgres"

    def find(self):
        initdb = which("initdb", folders=debian_folders())
        if not initdb:
            raise Missing("it is not installed (Debian: postgresql)")
        self.programs = Path(os.path.realpath(initdb)).parent
        self.client = which("psql", folders=[str(self.programs)])
        if not self.client:
            raise Missing("its client psql is not installed (Debian: postgresql-client)")
        self.version = subprocess.run([initdb, "--version"], capture_output=True, text=True).stdout

    def create(self):
        self.from_template(self.version, self.initialise)

    def initialise(self):
        self.data.mkdir(mode=0o700)
        self.own(self.data)
        words = self.folder / "words"
        words.write_text(self.password + "\n", encoding="utf-8")
        self.own(words)
        self.run([self.programs / "initdb", "-D", self.data, "-A", "scram-sha-256", "-U", "postgres",
                  f"--pwfile={words}", "-E", "UTF8", "--locale=C.UTF-8", *([] if self.durable else ["--no-sync"])])
        self.run([self.programs / "postgres", "--single", "-j", "-D", self.data, "postgres"],
                 input=f"CREATE ROLE oficio LOGIN CREATEDB PASSWORD '{self.password}';\n\n"
                       "CREATE DATABASE oficio OWNER oficio;\n\n")

    def command(self):
        # A killed server loses nothing without fsync; a power cut would.
        fast = [] if self.durable else ["-c", "fsync=off"]
        return [self.programs / "postgres", "-D", self.data, "-h", "127.0.0.1", "-p", self.port(),
                "-k", self.folder, "-c", "shared_buffers=64MB",
                # Else one that is killed leaves its shared memory behind.
                "-c", "dynamic_shared_memory_type=mmap", *fast]

    def ask_to_end(self):
        self.process.send_signal(signal.SIGINT)  # "fast": without waiting for clients to leave

    def ready(self):
        socket.create_connection(("127.0.0.1", self.port()), 1).close()
        done = subprocess.run([self.client, "-X", "-q", "-w", "-c", "SELECT 1", self.address()],
                              env={"PGPASSWORD": self.password, "PGCONNECT_TIMEOUT": "5"},
                              capture_output=True, timeout=10, check=False)
        return done.returncode == 0

    def address(self):
        return f"postgresql://oficio:{self.password}@127.0.0.1:{self.port()}/oficio"
