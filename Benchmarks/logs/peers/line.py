"""A SimPy model of the packaging line, as a simulation engineer would build it in a day from the same part of the log.

The engineer has read the list of stations, so the layout is known: source, oven, freezer, packing, boxing, palletising, warehouse. From the
log come, all as empirical distributions: the inter-release times of each product, the transport and process times between sensors (the
quickest tenth where items queue), the times of packing and boxing from the last part, the chance of a defect after the oven and of a box's
rejection, the number of packs, boxes and pizzas that go together by product, the breaks of the two operators, the intervals of the lorry,
and the greatest work in process, at which the source stops. Stations hold unlimited queues. The state at the cut is the number of items
between each two sensors.
"""
import collections
import random

import simpy


def tail(name):
    return name.rstrip("0123456789").rstrip("_")


class Model:
    def __init__(self, rows, cut):
        """rows: (seconds, sensor, value) up to the cut."""
        self.cut = cut
        rows = [r for r in rows if r[0] <= cut]
        self.at = collections.defaultdict(dict)
        self.signal = collections.defaultdict(list)
        for t, sensor, value in rows:
            if value.replace(".", "").isdigit():
                if not self.signal[sensor] or self.signal[sensor][-1][1] != value:
                    self.signal[sensor].append((t, value))
            else:
                self.at[sensor][value] = t
        a = self.at
        self.products = []
        self.campaign = collections.defaultdict(list)
        run = 0
        births = sorted((t, tail(v)) for v, t in a["S1"].items())
        self.release = collections.defaultdict(list)
        for i, (t, p) in enumerate(births):
            if p not in self.products:
                self.products.append(p)
            if i and births[i - 1][1] != p:
                self.campaign[births[i - 1][1]].append(run)
                run = 0
            elif i:
                self.release[p].append(t - births[i - 1][0])
            run += 1
        self.product, self.made, self.last = births[-1][1], run, births[-1][0]
        for p in self.products:
            middle = sorted(self.release[p])[len(self.release[p]) // 2]
            self.release[p] = [x for x in self.release[p] if x < 1.5 * middle]
            self.campaign[p] = self.campaign[p] or [run]

        def legs(u, v):
            return sorted(a[v][i] - a[u][i] for i in a[u] if i in a[v])

        def quick(u, v):
            d = legs(u, v)
            return d[: max(len(d) // 10, 1)]
        self.leg = {(u, v): quick(u, v) for u, v in
                    [("S1", "S2"), ("S2", "S3"), ("S3", "S4"), ("S4", "S5"), ("S5", "S6"), ("S7", "S8"), ("S9", "S10"), ("S3", "S100")]}
        self.leg[("S11", "S13")] = legs("S11", "S13")
        self.leg[("S14", "S15")] = legs("S14", "S15")
        self.defect = len(a["S100"]) / len(a["S3"])
        self.reject = len(a["S106"]) / len(a["S10"])
        self.pack = self.together("S6", "S7")
        self.box = self.together("S8", "S9")
        self.pallet = self.together("S10", "S11", skip=set(a["S106"]))
        self.breaks = {s: self.status(s) for s in ("opPack_onBreak", "opBox_onBreak")}
        exits = sorted(a["S14"].values())
        opens = [exits[0]] + [y for x, y in zip(exits, exits[1:]) if y - x > 60]
        self.lorry = [y - x for x, y in zip(opens, opens[1:])]
        self.lorry_last = opens[-1]
        # How many pizzas a pack, a box and a pallet hold, by product; a pallet's product is not in its name, so it counts as the middle one.
        self.weight = {}
        for p, n in self.pack[0].items():
            self.weight["PACK_" + p] = n
            self.weight["BOX_" + p] = n * self.box[0].get(p, 1)
        whole = sorted(self.weight["BOX_" + p] * n for p, n in self.pallet[0].items())
        self.weight["PAL"] = whole[len(whole) // 2]
        self.wip_most = max((int(v) for _, v in self.signal["wip"]), default=10 ** 9)
        self.wip = int(self.signal["wip"][-1][1]) if self.signal["wip"] else 0

    def together(self, u, v, skip=frozenset()):
        """By product: how many go together (the commonest number), and the times from the last part or the whole before to the whole."""
        ins = sorted((t, i) for i, t in self.at[u].items() if i not in skip)
        outs = sorted(self.at[v].values())
        sizes, times = collections.defaultdict(collections.Counter), []
        k, before = 0, -1e9
        for t in outs:
            group = []
            while k < len(ins) and ins[k][0] <= t:
                group.append(ins[k])
                k += 1
            if group:
                product = tail(group[-1][1]).split("_")[-1]
                sizes[product][len(group)] += 1
                times.append(t - max(group[-1][0], before))
            before = t
        return {p: c.most_common(1)[0][0] for p, c in sizes.items()}, times, outs[-1]

    def status(self, name):
        ups, downs = [], []
        changes = self.signal[name]
        for (t, v), (t2, _) in zip(changes, changes[1:]):
            (downs if v == "1" else ups).append(t2 - t)
        return ups, downs, changes[-1]

    def replicate(self, seed, end):
        rng = random.Random(seed)
        env = simpy.Environment(initial_time=self.cut)
        log = collections.defaultdict(list)
        journeys = collections.defaultdict(list)
        state = {"wip": self.wip}
        freed = [env.event()]
        up = {s: simpy.Container(env, init=1, capacity=1) for s in self.breaks}

        def leave(n):
            state["wip"] -= n
            freed[0].succeed()
            freed[0] = env.event()

        def draw(u, v):
            return rng.choice(self.leg[(u, v)])

        def operator(name):
            ups, downs, (since, value) = self.breaks[name]
            age = self.cut - since
            on = value == "1"
            while True:
                sample = downs if on else ups
                longer = [x - age for x in sample if x > age]
                length = rng.choice(longer) if longer else 0.0
                age = 0.0
                if on:
                    yield up[name].get(1)
                yield env.timeout(length)
                if on:
                    yield up[name].put(1)
                on = not on

        queues = {s: simpy.Store(env) for s in ("pack", "box", "pallet", "warehouse")}

        def pizza(product, born, place):
            if place <= 1:
                yield env.timeout(draw("S1", "S2"))
            if place <= 2:
                yield env.timeout(draw("S2", "S3"))
            if place <= 3:
                if rng.random() < self.defect:
                    yield env.timeout(draw("S3", "S100"))
                    log["S100"].append(env.now)
                    leave(1)
                    return
                yield env.timeout(draw("S3", "S4"))
            if place <= 4:
                yield env.timeout(draw("S4", "S5"))
            if place <= 5:
                yield env.timeout(draw("S5", "S6"))
            yield queues["pack"].put((product, born, 1))

        def source():
            product, made = self.product, self.made
            yield env.timeout(max(0.0, self.last + rng.choice(self.release[product]) - env.now))
            while True:
                if made >= rng.choice(self.campaign[product]):
                    product = self.products[(self.products.index(product) + 1) % len(self.products)]
                    made = 0
                while state["wip"] >= self.wip_most:
                    yield freed[0]
                made += 1
                state["wip"] += 1
                log["S1"].append(env.now)
                env.process(pizza(product, env.now, 1))
                yield env.timeout(rng.choice(self.release[product]))

        def station(queue, spec, sign, operator_name, node, deliver, entered, aside, aside_node):
            """Takes parts of one product until a set is whole; parts left over when the product changes go aside."""
            sizes, times, _ = spec
            held = []
            while True:
                part = yield queues[queue].get()
                if held and held[0][0].split("_")[-1] != part[0].split("_")[-1]:
                    if aside is None:
                        yield from make(held, operator_name, times, node, deliver, sign)
                    else:
                        for p in held:
                            log[aside_node].append(env.now)
                            leave(p[2])
                    held = []
                entered(part)
                held.append(part)
                if len(held) >= sizes.get(part[0].split("_")[-1], 1):
                    yield from make(held, operator_name, times, node, deliver, sign)
                    held = []

        def make(held, operator_name, times, node, deliver, sign):
            if operator_name:
                yield up[operator_name].get(1)
                yield up[operator_name].put(1)
            yield env.timeout(rng.choice(times))
            log[node].append(env.now)
            deliver((sign + held[0][0].split("_")[-1], env.now, sum(p[2] for p in held)))

        def carry(item, u, v, queue):
            yield env.timeout(draw(u, v))
            yield queues[queue].put(item)

        def box_arrives(item, wait=True):
            if wait:
                yield env.timeout(draw("S9", "S10"))
            journeys["S9 → S10"].append(env.now - item[1])
            if rng.random() < self.reject:
                yield env.timeout(5.0)
                log["S103"].append(env.now)
                leave(item[2])
            else:
                yield queues["pallet"].put(item)

        def pallet_leaves(item):
            yield env.timeout(draw("S11", "S13"))
            yield queues["warehouse"].put(item)

        def lorry():
            first = [self.lorry_last + x - self.cut for x in self.lorry if self.lorry_last + x > self.cut]
            yield env.timeout(rng.choice(first) if first else 0.0)
            while True:
                while queues["warehouse"].items:
                    item = yield queues["warehouse"].get()
                    env.process(away(item))
                    yield env.timeout(5.0)
                yield env.timeout(rng.choice(self.lorry))

        def away(item):
            yield env.timeout(draw("S14", "S15"))
            log["S15"].append(env.now)
            journeys["S11 → S15"].append(env.now - item[1])
            leave(item[2])

        # The state at the cut: items between two sensors.
        def inside(u, *nexts):
            gone = set().union(*(self.at[v] for v in nexts))
            return sorted((t, i) for i, t in self.at[u].items() if i not in gone)
        for place, (u, nexts) in enumerate([("S1", ("S2",)), ("S2", ("S3",)), ("S3", ("S4", "S100")), ("S4", ("S5",)), ("S5", ("S6",))], 1):
            for t, i in inside(u, *nexts):
                env.process(pizza(tail(i), self.at["S1"].get(i, self.cut), place + (0 if place > 4 else 1)))
        for u, v, queue, spec in (("S7", "S8", "box", self.pack), ("S9", "S10", "pallet", self.box)):
            for t, i in inside(u, v):
                env.process(carry((tail(i), t, self.weight.get(tail(i), 1)), u, v, queue))
        for t, i in inside("S13", "S14"):
            queues["warehouse"].put((tail(i), self.at["S11"].get(i, t), self.weight["PAL"]))
        # Parts that stand at a station since its last whole.
        for u, aside, queue, spec in (("S6", "S105", "pack", self.pack), ("S8", "S104", "box", self.box), ("S10", "S106", "pallet", self.pallet)):
            for t, i in inside(u, aside):
                if t > spec[2]:
                    queues[queue].put((tail(i), t, self.weight.get(tail(i), 1)))

        env.process(source())
        for s in self.breaks:
            env.process(operator(s))
        env.process(station("pack", self.pack, "PACK_", "opPack_onBreak", "S7", lambda x: env.process(carry(x, "S7", "S8", "box")),
                            lambda p: journeys["S1 → S6"].append(env.now - p[1]), True, "S101"))
        env.process(station("box", self.box, "BOX_", "opBox_onBreak", "S9", lambda x: env.process(box_arrives(x)),
                            lambda p: journeys["S7 → S8"].append(env.now - p[1]), True, "S102"))
        env.process(station("pallet", self.pallet, "PAL_", None, "S11", lambda x: env.process(pallet_leaves(x)), lambda p: None, None, None))
        env.process(lorry())
        env.run(until=end)
        return log, journeys


def forecast(rows, cut, end, period, replications):
    model = Model(rows, cut)
    periods = int((end - cut) / period + 1e-9)
    nodes = ["S1", "S7", "S9", "S11", "S15", "S100", "S101", "S102", "S103"]
    counts = {n: [[] for _ in range(periods)] for n in nodes}
    totals = collections.defaultdict(list)
    lengths = collections.defaultdict(list)
    for r in range(replications):
        log, journeys = model.replicate(1000 + r, end)
        for n in nodes:
            by = [0] * periods
            for t in log[n]:
                i = int((t - cut) / period)
                if 0 <= i < periods:
                    by[i] += 1
            for i in range(periods):
                counts[n][i].append(by[i])
            totals[n].append(sum(by))
        for name, values in journeys.items():
            lengths[name] += values
    times = [{"name": n, "oneCase": False, "draws": d[:: max(len(d) // 5000, 1)]} for n, d in sorted(lengths.items())]
    return {"counters": [{"name": n, "periods": counts[n], "total": totals[n]} for n in nodes], "cycleTimes": times}
