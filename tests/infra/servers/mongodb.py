"""MongoDB, or FerretDB on SQLite where no mongod is installed, which speaks the same protocol. The user
`oficio` of the database `admin` may use all databases."""

import json
import platform
import re
import shutil
import socket
import struct
import subprocess

from built import built, here, tool
from server import Failed, Missing, Server, which

FERRETDB = ("github.com/FerretDB/FerretDB", "v1.24.2", "h1:trrUU0LbmusMbyubhPS1IELncvrIwKrsRT2LW1UUWCw=")
GO = (1, 24)
# Seeks a document by its id also when the filter asks for more, which it checks itself in any case: else it reads
# the whole collection for every write that names a version.
SEEKS = ("internal/backends/sqlite/collection.go", "params.Filter.Len() == 1", "params.Filter.Len() > 0")
TOOLCHAIN = {"amd64": ("v0.0.1-go1.24.9.linux-amd64", "h1:XCaHFxbYbAFzirf0FlQ6XUJ3WM+yR7FdDHZvREoPVDI=")}


class MongoDB(Server):
    kind = "mongodb"

    def find(self):
        self.mongod = which("mongod")
        if self.mongod:
            return
        self.go = which("go", folders=("/usr/local/go/bin",))
        if not self.go:
            raise Missing("mongod is not installed, and go, which builds FerretDB in its place, neither (Debian: golang)")
    def obtain(self):
        if not self.mongod:
            self.programs = built("mongodb", [p for p in (here / "mongodb").iterdir() if p.is_file()],
                                  self.build, also=repr(FERRETDB + SEEKS))

    def build(self, folder):
        """The door in front, and FerretDB from a copy of its sources, since the program refuses to start
        without a file that only its own releases have."""
        go = self.new_enough(folder)
        sources = self.copy_of_module(*FERRETDB, folder / "sources")
        (sources / "build" / "version" / "version.txt").write_text(FERRETDB[1] + "\n", encoding="utf-8")
        path, now, then = SEEKS
        text = (sources / path).read_text(encoding="utf-8")
        if now not in text:
            raise Failed(f"FerretDB's {path} is not what was tried")
        (sources / path).write_text(text.replace(now, then), encoding="utf-8")
        words = [go, "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w"]
        local = {"GOTOOLCHAIN": "local", "CGO_ENABLED": "0"}
        tool([*words, "-tags=ferretdb_no_postgresql", "-o", folder / "ferretdb", "./cmd/ferretdb"], sources, **local)
        tool([*words, "-o", folder / "door", "."], here / "mongodb", **local)
        shutil.rmtree(sources)
        shutil.rmtree(folder / "go", ignore_errors=True)

    def new_enough(self, folder):
        """Go, which is itself a module where the installed one is too old for FerretDB."""
        told = subprocess.run([self.go, "version"], capture_output=True, text=True).stdout
        if tuple(map(int, re.search(r"go(\d+)\.(\d+)", told).groups())) >= GO:
            return self.go
        machine = {"x86_64": "amd64"}.get(platform.machine())
        if machine not in TOOLCHAIN:
            raise Missing(f"mongod is not installed, and FerretDB needs Go {GO[0]}.{GO[1]}; this is {told.strip()}")
        version, checksum = TOOLCHAIN[machine]
        copied = self.copy_of_module("golang.org/toolchain", version, checksum, folder / "go")
        for program in (*(copied / "bin").iterdir(), *(copied / "pkg" / "tool").rglob("*")):
            program.chmod(0o755)
        return copied / "bin" / "go"

    def copy_of_module(self, path, version, checksum, target):
        got = json.loads(tool([self.go, "mod", "download", "-json", f"{path}@{version}"], here / "mongodb"))
        if got["Sum"] != checksum:
            raise Failed(f"the sources of {path} are not those that were tried: {got['Sum']}")
        shutil.copytree(got["Dir"], target)
        subprocess.run(["chmod", "-R", "u+w", target], check=True)
        return target

    def command(self):
        if self.mongod:
            return [self.mongod, "--dbpath", self.data, "--bind_ip", "127.0.0.1", "--port", self.port(), "--auth",
                    "--unixSocketPrefix", self.folder]
        return [self.programs / "door", f"127.0.0.1:{self.port()}", self.programs / "ferretdb", self.data,
                "oficio", self.password]

    def ready(self):
        if self.mongod:
            self.create_user()
        return ask(self.port(), "admin", {"ping": 1}).get("ok") == 1.0

    def create_user(self):
        """Who comes from the same machine may make the first user, and nobody any more after that."""
        ask(self.port(), "admin", {"createUser": "oficio", "pwd": self.password, "roles": ["root"]})

    def address(self):
        return f"mongodb://oficio:{self.password}@127.0.0.1:{self.port()}/oficio?authSource=admin"


def ask(port, database, command):
    """One command over MongoDB's protocol, without signing in; the reply's members."""
    body = document(command | {"$db": database})
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.sendall(struct.pack("<iiiiIB", 21 + len(body), 1, 0, 2013, 0, 0) + body)
        with connection.makefile("rb") as replies:
            size = struct.unpack("<i", replies.read(4))[0]
            return members(replies.read(size - 4)[12 + 4 + 1:])


def document(values):
    """BSON of texts, whole numbers and lists of them."""
    body = b""
    for name, value in values.items():
        key = name.encode() + b"\0"
        if isinstance(value, str):
            body += b"\x02" + key + struct.pack("<i", len(value.encode()) + 1) + value.encode() + b"\0"
        elif isinstance(value, int):
            body += b"\x10" + key + struct.pack("<i", value)
        else:
            body += b"\x04" + key + document({str(i): v for i, v in enumerate(value)})
    return struct.pack("<i", len(body) + 5) + body + b"\0"


def members(bson):
    """Those members that are texts or numbers, up to the first that is something else."""
    found, at = {}, 4
    while at < len(bson) and bson[at]:
        kind, end = bson[at], bson.index(0, at + 1)
        name, at = bson[at + 1:end].decode(), end + 1
        if kind == 1:
            found[name], at = struct.unpack_from("<d", bson, at)[0], at + 8
        elif kind == 16:
            found[name], at = struct.unpack_from("<i", bson, at)[0], at + 4
        elif kind == 2:
            size = struct.unpack_from("<i", bson, at)[0]
            found[name], at = bson[at + 4:at + 3 + size].decode(), at + 4 + size
        else:
            break
    return found
