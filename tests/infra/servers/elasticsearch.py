"""Elasticsearch, or OpenSearch from Maven's repository where that is not installed: the same HTTP API, one node,
without users."""

import http.client
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from built import built, here, tool
from server import Failed, Missing, Server, which

JAVA = 17


class Elasticsearch(Server):
    kind = "elasticsearch"
    start_limit = 180.0

    def find(self):
        self.own_program = which("elasticsearch", folders=("/usr/share/elasticsearch/bin",))
        if self.own_program:
            self.account = "elasticsearch"  # it refuses to run as root
            return
        self.java = which("java")
        if not self.java or not which("javac"):
            raise Missing("elasticsearch is not installed, and a JDK, which runs OpenSearch in its place, neither "
                          "(Debian: default-jdk-headless)")
        told = subprocess.run([self.java, "-version"], capture_output=True, text=True).stderr
        version = int(re.search(r'version "(\d+)', told).group(1))
        if version < JAVA:
            raise Missing(f"elasticsearch is not installed, and OpenSearch needs Java {JAVA}; {self.java} is {version}")
        self.version = told
        if not which("mvn"):
            raise Missing("elasticsearch is not installed, and mvn, which brings OpenSearch in its place, neither "
                          "(Debian: maven)")

    def obtain(self):
        if not self.own_program:
            sources = [p for p in (here / "elasticsearch").rglob("*") if p.is_file()]
            self.programs = built("elasticsearch", sources, self.build, also=self.version)

    def build(self, folder):
        sources = folder / "sources"
        shutil.copytree(here / "elasticsearch", sources)
        tool(["mvn", "-B", "-q", "compile"], sources)
        (sources / "target" / "lib").rename(folder / "lib")
        tool(["jar", "cf", folder / "lib" / "server.jar", "-C", sources / "target" / "classes", "."], folder)
        shutil.rmtree(sources)
        self.archive_classes(folder)

    def archive_classes(self, folder):
        """Starts it once and keeps what Java made of its classes: later starts take half as long."""
        data = folder / "once"
        data.mkdir()
        with open(folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                list(map(str, self.java_command(data, "-XX:ArchiveClassesAtExit=classes.jsa"))), cwd=folder,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        if self.await_ready():
            self.stop()
        else:
            self.kill()
            raise Failed("the search server that was built does not start:\n" +
                         (folder / "log").read_text(encoding="utf-8", errors="replace")[-4000:])
        self.process = None
        shutil.rmtree(data)

    def create(self):
        super().create()
        if self.own_program:
            default = next(p for p in (Path("/etc/elasticsearch"), Path(os.path.realpath(self.own_program)).parent.parent
                                       / "config") if p.is_dir())
            shutil.copytree(default, self.folder / "config")

    def environment(self):
        if not self.own_program:
            return {}
        settings = {"cluster.name": "oficio", "node.name": "oficio", "discovery.type": "single-node",
                    "network.host": "127.0.0.1", "http.port": self.port(), "transport.port": self.port("transport"),
                    "path.data": str(self.data), "path.logs": str(self.folder), "xpack.security.enabled": False,
                    "cluster.routing.allocation.disk.threshold_enabled": False}
        lines = [f"{name}: {json.dumps(value)}\n" for name, value in settings.items()]
        (self.folder / "config" / "elasticsearch.yml").write_text("".join(lines), encoding="utf-8")
        self.own(self.folder / "config")
        return {"ES_PATH_CONF": self.folder / "config", "ES_JAVA_OPTS": "-Xms512m -Xmx512m"}

    def command(self):
        if self.own_program:
            return [self.own_program]
        # The quick compiler alone halves the time to the first answer, which is most of a test's.
        quick = [] if self.durable else ["-XX:TieredStopAtLevel=1"]
        return self.java_command(self.data, "-XX:SharedArchiveFile=classes.jsa", *quick)

    def java_command(self, data, *options):
        # Relative names: the archive of classes holds for these only.
        return [self.java, *options, "-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-Djava.security.manager=allow",
                f"-Djava.io.tmpdir={data}", "-cp", "lib/*", "oficio.SearchServer", data, self.port(),
                self.port("transport")]

    def working_folder(self):
        return self.folder if self.own_program else self.programs

    def ready(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port(), timeout=10)
        try:
            connection.request("GET", "/_cluster/health?wait_for_status=yellow&timeout=5s")
            got = connection.getresponse()
            return got.status == 200 and json.loads(got.read())["status"] in ("yellow", "green")
        except http.client.HTTPException:
            return False
        finally:
            connection.close()

    def address(self):
        return f"http://127.0.0.1:{self.port()}"
