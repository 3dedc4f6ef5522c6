"""The least share of wrong levels that any method can reach on a recording, by an exact smoother that knows more than any method may.

  bound.py --extplant PATH/extplant FOLDER...

For each lost count it is told every other instant of the line exactly, the true law of every cycle, and all messages. What is left is the
posterior of one instant: the cycle's law of this piece and of the next one, of a neighbour's piece that begins when this one arrives or leaves,
and the level sensors, whose silence speaks too. At an instant t the best answer is wrong with the chance min(P(x <= t), P(x > t)). A lot that
comes between two looks of a sensor, 5 s apart, is evenly distributed there: 1.25 s of wrong level each. Overlapping lost counts count singly.
Knowing more can only lower the error: it is a bound from below. Needs numpy and PyYAML.
"""
import argparse
import bisect
import json
import math
import os
from collections import defaultdict

import numpy as np
import yaml

SCAN, LOST, STEP = 5.0, 0.05, 0.01


def log_density(law, mean, x):
    x, cv = np.maximum(x, 1e-6), law["cv"]
    if law["dist"] == "gamma":
        return (1 / cv**2 - 1) * np.log(x) - x / (mean * cv**2) - math.lgamma(1 / cv**2) - math.log(mean * cv**2) / cv**2
    s2 = math.log(1 + cv * cv)
    return -np.log(x) - (np.log(x) - math.log(mean) + s2 / 2) ** 2 / (2 * s2) - 0.5 * math.log(s2)


def stops(entered):
    out, since = [], None
    for t, kind in entered:
        if kind in ("microstop", "failure", "break", "changeover", "maintenance"):
            since = t if since is None else since
        elif since is not None:
            out.append((since, t))
            since = None
    return out


