"""pyABC on one station: sequential Monte Carlo by the distance of 12 quantile-type summaries, as its user would set it up.

It is given more than it would have in the plant: for a station of a line, the simulator takes each part's start and room from the record, and
only the completion is simulated. Ten stations at once (30 parameters) would be far out of its reach.
"""
import logging
import os
import tempfile
import time
import warnings

import numpy as np

from limits import TRUTH, completions

warnings.filterwarnings("ignore")
SHARES = [.1, .25, .5, .75, .9, .95, .98, .99, .995, .999]


def summaries(t):
    t = np.maximum(t, 1e-9)
    return np.concatenate([np.log(np.quantile(t, SHARES)), [np.log(t.mean()), np.log(t.std())]])


def calibrate(times, waits, seed, population=300, generations=10):
    """Posterior mean and deviation of the logarithms, simulations and CPU seconds spent."""
    import pyabc
    logging.disable(logging.WARNING)
    np.random.seed(seed)
    rng = np.random.default_rng(seed)

    def simulate(x):
        return summaries(np.maximum(completions(rng, len(times), x), waits))

    scale = np.std([simulate(TRUTH) for _ in range(50)], axis=0)
    # Uniform on the logarithms, a factor of three either way of the truth: narrower than what Takt is given.
    prior = pyabc.Distribution(**{
        name: pyabc.RV("uniform", TRUTH[j] - np.log(3), 2 * np.log(3)) for j, name in enumerate(["work", "interval", "repair"])})
    abc = pyabc.ABCSMC(
        lambda p: {"s": simulate([p["work"], p["interval"], p["repair"]])}, prior,
        lambda a, b: float(np.sqrt((((a["s"] - b["s"]) / scale) ** 2).sum())), population_size=population, sampler=pyabc.sampler.SingleCoreSampler())
    with tempfile.TemporaryDirectory() as folder:
        abc.new("sqlite:///" + os.path.join(folder, "run.db"), {"s": summaries(times)})
        begin = time.process_time()
        history = abc.run(max_nr_populations=generations, max_total_nr_simulations=40000)
        seconds = time.process_time() - begin
        frame, weights = history.get_distribution()
        simulations = history.total_nr_simulations
    draws = frame[["work", "interval", "repair"]].values
    mean = weights @ draws
    return mean, np.sqrt(weights @ (draws - mean) ** 2), simulations, seconds
