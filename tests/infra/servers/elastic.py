"""Elasticsearch's own core from Maven's repository, for what differs from OpenSearch. Its other modules are not
published there: no lifecycle policies, no calls about data streams, no pipelines, no users."""

from pathlib import Path

from built import tool
from server import Failed
from servers.java_search import JavaSearch


class Elastic(JavaSearch):
    kind = "elastic"
    sources = "elastic"
    main = "oficio.ElasticServer"
    options = ("-Des.nativelibs.path=native",)
    what = "Elasticsearch"

    def complaints(self):
        """What the next major version will not take."""
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return "".join(line for line in log if "deprecation.elasticsearch" in line)

    def arrange(self, classes, folder):
        """Each module's classes are beside what describes it, and not in lib/."""
        (classes / "modules").rename(folder / "modules")
        http = next((folder / "lib").glob("transport-netty4-*.jar"))
        http.rename(folder / "modules" / "transport-netty4" / http.name)
        tool(["jar", "cf", folder / "modules" / "stand-ins" / "stand-ins.jar", "-C", classes, "oficio/modules"], folder)
        for own in (classes / "oficio" / "modules").iterdir():
            own.unlink()
        # Stored fields are packed with it; the name is the one that Elasticsearch looks for.
        library = next((p for p in Path("/usr/lib").glob("*/libzstd.so.1")), None)
        if not library:
            raise Failed("there is no libzstd.so.1 (Debian: libzstd1)")
        (folder / "native").mkdir()
        (folder / "native" / "libzstd.so").symlink_to(library)
