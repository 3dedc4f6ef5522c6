"""Medians of the records as Markdown tables, with the ratio to VictoriaMetrics of the same round."""
import json
from statistics import median


def show(path):
    records = [json.loads(line) for line in open(path) if line.strip()]
    ingest(records)
    others(records)


def names(records):
    return list(dict.fromkeys(r["server"] for r in records))


def ratio(records, name, key, phase):
    """The median over rounds of this server's figure by VictoriaMetrics' in the same round."""
    base = {r["round"]: r[key] for r in records if r["server"] == "vm" and r["phase"] == phase and r.get(key)}
    found = [r[key] / base[r["round"]] for r in records if r["server"] == name and r["phase"] == phase and r["round"] in base and r.get(key)]
    return median(found) if found else None


def ingest(records):
    taken = [r for r in records if r["phase"] in ("ingest1", "ingest2")]
    if not taken:
        return
    print("| server | connections | rounds | samples a second (best) | to vm | CPU s a million (least–most) | to vm | p50 / p99 ms | peak MB | load |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for phase in ("ingest1", "ingest2"):
        for name in names(taken):
            mine = [r for r in taken if r["server"] == name and r["phase"] == phase]
            if not mine:
                continue
            cpu = [r["cpu_s_per_m"] for r in mine]
            rates = [r["rate"] for r in mine]
            text = lambda x: f"{x:.2f}" if x is not None else ""
            print(f"| {name} | {phase[6:]} | {len(mine)} | {median(rates) / 1e3:,.0f}k ({max(rates) / 1e3:,.0f}k) | {text(ratio(taken, name, 'rate', phase))} | "
                  f"{median(cpu):.3f} ({min(cpu):.3f}–{max(cpu):.3f}) | {text(ratio(taken, name, 'cpu_s_per_m', phase))} | "
                  f"{median(r['p50_ms'] for r in mine):.1f} / {median(r['p99_ms'] for r in mine):.1f} | {max(r['peak_mb'] for r in mine)} | "
                  f"{min(r['load'] for r in mine):.1f}–{max(r['load'] for r in mine):.1f} |")
    print()


def others(records):
    sizes = [r for r in records if r["phase"] == "store"]
    if sizes:
        print("| server | bytes a sample | samples held |\n|---|---|---|")
        for name in names(sizes):
            last = [r for r in sizes if r["server"] == name][-1]
            print(f"| {name} | {last['bytes_per_sample']} | {last['count_after']:,} |")
        print()
    for phase in ("query", "query_idle", "query_loaded"):
        asked = [r for r in records if r["phase"] == phase]
        if not asked:
            continue
        kinds = ("last", "raw", "means", "extremes")
        print(f"| {phase}: p50 / p99 ms, CPU ms | " + " | ".join(kinds) + " |\n|---|" + "---|" * len(kinds))
        for name in names(asked):
            cells = []
            for kind in kinds:
                mine = [r for r in asked if r["server"] == name and r["query"] == kind]
                cells.append(f"{median(r['p50_ms'] for r in mine):.4g} / {median(r['p99_ms'] for r in mine):.4g}, {median(r['cpu_ms'] for r in mine):.3g}" if mine else "")
            print(f"| {name} | " + " | ".join(cells) + " |")
        print()
    kills = [r for r in records if r["phase"] == "kill"]
    if kills:
        print("| server | kills | acknowledged in all | lost | restart s, median (most) |\n|---|---|---|---|---|")
        for name in names(kills):
            mine = [r for r in kills if r["server"] == name]
            print(f"| {name} | {len(mine)} | {sum(r['acknowledged'] for r in mine):,} | {sum(r['lost'] for r in mine):,} | "
                  f"{median(r['restart_s'] for r in mine):.2f} ({max(r['restart_s'] for r in mine):.2f}) |")
        print()
    made = [r for r in records if r["phase"] in ("tags", "late")]
    if made:
        print("| server | tags | late | CPU s a million | samples a second | peak MB | p99 ms |\n|---|---|---|---|---|---|---|")
        for r in made:
            print(f"| {r['server']} | {r['tags']:,} | {r['late_share']:.0%} | {r['cpu_s_per_m']:.3f} | {r['rate']:,} | {r['peak_mb']} | {r['p99_ms']} |")
        print()
    for r in records:
        if r["phase"] == "restart":
            print(f"restart of {r['server']}: {r['restart_s']} s with {r['count']:,} samples")
        if r["phase"] == "syncs":
            print(f"syncs of {r['server']} for {r['bodies']} bodies: {r['calls']}")
