"""A SimPy model of the job shop, as a simulation engineer would build it in a day from the same part of the log.

Empirical distributions throughout: inter-arrival times of working hours, routing by how often one activity followed another, durations by
activity, and for each activity the wait that is no queueing (from the last completion to the start, night and weekend included). Every
activity is a resource with as many servers as it was ever seen to need at once. The open orders at the cut stand where they are; what is going
on goes on for the rest of a drawn duration, what waits, waits for the rest of a drawn wait. An order that has been silent for longer than
any wait before it is taken to be done.
"""
import collections
import random

import simpy


def gaps_and_tables(events, cut):
    """Counts and samples from what was known at the cut. An event: case, activity, start, end or None."""
    cases = collections.defaultdict(list)
    for e in events:
        if e[2] <= cut:
            cases[e[0]].append((e[1], e[2], e[3] if e[3] <= cut else None))
    for steps in cases.values():
        steps.sort(key=lambda s: s[1])
    return cases


class Model:
    def __init__(self, events, cut, done_after=None):
        self.cut = cut
        self.cases = gaps_and_tables(events, cut)
        self.durations = collections.defaultdict(list)
        self.waits = collections.defaultdict(list)
        self.follows = collections.defaultdict(collections.Counter)
        busy = collections.defaultdict(list)
        all_waits = []
        for steps in self.cases.values():
            for i, (activity, start, end) in enumerate(steps):
                busy[activity] += [(start, 1), (end if end is not None else cut, -1)]
                if end is not None:
                    self.durations[activity].append(end - start)
                if i and steps[i - 1][2] is not None:
                    wait = max(0.0, start - steps[i - 1][2])
                    self.waits[activity].append(wait)
                    all_waits.append(wait)
                    self.follows[steps[i - 1][0]][activity] += 1
        all_waits.sort()
        # Silent longer than 95 of 100 waits: done.
        self.patience = all_waits[int(0.95 * len(all_waits))]
        self.open, first = [], []
        for name, steps in self.cases.items():
            first.append(steps[0][1])
            last = max((s[2] for s in steps if s[2] is not None), default=None)
            if any(s[2] is None for s in steps) or cut - last < self.patience:
                self.open.append((name, steps))
            else:
                self.follows[steps[-1][0]]["END"] += 1
        self.starts = [steps[0][0] for steps in self.cases.values()]
        first.sort()
        self.interarrivals = [b - a for a, b in zip(first, first[1:])]
        self.servers = {}
        for activity, marks in busy.items():
            level = most = 0
            for _, change in sorted(marks):
                level += change
                most = max(most, level)
            self.servers[activity] = max(most, 1)

    def replicate(self, seed, end, limit):
        rng = random.Random(seed)
        env = simpy.Environment(initial_time=self.cut)
        shop = {a: simpy.Resource(env, n) for a, n in self.servers.items()}
        finished = {}
        arrived = {}

        def following(activity):
            table = self.follows[activity]
            if not table:
                return "END"
            return rng.choices(list(table), weights=list(table.values()))[0]

        def rest(sample, elapsed):
            longer = [x - elapsed for x in sample if x > elapsed]
            return rng.choice(longer) if longer else 0.0

        def order(name, activity, wait, remaining=None):
            while activity != "END":
                yield env.timeout(wait)
                with shop[activity].request() as server:
                    yield server
                    yield env.timeout(remaining if remaining is not None else rng.choice(self.durations[activity] or [0.0]))
                remaining = None
                activity = following(activity)
                if activity != "END":
                    wait = rng.choice(self.waits[activity] or [0.0])
            finished[name] = env.now

        def source():
            i = 0
            while True:
                yield env.timeout(rng.choice(self.interarrivals))
                if env.now > end:
                    return
                i += 1
                arrived[f"new {i}"] = env.now
                env.process(order(f"new {i}", rng.choice(self.starts), 0.0))

        for name, steps in self.open:
            arrived[name] = steps[0][1]
            activity, start, done = steps[-1]
            if done is None:
                env.process(order(name, activity, 0.0, rest(self.durations[activity], self.cut - start)))
            else:
                idle = self.cut - max(s[2] for s in steps if s[2] is not None)
                nxt = following(activity)
                # It is open, so it has somewhere to go.
                for _ in range(20):
                    if nxt != "END":
                        break
                    nxt = following(activity)
                if nxt != "END":
                    env.process(order(name, nxt, rest(self.waits[nxt], idle)))
        env.process(source())
        env.run(until=limit)
        return finished, arrived


def forecast(events, cut, end, period, replications, span):
    """Draws in the shape that the scorer reads."""
    model = Model(events, cut)
    periods = int((end - cut) / period + 1e-9)
    counts = [[] for _ in range(periods)]
    totals, single, new = [], collections.defaultdict(list), []
    limit = end + 2 * span
    for r in range(replications):
        finished, arrived = model.replicate(1000 + r, end, limit)
        by = [0] * periods
        for name, t in finished.items():
            i = int((t - cut) / period)
            if 0 <= i < periods:
                by[i] += 1
        for i in range(periods):
            counts[i].append(by[i])
        totals.append(sum(by))
        for name, t in arrived.items():
            length = finished.get(name, limit) - t
            if name.startswith("new "):
                new.append(length)
            else:
                single[name].append(length)
    times = [{"name": n, "oneCase": True, "draws": d} for n, d in single.items()]
    times.append({"name": "new cases", "oneCase": False, "draws": new})
    return {"counters": [{"name": "cases ended", "periods": counts, "total": totals}], "cycleTimes": times}
