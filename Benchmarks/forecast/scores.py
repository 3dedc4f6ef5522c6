"""Pools scored forecasts of several runs into one table."""
import math

WORDS = """cover: share of what came inside the twin's central 90 % interval, with the standard error of its mean over the runs, which are independent
where forecasts of one run are not, and by seed. bias, error (mean absolute), width (of the interval) and CRPS
(continuous ranked probability score) are % of the mean observed. The last three columns: the others' CRPS divided by the twin's at the same
instants; above 1 the twin is better. Forecasts an hour apart overlap over 8 h, so those rows rest on fewer independent stretches than n."""


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else float("nan")


def standard_error(values):
    """Of the mean of values that are independent of each other."""
    middle = mean(values)
    return math.sqrt(sum((v - middle) ** 2 for v in values) / (len(values) - 1) / len(values)) if len(values) > 1 else float("nan")


def relative(entries):
    """The same entries with what has the unit of parts divided by the mean observed of their plant, so that plants can be pooled."""
    scale = {s: max(mean(e["observed"] for e in entries if e["scenario"] == s and e["forecaster"] == "twin"), 1e-9) for s in {e["scenario"] for e in entries}}
    return [{**e, **{key: e[key] / scale[e["scenario"]] for key in ("observed", "mean", "low", "high", "crps")}} for e in entries]


def row(name, hours, entries):
    by = lambda forecaster: [e for e in entries if e["forecaster"] == forecaster]
    twin = by("twin")
    inside = lambda some: 100 * mean(e["low"] <= e["observed"] <= e["high"] for e in some)
    crps = {(e["scenario"], e["seed"], e["made"]): e["crps"] for e in twin}

    def ratio(forecaster):
        """Over the instants at which both forecast: history has nothing to say before two stretches have passed."""
        some = by(forecaster)
        return f"{mean(e['crps'] for e in some) / mean(crps[e['scenario'], e['seed'], e['made']] for e in some):.2f}" if some else "—"

    runs = [inside([e for e in twin if (e["scenario"], e["seed"]) == run]) for run in sorted({(e["scenario"], e["seed"]) for e in twin})]
    seeds = " ".join(f"{inside([e for e in twin if e['seed'] == s]):.0f}" for s in sorted({e["seed"] for e in twin}))
    return [name, f"{hours:g} h", str(len(twin)), f"{inside(twin):.1f}", f"{standard_error(runs):.1f}", seeds, f"{100 * mean(e['isValid'] for e in twin):.0f}",
            f"{100 * mean(e['mean'] - e['observed'] for e in twin):+.1f}", f"{100 * mean(abs(e['mean'] - e['observed']) for e in twin):.1f}",
            f"{100 * mean(e['high'] - e['low'] for e in twin):.1f}", f"{100 * mean(crps.values()):.2f}", f"{inside(by('design')):.1f}",
            *(ratio(f) for f in ("design", "persistence", "history"))]


def table(entries):
    """Lines of a Markdown table: by scenario and horizon, then all scenarios together."""
    header = ["plant", "ahead", "n", "cover %", "±", "by seed", "valid %", "bias %", "error %", "width %", "CRPS %", "design's cover %", "design", "persistence",
              "history"]
    rows = []
    scenarios = list(dict.fromkeys(e["scenario"] for e in entries))
    horizons = sorted({e["hours"] for e in entries})
    for hours in horizons:
        some = relative([e for e in entries if e["hours"] == hours])
        rows += [row(s, hours, [e for e in some if e["scenario"] == s]) for s in scenarios]
        if len(scenarios) > 1:
            rows.append(row("all", hours, some))
            # Seeds of different plants have nothing in common but their number.
            rows[-1][header.index("by seed")] = "—"
    widths = [max(len(r[c]) for r in [header] + rows) for c in range(len(header))]
    line = lambda cells: "| " + " | ".join(c.ljust(w) if i < 2 else c.rjust(w) for i, (c, w) in enumerate(zip(cells, widths))) + " |"
    rule = "|" + "|".join("-" * (w + 2) if i < 2 else "-" * (w + 1) + ":" for i, w in enumerate(widths)) + "|"
    return [line(header), rule] + [line(r) for r in rows]
