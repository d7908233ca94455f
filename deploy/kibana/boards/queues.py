"""What waits: events, messages, threads; and the processes themselves."""

from boards import lens, vega
from boards.links import links
from boards.saved import Dashboard, Table
from boards.views import FACTS, MESSAGE, TYPE, WEIGHT, figures, logs, lost_messages, traces, worries
from boards.where import equals, has

WAITING, DEAD = "oficio.events_queue_waiting", "oficio.events_queue_dead"
OUTBOX, OLDEST = "oficio.events_outbox_waiting", "oficio.events_outbox_oldest_seconds"
LAG, PUBLISHED = "oficio.events_relay_lag", "oficio.events_published.count"
HANDLED_LAG, IN_VAIN = "oficio.events_lag", "oficio.events_failed_attempts.count"
FAILURES = "oficio.events_relay_failures.count"
QUEUE, TRIED = "oficio.queue", has("oficio.attempts")


def highest(field, title, form=",.3~r"):
    return vega.statistic("max", field, title, form=form)


def queues():
    of = Dashboard("oficio-queues", "Oficio 6: queues",
                   "How far events have come: from the change to the bus, from the queue to the one who listens.",
                   since="now-3h", controls=[(figures, "service.name", "Service"), (figures, "labels.queue", "Queue")])
    of.row(5, links(of.id,
                    "A change is in its service's **outbox** until the bus has its event, then in a **queue** for "
                           "each listener. Both are near 0 when all is well; a **dead letter** waits for you: "
                           "`oficio events`, mend the cause, `oficio events replay`."))
    of.row(6, lens.figure("Dead letters", "The most that a queue had. None: nothing to do.", figures,
                          lens.highest(DEAD, "in one queue"), has(DEAD), "#bd271e"),
           lens.figure("Waiting in a queue", "The most that one had, in the time that is shown.", figures,
                       lens.highest(WAITING, "events"), has(WAITING)),
           lens.figure("Waiting in an outbox", "1,000 stands for more.", figures, lens.highest(OUTBOX, "events"),
                       has(OUTBOX)),
           lens.figure("Tried again", "Events whose handling failed and that came again.", logs, lens.count("attempts"),
                       TRIED & equals("log.level", "warn"), "#e7664c"),
           lens.figure("Given up", "Events that became dead letters.", logs, lens.count("events"),
                       TRIED & equals("log.level", "error"), "#bd271e"))
    of.row(12, vega.over_time("Depth of queues",
                              "Events that are not handled yet. Alarm above 1,000 for ten minutes: a "
                              "listener is away or too slow.", figures, has(WAITING), highest(WAITING, "events"),
                              "labels.queue", size=12),
           vega.over_time("Dead letters by queue", "Each step up is an event that was given up.", figures, has(DEAD),
                          highest(DEAD, "events"), "labels.queue", size=12, rule=1))
    of.row(12, vega.over_time("Outboxes: events not published yet", "Rises while RabbitMQ is away or refuses.", figures,
                              has(OUTBOX), highest(OUTBOX, "events"), "service.name", size=10),
           vega.over_time("Outboxes: age of the oldest event",
                          "Seconds; zero is left out. Alarm above 60: nobody hears "
                          "of what is written.", figures, has(OLDEST), highest(OLDEST, "seconds", ",.3~r"),
                          "service.name", size=10, rule=60))
    of.row(12, vega.over_time("From a change to its publication", "On average.", figures, has(f"{LAG}.count"),
                              vega.mean_of(LAG), "service.name", size=10),
           vega.over_time("Events published a minute", "By the service that changed something.", figures,
                          has(PUBLISHED),
                          vega.added(PUBLISHED), "service.name", size=10))
    of.row(12, vega.over_time("From a change to the end of its handling",
                              "On average, by the service that listens; what failed at first is in it. Alarm above "
                              "five seconds.", figures, has(f"{HANDLED_LAG}.count"), vega.mean_of(HANDLED_LAG),
                              "service.name", size=10),
           vega.over_time("Attempts that failed, a minute", "By queue. Each comes again, the seventh is the last: mend "
                          "the cause before they are dead letters.", figures, has(IN_VAIN), vega.added(IN_VAIN),
                          "labels.queue", size=12))
    of.row(12, vega.over_time("Events handled a minute", "By the service that listens.", traces, MESSAGE,
                              vega.per_minute(weight=WEIGHT), "service.name", size=10),
           vega.spread("How long handling takes", "Without the time in the queue.", traces, MESSAGE,
                       "transaction.duration.us"))
    of.row(14, vega.ranking("Tried again, by queue", "Where listeners fail.", logs, TRIED, QUEUE,
                            vega.how_many("attempts"), 12),
           vega.ranking("What is published", "Events by type.", figures, has(FACTS), TYPE,
                        vega.statistic("sum", FACTS, "events"), 15, "figure"))
    of.row(14, Table(lost_messages))
    return of


