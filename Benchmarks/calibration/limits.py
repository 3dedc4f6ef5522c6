"""The best attainable standard errors of a station's means from its departure stamps, and data to learn from.

A station works Exp(mean work), fails while it works (operation-dependent, exponential), and is repaired in exponential time. The time from
start to completion is phase-type; its density has two exponentials. All logarithmic scores: relative errors.
"""
import numpy as np

TRUTH = np.log([1.0, 100.0, 10.0])  # mean work, mean working time between failures, mean repair, seconds


def density(x, t, survival=False):
    """Density (or survival) of the completion time at t for x = logarithms of the means."""
    mu, f, r = np.exp(-np.asarray(x))
    d = np.sqrt((mu - r) ** 2 + f * f + 2 * f * (mu + r))
    fast = (mu + f + r + d) / 2
    slow = mu * r / fast
    a, b = mu * (r - slow) / d, mu * (fast - r) / d
    if survival:
        return a / slow * np.exp(-slow * t) + b / fast * np.exp(-fast * t)
    return a * np.exp(-slow * t) + b * np.exp(-fast * t)


def scores(x, t, blocked):
    """Derivatives of each part's log-likelihood by the three logarithms (central differences)."""
    def loglik(y):
        return np.where(blocked, np.log(1 - density(y, t, True)), np.log(density(y, t)))
    rows = []
    for j in range(3):
        up, down = np.array(x), np.array(x)
        up[j] += 1e-4
        down[j] -= 1e-4
        rows.append((loglik(up) - loglik(down)) / 2e-4)
    return np.array(rows)


def limits(data_sets):
    """Best standard errors for one data set, by the mean information of (times, blocked) pairs at the truth."""
    information = sum((lambda g: g @ g.T)(scores(TRUTH, t, blocked)) for t, blocked in data_sets) / len(data_sets)
    return np.sqrt(np.diag(np.linalg.inv(information)))


def completions(rng, n, x=TRUTH):
    """n completion times: work, and a Poisson number of repairs."""
    work, interval, repair = np.exp(x)
    t = rng.exponential(work, n)
    stops = rng.poisson(t / interval)
    hit = stops > 0
    t[hit] += rng.gamma(stops[hit], repair)
    return t


def line(rng, stations, parts, capacity):
    """Departures of every part from every station of a saturated row, by the max-plus recursion: stations × parts."""
    own = np.array([completions(rng, parts) for _ in range(stations)])
    left = np.zeros((stations, parts))
    for n in range(parts):
        arrived = 0.0
        for i in range(stations):
            done = max(arrived, left[i, n - 1] if n else 0.0) + own[i, n]
            if i < stations - 1 and n > capacity:
                done = max(done, left[i + 1, n - capacity - 1])
            left[i, n] = arrived = done
    return left


def observed(left, i, capacity):
    """What the stamps tell of station i: time since the start, whether it was blocked, and how long it had to wait for room at least."""
    before = np.concatenate([[0.0], left[i, :-1]])
    start = before if i == 0 else np.maximum(before, left[i - 1])
    room = np.full(left.shape[1], -np.inf)
    if i < len(left) - 1:
        room[capacity + 1:] = left[i + 1, :-capacity - 1]
    return left[i] - start, (room >= left[i]) & (room > start), np.maximum(room - start, 0.0)
