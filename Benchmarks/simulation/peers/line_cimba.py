"""The line of line.cpp on cimba's C engine through its Python package: the processes are compiled; the compilation is not counted."""
import cimba
import numpy
import peer
from cimba import inputs

STATIONS, CAPACITY = 10, 10


class Station(cimba.Model):
    first: cimba.Param[bool] = False
    last: cimba.Param[bool] = False
    parts: cimba.Param[int] = 1000
    work: cimba.Input[float] = inputs.dist.exponential(mean=1.0)
    to_failure: cimba.Input[float] = inputs.dist.exponential(mean=100.0)
    repair: cimba.Input[float] = inputs.dist.exponential(mean=10.0)
    before: cimba.Ref[cimba.Store[float]]
    after: cimba.Ref[cimba.Store[float]]
    simulated: cimba.Output[float]
    lead_time: cimba.Output[float]
    failed: cimba.Output[float]
    left: int = 0
    failures: int = 0
    sum_lead_time: float = 0.0
    end_time: float = 0.0

    @cimba.process
    def run(self):
        to_failure = self.to_failure.next()
        while True:
            entered = cimba.now()
            if not self.first:
                entered = self.before.get()
            work = self.work.next()
            while to_failure < work:
                cimba.hold(to_failure)
                work -= to_failure
                self.failures += 1
                cimba.hold(self.repair.next())
                to_failure = self.to_failure.next()
            cimba.hold(work)
            to_failure -= work
            if self.last:
                self.left += 1
                self.sum_lead_time += cimba.now() - entered
                if self.left == self.parts:
                    self.end_time = cimba.now()
                    cimba.end_trial()
            else:
                self.after.put(entered)

    @cimba.on_end
    def end(self):
        if self.last:
            self.simulated = self.end_time
            self.lead_time = self.sum_lead_time
        self.failed = float(self.failures)


class Line(cimba.Model):
    stations: list[Station]
    b1: cimba.Store[float] = cimba.Store(capacity=CAPACITY)
    b2: cimba.Store[float] = cimba.Store(capacity=CAPACITY)
    b3: cimba.Store[float] = cimba.Store(capacity=CAPACITY)
    b4: cimba.Store[float] = cimba.Store(capacity=CAPACITY)
    b5: cimba.Store[float] = cimba.Store(capacity=CAPACITY)
    b6: cimba.Store[float] = cimba.Store(capacity=CAPACITY)
    b7: cimba.Store[float] = cimba.Store(capacity=CAPACITY)
    b8: cimba.Store[float] = cimba.Store(capacity=CAPACITY)
    b9: cimba.Store[float] = cimba.Store(capacity=CAPACITY)


options = peer.options(__doc__)
line = Line()
buffers = [getattr(line, f"b{i}") for i in range(1, STATIONS)]
stations = []
for i in range(STATIONS):
    station = Station()
    station.first, station.last = i == 0, i == STATIONS - 1
    station.before, station.after = buffers[max(i - 1, 0)], buffers[min(i, STATIONS - 2)]
    stations.append(station)
line.stations = stations
cimba.Experiment(line, replications=1, seed=1).run()  # compiles
for station in stations:
    station.parts = options.parts
watch = peer.StopWatch()
result = cimba.Experiment(line, replications=options.replications, seed=options.seed).run()


def total(values):
    """The sum over the replications."""
    return float(numpy.asarray(values, float).sum())


left = options.parts * options.replications
failures = sum(total(result[station].failed) for station in stations)
watch.report(left, int(left * STATIONS + 2 * failures), total(result[stations[-1]].simulated), total(result[stations[-1]].lead_time))
