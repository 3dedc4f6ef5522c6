"""M/M/1 on cimba's C engine through its Python package: the processes are compiled; the compilation is not counted."""
import cimba
import numpy
import peer
from cimba import inputs


class Queue(cimba.Model):
    parts: cimba.Param[int] = 1000
    interval: cimba.Input[float] = inputs.dist.exponential(mean=1 / 0.9)
    service: cimba.Input[float] = inputs.dist.exponential(mean=1.0)
    waiting: cimba.Store[float]
    simulated: cimba.Output[float]
    lead_time: cimba.Output[float]
    sum_lead_time: float = 0.0
    last: float = 0.0

    @cimba.process
    def arrivals(self):
        for _ in range(self.parts):
            cimba.hold(self.interval.next())
            self.waiting.put(cimba.now())

    @cimba.process
    def server(self):
        while True:
            arrived = self.waiting.get()
            cimba.hold(self.service.next())
            self.last = cimba.now()
            self.sum_lead_time += self.last - arrived

    @cimba.on_end
    def end(self):
        self.simulated = self.last
        self.lead_time = self.sum_lead_time


options = peer.options(__doc__)
queue = Queue()
cimba.Experiment(queue, replications=1, seed=1).run()  # compiles
queue.parts = options.parts
watch = peer.StopWatch()
result = cimba.Experiment(queue, replications=options.replications, seed=options.seed).run()
left = options.parts * options.replications
simulated, lead_time = (float(numpy.asarray(values.values, float).sum()) for values in (result[queue].simulated, result[queue].lead_time))
watch.report(left, 2 * left, simulated, lead_time)
