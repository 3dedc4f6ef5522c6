"""What a plant really is, from its truth log, in the twin's words; both plants' logs are read."""
import copy


class Truth:
    """Station parameters as the twin defines them: `cycle` at the rated speed, operating seconds between failures, and so on.

    A breakdown as seen from outside lasts its repair, the PackML states of the restart and the wait for a technician: what the log
    counts as `down_s` beyond `repair_s` is added. A short stop is seen for one second more than it lasts.
    """

    def __init__(self, rows):
        self.header = next(r for r in rows if r["kind"] == "header")
        self.rows = rows
        self.own = "stations" in self.header["parameters"] and isinstance(self.header["parameters"]["stations"], list)
        given = self.header["parameters"]["stations"]
        self.order = [s["name"] for s in given] if self.own else list(given)
        self.stations = {s["name"]: s for s in given} if self.own else given
        self.states = [r for r in rows if r["kind"] == "state"]

    def at_hour(self, state):
        """{(station, parameter): value} when `state`, an hourly record, was written."""
        stations = copy.deepcopy(self.stations)
        for r in self.rows:
            if r["kind"] == "param" and r["t"] <= state["t"]:
                node, path = stations, r["param"].split(".")
                for key in path[:-1]:
                    node = node.get(key) if isinstance(node, dict) else None
                if isinstance(node, dict):
                    node[path[-1]] = r["now"]
        values, latent = {}, 0.0
        for name in self.order:
            s = stations[name]
            rated = s["speed"]["rated"]
            ratio = state["setpoints"][f"{name}/MachSpeed"]["used"] / rated
            values[name, "cycle"] = state["cycle_mean_s"][name] * ratio
            failure, micro, worn = s.get("failure"), s.get("microstop"), self._wear(name, state)
            if failure:
                mtbf = failure["mtbfHours" if self.own else "mtbf_h"] * 3600
                values[name, "mtbf"] = mtbf / (1 + failure.get("wear", 0.0) * worn)
                values[name, "mttr"] = failure["mttrMinutes" if self.own else "mttr_min"] * 60 + self._overhead(name, state["t"])
            if micro:
                values[name, "microstopInterval"] = micro["everyMinutes" if self.own else "every_min"] * 60
                values[name, "microstopLength"] = micro["meanSeconds" if self.own else "mean_s"] + 1
            spoilt = self._spoilt(name, s, state, ratio)
            detection = s["scrap"].get("detection" if self.own else "detect", "own")
            inspection = s.get("inspection" if self.own else "inspect")
            rejected = spoilt if detection == "own" else 0.0
            if inspection:
                wrongly = inspection.get("falseReject" if self.own else "false_reject", 0.0)
                rejected = 1 - (1 - rejected) * (1 - latent * inspection["sensitivity"] - (1 - latent) * wrongly)
            values[name, "scrap"] = rejected
            if detection == "latent":
                latent = 1 - (1 - latent) * (1 - spoilt)
        return values

    def _wear(self, name, state):
        """Mean wear over the hours so far: failures are few, and their rate was learnt over all of them."""
        seen = [r["wear"][name] for r in self.states if r["t"] <= state["t"] and name in r.get("wear", {})]
        return sum(seen) / len(seen) if seen else 0.0

    def _overhead(self, name, t):
        seen = [r["down_s"] - r["repair_s"] for r in self.rows if r["kind"] == "failure_end" and r["station"] == name and r["t"] <= t]
        return sum(seen) / len(seen) if seen else (10.0 if self.own else 9.0)

    def _spoilt(self, name, s, state, ratio):
        """Expected share spoilt at the set-points in force: the variable where its set-point puts it, its noise as added variance."""
        c = s["scrap"]
        p = c.get("base", 0.0) + c.get("speed", 0.0) * max(0.0, ratio - c.get("speedFrom" if self.own else "speed_from", 1.0)) ** 2
        variables = {v["name"]: v for v in s.get("variables", [])} if self.own else s.get("pvs", {})
        for variable, v in variables.items():
            effect = v.get("effect" if self.own else "scrap")
            optimum = state["pvs"].get(f"{name}/{variable}", {}).get("optimum")
            if not effect or optimum is None:
                continue
            used = state["setpoints"][f"{name}/{variable}Set"]["used"]
            reference = v.get("reference" if self.own else "ref", v["set"])
            stands = reference + v.get("gain", 1.0) * (used - reference)
            width, coefficient = effect["width"], effect["coefficient" if self.own else "coef"]
            p += coefficient * ((stands - optimum) ** 2 + v.get("noise", 0.0) ** 2) / width**2
        if self.own:
            w = s.get("wear", {})
            strain = min(1.0, max(0.0, (state["setpoints"][f"{name}/MachSpeed"]["used"] - w.get("from", 0)) / (w.get("band") or 1)))
            p += w.get("always", 0.0) + w.get("scrap", 0.0) * strain
        elif s.get("wear"):
            p += s["wear"]["scrap"] * state.get("wear", {}).get(name, 0.0) ** 2
        return min(p, 0.95)


def coverage(rows, snapshots):
    """True values against the 90 % credible intervals, at the end and over every plant hour from the second on."""
    truth = Truth(rows)
    start = truth.header["start_ms"]
    result = {"final": None, "hours": {}}
    by_parameter = {}
    for state in truth.states:
        # The first look after the hour's record was written.
        look = next((s for s in snapshots if s["twin"].get("estimates") and s["plantTime"] / 1e6 >= start + state["t"] * 1000), None)
        if state is truth.states[-1] and look is None:
            look = next((s for s in reversed(snapshots) if s["twin"].get("estimates")), None)
        if look is None:
            continue
        values, inside, misses = truth.at_hour(state), {}, []
        for e in look["twin"]["estimates"]:
            value = values.get((e["station"], e["parameter"]))
            if value is None or value == 0:  # a continuous posterior holds no exact zero
                continue
            slack = 1e-9 + 1e-6 * abs(value)
            hit = e["low"] - slack <= value <= e["high"] + slack
            inside.setdefault(e["parameter"], [0, 0])
            inside[e["parameter"]][0] += hit
            inside[e["parameter"]][1] += 1
            if not hit:
                misses.append(f"{e['station']} {e['parameter']}: true {value:.4g}, believed {e['low']:.4g} … {e['high']:.4g}")
        summary = {"hour": round(state["t"] / 3600, 2), "inside": sum(a for a, _ in inside.values()), "all": sum(b for _, b in inside.values()),
                   "by_parameter": inside, "misses": misses}
        result["final"] = summary
        if state["t"] >= 2 * 3600 - 1:
            for parameter, (a, b) in inside.items():
                by_parameter.setdefault(parameter, [0, 0])
                by_parameter[parameter][0] += a
                by_parameter[parameter][1] += b
    result["hours"] = {"inside": sum(a for a, _ in by_parameter.values()), "all": sum(b for _, b in by_parameter.values()), "by_parameter": by_parameter}
    return result
