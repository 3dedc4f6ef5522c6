"""The plant's own record of writes against Takt's ledger and the envelope, and what became of the changes."""
import json
import os
import re
import subprocess
from collections import Counter

ENDS = ("changeSettled", "changeRestored", "changeRejected", "changeExpired", "changeRevoked", "changeQuarantined")


def envelope(plant_folder):
    """{tag: {low, high, max_step, max_per_hour}} of envelope.yaml, whose limits stand one a line, in the tag's own unit."""
    limits = {}
    with open(os.path.join(plant_folder, "envelope.yaml")) as f:
        for line in f:
            entry = re.match(r"\s+([\w.]+/[\w.]+): *\{(.*low:.*)\}", line)
            if entry:
                limits[entry[1]] = {k: float(v) for k, v in re.findall(r"(low|high|max_step|max_per_hour): *(-?[0-9.]+)", entry[2])}
    return limits


def writes(rows, facts, limits, skew_s):
    """Every write that the plant saw needs a `writeIntended` fact of its own that came before it.

    The ledger is stamped with Takt's idea of plant time, which may run ahead of the plant's by `skew_s`.
    """
    start = next(r for r in rows if r["kind"] == "header")
    now = dict(start.get("setpoints", {}))
    if not now:
        for name, s in (start["parameters"].get("stations") or {}).items():
            now[f"{name}/MachSpeed"] = s["speed"]["set"]
            now |= {f"{name}/{v}Set": c["set"] for v, c in s.get("pvs", {}).items() if "set" in c}
    intents = [{"at": f["at"] / 1e6, "used": False, **f["writeIntended"]["intent"]} for f in facts if f["kind"] == "writeIntended"]
    count, problems, moved, lead = Counter(), [], {}, 0.0
    for r in rows:
        if r["kind"] != "write":
            continue
        count[f"outcome {r['outcome']}"] += 1
        count["writes"] += 1
        tag, value = r["tag"], r.get("requested")
        value = float(value) if isinstance(value, (int, float)) else None
        match = next((i for i in intents if not i["used"] and i["tag"] == tag and value is not None
                      and abs(i["value"] - value) <= 1e-6 * max(1, abs(value)) and i["at"] <= r["ts"] + skew_s * 1000), None)
        if match:
            match["used"] = True
            lead = max(lead, match["at"] - r["ts"])
            count[match["purpose"]] += 1
        else:
            count["without a prior fact"] += 1
            problems.append(f"t {r['t']}: {tag} = {value} has no fact before it")
        limit = limits.get(tag)
        if limit is None or value is None or not limit["low"] - 1e-9 <= value <= limit["high"] + 1e-9:
            count["outside the limits"] += 1
            problems.append(f"t {r['t']}: {tag} = {value} is outside {limit}")
        elif match and match["purpose"] == "advance":
            step = abs(value - now.get(tag, value))
            history = [m for m in moved.get(tag, []) if m[0] > r["t"] - 3600]
            moved[tag] = history + [(r["t"], step)]
            if step > limit.get("max_step", step) * (1 + 1e-6):
                count["above the step limit"] += 1
                problems.append(f"t {r['t']}: {tag} by {step:.4g}, at most {limit['max_step']}")
            if sum(m[1] for m in moved[tag]) > limit.get("max_per_hour", 1e30) * (1 + 1e-6):
                count["above the hourly limit"] += 1
                problems.append(f"t {r['t']}: {tag} moved {sum(m[1] for m in moved[tag]):.4g} in an hour, at most {limit['max_per_hour']}")
        if r.get("used") is not None:
            now[tag] = r["used"]
    for name in ("writes", "without a prior fact", "outside the limits", "above the step limit", "above the hourly limit"):
        count[name] += 0
    return {"counts": dict(sorted(count.items())), "intents": len(intents), "intents that the plant never saw": sum(not i["used"] for i in intents),
            "largest_lead_of_ledger_s": round(lead / 1000, 1), "problems": problems[:20]}


