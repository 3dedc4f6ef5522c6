"""What is measured of one server. Each phase returns records (dictionaries) that `run` writes down."""
import json
import os
import random
import re
import signal
import statistics
import subprocess
import threading
import time

import data
from process import Http, disk, load_average, percentile


def loader(server, connections, limit, acknowledged=None, rate=None, first=0):
    command = [os.path.join(data.TMP, "load"), "-d", data.DATA, "-k", server.kind, "-p", str(server.port), "-u", server.url, "-c", str(connections),
               "-l", str(limit), "-m", str(server.merge), "-n", server.name, "-f", str(first)]
    for header in server.headers:
        command += ["-H", header]
    if acknowledged:
        command += ["-a", acknowledged]
    if rate:
        command += ["-r", str(rate)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def ingest(server, connections, limit, keep=False):
    """All bodies over so many connections, one request at a time on each. CPU until the last acknowledgement."""
    server.fresh()
    server.start()
    meter = server.process.meter
    before = meter.cpu()
    out = json.loads(loader(server, connections, limit).communicate()[0])
    after = meter.cpu()
    server.settle()
    settled = meter.cpu()
    millions = out["points"] / 1e6
    peak, _, anonymous = meter.memory()
    record = dict(phase=f"ingest{connections}", cpu_s_per_m=round((after - before) / millions, 4) if millions else None,
                  cpu_settled_s_per_m=round((settled - before) / millions, 4) if millions else None, peak_mb=peak, anonymous_mb=anonymous,
                  rate=out["points_per_s"], p50_ms=out["req_p50_ms"], p99_ms=out["req_p99_ms"], max_ms=out["req_max_ms"], samples=out["points"],
                  refused=out["not_2xx"], lost_connection=out["lost_connection"], error=out["error"], disk=disk(server.folder))
    if not keep:
        server.stop()
        server.remove()
    return [record]


def store(server, limit):
    meta = data.meta()
    began = time.time()
    before = server.count()
    server.compact()
    size = server.size()
    return [dict(phase="store", count=before, count_after=server.count(), bytes=size, seconds=round(time.time() - began, 1),
                 bytes_per_sample=round(size / (meta["distinct"] * min(1, limit / meta["bodies"])), 3))]


def query(server, runs, seconds, phase="query", only=None):
    """Each question so many times in a row; server CPU a question."""
    records = []
    random.seed(7)
    meter = server.process.meter
    for name, ask in server.questions().items():
        if only and name not in only:
            continue
        answer = ask()
        rows = server.rows(answer)
        ask()
        times, began, before = [], time.time(), meter.cpu()
        while len(times) < runs and (time.time() - began < seconds or len(times) < 3):
            started = time.perf_counter()
            ask()
            times.append((time.perf_counter() - started) * 1e3)
        cpu = (meter.cpu() - before) * 1e3 / len(times)
        records.append(dict(phase=phase, query=name, rows=rows, bytes=len(answer), runs=len(times), p50_ms=round(percentile(times, 0.5), 3),
                            p99_ms=round(percentile(times, 0.99), 3), cpu_ms=round(cpu, 3)))
    return records


def query_under_load(server, runs, seconds, limit, rate=500_000):
    """The same questions idle, with half of the bodies there, and while the other half comes in at so many samples a second."""
    idle = query(server, runs, seconds, phase="query_idle")
    child = loader(server, 2, limit, rate=rate, first=limit // 2)
    time.sleep(1)
    loaded = query(server, runs, seconds, phase="query_loaded")
    still = child.poll() is None
    child.terminate()
    child.wait()
    return idle + [dict(one, still_loading=still) for one in loaded]


def kill(server, number, limit, after):
    """kill -9 at full load after `after` to two more seconds, start again, count: acknowledged and not found is lost."""
    server.fresh()
    server.start()
    path = os.path.join(data.TMP, server.name + ".ack")
    child = loader(server, 2, limit, acknowledged=path)
    time.sleep(after + 2 * random.Random(100 + number).random())
    server.stop(signal.SIGKILL)
    out = json.loads(child.communicate()[0])
    distinct = data.acknowledged(path)
    server.start()
    try:
        server.settle()
    except Exception:
        pass
    found = server.count()
    record = dict(phase="kill", run=number, acknowledged=distinct, found=found, lost=max(0, distinct - found), restart_s=round(server.start_seconds, 3),
                  rate=out["points_per_s"])
    server.stop()
    server.remove()
    return [record]


def restart(server):
    """How long a start takes after everything was taken and the process killed."""
    server.stop(signal.SIGKILL)
    server.start()
    return [dict(phase="restart", restart_s=round(server.start_seconds, 3), count=server.count())]


def syncs(server, bodies=400):
    """System calls that sync, for so many bodies."""
    server.fresh()
    trace = os.path.join(server.folder, "strace.out")
    server.start(prefix=["strace", "-f", "--seccomp-bpf", "-c", "-e", "trace=fsync,fdatasync,msync,sync_file_range", "-o", trace])
    out = json.loads(loader(server, 2, bodies).communicate()[0])
    pid = server.process.child.pid
    for child in open(f"/proc/{pid}/task/{pid}/children").read().split():
        os.kill(int(child), signal.SIGTERM)
    server.process.child.wait()
    found = {}
    for line in open(trace):
        parts = line.split()
        if len(parts) >= 5 and parts[-1] in ("fsync", "fdatasync", "msync", "sync_file_range"):
            found[parts[-1]] = int(parts[3])
    server.remove()
    return [dict(phase="syncs", bodies=bodies, calls=found, samples=out["points"])]


def made_lines(tags, bodies, lines=5000, late_share=0.0, seed=5):
    """Bodies of line protocol for any number of tags, at one sample a second each; a share comes up to an hour late."""
    rng = random.Random(seed)
    base, number = 1_767_312_000_000_000_000, 0
    for _ in range(bodies):
        out = []
        for _ in range(lines):
            tag, second = number % tags, number // tags
            instant = base + second * 1_000_000_000 + tag * 1000
            if late_share and rng.random() < late_share:
                instant -= int(rng.random() * 3600) * 1_000_000_000
            out.append(f"m,tag=T{tag:06d} value={(tag * 37 + second * 11) % 10007 / 100} {instant}")
            number += 1
        yield "\n".join(out).encode()


def made(server, tags, bodies, late_share=0.0, phase="tags"):
    """Ingest of made bodies over one connection: CPU a million and memory."""
    server.fresh()
    server.start()
    meter, http, spent, count = server.process.meter, Http(server.port), 0.0, 0
    times = []
    for body in made_lines(tags, bodies, late_share=late_share):
        before, started = meter.cpu(), time.perf_counter()
        http.ask(server.url, body)
        times.append((time.perf_counter() - started) * 1e3)
        spent += meter.cpu() - before
        count += 5000
    server.settle()
    peak, present, anonymous = meter.memory()
    record = dict(phase=phase, tags=tags, late_share=late_share, samples=count, cpu_s_per_m=round(spent / (count / 1e6), 4), peak_mb=peak,
                  resident_mb=present, anonymous_mb=anonymous, p50_ms=round(percentile(times, 0.5), 2), p99_ms=round(percentile(times, 0.99), 2),
                  rate=round(count / (sum(times) / 1e3)))
    server.stop()
    server.remove()
    return [record]
