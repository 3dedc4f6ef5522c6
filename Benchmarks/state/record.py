"""Runs the external plant offline and writes down what it told, and the truth at random instants.

The plant's own physics and luck are untouched: the truth is read from its objects by a process that has its own random numbers.
"""
import json
import math
import os
import random
import sys

import yaml


def record(extplant, scenario_name, seed, hours, mean_gap_s=20.0):
    """Returns (scenario, start, messages, instants, events): messages are (source ms, sent ms, tag, value, quality), in order of sending; events
    are what truly happened, (seconds, kind, station or buffer, ...): begin (with the mean of the cycle's law), finish, enter, put, take."""
    sys.path.insert(0, extplant)
    import plant as plants
    import station as stations
    import telemetry

    events = []

    class Watched(stations.Station):
        """A station that can be asked what is left of its work, and that remembers its repairs."""
        left, begun, repairs = None, None, ()

        def enter(self, kind, state=None):
            events.append((self.env.now, "enter", self.name, kind))
            super().enter(kind, state)

        def work(self, left):
            events.append((self.env.now, "begin", self.name, self.cycle_mean(self.product)))
            yield from self.work_on(left)
            events.append((self.env.now, "finish", self.name, ""))

        def work_on(self, left):
            cfg, ratio = self.cfg, self.speed_ratio()
            fail = micro = 0.0
            while True:
                if "failure" in cfg:
                    f = cfg["failure"]
                    fail = ratio ** f.get("speed_exp", 0.0) * (1 + f.get("wear", 0.0) * self.wear) / (f["mtbf_h"] * 3600)
                if "microstop" in cfg:
                    m = cfg["microstop"]
                    micro = ratio ** m.get("speed_exp", 0.0) / (m["every_min"] * 60)
                until_fail = self.ttf / fail if fail else math.inf
                until_micro = self.ttm / micro if micro else math.inf
                dt = min(left, until_fail, until_micro)
                self.left, self.begun = left, self.env.now
                yield self.env.timeout(dt)
                self.ttf -= dt * fail
                self.ttm -= dt * micro
                left -= dt
                self.left, self.begun = left, None
                if dt == until_fail:
                    begin = self.env.now
                    yield from self.fail()
                    self.repairs = (*self.repairs, (begin, self.env.now))
                elif dt == until_micro:
                    yield from self.micro_stop()
                else:
                    self.left = None
                    return

        def residual(self):
            return None if self.left is None else self.left - (self.env.now - self.begun if self.begun is not None else 0.0)

    class WatchedBuffer(stations.Buffer):
        def put(self, part):
            events.append((self.env.now, "put", self.name, ""))
            super().put(part)

        def take(self):
            part, event = super().take()
            if part is not None:
                events.append((self.env.now, "take", self.name, ""))
            return part, event

    plants.Station, plants.Buffer = Watched, WatchedBuffer
    with open(os.path.join(extplant, scenario_name + ".yaml")) as f:
        scenario = yaml.safe_load(f)
    start_ms = 1_767_592_800_000
    plant = plants.Plant(scenario, seed, {}, None, start_ms)
    messages, instants, luck = [], [], random.Random(f"instants/{scenario_name}/{seed}")

    class Sink:
        def sample(self, tag, ts_ms, value, quality, historical):
            messages.append((ts_ms, start_ms + round(plant.env.now * 1000), tag.name, value, quality))

    def look():
        while True:
            yield plant.env.timeout(luck.expovariate(1 / mean_gap_s))
            instants.append({
                "t": plant.env.now,
                "levels": [len(b.items) for b in plant.buffers.values()],
                "stations": [{"finished": s.count, "holding": s.holding, "work": s.residual()} for s in plant.stations.values()]})

    telemetry.Telemetry(plant, [Sink()])
    plant.start()
    plant.env.process(look())
    plant.run(hours * 3600)
    for i, s in enumerate(plant.stations.values()):
        for moment in instants:
            ends = [end for begin, end in s.repairs if begin <= moment["t"] < end]
            moment["stations"][i]["repair"] = ends[0] - moment["t"] if ends else None
    return scenario, start_ms, messages, instants, events


def layout(scenario):
    """What a plant folder would say of the line: its shape, nominal speeds, and round guesses where a designer knows no better."""
    buffers = list(scenario["buffers"])
    place = lambda name: -1 if name in (None, "sink") else buffers.index(name)
    return {
        "buffers": [{"name": n, "capacity": c["cap"], "transit": c.get("transit_s", 0.0), "measured": bool(c.get("tag"))} for n, c in scenario["buffers"].items()],
        "stations": [{"name": n, "inputs": [[place(b), k] for b, k in c["in"].items()], "output": place(c["out"]),
                      "rejects": place(c.get("inspect", {}).get("reject_to")), "cycle": 60.0 / c["speed"]["set"], "cycleCV": 0.15,
                      "repair": 300.0, "repairCV": 0.8} for n, c in scenario["stations"].items()],
        "sources": [{"buffer": place(c["into"]), "lot": c.get("lot", 1), "interval": c["every_s"], "cv": c.get("cv", 0.3)} for c in scenario["sources"].values()],
    }


def disturb(messages, scenario, seed, lost, late, late_s, doubled, very_late):
    """What arrives: (arrival ms, source ms, kind, index, value, quality), in order of arrival."""
    luck = random.Random(f"network/{seed}")
    stations, buffers = list(scenario["stations"]), list(scenario["buffers"])
    arrived = []
    for ts, sent, tag, value, quality in messages:
        owner, _, metric = tag.partition("/")
        if owner == "Buffer":
            kind, index = "level", buffers.index(metric)
        elif metric in ("StateCurrent", "ProdProcessedCount", "ProdDefectiveCount"):
            kind, index = {"StateCurrent": "state", "ProdProcessedCount": "processed", "ProdDefectiveCount": "rejected"}[metric], stations.index(owner)
        else:
            continue
        if luck.random() < lost:
            continue
        delay = luck.uniform(0.02, 0.3)
        if luck.random() < late:
            delay = luck.uniform(0.0, late_s)
        if luck.random() < very_late:
            delay = luck.uniform(late_s, 5 * late_s)
        row = (ts, kind, index, "" if value is None or quality == 0 else value, quality)
        arrived.append((sent + delay * 1000, *row))
        if luck.random() < doubled:
            arrived.append((sent + (delay + luck.uniform(0.0, 10.0)) * 1000, *row))
    arrived.sort(key=lambda row: row[0])
    return arrived


def write(folder, scenario, start_ms, arrived, instants, events):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "layout.json"), "w") as f:
        json.dump({**layout(scenario), "start": start_ms}, f, indent=1)
    with open(os.path.join(folder, "messages.csv"), "w") as f:
        for row in arrived:
            f.write(",".join(str(round(x) if i < 2 else x) for i, x in enumerate(row)) + "\n")
    with open(os.path.join(folder, "truth.json"), "w") as f:
        json.dump(instants, f)
    with open(os.path.join(folder, "events.csv"), "w") as f:
        for t, *rest in events:
            f.write(f"{t:.6f}," + ",".join(map(str, rest)) + "\n")
