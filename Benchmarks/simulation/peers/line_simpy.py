"""The line of line.cpp in SimPy: one process a station, a Store of the buffer's capacity between each two."""
import random

import peer
import simpy

MEAN_TO_FAILURE, MEAN_REPAIR, STATIONS, CAPACITY = 100.0, 10.0, 10, 10


def replicate(parts, seed):
    """(parts, timed events, simulated seconds, sum of lead times) of one replication."""
    exponential = random.Random(seed).expovariate
    left, failures, lead_time = 0, 0, 0.0

    def station(env, before, after, end):
        nonlocal left, failures, lead_time
        to_failure = exponential(1 / MEAN_TO_FAILURE)
        while True:
            entered = env.now if before is None else (yield before.get())
            work = exponential(1.0)
            while to_failure < work:
                yield env.timeout(to_failure)
                work -= to_failure
                failures += 1
                yield env.timeout(exponential(1 / MEAN_REPAIR))
                to_failure = exponential(1 / MEAN_TO_FAILURE)
            yield env.timeout(work)
            to_failure -= work
            if after is not None:
                yield after.put(entered)
            else:
                left += 1
                lead_time += env.now - entered
                if left == parts:
                    end.succeed()

    env = simpy.Environment()
    buffers = [None] + [simpy.Store(env, capacity=CAPACITY) for _ in range(STATIONS - 1)] + [None]
    end = env.event()
    for i in range(STATIONS):
        env.process(station(env, buffers[i], buffers[i + 1], end))
    env.run(until=end)
    return left, left * STATIONS + 2 * failures, env.now, lead_time


options = peer.options(__doc__)
watch = peer.StopWatch()
runs = [replicate(options.parts, options.seed + r) for r in range(options.replications)]
watch.report(*(sum(column) for column in zip(*runs)))