CPU, MEMORY = "system.process.cpu.total.norm.pct", "system.process.memory.rss.bytes"
FILES, THREADS = "system.process.fd.open", "system.process.threads"
DEPTH, WORKING, WAITED = "oficio.pool_queue_depth", "oficio.pool_working", "oficio.pool_wait_seconds.count"
READS = "oficio.cache_reads.count"
LIMITED, CONNECTIONS = "oficio.gateway_limited.count", "oficio.http_connections.now"
SESSIONS, IN_FLIGHT = "oficio.sql_sessions_used", "oficio.http_requests_in_flight"
NODE = "service.node.name"


def processes():
    of = Dashboard("oficio-processes", "Oficio 7: processes",
                   "Processor, memory, files, threads and connections of each process.", since="now-3h",
                   controls=[(figures, "service.name", "Service"), (figures, NODE, "Process")])
    of.row(5, links(of.id, "One line a process. Memory that only grows is a leak; waiting for threads means that a "
                           "database is slow or that passwords are being hashed faster than processors can."))
    of.row(12, vega.over_time("Processor", "Of all cores of its machine, in per cent.", figures, has(CPU),
                              vega.statistic("max", CPU, "%", 100, ",.3~r", " %"), NODE, size=12),
           vega.over_time("Memory", "Resident, in MiB.", figures, has(MEMORY),
                          vega.statistic("max", MEMORY, "MiB", 1 / 1048576, ",.3~r", " MiB"), NODE, size=12))
    of.row(12, vega.over_time("Open files and connections", "Near the limit (`ulimit -n`) new ones are refused.",
                              figures,
                              has(FILES), highest(FILES, "files"), NODE, size=12),
           vega.over_time("Threads", "Stays the same once a process is warm.", figures, has(THREADS),
                          highest(THREADS, "threads"), NODE, size=12))
    of.row(12, vega.over_time("Jobs that wait for a thread", "Database work and hashing. Zero is left out.", figures,
                              has(DEPTH), highest(DEPTH, "jobs"), "labels.pool"),
           vega.over_time("Time lost waiting for a thread", "Seconds in each minute, of all jobs together.", figures,
                          has(WAITED), vega.added(WAITED, "seconds a minute"), "labels.pool"))
    of.row(12, vega.over_time("Database sessions in use", "Of auth and reviews.", figures, has(SESSIONS),
                              highest(SESSIONS, "sessions"), "service.name"),
           vega.over_time("Clients' connections", "Open at the gateway and between processes.", figures,
                          has(CONNECTIONS),
                          highest(CONNECTIONS, "connections"), NODE, size=12))
    of.row(12, vega.over_time("Requests under way", "Zero is left out.", figures, has(IN_FLIGHT),
                              highest(IN_FLIGHT, "requests"), NODE, size=12),
           vega.over_time("Refused by a limit", "Requests a minute beyond a limit of rates, by limit.", figures,
                          has(LIMITED), vega.added(LIMITED), "labels.limit"))
    of.row(12, vega.over_time("What the cache had", "Reads a minute. Misses alone: it was emptied, or values do not live "
                              "long; failed: it is away, which costs speed and nothing else.", figures, has(READS),
                              vega.added(READS), "labels.result"))
    of.row(14, Table(worries))
    return of
