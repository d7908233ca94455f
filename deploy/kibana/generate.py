#!/usr/bin/python3 -B
"""Writes what Kibana shows of Oficio to oficio.ndjson beside this file, which Kibana imports (Stack Management,
Saved Objects, Import; compose does it by itself). The same input gives the same file.

    generate.py           writes it
    generate.py --check   says whether it is up to date
"""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from boards import browser, business, gateway, overview, queues, service, views  # noqa: E402

FILE = HERE / "oficio.ndjson"


def objects():
    """All of them, each after those that it refers to."""
    yield from (view.object() for view in views.VIEWS)
    yield from (search.object() for search in views.SEARCHES)
    for board in (overview.overview, gateway.gateway, service.service, service.trouble, service.trace, queues.queues, queues.processes,
                  business.business, business.search, browser.browser, browser.mishaps):
        yield board().object()


def lines():
    return "".join(json.dumps(o, ensure_ascii=False, separators=(",", ":")) + "\n" for o in objects())


def main(arguments):
    made = lines()
    if arguments == ["--check"]:
        if not FILE.is_file() or FILE.read_text(encoding="utf-8") != made:
            sys.exit("deploy/kibana/oficio.ndjson is not what deploy/kibana/generate.py writes: run it")
        return
    if arguments:
        sys.exit(__doc__)
    FILE.write_text(made, encoding="utf-8")
    print(f"{len(made.splitlines())} objects, {len(made)} characters")


if __name__ == "__main__":
    main(sys.argv[1:])