def changes(rows, facts, speed):
    """When the loop first did what it is for, and how every change ended."""
    start = next(r for r in rows if r["kind"] == "header")["start_ms"]
    valid = lambda f: f["kind"] == "twinStatusChanged" and f["twinStatusChanged"]["status"]["valid"]

    def first(condition):
        fact = next((f for f in facts if condition(f)), None)
        if fact is None:
            return None
        plant_s = fact["at"] / 1e9 - start / 1000
        return {"plant_min": round(plant_s / 60, 1), "wall_s": round(plant_s / speed, 1)}
    ends = {}
    for f in facts:
        if f["kind"] in ENDS:
            detail = f[f["kind"]]
            change = detail.get("change") or detail.get("id")
            change = change if isinstance(change, str) else str(change)
            if not (f["kind"] == "changeQuarantined" and ends.get(change) == "changeRestored"):
                ends[change] = f["kind"]
    why = Counter(f["rollbackStarted"].get("reason") for f in facts if f["kind"] == "rollbackStarted")
    scores = [f["claimScored"]["score"] for f in facts if f["kind"] == "claimScored"]
    mean = lambda rows: round(sum(rows) / len(rows), 2) if rows else None
    return {
        "first_valid_twin": first(valid), "first_settled": first(lambda f: f["kind"] == "changeSettled"),
        "first_rollback": first(lambda f: f["kind"] == "rollbackStarted"),
        "first_demotion": first(lambda f: f["kind"] == "loopDemoted"),
        "proposed": sum(f["kind"] == "changeProposed" for f in facts), "outcomes": dict(Counter(ends.values())), "rollback_reasons": dict(why),
        "claims": {"scored": len(scores), "claimed_mean": mean([s["claimed"]["expected"] for s in scores]),
                   "realised_mean": mean([s["realised"]["expected"] for s in scores])},
        "twin_lost_validity": max(0, sum(1 for a, b in zip(*[[valid(f) for f in facts if f["kind"] == "twinStatusChanged"][i:] for i in (0, 1)]) if a and not b)),
        "loop": {k: sum(f["kind"] == k for f in facts) for k in ("loopStarted", "loopCrashed", "loopMissedDeadline", "loopDemoted", "loopPromoted", "proposalRefused")},
    }


def records(rig):
    """Whether the chain holds, and two replays agree."""
    code, said = rig.takt("ledger", "verify")
    hashes = []
    for _ in range(2):
        _, text = rig.takt("replay")
        found = re.search(r"state ([0-9a-f]{16,})", text)
        hashes.append(found[1] if found else text[-200:])
    return {"verify": said.strip().splitlines()[-1] if said.strip() else "", "intact": code == 0, "replay": hashes[0], "replay_stable": hashes[0] == hashes[1]}


def evidence(rig, facts):
    """A signed bundle of every change that was proven, each checked and computed again by a process that has the bundle alone."""
    proven = [f["changeProven"]["proof"]["change"] for f in facts if f["kind"] == "changeProven"]
    total, not_here, broken = Counter(), Counter(), []
    for change in proven:
        folder = os.path.join(rig.folder, f"evidence-{change}")
        code, said = rig.takt("evidence", change, "--plant", rig.plant_folder, "--out", folder)
        if code != 0:
            broken.append(f"{change}: {said.strip()}")
            continue
        found = subprocess.run([os.path.join(rig.bin, "takt"), "evidence", "verify", folder, "--json"], capture_output=True, text=True, timeout=300)
        for check in json.loads(found.stdout):
            total[check["result"]] += 1
            if check["result"] == "notInBundle":
                not_here[check["name"].split(",")[0].split(":")[0]] += 1
            if check["result"] == "fails":
                broken.append(f"{change}: {check['name']}: said {check['said']}, found {check['found']}")
    inputs = os.path.join(rig.data, "inputs")
    sizes = [os.path.getsize(os.path.join(inputs, name)) for name in os.listdir(inputs)] if os.path.isdir(inputs) else []
    return {"bundles": len(proven), "checks": dict(total), "not here": dict(not_here), "broken": broken[:20],
            "kB of inputs a proof": round(sum(sizes) / max(len(sizes), 1) / 1000)}
