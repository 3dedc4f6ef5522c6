/* Well until t = 3, then what reference 1 says: 1 crashes, 2 hangs, 3 answers error, 4 answers fatal, 5 exits, 6 aborts with words; 7 leaks from the first step on. */
#include <stdio.h>
#define UNIT_SIZE 2
#include FMI
static void start(Instance *x) {}
static void derive(Instance *x) {}
static char *volatile kept;
static int step(Instance *x, double t, double h) {
  x->r[0] = t + h;
  if (x->r[1] == 7) for (int i = (kept = malloc(4 << 20), 0); i < 4 << 20; i += 4096) kept[i] = 1;
  if (t < 3) return 0;
  switch ((int)x->r[1]) {
  case 1: *(volatile int *)8 = 1; break;
  case 2: for (volatile int i = 0;; i = 1) {}
  case 3: SAY("the pump runs dry"); return 3;
  case 4: return 4;
  case 5: exit(7);
  case 6: printf("out of range\n"); fflush(stdout); abort();
  }
  return 0;
}
