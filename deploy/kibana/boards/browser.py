"""How the web application feels to people, and what goes wrong in their browsers. The limits are those by which
the makers of browsers call a page good: LCP 2.5 s, INP 200 ms, CLS 0.1, for 75 of 100 views."""

from boards import lens, vega
from boards.links import links
from boards.saved import Dashboard, Table
from boards.views import OF_BROWSERS, browser_errors, browser_logs, errors, pages
from boards.where import equals, has

LCP, FCP, TTFB = (f"transaction.marks.agent.{name}" for name in
                  ("largestContentfulPaint", "firstContentfulPaint", "timeToFirstByte"))
INP, CLS = "transaction.experience.inp", "transaction.experience.cls"
LOADS = equals("transaction.type", "page-load")
CALLS = equals("processor.event", "span") & has("http.response.status_code")


def browser():
    of = Dashboard("oficio-browser", "Oficio 10: browser experience",
                   "Page loads and how they feel, in the browsers of people who use the market.", since="now-24h",
                   controls=[(pages, "transaction.name", "Page")])
    of.row(5, links(of.id, "p75: what 75 of 100 views are better than. Good is LCP below 2.5 s, INP below 200 ms, CLS "
                           "below 0.1."))
    of.row(6, lens.figure("Page loads", "Whole pages, not changes of page inside the application.", pages,
                          lens.count("loads"), LOADS),
           lens.figure("LCP (p75)", "Until the largest part was drawn, in ms. Good: 2500.", pages,
                       lens.percentile(LCP, 75, "ms"), has(LCP)),
           lens.figure("INP (p75)", "From a click to what it shows, in ms. Good: 200.", pages,
                       lens.percentile(INP, 75, "ms"), has(INP)),
           lens.figure("CLS (p75)", "How much parts jump about. Good: 0.1.", pages, lens.percentile(CLS, 75, "score"),
                       has(CLS)),
           lens.figure("Errors in browsers", "What scripts threw.", errors, lens.count("errors"), OF_BROWSERS,
                       "#e7664c"))
    of.row(12, vega.over_time("Looks loaded: LCP over time (p75)", "Largest contentful paint: the page looks loaded.",
                              pages, has(LCP),
                              vega.percentile(LCP, 75, "ms", form=",.3~r", unit=" ms"), rule=2500),
           vega.over_time("Answers: INP over time (p75)", "Interaction to next paint: the page answers.", pages,
                          has(INP),
                          vega.percentile(INP, 75, "ms", form=",.3~r", unit=" ms"), rule=200),
           vega.over_time("Stands still: CLS over time (p75)", "Cumulative layout shift: the page stands still.",
                          pages, has(CLS),
                          vega.percentile(CLS, 75, "score", form=".2~r"), rule=0.1))
    of.row(12, vega.over_time("Page loads by page", "In each step of time, by page.", pages, LOADS,
                              vega.how_many("loads"),
                              "transaction.name"),
           vega.over_time("First byte (p75)", "How long the server and the way to it take, in ms.", pages, has(TTFB),
                          vega.percentile(TTFB, 75, "ms", form=",.3~r", unit=" ms")))
    of.row(14, vega.ranking("Slowest pages: LCP (p75)", "Where to begin.", pages, has(LCP), "transaction.name",
                            vega.percentile(LCP, 75, "ms", form=",.3~r", unit=" ms"), 12, "spread.75"),
           vega.ranking("Slowest calls (p95)", "Requests that pages make, as they see them.", pages, CALLS, "span.name",
                        vega.milliseconds("span.duration.us", 95), 12, "spread.95"))
    of.row(12, lens.bars("What browsers tell of", "Page loads, changes of page, clicks, ends of visits.", pages,
                         lens.count("documents"), equals("processor.event", "transaction"), "transaction.type"),
           vega.over_time("Calls that failed, %", "Of the requests that pages made.", pages, CALLS,
                          vega.share("% failed", equals("event.outcome", "failure"))))
    return of


def mishaps():
    of = Dashboard("oficio-browser-errors", "Oficio 11: browser errors and logs",
                   "What scripts threw in people's browsers, and what pages wanted to be known.", since="now-24h",
                   controls=[(errors, "error.type", "Kind"), (errors, "url.path", "Page")])
    of.row(5, links(of.id,
                    "A step after a release is the release's. One browser alone: look at its version in the table. "
                           "The trace leads to what the server did for the same page."))
    of.row(12, lens.bars("Errors in browsers, by kind", "What was thrown.", errors, lens.count("errors"), OF_BROWSERS,
                         "error.type"),
           vega.ranking("The same error again and again", "Grouped by where it was thrown.", errors, OF_BROWSERS,
                        "error.grouping_name", vega.how_many("errors"), 10))
    of.row(12, vega.ranking("On which pages", "By path.", errors, OF_BROWSERS, "url.path", vega.how_many("errors"), 10),
           vega.ranking("In which browsers", "As they call themselves.", errors, OF_BROWSERS, "user_agent.original",
                        vega.how_many("errors"), 10))
    of.row(16, Table(browser_errors))
    of.row(14, Table(browser_logs))
    return of
