// The serial line by an event list: stations with a buffer between each two, the first never starved, the last never blocked, Exp(1 s) of
// work, failures by operating time (Exp(100 s) between, Exp(10 s) of repair, work resumes), blocking after service. It ends when so many
// parts have left. Timed events: completions, failures, repairs.
#include "queues.hpp"
#include "random.hpp"
#include "report.hpp"

enum { completion, failure, repair };

template <class Queue, bool useZiggurat>
struct Line {
  static constexpr double meanWork = 1, meanToFailure = 100, meanRepair = 10;

  const int stations, capacity;
  Random random;
  Queue queue;
  std::vector<Parts> buffers;
  std::vector<double> work, toFailure, entered;
  std::vector<char> idle, blocked;
  double now = 0;

  Line(const Options& options, uint64_t seed)
      : stations(options.stations), capacity(options.buffer), random(seed), work(stations), toFailure(stations), entered(stations),
        idle(stations, 1), blocked(stations, 0) {
    for (int i = 0; i < stations; i++) buffers.emplace_back(capacity);
    for (auto& left : toFailure) left = exponential<useZiggurat>(random, meanToFailure);
  }

  // Schedules what happens next to a station that works.
  void resume(int i) {
    if (toFailure[i] < work[i]) {
      work[i] -= toFailure[i];
      queue.push(now + toFailure[i], i * 4 + failure);
    } else {
      toFailure[i] -= work[i];
      queue.push(now + work[i], i * 4 + completion);
    }
  }

  // A free station takes a part if there is one. That frees a place, which may unblock the station before it, and so on up the line.
  void take(int i) {
    for (;;) {
      if (i == 0) {
        entered[0] = now;
      } else if (buffers[i].size()) {
        entered[i] = buffers[i].pop();
      } else {
        idle[i] = 1;
        return;
      }
      idle[i] = 0;
      work[i] = exponential<useZiggurat>(random, meanWork);
      resume(i);
      if (i == 0 || !blocked[i - 1]) return;
      blocked[i - 1] = 0;
      buffers[i].push(entered[i - 1]);
      i--;
    }
  }

  void run(long parts, Totals& totals) {
    long left = 0, events = 0;
    double leadTime = 0;
    take(0);
    while (left < parts) {
      const Event event = queue.pop();
      now = event.time;
      events++;
      const int i = event.what() >> 2;
      switch (event.what() & 3) {
        case completion:
          if (i == stations - 1) {
            left++;
            leadTime += now - entered[i];
            take(i);
          } else if (static_cast<int>(buffers[i + 1].size()) < capacity) {
            buffers[i + 1].push(entered[i]);
            if (idle[i + 1]) take(i + 1);
            take(i);
          } else {
            blocked[i] = 1;
          }
          break;
        case failure: queue.push(now + exponential<useZiggurat>(random, meanRepair), i * 4 + repair); break;
        case repair:
          toFailure[i] = exponential<useZiggurat>(random, meanToFailure);
          resume(i);
          break;
      }
    }
    totals.parts += left;
    totals.events += events;
    totals.simulated += now;
    totals.leadTime += leadTime;
    totals.pending = queue.size();
    totals.bytes = sizeof(*this) + queue.size() * sizeof(Event) + stations * (3 * sizeof(double) + 2);
    for (const auto& buffer : buffers) totals.bytes += buffer.bytes();
  }
};

template <class Queue, bool useZiggurat>
void run(const Options& options) {
  const StopWatch watch;
  Totals totals;
  for (long r = 0; r < options.replications; r++) Line<Queue, useZiggurat>(options, options.seed + r).run(options.parts, totals);
  watch.report(totals);
}

int main(int count, char** words) {
  const Options options(count, words);
  if (options.standardQueue) options.ziggurat ? run<StandardQueue, true>(options) : run<StandardQueue, false>(options);
  else options.ziggurat ? run<FourAryHeap, true>(options) : run<FourAryHeap, false>(options);
}
