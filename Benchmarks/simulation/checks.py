"""Whether all engines simulate the same system: their results against known values, within what chance allows.

The line: throughput and time in the line by 3.2e8 parts of `peers/line.cpp` and 300 runs of `peers/maxplus.cpp`. M/M/1: ρ = 0.9 by theory,
W = 1/(1 − 0.9) = 10 s. Standard errors are those of one run of a million parts, from 300 (500) runs with other seeds; they grow with
1/√parts. A run begins empty, so it falls short of the long run by `transient`/parts.
"""
import math
from collections import namedtuple

Known = namedtuple("Known", "value error transient")
SYSTEMS = {
    "line": {"throughput": Known(0.6407, 0.00098, -15), "leadTime": Known(84.09, 0.272, -5000), "eventsPerPart": Known(10.2, 0.00065, 250)},
    "mm1": {"throughput": Known(0.9, 0.0009, 0), "leadTime": Known(10.0, 0.195, 0), "eventsPerPart": Known(2.0, 0.0, 2)},
}
ONE_RUN, MEAN = 5.0, 4.5  # standard errors; five rounds of a million parts: throughput of the line within 0.6387 … 0.6427


def figures(run):
    """The figures of a run that are checked. A recursion has no events of its own to count."""
    found = {"throughput": run["throughput"], "leadTime": run["leadTime"]}
    if run.get("engine", "events") == "events":
        found["eventsPerPart"] = run["events"] / run["parts"]
    return found


def faults(engine, model, parts, runs, replications=1):
    """What is wrong with the runs of one engine, each of so many replications of so many parts, in words; empty where nothing is."""
    result = []
    for run in runs:
        if not parts * replications <= run["parts"] <= parts * replications * 1.001:
            result.append(f"{run['parts']} parts left, not {parts * replications}")
    seen = [figures(run) for run in runs]
    for name, known in SYSTEMS[model].items():
        values = [s[name] for s in seen if name in s]
        if not values:
            continue
        expected, slack = known.value + known.transient / parts, abs(known.transient) / parts
        error = known.error * math.sqrt(1e6 / parts / replications)
        # Engines count the odd event at the beginning and the end in their own way.
        slack += 0.003 * known.value if name == "eventsPerPart" else 0
        for value in values:
            if not abs(value - expected) <= ONE_RUN * error + slack:
                result.append(f"{name} {value:.6g} in one run, {expected:.6g} ± {ONE_RUN * error + slack:.2g} expected")
        mean, allowed = sum(values) / len(values), MEAN * error / math.sqrt(len(values)) + slack
        if not abs(mean - expected) <= allowed:
            result.append(f"{name} {mean:.6g} over {len(values)} runs, {expected:.6g} ± {allowed:.2g} expected")
    return result
