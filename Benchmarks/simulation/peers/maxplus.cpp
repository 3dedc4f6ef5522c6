// The line of line.cpp without an event list. Part n leaves station i at
//   D[i][n] = max( max(D[i−1][n], D[i][n−1]) + S[i][n], D[i+1][n−C−1] )
// where S is the work with the repairs that fall into it. Exact for serial lines that are first in, first out and block after service
// (Buzacott & Shanthikumar 1993, Stochastic Models of Manufacturing Systems): the floor for this class of model, and an oracle for it.
#include <algorithm>
#include <vector>

#include "random.hpp"
#include "report.hpp"

static constexpr double meanToFailure = 100, meanRepair = 10;

static void replicate(const Options& options, uint64_t seed, Totals& totals) {
  const int stations = options.stations;
  const long capacity = options.buffer;
  long room = 1;  // departures that each station remembers
  while (room < capacity + 2) room <<= 1;
  const long mask = room - 1;
  Random random(seed), stops(~seed);
  std::vector<double> left(static_cast<size_t>(stations + 1) * room, 0.0), toFailure(stations);
  for (auto& time : toFailure) time = exponential<false>(stops, meanToFailure);
  long failures = 0;
  double leadTime = 0;
  for (long n = 0; n < options.parts; n++) {
    double before = left[(n - 1) & mask];  // the first station takes the next part as soon as the last one has left
    const double entered = before;
    for (int i = 0; i < stations; i++) {
      double work = exponential<false>(random, 1);
      toFailure[i] -= work;
      while (toFailure[i] < 0) {
        failures++;
        work += exponential<false>(stops, meanRepair);
        toFailure[i] += exponential<false>(stops, meanToFailure);
      }
      double* own = &left[static_cast<size_t>(i) * room];
      double end = std::max(before, own[(n - 1) & mask]) + work;
      if (i + 1 < stations) end = std::max(end, own[room + ((n - capacity - 1) & mask)]);
      own[n & mask] = before = end;
    }
    leadTime += before - entered;
  }
  totals.parts += options.parts;
  totals.events += options.parts * stations + 2 * failures;
  totals.simulated += left[static_cast<size_t>(stations - 1) * room + ((options.parts - 1) & mask)];
  totals.leadTime += leadTime;
  totals.bytes = (left.size() + toFailure.size()) * sizeof(double);
}

int main(int count, char** words) {
  const Options options(count, words);
  const StopWatch watch;
  Totals totals;
  for (long r = 0; r < options.replications; r++) replicate(options, options.seed + r, totals);
  watch.report(totals);
}
