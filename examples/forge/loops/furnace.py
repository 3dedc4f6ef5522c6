#!/usr/bin/env python3
"""A run-to-run loop for one set-point: moves it a share of the way to where the twin believes the fewest defects.

One JSON object a line on standard input and output (docs/loop-protocol.md). Nothing but the standard library is needed.
"""
import argparse
import json
import statistics
import sys
import threading
import time

VARIABLE, SETPOINT = "Furnace/Temperature", "Furnace/TemperatureSet"
SMALLEST = 2.0  # K: less than this is not worth a change

lock = threading.Lock()


def say(kind, **fields):
    with lock:
        print(json.dumps({"type": kind, **fields}), flush=True)


def beat():
    while True:
        say("heartbeat")
        time.sleep(2)


def responses(draws):
    """(optimum, curvature) of the defects in the variable, one of each draw of the posterior that knows it."""
    terms = (term for draw in draws for station in draw["stations"] for term in station["scrap"]["terms"])
    return [(term["optimum"], term["curvature"]) for term in terms if term["variable"] == VARIABLE]


def answer(seen, limit, prices, options):
    request, here = seen["request"], seen["setpoints"].get(SETPOINT)
    known = responses(seen["draws"])
    if here is None or not known:
        return say("stay", request=request, reason="neither the set-point nor its effect is known yet")
    best = statistics.fmean(optimum for optimum, _ in known)
    target = min(max(here + options.weight * (best - here), limit["low"]), limit["high"])
    # A step of the envelope an hour at most: what is farther takes another run.
    target = min(max(target, here - limit["maxStep"]), here + limit["maxStep"])
    if abs(target - here) < SMALLEST:
        return say("stay", request=request, reason=f"{here:.0f} Cel is near enough to {best:.0f}")

    # Defects are c·(x − o)². What the move saves, in each world that the twin holds possible.
    saved = sorted(c * ((here - o) ** 2 - (target - o) ** 2) * options.parts_per_hour for o, c in known)
    worth = prices["good"] + prices["scrap"]

    def interval(factor):
        at = lambda share: factor * saved[int(share * (len(saved) - 1))]
        return {"lower": at(0.05), "expected": factor * statistics.fmean(saved), "upper": at(0.95)}

    if statistics.fmean(saved) <= 0:
        return say("stay", request=request, reason="no gain to be had")
    say("proposal", request=request, moves={SETPOINT: target}, units={SETPOINT: "Cel"}, horizon=4 * 3600 * 10**9,
        gain={"good": interval(1), "value": interval(worth), "probability": sum(s > 0 for s in saved) / len(saved)},
        reason=f"{options.weight:.0%} of the way from {here:.0f} to {best:.0f} Cel, where the twin expects the fewest defects")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--weight", type=float, default=0.3, help="share of the distance that a run takes")
    parser.add_argument("--parts-per-hour", type=float, required=True, help="what the furnace heats in an hour")
    options = parser.parse_args()
    limit, prices = None, None
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "hello":
            limit = next(limit for limit in message["limits"] if limit["tag"] == SETPOINT)
            prices = message["plant"]["prices"]
            say("ready", version=1)
            threading.Thread(target=beat, daemon=True).start()
        elif message["type"] == "observe":
            answer(message, limit, prices, options)
        elif message["type"] == "stop":
            return


main()
