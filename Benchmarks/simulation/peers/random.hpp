// Random numbers of the C++ references: xoshiro256++ (Blackman & Vigna, doi:10.1145/3460772), and Exp(1) by the logarithm or by a
// 256-layer ziggurat (Marsaglia & Tsang 2000, doi:10.18637/jss.v005.i08).
#pragma once
#include <cmath>
#include <cstdint>

struct Random {
  uint64_t s[4];

  explicit Random(uint64_t seed) {
    for (auto& word : s) {  // splitmix64
      seed += 0x9e3779b97f4a7c15ull;
      uint64_t z = seed;
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
      word = z ^ (z >> 31);
    }
  }

  static inline uint64_t rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

  inline uint64_t next() {
    const uint64_t result = rotate(s[0] + s[3], 23) + s[0], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
  }

  // Uniform on [0, 1).
  inline double uniform() { return (next() >> 11) * 0x1.0p-53; }
};

struct Ziggurat {
  double x[257], f[257];

  Ziggurat() {
    const double r = 7.69711747013104972, v = 0.0039496598225815571993;
    x[0] = v / std::exp(-r);
    x[1] = r;
    for (int i = 2; i < 256; i++) x[i] = -std::log(v / x[i - 1] + std::exp(-x[i - 1]));
    x[256] = 0;
    for (int i = 0; i < 257; i++) f[i] = std::exp(-x[i]);
  }

  inline double operator()(Random& random) const {
    for (;;) {
      const uint64_t bits = random.next();
      const int i = bits & 255;
      const double z = (bits >> 11) * 0x1.0p-53 * x[i];
      if (z < x[i + 1]) return z;
      if (i == 0) return x[1] - std::log(1.0 - random.uniform());
      if (f[i] + (f[i + 1] - f[i]) * random.uniform() < std::exp(-z)) return z;
    }
  }
};

static const Ziggurat ziggurat;

template <bool useZiggurat>
inline double exponential(Random& random, double mean) {
  return mean * (useZiggurat ? ziggurat(random) : -std::log(1.0 - random.uniform()));
}
