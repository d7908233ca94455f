"""Figures, and where they are written down."""

import os

README = os.path.join(os.path.dirname(os.path.abspath(__file__)), "README.md")


def percentile(times, share):
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def write_down(name, figures):
    """Puts them into bench/README.md, between the marks of that name: `<!-- NAME -->`."""
    marks = (f"<!-- {name} -->", f"<!-- end of {name} -->")
    with open(README, encoding="utf-8") as readme:
        before, rest = readme.read().split(marks[0])
    after = rest.split(marks[1])[1]
    with open(README, "w", encoding="utf-8") as readme:
        readme.write(f"{before}{marks[0]}\n{figures}\n{marks[1]}{after}")
