/* A first-order heater: tau dT/dt = k u + ambient - T, exact over a step. Reals: 0 T, 1 der(T), 2 k, 3 tau, 4 ambient, 5 u, 6 steps done.
   With 7 (lag) above 0 the element that heats has a lag of its own, u' by lag du'/dt = u - u': 8. */
#define UNIT_SIZE 12
#include FMI
static void start(Instance *x) { x->r[0] = 20; x->r[2] = 10; x->r[3] = 30; x->r[4] = 20; }
static void derive(Instance *x) { x->r[1] = (x->r[2] * x->r[5] + x->r[4] - x->r[0]) / x->r[3]; }
static int step(Instance *x, double t, double h) {
  if (x->r[3] <= 0) return 2; /* discard: no such heater */
  if (x->r[7] > 0) {
    /* Euler with many small steps will do for what only stands for reality. */
    int n = 200;
    for (int i = 0; i < n; i++) {
      x->r[8] += h / n * (x->r[5] - x->r[8]) / x->r[7];
      x->r[0] += h / n * (x->r[2] * x->r[8] + x->r[4] - x->r[0]) / x->r[3];
    }
  } else {
    double end = x->r[2] * x->r[5] + x->r[4];
    x->r[0] = end + (x->r[0] - end) * exp(-h / x->r[3]);
  }
  x->r[6] += 1;
  return 0;
}
