"""Is all well, and if not: where to look."""

from boards import lens, vega
from boards.links import links
from boards.saved import Dashboard, Table
from boards.views import (AT_THE_DOOR, FAILED, REQUEST, STEP, WEIGHT, errors, logs, traces, worries)
from boards.where import EVERYTHING


def overview():
    of = Dashboard("oficio-overview", "Oficio 1: overview by service",
                   "Requests, failures and durations of each service, and what is being complained about.",
                   controls=[(traces, "service.name", "Service")])
    of.row(5, links(of.id, "Green is: failures near 0 %, p95 below 0.5 s, no dead letters, few warnings. "
                           "Something rises? *One service* shows which request, *Errors* why."))
    of.row(6, lens.figure("Requests of clients", "Answered by the gateway in the time that is shown.", traces,
                          lens.total(WEIGHT, "requests"), AT_THE_DOOR),
           lens.figure("Failed", "Answers of 500 and above that clients got: an operator's business.", traces,
                       lens.total(WEIGHT, "failed"), AT_THE_DOOR & FAILED, "#bd271e"),
           lens.figure("Took (p95)", "95 of 100 requests were answered at the gateway within this time.", traces,
                       lens.percentile("transaction.duration.us", 95, "p95"), AT_THE_DOOR),
           lens.figure("People", "Different accounts that were signed in.", traces,
                       lens.unique("user.id", "accounts"), AT_THE_DOOR),
           lens.figure("Errors", "Errors of services and browsers, each counted.", errors,
                       lens.count("errors"), EVERYTHING, "#e7664c"),
           lens.figure("Log lines", "All levels. None at all for minutes: telemetry does not arrive.", logs,
                       lens.count("lines")))
    of.row(12, vega.over_time("Requests a minute, by service", "What each service answers; the gateway's line is what "
                              "clients ask for.", traces, REQUEST, vega.per_minute(weight=WEIGHT), "service.name",
                              size=10),
           vega.over_time("Failed requests, by service", "Answers of 500 and above, in per cent. The line that rises "
                          "without the gateway's is of a service whose callers go on without it.", traces, REQUEST,
                          vega.share("% failed", FAILED, WEIGHT), "service.name", size=10, rule=1))
    of.row(12, vega.over_time("How long requests take (p95), by service",
                              "95 of 100 are faster. The gateway's is the sum of its own "
                              "time and a service's.", traces, REQUEST,
                              vega.milliseconds("transaction.duration.us", 95), "service.name", size=10),
           vega.over_time("What services wait for (p95)", "Calls of databases, caches, search and other services, "
                          "by whom they go to.", traces, STEP, vega.milliseconds("span.duration.us", 95),
                          "span.destination.service.resource", size=10))
    of.row(11, lens.bars("Log lines by level", "Click a level to see its lines alone.", logs, lens.count("lines"),
                         split="log.level"),
           lens.bars("Errors by service", "`web` is the application in people's browsers.", errors,
                     lens.count("errors"), split="service.name"))
    of.row(16, Table(worries))
    return of
