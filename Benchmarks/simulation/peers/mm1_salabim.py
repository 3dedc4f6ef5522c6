"""M/M/1 in salabim, with generators: one component that arrives, one that serves, a deque between them."""
import random
from collections import deque

import peer
import salabim


def replicate(parts, seed):
    """(parts, timed events, simulated seconds, sum of times in the system) of one replication."""
    exponential = random.Random(seed).expovariate
    env = salabim.Environment(trace=False, random_seed=None)
    left, lead_time, queue = 0, 0.0, deque()

    class Arrivals(salabim.Component):
        def process(self):
            for _ in range(parts):
                yield self.hold(exponential(0.9))
                queue.append(env.now())
                if server.ispassive():
                    server.activate()

    class Server(salabim.Component):
        def process(self):
            nonlocal left, lead_time
            while True:
                while not queue:
                    yield self.passivate()
                arrived = queue.popleft()
                yield self.hold(exponential(1.0))
                lead_time += env.now() - arrived
                left += 1

    server, arrivals = Server(), Arrivals()
    for component in (server, arrivals):
        component.mode.monitor(False)  # its own statistics are off: they would cost it more
        component.status.monitor(False)
    env.run()
    return left, 2 * left, env.now(), lead_time


options = peer.options(__doc__)
salabim.yieldless(False)
watch = peer.StopWatch()
runs = [replicate(options.parts, options.seed + r) for r in range(options.replications)]
watch.report(*(sum(column) for column in zip(*runs)))
