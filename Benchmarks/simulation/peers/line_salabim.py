"""The line of line.cpp in salabim, with generators: one component a station, deques as buffers, stations that wait are passive."""
import random
from collections import deque

import peer
import salabim

MEAN_TO_FAILURE, MEAN_REPAIR, STATIONS, CAPACITY = 100.0, 10.0, 10, 10


def replicate(parts, seed):
    """(parts, timed events, simulated seconds, sum of lead times) of one replication."""
    exponential = random.Random(seed).expovariate
    env = salabim.Environment(trace=False, random_seed=None)
    left, failures, lead_time = 0, 0, 0.0
    stations, buffers = [], [deque() for _ in range(STATIONS)]

    class Station(salabim.Component):
        def setup(self, i):
            self.i = i

        def process(self):
            nonlocal left, failures, lead_time
            i = self.i
            before, after = buffers[i], buffers[i + 1] if i < STATIONS - 1 else None
            to_failure = exponential(1 / MEAN_TO_FAILURE)
            while True:
                if i == 0:
                    entered = env.now()
                else:
                    while not before:
                        yield self.passivate()
                    entered = before.popleft()
                    if stations[i - 1].ispassive():
                        stations[i - 1].activate()
                work = exponential(1.0)
                while to_failure < work:
                    yield self.hold(to_failure)
                    work -= to_failure
                    failures += 1
                    yield self.hold(exponential(1 / MEAN_REPAIR))
                    to_failure = exponential(1 / MEAN_TO_FAILURE)
                yield self.hold(work)
                to_failure -= work
                if after is None:
                    left += 1
                    lead_time += env.now() - entered
                    if left == parts:
                        env.main().activate()
                else:
                    while len(after) >= CAPACITY:
                        yield self.passivate()
                    after.append(entered)
                    if stations[i + 1].ispassive():
                        stations[i + 1].activate()

    for i in range(STATIONS):
        station = Station(i=i)
        station.mode.monitor(False)  # its own statistics are off: they would cost it more
        station.status.monitor(False)
        stations.append(station)
    env.run()
    return left, left * STATIONS + 2 * failures, env.now(), lead_time


options = peer.options(__doc__)
salabim.yieldless(False)
watch = peer.StopWatch()
runs = [replicate(options.parts, options.seed + r) for r in range(options.replications)]
watch.report(*(sum(column) for column in zip(*runs)))
