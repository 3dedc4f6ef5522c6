"""Processes of one isolated run: a broker, Takt, a plant, each with a deadline, all killed at the end."""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request


class Failure(Exception):
    """Something that the run needs did not happen in time."""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(what, seconds, condition, every=0.1):
    """The first true answer of `condition`; `Failure` after `seconds` of wall time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(every)
    raise Failure(f"{what}: not within {seconds:g} s")


class Rig:
    """Owns a folder and every process in it."""

    def __init__(self, folder, bin_folder, plant_folder, speed, deadline_min):
        self.folder, self.bin = folder, bin_folder
        self.data, self.truth = os.path.join(folder, "data"), os.path.join(folder, "truth.jsonl")
        self.plant_folder = os.path.join(folder, "plant")
        self.port, self.speed = free_port(), speed
        self.processes, self.loop_pids, self.orphans = {}, set(), 0
        os.makedirs(folder, exist_ok=True)
        shutil.copytree(plant_folder, self.plant_folder, ignore=shutil.ignore_patterns(".takt"))
        self._edit("connections.yaml", [(r"speed: *[0-9.]+", f"speed: {speed:g}"), (r"port: *[0-9]+", f"port: {self.port}")])
        for name in os.listdir(os.path.join(self.plant_folder, "loops")):
            self._edit(f"loops/{name}", [(r"(?m)^deadline: .*", f"deadline: {deadline_min:g} min")])
        with open(os.path.join(folder, "mosquitto.conf"), "w") as f:
            f.write(f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence false\n")

    def _edit(self, name, replacements):
        path = os.path.join(self.plant_folder, name)
        with open(path) as f:
            text = f.read()
        for pattern, replacement in replacements:
            text, n = re.subn(pattern, replacement, text)
            if n == 0:
                raise Failure(f"{path} has nothing like {pattern}")
        with open(path, "w") as f:
            f.write(text)

    # -- processes ---------------------------------------------------------------------------------
    def start(self, name, *command):
        log = open(os.path.join(self.folder, f"{name}.log"), "ab")
        self.processes[name] = subprocess.Popen(
            command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True, cwd=self.folder)
        log.close()
        return self.processes[name]

    def start_broker(self):
        program = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
        if not program:
            raise Failure("mosquitto is not installed")
        self.start("mosquitto", program, "-c", os.path.join(self.folder, "mosquitto.conf"))
        wait_for("broker", 10, self._broker_listens)

    def _broker_listens(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def start_takt(self, seed=1):
        """Starts Takt; returns the seconds until its console answers."""
        begin = time.monotonic()
        try:
            os.remove(os.path.join(self.data, "console.json"))
        except FileNotFoundError:
            pass
        takt = self.start("takt", os.path.join(self.bin, "takt"), "up", self.plant_folder, "--data", self.data, "--port", "0", "--seed", str(seed))

        def answers():
            if takt.poll() is not None:
                raise Failure(f"takt ended with {takt.returncode}; see {self.folder}/takt.log")
            try:
                return self.get("/health", 2)
            except (OSError, ValueError, Failure):
                return None
        wait_for("takt's console", 90, answers)
        return time.monotonic() - begin

    def start_plant(self, *command):
        self.start("plant", *command)

    def ended(self, name):
        return self.processes[name].poll() is not None

    def kill(self, name):
        process = self.processes.get(name)
        if process and process.poll() is None:
            process.kill()
            process.wait(20)

    def stop_takt(self):
        """Asks Takt to end; False where it had to be killed."""
        takt = self.processes["takt"]
        if takt.poll() is None:
            takt.send_signal(signal.SIGINT)
            try:
                takt.wait(15)
            except subprocess.TimeoutExpired:
                self.kill("takt")
                return False
        return takt.returncode == 0

    def sweep_loops(self):
        """Counts and kills loop processes that outlived their Takt."""
        time.sleep(1)
        for pid in sorted(self.loop_pids):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as f:
                    if b"loop" in f.read():
                        self.orphans += 1
                        os.kill(pid, signal.SIGKILL)
            except (FileNotFoundError, ProcessLookupError):
                pass
        self.loop_pids.clear()

    def end(self):
        for name in list(self.processes):
            try:
                self.kill(name)
            except (OSError, subprocess.TimeoutExpired):
                pass
        self.sweep_loops()

    def usage(self, name):
        """CPU seconds and peak resident megabytes of a living process."""
        pid = self.processes[name].pid
        try:
            with open(f"/proc/{pid}/stat") as f:
                fields = f.read().rsplit(")", 1)[1].split()
            with open(f"/proc/{pid}/status") as f:
                peak = next(int(line.split()[1]) for line in f if line.startswith("VmHWM"))
            return {"cpu_s": round((int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), 1), "peak_mb": peak // 1024}
        except (OSError, StopIteration):
            return None

    # -- talking to Takt ---------------------------------------------------------------------------
    def url(self):
        try:
            with open(os.path.join(self.data, "console.json")) as f:
                return json.load(f)["url"]
        except (OSError, ValueError) as e:
            raise Failure(f"takt has left no address: {e}") from e

    def get(self, path, timeout=10):
        with urllib.request.urlopen(self.url() + path, timeout=timeout) as answer:
            return json.loads(answer.read())

    def post(self, path, body=b"", timeout=10):
        """The status of the answer; 0 where none came."""
        try:
            request = urllib.request.Request(self.url() + path, data=body, method="POST")
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status
        except urllib.error.HTTPError as e:
            return e.code
        except (OSError, Failure, ValueError, urllib.error.URLError):
            return 0

    def snapshot(self):
        """Everything at one moment, or None while Takt does not answer."""
        try:
            snapshot = self.get("/api/v1/snapshot")
        except (OSError, ValueError, Failure):
            return None
        self.loop_pids |= {loop["pid"] for loop in snapshot.get("loops", []) if loop.get("pid")}
        return snapshot

    def takt(self, *arguments, timeout=120):
        """Runs a verb of the command; returns exit code and output."""
        done = subprocess.run([os.path.join(self.bin, "takt"), *arguments, "--data", self.data], capture_output=True, text=True, timeout=timeout)
        return done.returncode, done.stdout + done.stderr

    def facts(self):
        code, text = self.takt("ledger", "show", "--json", "--last", "1000000")
        if code != 0:
            raise Failure(f"takt ledger show: {text}")
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]

    def truth_rows(self):
        rows = []
        with open(self.truth) as f:
            for line in f:
                try:
                    rows.append(json.loads(line))
                except ValueError:
                    pass  # the last line may be under way
        return rows
