"""The data set, its tools, and where everything is kept. HIST_TMP: built tools, data, fresh folders of servers (default ./tmp, not in git)."""
import json
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
TMP = os.path.abspath(os.environ.get("HIST_TMP", os.path.join(HERE, "tmp")))
DATA = os.path.join(TMP, "data")


def build():
    """Compiles generator and loader where they are older than their sources, and makes the data set if there is none."""
    os.makedirs(DATA, exist_ok=True)
    for name, flags in (("gen", ["-ffp-contract=off", "-lsnappy", "-lm"]), ("load", ["-lpthread"])):
        source, target = os.path.join(HERE, name + ".c"), os.path.join(TMP, name)
        if not os.path.exists(target) or os.path.getmtime(target) < os.path.getmtime(source):
            subprocess.run(["gcc", "-O2", "-w", source, "-o", target, *flags], check=True)
    if not os.path.exists(os.path.join(DATA, "meta.json")):
        subprocess.run([os.path.join(TMP, "gen"), "-o", DATA], check=True)


def meta():
    return json.load(open(os.path.join(DATA, "meta.json")))


def tags():
    """[number, name, kind, unit] of each tag."""
    return [line.strip().split(",") for line in open(os.path.join(DATA, "tags.csv"))]


def twins():
    """For each sample that stands twice, the two bodies that hold it; found once and kept."""
    import numpy as np

    kept = os.path.join(DATA, "twins.npy")
    if not os.path.exists(kept):
        index, records = layout(np)
        body = np.repeat(np.arange(len(index)), index["n"])
        keys = (records["ts"] - meta()["base_ms"] + 100_000) * 4096 + records["tag"]
        order = np.argsort(keys, kind="stable")
        same = np.flatnonzero(keys[order][1:] == keys[order][:-1])
        np.save(kept, np.stack([body[order[same]], body[order[same + 1]]]))
    return np.load(kept)


def layout(np):
    index_type = np.dtype([("lp_off", "<u8"), ("rw_off", "<u8"), ("rec", "<u8"), ("lp_len", "<u4"), ("rw_len", "<u4"), ("n", "<u4"), ("shard", "<u4"), ("pad", "<u8")])
    record_type = np.dtype([("ts", "<i8"), ("v", "<f8"), ("tag", "<u4"), ("q", "u1"), ("type", "u1"), ("pad", "<u2")])
    return np.fromfile(os.path.join(DATA, "data.idx"), index_type), np.memmap(os.path.join(DATA, "data.bin"), record_type, "r")


def acknowledged(path):
    """Distinct samples in the bodies whose numbers stand in the file."""
    import numpy as np

    index, _ = layout(np)
    here = np.zeros(len(index), bool)
    here[[int(x) for x in open(path).read().split()]] = True
    first, second = twins()
    return int(index["n"][here].sum() - np.count_nonzero(here[first] & here[second]))
