"""A search server of Java classes from Maven's repository: one node, without users, built once."""

import http.client
import json
import re
import shutil
import subprocess

from built import built, here, tool
from server import Failed, Missing, Server, which

JAVA = 17


class JavaSearch(Server):
    start_limit = 180.0
    sources = ""  # the folder of ours that brings it up
    main = ""
    options = ()  # Java's
    what = ""

    def find(self):
        """Raises Missing for lack of Java or Maven."""
        self.java = which("java")
        if not self.java or not which("javac"):
            raise Missing(f"{self.what} needs a JDK (Debian: default-jdk-headless)")
        told = subprocess.run([self.java, "-version"], capture_output=True, text=True).stderr
        version = int(re.search(r'version "(\d+)', told).group(1))
        if version < JAVA:
            raise Missing(f"{self.what} needs Java {JAVA}; {self.java} is {version}")
        self.version = told
        if not which("mvn"):
            raise Missing(f"{self.what} comes by mvn (Debian: maven)")

    def obtain(self):
        sources = [p for p in (here / self.sources).rglob("*") if p.is_file()]
        self.programs = built(self.sources, sources, self.build, also=self.version)

    def build(self, folder):
        sources = folder / "sources"
        shutil.copytree(here / self.sources, sources)
        tool(["mvn", "-B", "-q", "compile"], sources)
        (sources / "target" / "lib").rename(folder / "lib")
        self.arrange(sources / "target" / "classes", folder)
        tool(["jar", "cf", folder / "lib" / "server.jar", "-C", sources / "target" / "classes", "."], folder)
        shutil.rmtree(sources)
        self.archive_classes(folder)

    def arrange(self, classes, folder):
        """What has its place beside lib/."""

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

    def command(self):
        # The quick compiler alone halves the time to the first answer, which is most of a test's.
        quick = [] if self.durable else ["-XX:TieredStopAtLevel=1"]
        return self.java_command(self.data, "-XX:SharedArchiveFile=classes.jsa", *quick)

    def java_command(self, data, *options):
        # Relative names: the archive of classes holds for these only.
        return [self.java, *options, "-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", *self.options,
                f"-Djava.io.tmpdir={data}", "-cp", "lib/*", self.main, data, self.port(),
                self.port("transport")]

    def working_folder(self):
        return self.programs

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
