"""What clients ask for, what they get, and how long it takes."""

from boards import lens, vega
from boards.links import links
from boards.saved import Dashboard, Table
from boards.views import (AT_THE_DOOR, FAILED, GATEWAY, STEP, STEP_WEIGHT, WEIGHT, failed_requests, slow_requests,
                          traces)
from boards.where import at_least, below, equals

REFUSED = at_least("http.response.status_code", 400) & below("http.response.status_code", 500)
# What a service refuses (4xx) is the client's, and no fault of the service.
BROKEN = equals("event.outcome", "failure") & ~below("http.response.status_code", 500)
CALLS = STEP & GATEWAY & equals("span.type", "external")


def gateway():
    of = Dashboard("oficio-gateway", "Oficio 2: traffic at the gateway",
                   "Requests of clients by route and status, how long they take, and the calls to services.",
                   controls=[(traces, "transaction.name", "Route"), (traces, "transaction.result", "Answer")])
    of.row(5, links(of.id, "The only door for clients. A request's time is mostly that of the service behind it: "
                           "compare with the calls below."))
    of.row(12, lens.bars("Requests by answer", "Stacked by class of status. Click a class to see it alone.", traces,
                         lens.total(WEIGHT, "requests"), AT_THE_DOOR, "transaction.result"),
           vega.spread("How long clients wait", "Half, 95 and 99 of 100 requests are faster.", traces, AT_THE_DOOR,
                       "transaction.duration.us"))
    of.row(12, vega.over_time("Failures and refusals a minute", "By status of 400 and above: 401 and 403 are people's "
                              "sessions, 422 their input, 429 a limit, 500 and above ours.", traces,
                              AT_THE_DOOR & at_least("http.response.status_code", 400), vega.per_minute(weight=WEIGHT),
                              "http.response.status_code", size=12),
           vega.over_time("Failed requests, % of all", "Alarm above 1 % for five minutes (docs/watching.md).", traces,
                          AT_THE_DOOR, vega.share("% failed", FAILED, WEIGHT), rule=1))
    of.row(14, vega.ranking("Busiest routes", "With how long they take (p95).", traces, AT_THE_DOOR,
                            "transaction.name", vega.how_many("requests", WEIGHT), 12, "weight",
                            also=vega.milliseconds("transaction.duration.us", 95)),
           vega.ranking("Slowest routes (p95)", "Where 5 of 100 requests take longer than this.", traces,
                        AT_THE_DOOR, "transaction.name", vega.milliseconds("transaction.duration.us", 95), 12,
                        "spread.95"))
    of.row(12, vega.over_time("Calls to services a minute", "By service; a call to one that is away counts as well.",
                              traces, CALLS, vega.per_minute(weight=STEP_WEIGHT), "span.destination.service.resource",
                              size=10),
           vega.over_time("Calls that failed, % of each service's", "A service that is away has 100 %; its breaker "
                          "opens, and its calls are then answered 503 at once.", traces, CALLS,
                          vega.share("% failed", BROKEN, STEP_WEIGHT),
                          "span.destination.service.resource", size=10))
    of.row(12, vega.over_time("How long services take (p95)", "As the gateway sees it, with the way there and back.",
                              traces, CALLS, vega.milliseconds("span.duration.us", 95),
                              "span.destination.service.resource", size=10),
           vega.ranking("Refused, by route", "Statuses 400 to 499: where clients do what they may not.", traces,
                        AT_THE_DOOR & REFUSED, "transaction.name", vega.how_many("requests", WEIGHT), 10, "weight"))
    of.row(14, Table(failed_requests), Table(slow_requests))
    return of
