"""M/M/1 in SimPy: one process that arrives, one that serves, a Store between them."""
import random

import peer
import simpy


def replicate(parts, seed):
    """(parts, timed events, simulated seconds, sum of times in the system) of one replication."""
    exponential = random.Random(seed).expovariate
    left, lead_time = 0, 0.0

    def arrivals(env, queue):
        for _ in range(parts):
            yield env.timeout(exponential(0.9))
            yield queue.put(env.now)

    def server(env, queue):
        nonlocal left, lead_time
        while True:
            arrived = yield queue.get()
            yield env.timeout(exponential(1.0))
            lead_time += env.now - arrived
            left += 1

    env = simpy.Environment()
    queue = simpy.Store(env)
    env.process(arrivals(env, queue))
    env.process(server(env, queue))
    env.run()
    return left, 2 * left, env.now, lead_time


options = peer.options(__doc__)
watch = peer.StopWatch()
runs = [replicate(options.parts, options.seed + r) for r in range(options.replications)]
watch.report(*(sum(column) for column in zip(*runs)))
