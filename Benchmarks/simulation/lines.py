"""Writes plant folders of serial lines: the line of `peers/line.cpp` in the words of plant.yaml, with any number of stations.

  lines.py 1000 FOLDER
"""
import os
import sys

ENVELOPE = """# Needed to read the folder; no loop runs on it.
authority_ceiling: shadow
limits:
  {station}/MachSpeed: {{low: 40 1/min, high: 80 1/min, max_step: 5 1/min, max_per_hour: 10 1/min}}
"""
CONNECTIONS = "clock: system\nline_protocol: {station_key: station}\n"


def line(stations, capacity=10):
    """plant.yaml of a line: Exp(1 s) of work, failures after Exp(100 s) of operation, repairs of Exp(10 s)."""
    text = [
        f"# {stations} stations in a row with {capacity} places between each two. The first never starves, the last is never blocked.",
        f"plant: line-{stations}",
        f"path: takt/benchmarks/simulation/line-{stations}",
        "prices: {currency: EUR, good: 1, scrap: 0}",
        "buffers:",
        *(f"  B{i}: {{capacity: {capacity}}}" for i in range(1, stations)),
        "stations:",
    ]
    for i in range(1, stations + 1):
        text += [
            f"  S{i}:",
            *([f"    in: {{B{i - 1}: 1}}"] if i > 1 else []),
            f"    out: {f'B{i}' if i < stations else 'sink'}",
            "    cycle: {exponential: 1 s}",
            "    failure: {time_to_failure: {exponential: 100 s}, repair: {exponential: 10 s}}",
        ]
        if i == 1:
            text.append("    speed: {rated: 60 1/min, low: 30 1/min, high: 90 1/min}")
    return "\n".join(text) + "\n"


def write(folder, plant, first_station):
    os.makedirs(folder, exist_ok=True)
    for name, text in (("plant.yaml", plant), ("envelope.yaml", ENVELOPE.format(station=first_station)), ("connections.yaml", CONNECTIONS)):
        with open(os.path.join(folder, name), "w") as f:
            f.write(text)


if __name__ == "__main__":
    write(sys.argv[2], line(int(sys.argv[1])), "S1")