class Line:
    def __init__(self, extplant, folder):
        name = os.path.basename(os.path.normpath(folder)).rsplit("-", 1)[0]
        with open(os.path.join(extplant, name + ".yaml")) as f:
            self.cfg = yaml.safe_load(f)
        with open(os.path.join(folder, "layout.json")) as f:
            start = json.load(f)["start"]
        self.begins, self.finishes, self.entered = defaultdict(list), defaultdict(list), defaultdict(list)
        self.puts, self.takes = defaultdict(list), defaultdict(list)
        with open(os.path.join(folder, "events.csv")) as f:
            for row in f:
                t, kind, who, what = row.rstrip("\n").split(",")
                t = float(t)
                if kind == "begin":
                    self.begins[who].append((t, float(what)))
                elif kind == "enter":
                    self.entered[who].append((t, what))
                else:
                    {"finish": self.finishes, "put": self.puts, "take": self.takes}[kind][who].append(t)
        stations, buffers = list(self.cfg["stations"]), list(self.cfg["buffers"])
        self.told = defaultdict(dict)
        with open(os.path.join(folder, "messages.csv")) as f:
            for row in f:
                arrival, source, kind, index, value, _ = row.split(",")
                if value and int(arrival) - int(source) <= 60_000:
                    who = buffers[int(index)] if kind == "level" else stations[int(index)]
                    self.told[kind, who][int(source) - start] = float(value)
        self.moves = {}
        for b in buffers:
            moves = sorted([(t, 1) for t in self.puts[b]] + [(t, -1) for t in self.takes[b]])
            self.moves[b] = ([m[0] for m in moves], np.cumsum([m[1] for m in moves]).tolist())
        self.end = max(t for times in self.finishes.values() for t in times)

    def level(self, b, t):
        i = bisect.bisect_right(self.moves[b][0], t) - 1
        return self.moves[b][1][i] if i >= 0 else 0

    def happened(self, times, t):
        i = bisect.bisect_left(times, t - 1e-6)
        return i if i < len(times) and abs(times[i] - t) < 1e-6 else None

    def sensor(self, b, sign, x, x0):
        """Likelihood of what the sensor told and did not tell, by the instant x of a move of `sign` parts that truly was at x0."""
        like = np.ones_like(x)
        for k in range(int(x[0] // SCAN), int(x[-1] // SCAN) + 2):
            levels = []
            for t in ((k - 1) * SCAN, k * SCAN):
                levels.append(self.level(b, t - 1e-9) - (sign if x0 <= t else 0) + np.where(x <= t, sign, 0))
            told, changed = self.told["level", b].get(round(k * SCAN * 1000)), levels[0] != levels[1]
            like *= np.where(changed, LOST, 1.0) if told is None else np.where(levels[1] == told, np.where(changed, 1.0, 1e-3), 1e-9)
        return like

    def errors(self):
        """Seconds of wrong level that cannot be avoided, by buffer."""
        out = defaultdict(float)
        stations = self.cfg["stations"]
        executing = {s: {t for t, v in self.told["state", s].items() if v == 6} for s in stations}
        measured = {b for b, c in self.cfg["buffers"].items() if c.get("tag")}
        starts = {s: [t for t, _ in self.begins[s]] for s in stations}
        for s, c in stations.items():
            law, inputs, out_b = c["cycle"], list(c["in"]), None if c["out"] == "sink" else c["out"]
            stood, states = stops(self.entered[s]), self.told["state", s]
            ends = [b for _, b in stood]

            def standing(a, x):
                i, total = bisect.bisect_right(ends, a), 0 * x
                while i < len(stood) and stood[i][0] < np.max(x):
                    total = total + np.clip(np.minimum(x, stood[i][1]) - max(stood[i][0], a), 0, None)
                    i += 1
                return total

            for n, x0 in enumerate(self.finishes[s]):
                ms = round(x0 * 1000)
                dated = self.told["processed", s].get(ms) == n + 1 or (ms in self.told["rejected", s] and ms % 5000) or ms in states
                if dated or states.get(ms + 3000) == 5 or n + 1 >= len(starts[s]) or n + 1 >= len(self.finishes[s]):
                    continue
                (begin, mean), (next_begin, next_mean) = self.begins[s][n], self.begins[s][n + 1]
                at_once = abs(next_begin - x0) < 1e-6
                put = out_b is not None and self.happened(self.puts[out_b], x0) is not None
                arrival = self.cfg["buffers"][out_b].get("transit_s", 0.0) if put else 0.0
                down = [d for d in stations if put and out_b in stations[d]["in"]]
                up = [u for u in stations if at_once and stations[u]["out"] in inputs]
                if any(round((x0 + arrival) * 1000) in executing[d] for d in down) or any(ms in executing[u] for u in up):
                    continue
                x = x0 + np.arange(-6 * law["cv"] * mean, 6 * law["cv"] * mean, STEP)
                log = np.where(x > begin, log_density(law, mean, x - begin - standing(begin, x)), -1e9)
                if at_once:
                    left = self.finishes[s][n + 1] - x - (standing(begin, np.array([self.finishes[s][n + 1]])) - standing(begin, x))
                    log = log + np.where(left > 0, log_density(law, next_mean, left), -1e9)
                else:
                    log = np.where(x <= next_begin, log, -1e9)
                for other, shift in [(d, arrival) for d in down] + [(u, 0.0) for u in up]:
                    i = self.happened(starts[other], x0 + shift)
                    if i is not None and i < len(self.finishes[other]) and not (i > 0 and abs(self.finishes[other][i - 1] - x0 - shift) < 1e-6):
                        log = log + log_density(stations[other]["cycle"], self.begins[other][i][1], self.finishes[other][i] - x - shift)
                p = np.exp(log - log.max())
                keep = p > 1e-7
                x, p = x[keep], p[keep]
                if put and out_b in measured:
                    p = p * self.sensor(out_b, 1, x, x0)
                for b in inputs if at_once else []:
                    if b in measured:
                        p = p * self.sensor(b, -1, x, x0)
                if not p.sum() > 0:
                    continue
                below = np.cumsum(p) / p.sum()
                wrong = float(np.minimum(below, 1 - below).sum() * STEP)
                for b in ([out_b] if put else []) + (inputs if at_once else []):
                    out[b] += wrong
        for source in self.cfg["sources"].values():
            b, last = source["into"], None
            if b not in measured:
                continue
            for t in self.puts[b]:
                # A lot that comes, and not one of its parts that goes in as room comes.
                if t != last and self.happened(self.takes[b], t) is None:
                    out[b] += SCAN / 4
                last = t
        return out


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--extplant", required=True)
    p.add_argument("folders", nargs="+")
    options = p.parse_args()
    for folder in options.folders:
        line = Line(options.extplant, folder)
        wrong = line.errors()
        sources = {s["into"] for s in line.cfg["sources"].values()}
        seen = [b for b, c in line.cfg["buffers"].items() if c.get("tag") or b not in sources]
        shares = {b: 100 * wrong[b] / line.end for b in seen}
        print(os.path.basename(os.path.normpath(folder)), f"at most {100 - sum(shares.values()) / len(seen):.2f} % right;",
              ", ".join(f"{b} {100 - shares[b]:.2f}" for b in seen))


if __name__ == "__main__":
    main()
