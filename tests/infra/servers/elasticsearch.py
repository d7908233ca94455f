"""Elasticsearch where it is installed, or OpenSearch from Maven's repository: the same HTTP API, one node,
without users."""

import json
import os
import shutil
from pathlib import Path

from server import Missing, which
from servers.java_search import JavaSearch


class Elasticsearch(JavaSearch):
    kind = "elasticsearch"
    sources = "elasticsearch"
    main = "oficio.SearchServer"
    options = ("-Djava.security.manager=allow",)
    what = "OpenSearch, in its place,"

    def find(self):
        self.own_program = which("elasticsearch", folders=("/usr/share/elasticsearch/bin",))
        if self.own_program:
            self.account = "elasticsearch"  # it refuses to run as root
            return
        try:
            super().find()
        except Missing as e:
            raise Missing(f"elasticsearch is not installed, and {e}") from None

    def obtain(self):
        if not self.own_program:
            super().obtain()

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
        return [self.own_program] if self.own_program else super().command()

    def working_folder(self):
        return self.folder if self.own_program else super().working_folder()
