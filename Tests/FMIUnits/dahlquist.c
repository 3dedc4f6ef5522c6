/* dx/dt = -k x, solved exactly over a step: x(t) = x(0) exp(-k t). Reals: 0 x, 1 der(x), 2 k. */
#define UNIT_SIZE 4
#include FMI
static void start(Instance *x) { x->r[0] = 1; x->r[2] = 1; }
static void derive(Instance *x) { x->r[1] = -x->r[2] * x->r[0]; }
static int step(Instance *x, double t, double h) { x->r[0] *= exp(-x->r[2] * h); return 0; }
