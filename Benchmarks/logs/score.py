"""One scorer for every model: the same draws and observations in, the same figures out (those of LogBacktestReport in ProcessMining)."""


def quantile(draws, p):
    return draws[min(max(-int(-p * len(draws) // 1), 1), len(draws)) - 1]


def crps(draws, y):
    """Ranked probability score of sorted draws, the unbiased spread (Ferro 2014)."""
    n = len(draws)
    error = sum(abs(x - y) for x in draws) / n
    spread = sum((2 * i + 1 - n) * x for i, x in enumerate(draws))
    return error - (spread / (n * (n - 1)) if n > 1 else 0.0)


def mass(draws, y):
    below = sum(x < y for x in draws) / len(draws)
    upto = sum(x <= y for x in draws) / len(draws)
    if upto == below:
        return 1.0 if 0.05 <= below <= 0.95 else 0.0
    return max(min(upto, 0.95) - max(below, 0.05), 0.0) / (upto - below)


def row(pairs, totals=None):
    """pairs: (sorted draws, observed)."""
    n = len(pairs)
    mean = [sum(d) / len(d) for d, _ in pairs]
    observed = sum(y for _, y in pairs)
    forecast = sum(mean)
    return {
        "n": n,
        "observed": observed if totals else observed / n,
        "forecast": forecast if totals else forecast / n,
        "error": (forecast - observed) / observed if observed else float("nan"),
        "crps": sum(crps(d, y) for d, y in pairs) / n,
        "coverage": sum(quantile(d, 0.05) <= y <= quantile(d, 0.95) for d, y in pairs) / n,
        "mass": sum(mass(d, y) for d, y in pairs) / n,
    }


def score(forecast, observed, cases=None):
    """forecast: counters and cycleTimes with draws; observed: counters and cycleTimes by name; cases: the open cases to score."""
    table = {}
    for c in forecast["counters"]:
        if c["name"] in observed["counters"]:
            table[c["name"]] = row([(sorted(d), y) for d, y in zip(c["periods"], observed["counters"][c["name"]])], totals=True)
    single = []
    for t in forecast["cycleTimes"]:
        values = observed["cycleTimes"].get(t["name"], [])
        draws = sorted(t["draws"])
        if len(draws) > 1000 and len(values) > 50:
            draws = draws[:: len(draws) // 1000]
        pairs = [(draws, y) for y in values]
        if t["oneCase"]:
            single += pairs if cases is None or t["name"] in cases else []
        elif pairs:
            table[t["name"]] = row(pairs)
    if single:
        table["open cases"] = row(single)
    return table


def foreseen(forecast):
    """The names of the open cases that a model holds to be open."""
    return {t["name"] for t in forecast["cycleTimes"] if t["oneCase"]}
