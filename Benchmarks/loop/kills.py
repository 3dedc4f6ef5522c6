"""kill -9 of Takt at random moments of a run: nothing acknowledged is lost, the ledger holds, the set-points are accounted for, the loop goes on."""
import csv
import io
import json
import os
import random
import subprocess
import threading
import time

import audit
import rig as rigs

TAG = "Bench/bench"


class Writer(threading.Thread):
    """Posts numbered samples by line protocol, one a request, and remembers those that were answered 204."""

    def __init__(self, rig):
        super().__init__(daemon=True)
        self.rig, self.stopping, self.latest = rig, threading.Event(), 0
        self.acknowledged, self.sent, self.instant = [], 0, 0

    def run(self):
        while not self.stopping.is_set():
            if self.latest:
                self.sent += 1
                # Rising instants of plant time, each its own, so that none can replace another.
                self.instant = max(self.instant + 1_000_000, self.latest)
                body = f"bench,station=Bench value={self.sent} {self.instant}".encode()
                if self.rig.post("/api/v2/write?precision=ns", body, timeout=3) == 204:
                    self.acknowledged.append(self.sent)
            self.stopping.wait(0.02)


def stored(rig):
    code, text = rig.takt("query", TAG, "--csv")
    if code != 0:
        return set()
    return {round(float(row["value"])) for row in csv.DictReader(io.StringIO(text)) if row["value"]}


def plant_setpoints(rows):
    """What the machines use, by the truth log."""
    values = {}
    for r in rows:
        if r["kind"] in ("header", "state") and r.get("setpoints"):
            values |= {k: v["used"] if isinstance(v, dict) else v for k, v in r["setpoints"].items()}
        elif r["kind"] == "write" and r.get("used") is not None:
            values[r["tag"]] = r["used"]
    return values


def accounted(rig):
    """Set-points of the plant that are neither last known good nor what an open change's stage has written; and the replayed state."""
    code, text = rig.takt("replay", "--json")
    if code != 0:
        return [f"replay: {text[-200:]}"], None
    state = json.loads(text)
    good, open_changes = state["lastKnownGood"], [c for c in state["changes"] if any(s in c["status"] for s in ("canary", "full", "hold", "rollingBack"))]
    allowed = {tag: {value} for tag, value in good.items()}
    moving = {m["tag"] for c in open_changes for m in c["proposal"]["moves"]}
    for f in rig.facts():
        if f["kind"] == "writeIntended" and f["writeIntended"]["intent"]["tag"] in moving:
            intent = f["writeIntended"]["intent"]
            allowed.setdefault(intent["tag"], set()).update((intent["value"], intent["from"]))
    used = plant_setpoints(rig.truth_rows())
    strange = [f"{tag} stands at {used[tag]}, last known good {good.get(tag)}" for tag in sorted(allowed)
               if tag in used and not any(abs(used[tag] - v) <= 1e-6 * max(1, abs(v)) for v in allowed[tag])]
    return strange, state


def measure(options, seed, plant_command):
    rig = rigs.Rig(os.path.join(options.keep, f"kill-{options.plant}-{seed}-{os.getpid()}"), options.bin, options.folder, options.speed, options.deadline_min)
    dice = random.Random(seed)
    result = {"plant": options.plant, "scenario": options.scenario, "seed": seed, "speed": options.speed, "hours": options.hours, "records": rig.folder, "kills": []}
    writer = None
    try:
        rig.start_broker()
        rig.start_takt()
        rig.start_plant(*plant_command(options, rig, seed, 10_000))
        writer = Writer(rig)
        writer.start()
        grow(rig, writer, 30)
        for _ in range(options.kill):
            look(rig, writer, dice.uniform(4, options.kill_within))
            rig.kill("takt")
            acknowledged = list(writer.acknowledged)
            before = rig.facts()
            one = {"facts_before": len(before), "acknowledged": len(acknowledged), "restart_s": round(rig.start_takt(), 2)}
            rig.sweep_loops()
            here = stored(rig)
            one["lost"] = sorted(set(acknowledged) - here)[:20]
            code, said = rig.takt("ledger", "verify")
            one["intact"] = code == 0
            # It picks up what it left: gives the stage or the way back some time, then looks at the plant.
            look(rig, writer, 8)
            one["strange_setpoints"], state = accounted(rig)
            one["epoch"] = state and state["epoch"]
            after = rig.facts()
            one["prefix_kept"] = after[:len(before)] == before
            one["open"] = [f"{c['proposal']['id']} {next(iter(c['status']))}" for c in (state or {"changes": []})["changes"]
                           if any(s in c["status"] for s in ("shadow", "canary", "full", "hold", "rollingBack", "armed", "awaitingApproval"))]
            one["new_facts"] = len(after) - len(before)
            result["kills"].append(one)
            print(f"    kill {len(result['kills'])}: {one}", flush=True)
        before = len(rig.facts())
        look(rig, writer, options.settle_s)
        after = rig.facts()
        result["facts_after_the_last"] = sorted({f["kind"] for f in after[before:]})
        writer.stopping.set()
        writer.join(10)
        rig.kill("plant")
        result["ended_when_asked"] = rig.stop_takt()
        rig.sweep_loops()
        result["orphaned_loops"] = rig.orphans
        result["acknowledged"] = len(writer.acknowledged)
        result["lost_in_all"] = len(set(writer.acknowledged) - stored(rig))
        facts, rows = rig.facts(), rig.truth_rows()
        result["changes"] = audit.changes(rows, facts, options.speed)
        result["writes"] = audit.writes(rows, facts, audit.envelope(rig.plant_folder), skew_s=options.speed)
        result["ledger"] = audit.records(rig)
        print(f"    {result['acknowledged']} samples acknowledged, {result['lost_in_all']} lost; facts after the last kill: {result['facts_after_the_last']}")
    except (rigs.Failure, OSError, subprocess.SubprocessError, ValueError, KeyError) as e:
        result["error"] = f"{type(e).__name__}: {e}"
    finally:
        if writer:
            writer.stopping.set()
        rig.end()
    return result


def look(rig, writer, seconds):
    """Lets `seconds` pass, keeping the writer's plant time fresh."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        snapshot = rig.snapshot()
        if snapshot:
            writer.latest = max(writer.latest, snapshot["plantTime"])
        time.sleep(min(0.5, max(0.0, end - time.monotonic())))


def grow(rig, writer, seconds):
    """Waits until telemetry tells the plant's time."""
    def telemetry():
        snapshot = rig.snapshot()
        if snapshot and snapshot["plantTime"] > 0:
            writer.latest = snapshot["plantTime"]
            return True
        return False
    rigs.wait_for("telemetry", seconds, telemetry, every=0.3)


def tell(kills):
    lost = sum(len(k["lost"]) for k in kills)
    print(f"  {len(kills)} kills: {lost} acknowledged samples missing after restart; ledger intact {sum(k['intact'] for k in kills)}/{len(kills)}, "
          f"facts before the kill unchanged {sum(k['prefix_kept'] for k in kills)}/{len(kills)}, set-points accounted for "
          f"{sum(not k['strange_setpoints'] for k in kills)}/{len(kills)}, new facts {sum(k['new_facts'] > 0 for k in kills)}/{len(kills)}; "
          f"restart {min(k['restart_s'] for k in kills)} to {max(k['restart_s'] for k in kills)} s; epochs {[k['epoch'] for k in kills]}" if kills else "  no kill happened")
