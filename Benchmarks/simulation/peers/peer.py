"""What every Python peer takes from its command line, and the one line of JSON that it prints."""
import argparse
import json
import time


def options(description):
    p = argparse.ArgumentParser(description=description)
    p.add_argument("--parts", type=int, default=1_000_000)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--replications", type=int, default=1, help="seeds --seed, --seed + 1, and so on")
    return p.parse_args()


class StopWatch:
    """Seconds of this process since it was made: neither the interpreter's start nor imports nor a compilation before it."""

    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def report(self, parts, events, simulated, lead_time):
        """Sums over the replications: parts that left, timed events, simulated seconds, seconds of all parts in the line."""
        cpu, wall = time.process_time() - self.cpu, time.perf_counter() - self.wall
        print(json.dumps({"parts": parts, "events": events, "throughput": parts / simulated, "leadTime": lead_time / parts, "runSeconds": wall,
                          "cpuSeconds": cpu}))
