// What every C++ reference takes from its command line, and the one line of JSON that it prints.
#pragma once
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

struct Options {
  long parts = 1000000;
  uint64_t seed = 1;
  long replications = 1;
  int stations = 10;
  int buffer = 10;
  bool standardQueue = false, ziggurat = false, noEventList = false;

  Options(int count, char** words) {
    for (int i = 1; i < count; i++) {
      const char* word = words[i];
      const auto number = [&]() -> long {
        if (++i >= count) fail(word);
        return strtol(words[i], nullptr, 10);
      };
      if (!strcmp(word, "--parts")) parts = number();
      else if (!strcmp(word, "--seed")) seed = number();
      else if (!strcmp(word, "--replications")) replications = number();
      else if (!strcmp(word, "--stations")) stations = number();
      else if (!strcmp(word, "--buffer")) buffer = number();
      else if (!strcmp(word, "--standard-queue")) standardQueue = true;
      else if (!strcmp(word, "--ziggurat")) ziggurat = true;
      else if (!strcmp(word, "--no-event-list")) noEventList = true;
      else fail(word);
    }
    if (parts < 1 || replications < 1 || stations < 1 || buffer < 1) fail("a number");
  }

 private:
  [[noreturn]] static void fail(const char* word) {
    fprintf(stderr, "cannot use %s\n", word);
    exit(2);
  }
};

// Sums over the replications of one run.
struct Totals {
  long parts = 0, events = 0;
  double simulated = 0, leadTime = 0;
  size_t bytes = 0, pending = 0;  // of the last replication, at its end
};

struct StopWatch {
  std::chrono::steady_clock::time_point wall = std::chrono::steady_clock::now();
  double cpu = processor();

  static double processor() {
    timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
  }

  void report(const Totals& totals) const {
    const double used = processor() - cpu, run = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count();
    printf(
        "{\"parts\": %ld, \"events\": %ld, \"throughput\": %.9g, \"leadTime\": %.9g, \"runSeconds\": %.9g, \"cpuSeconds\": %.9g, "
        "\"bytes\": %zu, \"pending\": %zu}\n",
        totals.parts, totals.events, totals.parts / totals.simulated, totals.leadTime / totals.parts, run, used, totals.bytes, totals.pending);
  }
};
