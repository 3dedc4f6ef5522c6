/* What the test units of FMI 2.0 share: types of the standard, and an instance that holds its reals. Each unit defines
   UNIT_SIZE, start, derive, step. Written for Takt's tests. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef void *Unit;
typedef struct { double r[UNIT_SIZE]; double time; } Instance;
typedef struct { void (*log)(void *, const char *, int, const char *, const char *, ...); } Callbacks;
static const Callbacks *callbacks;
#define SAY(text) callbacks->log(0, "unit", 3, "error", "%s", text)

static void start(Instance *x);                         /* start values */
static void derive(Instance *x);                        /* outputs from states, parameters and inputs */
static int step(Instance *x, double t, double h);       /* an fmi2Status */

Unit fmi2Instantiate(const char *name, int type, const char *guid, const char *resources, const void *given, int visible, int logging) {
  callbacks = given;
  if (strcmp(guid, "{takt}") != 0 || type != 1 || strncmp(resources, "file:///", 8) != 0) return 0;
  Instance *x = calloc(1, sizeof *x);
  start(x);
  return x;
}
void fmi2FreeInstance(Unit u) { free(u); }
int fmi2SetupExperiment(Unit u, int toleranceDefined, double tolerance, double t, int stopDefined, double stop) { ((Instance *)u)->time = t; return 0; }
int fmi2EnterInitializationMode(Unit u) { return 0; }
int fmi2ExitInitializationMode(Unit u) { derive(u); return 0; }
int fmi2Terminate(Unit u) { return 0; }
int fmi2Reset(Unit u) { memset(u, 0, sizeof(Instance)); start(u); return 0; }
int fmi2GetReal(Unit u, const unsigned *vr, size_t n, double *v) { derive(u); for (size_t i = 0; i < n; i++) v[i] = ((Instance *)u)->r[vr[i]]; return 0; }
int fmi2SetReal(Unit u, const unsigned *vr, size_t n, const double *v) { for (size_t i = 0; i < n; i++) ((Instance *)u)->r[vr[i]] = v[i]; return 0; }
int fmi2GetInteger(Unit u, const unsigned *vr, size_t n, int *v) { for (size_t i = 0; i < n; i++) v[i] = (int)((Instance *)u)->r[vr[i]]; return 0; }
int fmi2SetInteger(Unit u, const unsigned *vr, size_t n, const int *v) { for (size_t i = 0; i < n; i++) ((Instance *)u)->r[vr[i]] = v[i]; return 0; }
int fmi2GetBoolean(Unit u, const unsigned *vr, size_t n, int *v) { for (size_t i = 0; i < n; i++) v[i] = ((Instance *)u)->r[vr[i]] != 0; return 0; }
int fmi2SetBoolean(Unit u, const unsigned *vr, size_t n, const int *v) { for (size_t i = 0; i < n; i++) ((Instance *)u)->r[vr[i]] = v[i] != 0; return 0; }
int fmi2DoStep(Unit u, double t, double h, int noSet) { int status = step(u, t, h); ((Instance *)u)->time = t + h; return status; }
int fmi2GetFMUstate(Unit u, void **state) { if (!*state) *state = malloc(sizeof(Instance)); memcpy(*state, u, sizeof(Instance)); return 0; }
int fmi2SetFMUstate(Unit u, void *state) { memcpy(u, state, sizeof(Instance)); return 0; }
int fmi2FreeFMUstate(Unit u, void **state) { free(*state); *state = 0; return 0; }

/* What the standard asks for and these units do not need: a strict importer looks each of them up. */
#define NOT_NEEDED(name) int name() { return 3; }
const char *fmi2GetTypesPlatform(void) { return "default"; }
const char *fmi2GetVersion(void) { return "2.0"; }
int fmi2SetDebugLogging() { return 0; }
NOT_NEEDED(fmi2GetString) NOT_NEEDED(fmi2SetString) NOT_NEEDED(fmi2SerializedFMUstateSize) NOT_NEEDED(fmi2SerializeFMUstate)
NOT_NEEDED(fmi2DeSerializeFMUstate) NOT_NEEDED(fmi2GetDirectionalDerivative) NOT_NEEDED(fmi2SetRealInputDerivatives)
NOT_NEEDED(fmi2GetRealOutputDerivatives) NOT_NEEDED(fmi2CancelStep) NOT_NEEDED(fmi2GetStatus) NOT_NEEDED(fmi2GetRealStatus)
NOT_NEEDED(fmi2GetIntegerStatus) NOT_NEEDED(fmi2GetBooleanStatus) NOT_NEEDED(fmi2GetStringStatus)
