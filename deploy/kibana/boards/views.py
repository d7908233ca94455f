"""Which documents there are, and the tables of them. What the program writes is told in docs/observability.md."""

from boards.saved import Search, View
from boards.where import EVERYTHING, at_least, equals, has

ONE_TRACE = ("../app/dashboards#/view/oficio-trace?_g=(time:(from:now-15d,to:now))"
             "&_a=(query:(language:kuery,query:'trace.id:%22{{value}}%22'))")


def duration(of):
    """`of`: microseconds or nanoseconds."""
    return {"id": "duration", "params": {"inputFormat": of, "outputFormat": "humanizePrecise", "outputPrecision": 1,
                                         "useShortSuffix": True, "includeSpaceWithSuffix": True}}


TRACE = {"trace.id": {"id": "url", "params": {"type": "a", "urlTemplate": ONE_TRACE, "labelTemplate": "{{value}}",
                                              "openLinkInCurrentTab": True}}}
TIMES = {"transaction.duration.us": duration("microseconds"), "span.duration.us": duration("microseconds")}
NAMES = {"service.name": "service", "trace.id": "trace", "transaction.name": "request", "span.name": "step",
         "transaction.duration.us": "took", "span.duration.us": "step took", "log.level": "level",
         "http.response.status_code": "status", "url.path": "path", "user.id": "account"}

logs = View("oficio-logs", "logs-oficio.*", "Oficio: logs of the services", TRACE, NAMES)
traces = View("oficio-traces", "traces-apm-*", "Oficio: requests, messages and their steps", {**TRACE, **TIMES}, NAMES)
pages = View("oficio-browser", "traces-apm.rum-*", "Oficio: pages in browsers", {**TRACE, **TIMES}, NAMES)
errors = View("oficio-errors", "logs-apm.error-*", "Oficio: errors of services and browsers", TRACE, NAMES)
figures = View("oficio-figures", "metrics-apm.app.*", "Oficio: figures of the processes", {}, NAMES)
everything = View("oficio-everything", "logs-oficio.*,traces-apm*,logs-apm.error-*",
                  "Oficio: everything that has a trace", {**TRACE, **TIMES}, NAMES)

VIEWS = [logs, traces, pages, errors, figures, everything]

# --- conditions that several dashboards share ---------------------------------------------------------------------

GATEWAY = equals("service.name", "gateway")
REQUEST = equals("transaction.type", "request")
MESSAGE = equals("transaction.type", "messaging")
STEP = equals("processor.event", "span")
AT_THE_DOOR = REQUEST & GATEWAY
FAILED = at_least("http.response.status_code", 500)
# When there are many, only a part of them is kept; each then says for how many it stands.
WEIGHT = "transaction.representative_count"
STEP_WEIGHT = "span.representative_count"
OF_BROWSERS = equals("service.name", "web")
# What services have published, counted by its type; and the money of orders by what became of it.
FACTS, TYPE = "oficio.business_events.count", "labels.type"
MONEY, FLOW = "oficio.business_money.count", "labels.flow"
SEARCHED = equals("event.action", "gigs.search")

# --- tables -------------------------------------------------------------------------------------------------------

all_logs = Search("oficio-all-logs", "Log lines", logs, ["service.name", "log.level", "message", "trace.id"],
                  EVERYTHING, "Every line, the latest first. The trace leads to everything that the same request did.")
worries = Search("oficio-worries", "Warnings and errors", logs,
                 ["service.name", "log.level", "message", "error.message", "trace.id"],
                 equals("log.level", "warn", "error"), "Lines of the level warn or error, the latest first.")
failed_requests = Search("oficio-failed-requests", "Requests that failed", traces,
                         ["transaction.name", "http.response.status_code", "transaction.duration.us", "trace.id"],
                         AT_THE_DOOR & FAILED,
                         "Answers of 500 and above that clients got. The trace shows where it went wrong.")
slow_requests = Search("oficio-slow-requests", "Requests of more than a second", traces,
                       ["transaction.name", "http.response.status_code", "transaction.duration.us", "trace.id"],
                       AT_THE_DOOR & at_least("transaction.duration.us", 1_000_000),
                       "Read the trace to see what they waited for.")
all_errors = Search("oficio-all-errors", "Errors", errors,
                    ["service.name", "error.type", "error.message", "error.culprit", "trace.id"],
                    EVERYTHING, "Errors of services and browsers, the latest first.")
steps = Search("oficio-steps", "Requests, messages and steps", traces,
               ["service.name", "transaction.name", "span.name", "transaction.duration.us", "span.duration.us",
                "event.outcome"],
               EVERYTHING, "All that was recorded of it.")
lost_messages = Search("oficio-lost-messages", "Events that could not be handled", logs,
                       ["service.name", "log.level", "oficio.queue", "event.action", "oficio.attempts",
                        "error.message", "trace.id"],
                       has("oficio.attempts"),
                       "A warning is tried again, with growing pauses; an error rests as a dead letter until somebody "
                       "says `oficio events replay`.")
browser_errors = Search("oficio-browser-errors-table", "Errors in browsers", errors,
                        ["error.type", "error.message", "url.path", "user_agent.original", "trace.id"],
                        OF_BROWSERS & has("error.type"), "What scripts threw, with the page on which it happened.")
browser_logs = Search("oficio-browser-logs", "What pages wanted to be known", logs,
                      ["log.level", "message", "url.path", "trace.id"], OF_BROWSERS,
                      "What the web application itself found worth telling, without anything being thrown.")
empty_searches = Search("oficio-empty-searches", "Searches that found nothing", logs,
                        ["oficio.search.text", "trace.id"],
                        SEARCHED & equals("oficio.search.found", 0),
                        "What people look for and nobody offers, or what the search does not understand.")

SEARCHES = [all_logs, worries, failed_requests, slow_requests, all_errors, steps, lost_messages, browser_errors,
            browser_logs, empty_searches]
