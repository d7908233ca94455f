"""The row of links on top of each dashboard, in the order in which an operator looks."""

from boards.saved import Note

BOARDS = [("oficio-overview", "Overview"), ("oficio-gateway", "Gateway"), ("oficio-service", "One service"),
          ("oficio-errors", "Errors"), ("oficio-trace", "One trace"), ("oficio-queues", "Queues"),
          ("oficio-processes", "Processes"), ("oficio-business", "Business"), ("oficio-search", "Gigs and search"),
          ("oficio-browser", "Browser"), ("oficio-browser-errors", "Browser errors")]


def links(here, hint):
    """`hint`: what this page is for, in a line or two."""
    shown = [f"**{title}**" if name == here else f"[{title}](#/view/{name})" for name, title in BOARDS]
    return Note(" · ".join(shown) + "\n\n" + hint)
