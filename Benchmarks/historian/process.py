"""CPU seconds, memory and HTTP of a server under test."""
import http.client
import os
import signal
import subprocess
import threading
import time


def load_average():
    return float(open("/proc/loadavg").read().split()[0])


def disk(path):
    return int(subprocess.run(["du", "-s", "--block-size=1", path], capture_output=True, text=True).stdout.split()[0])


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Meter:
    """User and system seconds and peak resident memory of one process."""

    def __init__(self, pid):
        self.pid, self.peak = pid, 0

    def cpu(self):
        # The clock of another process, to the nanosecond: its number is made as the C library's clock_getcpuclockid does.
        return time.clock_gettime((~self.pid << 3) | 2)

    def memory(self):
        """Peak, present and anonymous resident MB."""
        found = {}
        for line in open(f"/proc/{self.pid}/status"):
            name, _, rest = line.partition(":")
            if name in ("VmHWM", "VmRSS", "RssAnon"):
                found[name] = int(rest.split()[0]) / 1024
        return round(found["VmHWM"]), round(found["VmRSS"]), round(found["RssAnon"])


class Http:
    """One keep-alive connection on the loopback."""

    def __init__(self, port, timeout=600):
        self.port, self.timeout, self.connection = port, timeout, None

    def ask(self, path, body=None, method=None, headers={}):
        for again in (False, True):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
            try:
                self.connection.request(method or ("POST" if body is not None else "GET"), path, body, headers)
                answer = self.connection.getresponse()
                data = answer.read()
                if answer.status >= 300:
                    raise RuntimeError(f"{answer.status} {path[:120]} {data[:300]}")
                return data
            except (http.client.HTTPException, ConnectionError):
                self.connection = None
                if again:
                    raise


class Process:
    """A server process of ours: started, measured, ended by its number."""

    def __init__(self, command, folder, log, environment=None):
        self.log = open(log, "ab")
        self.child = subprocess.Popen(
            command, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL, cwd=folder, env=environment or dict(os.environ), start_new_session=True)
        self.meter = Meter(self.child.pid)

    @property
    def is_alive(self):
        return self.child.poll() is None

    def end(self, kind=signal.SIGTERM):
        if self.is_alive:
            os.kill(self.child.pid, kind)
        try:
            self.child.wait(120)
        except subprocess.TimeoutExpired:
            os.kill(self.child.pid, signal.SIGKILL)
            self.child.wait()
