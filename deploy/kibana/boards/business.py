"""What the market does: people, gigs, orders, money, messages; what is searched for."""

from boards import lens, vega
from boards.links import links
from boards.saved import Dashboard, Table
from boards.views import (AT_THE_DOOR, FACTS, FLOW, MONEY, SEARCHED, TYPE, empty_searches, figures, logs,
                          traces)
from boards.where import begins, equals, has


def told(*types):
    return equals(TYPE, *types)


def number(title, description, unit, of, colour=None):
    return lens.figure(title, description, figures, lens.total(FACTS, unit), of, colour)


def facts(title, description, of, size=10):
    return lens.bars(title, description, figures, lens.total(FACTS, "facts"), of, TYPE, size)


def business():
    of = Dashboard("oficio-business", "Oficio 8: business",
                   "People, orders, money and messages, from the events that services publish.", since="now-7d",
                   refresh=300)
    of.row(5, links(of.id,
                    "Counted when a service publishes a fact. For bookkeeping ask orders, whose ledger is exact: "
                           "what is published twice after a crash counts twice here."))
    of.row(6, number("Sign-ups", "New accounts.", "accounts", told("auth.account.registered")),
           number("Orders placed", "Ordered, paid or not.", "orders", told("orders.order.placed")),
           number("Orders paid", "Payment went through.", "orders", told("orders.order.paid")),
           number("Orders completed", "Delivered and accepted.", "orders", told("orders.order.completed")),
           number("Orders cancelled", "Ended without being completed.", "orders", told("orders.order.cancelled"),
                  "#e7664c"),
           number("Messages", "From person to person.", "messages", told("chat.message.sent")))
    of.row(12, vega.over_time("Money",
                              "Totals of orders, in units of the currency: held when they are paid, released to "
                              "the seller when they are completed, refunded when they are cancelled.", figures,
                              has(MONEY),
                              vega.statistic("sum", MONEY, "money", 0.01, ",.3~r"), FLOW),
           facts("Orders, step by step", "A step that shrinks against the one before it is where orders get stuck.",
                 begins(TYPE, "orders.order."), 12))
    of.row(12, facts("Accounts and sellers", "Sign-ups, verified addresses, new sellers.",
                     told("auth.account.registered", "auth.account.verified", "users.seller.created")),
           facts("Talk", "Messages and offers.", begins(TYPE, "chat.")))
    of.row(12, vega.over_time("People who are active", "Different signed-in accounts in each step.", traces,
                              AT_THE_DOOR, vega.statistic("cardinality", "user.id", "accounts")),
           facts("Gigs and reviews", "Published, changed, paused, removed; reviews and their replies.",
                 told("gigs.gig.published", "gigs.gig.updated", "gigs.gig.paused", "gigs.gig.removed",
                      "reviews.review.published", "reviews.reply.published")))
    of.row(14, vega.ranking("All facts", "What services published, by type.", figures, has(FACTS), TYPE,
                            vega.statistic("sum", FACTS, "facts"), 20, "figure"),
           vega.ranking("Money in the time that is shown", "By what became of it, in units of the currency.", figures,
                        has(MONEY), FLOW, vega.statistic("sum", MONEY, "money", 0.01, ",.3~r"), 5, "figure"))
    return of


FOUND, TEXT = "oficio.search.found", "oficio.search.text"


def search():
    of = Dashboard("oficio-search", "Oficio 9: gigs and search",
                   "What people search for, what they find, how long it takes, and changes of the gig index.",
                   since="now-7d", refresh=300)
    of.row(5, links(of.id, "A search that finds nothing is either a gig that nobody offers or a word that the search "
                           "does not know."))
    nothing = equals(FOUND, 0)
    of.row(6, lens.figure("Searches", "First pages of results that people asked for.", logs, lens.count("searches"),
                          SEARCHED),
           lens.figure("Without result", "Searches that found nothing.", logs, lens.count("searches"),
                       SEARCHED & nothing, "#e7664c"),
           lens.figure("Different words", "Different texts that were searched for.", logs,
                       lens.unique(TEXT, "texts"), SEARCHED),
           lens.figure("Found (mean)", "How many gigs a search finds.", logs, lens.mean(FOUND, "gigs"), SEARCHED))
    of.row(12, vega.over_time("Searches a minute", "First pages of results.", logs, SEARCHED, vega.per_minute()),
           vega.over_time("Without result, % of all",
                          "Rises after a change of words, or when gigs are missing from the "
                          "index: then `oficio reindex gigs`.", logs, SEARCHED, vega.share("% without result",
                                                                                           nothing)))
    of.row(16, vega.ranking("What people search for", "The most frequent texts, in small letters.", logs, SEARCHED,
                            TEXT, vega.how_many("searches"), 15,
                            also=vega.statistic("avg", FOUND, "gigs found, mean")),
           vega.ranking("What nobody offers", "The most frequent texts that found nothing.", logs, SEARCHED & nothing,
                        TEXT, vega.how_many("searches"), 15))
    route = equals("transaction.name", "GET /api/v1/gigs/search", "GET /api/v1/gigs/suggest")
    of.row(12, vega.spread("How long searches take", "As clients see it.", traces, AT_THE_DOOR & route,
                           "transaction.duration.us"),
           vega.spread("How long the search server takes", "Its part of it: Elasticsearch, or the embedded index.",
                       traces, equals("span.name", "search gigs", "complete gigs"),
                       "span.duration.us"))
    of.row(12, facts("Changes of gigs", "What the index has to follow.", begins(TYPE, "gigs.gig.")),
           Table(empty_searches))
    return of
