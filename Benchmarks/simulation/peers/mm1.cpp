// M/M/1, arrivals at 0.9 a second, service Exp(1 s), until so many have come and left. By an event list, or by Lindley's recursion
// (1952, doi:10.1017/S0305004100027638). Timed events: arrivals, departures.
#include "queues.hpp"
#include "random.hpp"
#include "report.hpp"

static constexpr double meanInterval = 1 / 0.9, meanService = 1;
enum { arrival, departure };

template <class Queue, bool useZiggurat>
void replicate(long parts, uint64_t seed, Totals& totals) {
  Random random(seed);
  Queue queue;
  Parts waiting(64);
  bool busy = false;
  long arrived = 0, left = 0, events = 0;
  double now = 0, inService = 0, leadTime = 0;
  size_t pending = 0;
  queue.push(exponential<useZiggurat>(random, meanInterval), arrival);
  while (!queue.empty()) {
    pending = queue.size();
    const Event event = queue.pop();
    now = event.time;
    events++;
    switch (event.what()) {
      case arrival:
        if (busy) {
          waiting.push(now);
        } else {
          busy = true;
          inService = now;
          queue.push(now + exponential<useZiggurat>(random, meanService), departure);
        }
        if (++arrived < parts) queue.push(now + exponential<useZiggurat>(random, meanInterval), arrival);
        break;
      case departure:
        leadTime += now - inService;
        left++;
        if (waiting.size()) {
          inService = waiting.pop();
          queue.push(now + exponential<useZiggurat>(random, meanService), departure);
        } else {
          busy = false;
        }
        break;
    }
  }
  totals.parts += left;
  totals.events += events;
  totals.simulated += now;
  totals.leadTime += leadTime;
  totals.pending = pending;
  totals.bytes = waiting.bytes() + 2 * sizeof(Event);
}

// W ← max(0, W + S − A); the time in the system is W + S.
template <bool useZiggurat>
void recur(long parts, uint64_t seed, Totals& totals) {
  Random random(seed);
  double wait = 0, leadTime = 0, now = 0;
  for (long i = 0; i < parts; i++) {
    const double service = exponential<useZiggurat>(random, meanService), interval = exponential<useZiggurat>(random, meanInterval);
    leadTime += wait + service;
    now += interval;
    wait = wait + service - interval;
    if (wait < 0) wait = 0;
  }
  totals.parts += parts;
  totals.events += 2 * parts;
  totals.simulated += now + wait;
  totals.leadTime += leadTime;
  totals.bytes = sizeof(random) + 3 * sizeof(double);
}

template <bool useZiggurat>
void run(const Options& options) {
  const StopWatch watch;
  Totals totals;
  for (long r = 0; r < options.replications; r++) {
    const uint64_t seed = options.seed + r;
    if (options.noEventList) recur<useZiggurat>(options.parts, seed, totals);
    else if (options.standardQueue) replicate<StandardQueue, useZiggurat>(options.parts, seed, totals);
    else replicate<FourAryHeap, useZiggurat>(options.parts, seed, totals);
  }
  watch.report(totals);
}

int main(int count, char** words) {
  const Options options(count, words);
  options.ziggurat ? run<true>(options) : run<false>(options);
}
