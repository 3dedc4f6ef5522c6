"""The engines: how each is made ready, called and measured. Each prints one line of JSON about its run (see README.md)."""
import hashlib
import json
import os
import subprocess
import sys
import time

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(os.path.dirname(here))
MODELS = ("line", "mm1")
PLANTS = {"line": os.path.join(here, "plants/line-10"), "mm1": os.path.join(here, "plants/mm1")}
ONE_RUN = ("parts", "events", "throughput", "leadTime", "runSeconds", "cpuSeconds")
WHAT_IFS = ("whatIfs", "replications", "parts", "events", "wallSeconds", "cpuSeconds")


class Failure(Exception):
    pass


def takt(tools, plant, engine):
    return [tools.takt, "bench", plant, "--engine", engine, "--json"]


def recursion(tools, model):
    return [tools.binary("maxplus")] if model == "line" else [tools.binary(model), "--no-event-list"]


# By name: what it is, and its command for a model. `cpp-nolist` is the max-plus recursion of the line and Lindley's of M/M/1.
ENGINES = {
    "simpy": ("SimPy", lambda tools, model: [tools.python, f"{here}/peers/{model}_simpy.py"]),
    "salabim": ("salabim", lambda tools, model: [tools.python, f"{here}/peers/{model}_salabim.py"]),
    "cimba": ("cimba", lambda tools, model: [tools.python, f"{here}/peers/{model}_cimba.py"]),
    "cpp-std": ("C++ std::priority_queue", lambda tools, model: [tools.binary(model), "--standard-queue"]),
    "cpp-heap": ("C++ 4-ary heap", lambda tools, model: [tools.binary(model)]),
    "cpp-ziggurat": ("C++ 4-ary heap, ziggurat", lambda tools, model: [tools.binary(model), "--ziggurat"]),
    "cpp-nolist": ("C++ without event list", lambda tools, model: recursion(tools, model)),
    "takt-events": ("Takt, events", lambda tools, model: takt(tools, PLANTS[model], "events")),
    "takt-auto": ("Takt, auto", lambda tools, model: takt(tools, PLANTS[model], "auto")),
}
REFERENCE, SLOWEST = "cpp-heap", "simpy"


def chosen(only):
    """The engines of `--only`: beginnings of their names, with commas; all where it is empty."""
    words = [word.strip() for word in only.split(",") if word.strip()] if only else [""]
    for word in words:
        if not any(name.startswith(word) for name in ENGINES):
            raise Failure(f"there is no engine {word}; there are {', '.join(ENGINES)}")
    return [name for name in ENGINES if any(name.startswith(word) for word in words)]


class Tools:
    """The virtualenv of the Python peers and the compiled C++, made once in a cache folder and again when their sources change."""

    def __init__(self, cache, takt, names):
        self.cache, self.takt = os.path.abspath(cache), os.path.abspath(takt)
        if any(name.startswith("takt") for name in names) and not os.access(self.takt, os.X_OK):
            raise Failure(f"there is no {self.takt}: build it by `swift build -c release --product takt`, or name it by --takt, or use --only")
        os.makedirs(self.cache, exist_ok=True)
        self.python = self._virtualenv() if {"simpy", "salabim", "cimba"} & set(names) else None
        if any(name.startswith("cpp") for name in names):
            self._compile()

    def binary(self, name):
        return os.path.join(self.cache, "bin-" + self.sources, name)

    def _virtualenv(self):
        requirements = os.path.join(here, "peers/requirements.txt")
        folder = os.path.join(self.cache, "python-" + digest([requirements], sys.version))
        python = os.path.join(folder, "bin/python")
        if not os.path.exists(os.path.join(folder, "complete")):
            print("installing the Python peers", file=sys.stderr)
            call([sys.executable, "-m", "venv", "--clear", folder])
            call([python, "-m", "pip", "install", "--quiet", "-r", requirements])
            open(os.path.join(folder, "complete"), "w").close()
        return python

    def _compile(self):
        peers = os.path.join(here, "peers")
        files = sorted(os.path.join(peers, f) for f in os.listdir(peers) if f.endswith((".cpp", ".hpp")))
        self.sources = digest(files)
        compiler = os.environ.get("CXX", "g++")
        for name, flags in (("line", ["-O2"]), ("mm1", ["-O2"]), ("maxplus", ["-O3", "-march=native", "-ffast-math"])):
            if not os.path.exists(self.binary(name)):
                os.makedirs(os.path.dirname(self.binary(name)), exist_ok=True)
                call([compiler, "-std=c++17", *flags, os.path.join(peers, name + ".cpp"), "-o", self.binary(name)])


def digest(files, more=""):
    h = hashlib.sha256(more.encode())
    for file in files:
        with open(file, "rb") as f:
            h.update(f.read())
    return h.hexdigest()[:12]


def call(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError as e:
        raise Failure(f"{command[0]}: {e.strerror}") from e
    if done.returncode:
        raise Failure(f"{' '.join(command)}\n{(done.stderr or done.stdout).strip()[-2000:]}")


def start(command):
    # OpenBLAS, which no engine here uses, would otherwise start threads that spin beside a run of a tenth of a second.
    environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", OPENBLAS_NUM_THREADS="1")
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=here, env=environment)


def finish(process, command, expected=ONE_RUN):
    """What the engine printed, with the whole process's CPU seconds."""
    output, error = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    process.stderr.close()
    words = " ".join(command)
    if process.returncode:
        raise Failure(f"{words}\nended with {process.returncode}: {error.strip()[-1000:] or output.strip()[-1000:]}")
    try:
        result = json.loads(output)
        missing = [key for key in expected if not isinstance(result.get(key), (int, float))]
    except ValueError:
        raise Failure(f"{words}\nprinted no JSON: {output.strip()[:300]}") from None
    if missing:
        raise Failure(f"{words}\nprinted no number for {', '.join(missing)}")
    result["processCpuSeconds"] = usage.ru_utime + usage.ru_stime
    return result


def measure(command, expected=ONE_RUN):
    return finish(start(command), command, expected)


def measure_together(commands):
    """Runs several at once; returns their results and the wall seconds until the last has ended."""
    begin = time.perf_counter()
    processes = [start(command) for command in commands]
    results = [finish(process, command) for process, command in zip(processes, commands)]
    return results, time.perf_counter() - begin


def label(name, run):
    """The engine's title; for Takt on its own choice, with what it chose."""
    return ENGINES[name][0] + (f" ({'max-plus' if is_max_plus(run) else run['engine']})" if name == "takt-auto" and "engine" in run else "")


def is_max_plus(run):
    return run.get("engine") in ("max-plus", "maxPlus")


def arguments(parts, seed, replications=1):
    return ["--parts", str(parts), "--seed", str(seed)] + (["--replications", str(replications)] if replications > 1 else [])


def add_options(parser):
    parser.add_argument("--takt", default=os.path.join(root, ".build/release/takt"), help="the takt to measure (default: the release build)")
    parser.add_argument("--cache", default=os.path.join(here, ".cache"), help="where the peers are installed and compiled")
    parser.add_argument("--json", metavar="FILE", help="write every run there too; - for the standard output")


def machine():
    """The processor and how many there are, for the head of a report."""
    try:
        with open("/proc/cpuinfo") as f:
            name = next((line.split(":", 1)[1].strip() for line in f if line.startswith("model name")), "unknown processor")
    except OSError:
        name = "unknown processor"
    return f"{os.cpu_count()} x {name}, load {os.getloadavg()[0]:.1f}"
