/* A bouncing ball with its events found exactly: dh/dt = v, dv/dt = -9.81, v = -0.7 v at h = 0. Reals: 0 h, 1 v, 2 instant of the last bounce, 3 bounces. */
#define UNIT_SIZE 4
#include FMI
static void start(Instance *x) { x->r[0] = 1; }
static void derive(Instance *x) {}
static int step(Instance *x, double t, double left) {
  double g = 9.81;
  while (left > 0) {
    double v = x->r[1], fall = (v + sqrt(v * v + 2 * g * x->r[0])) / g;
    if (x->r[3] > 0 && fabs(v) < 1e-3) { x->r[0] = x->r[1] = 0; break; }
    double dt = fall < left ? fall : left;
    x->r[0] += v * dt - 0.5 * g * dt * dt;
    x->r[1] = v - g * dt;
    t += dt;
    left -= dt;
    if (dt == fall) { x->r[0] = 0; x->r[1] *= -0.7; x->r[2] = t; x->r[3] += 1; }
  }
  return 0;
}
