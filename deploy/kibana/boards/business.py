"""What the market does: people, gigs, orders, money, messages; what is searched for."""

from boards import lens, vega
from boards.links import links
from boards.saved import Dashboard, Table
from boards.views import AT_THE_DOOR, FACT, SEARCHED, empty_searches, logs, traces
from boards.where import begins, equals

ACTION = "event.action"


def told(*names):
    return FACT & equals(ACTION, *names)


SIGNED_UP, VERIFIED = told("auth.account.registered"), told("auth.account.verified")
PLACED, PAID, DONE = told("orders.order.placed"), told("orders.order.paid"), told("orders.order.completed")
CANCELLED, LATE = told("orders.order.cancelled"), told("orders.order.late")
MESSAGES, OFFERS = told("chat.message.sent"), told("chat.offer.made")
MONEY = "oficio.order.total"


def business():
    of = Dashboard("oficio-business", "Oficio 8: business",
                   "People, orders, money and messages, from the events that services publish.", since="now-7d",
                   refresh=300)
    of.row(5, links(of.id, "Counted when a service publishes the fact. For bookkeeping ask orders, whose ledger is exact: "
                           "a fact that is published twice after a crash counts twice here."))
    of.row(6, lens.figure("Sign-ups", "New accounts.", logs, lens.count("accounts"), SIGNED_UP),
           lens.figure("Orders placed", "Ordered, paid or not.", logs, lens.count("orders"), PLACED),
           lens.figure("Orders paid", "Payment went through.", logs, lens.count("orders"), PAID),
           lens.figure("Paid money", "Totals of paid orders, in minor units (cents) of the market's currency.", logs,
                       lens.total(MONEY, "cents"), PAID),
           lens.figure("Messages", "Sent from person to person.", logs, lens.count("messages"), MESSAGES),
           lens.figure("Cancelled", "Orders that ended without being completed.", logs, lens.count("orders"),
                       CANCELLED, "#e7664c"))
    of.row(12, lens.bars("Accounts and sellers", "Sign-ups, verified addresses, new sellers.", logs,
                         lens.count("facts"),
                         told("auth.account.registered", "auth.account.verified", "users.seller.created"), ACTION),
           lens.bars("Orders, step by step", "A step that shrinks against the one before it is where orders get stuck.",
                     logs, lens.count("orders"), FACT & begins(ACTION, "orders.order."), ACTION, size=12))
    of.row(12, vega.over_time("Money paid", "Totals of the orders that were paid, in units of the currency.", logs,
                              PAID, vega.statistic("sum", MONEY, "paid", 0.01, ".3~s"), area=True),
           lens.bars("Talk", "Messages and offers.", logs, lens.count("facts"), FACT & begins(ACTION, "chat."), ACTION))
    of.row(12, vega.ranking("All facts", "What services published, by kind.", logs, FACT, ACTION,
                            vega.how_many("facts"), 20),
           vega.over_time("From order to payment", "Orders placed and paid, an hour's view of whether people get through.",
                          logs, told("orders.order.placed", "orders.order.paid"), vega.how_many("orders"), ACTION))
    of.row(10, vega.over_time("People who are active", "Different signed-in accounts in each step.", traces,
                              AT_THE_DOOR, vega.statistic("cardinality", "user.id", "accounts")),
           lens.bars("Reviews and gigs", "Published, changed, paused, removed; reviews and their replies.", logs,
                     lens.count("facts"), told("gigs.gig.published", "gigs.gig.updated", "gigs.gig.paused",
                                               "gigs.gig.removed", "reviews.review.published"), ACTION))
    return of


FOUND, TEXT = "oficio.search.found", "oficio.search.text"


def search():
    of = Dashboard("oficio-search", "Oficio 9: gigs and search",
                   "What people search for, what they find, how long it takes, and changes of the gig index.",
                   since="now-7d", refresh=300)
    of.row(5, links(of.id, "A search that finds nothing is either a gig that nobody offers or a word that the search "
                           "does not know."))
    nothing = equals(FOUND, 0)
    of.row(6, lens.figure("Searches", "First pages of results that people asked for.", logs, lens.count("searches"), SEARCHED),
           lens.figure("Without result", "Searches that found nothing.", logs, lens.count("searches"),
                       SEARCHED & nothing, "#e7664c"),
           lens.figure("Different words", "Different texts that were searched for.", logs,
                       lens.unique(TEXT, "texts"), SEARCHED),
           lens.figure("Found (mean)", "How many gigs a search finds.", logs, lens.mean(FOUND, "gigs"), SEARCHED))
    of.row(12, vega.over_time("Searches a minute", "First pages of results.", logs, SEARCHED, vega.per_minute()),
           vega.over_time("Without result, % of all", "Rises after a change of words, or when gigs are missing from the "
                          "index: then `oficio reindex gigs`.", logs, SEARCHED, vega.share("% without result", nothing)))
    of.row(16, vega.ranking("What people search for", "The most frequent texts, in small letters.", logs, SEARCHED,
                            TEXT, vega.how_many("searches"), 15,
                            also=vega.statistic("avg", FOUND, "gigs found, mean")),
           vega.ranking("What nobody offers", "The most frequent texts that found nothing.", logs, SEARCHED & nothing,
                        TEXT, vega.how_many("searches"), 15))
    route = equals("transaction.name", "GET /api/v1/gigs", "GET /api/v1/gigs/suggest")
    of.row(12, vega.spread("How long searches take", "As clients see it.", traces, AT_THE_DOOR & route,
                           "transaction.duration.us"),
           vega.spread("How long the search server takes", "Its part of it: Elasticsearch, or the embedded index.",
                       traces, equals("service.name", "gigs") & equals("span.subtype", "elasticsearch"),
                       "span.duration.us"))
    of.row(12, lens.bars("Changes of gigs", "What the index has to follow.", logs, lens.count("facts"),
                         FACT & begins(ACTION, "gigs.gig."), ACTION), Table(empty_searches))
    return of
