/* The same for FMI 3.0. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef void *Unit;
typedef struct { double r[UNIT_SIZE]; double time; } Instance;
typedef void (*Log)(void *, int, const char *, const char *);
static Log say;
#define SAY(text) say(0, 3, "error", text)

static void start(Instance *x);
static void derive(Instance *x);
static int step(Instance *x, double t, double h);

Unit fmi3InstantiateCoSimulation(const char *name, const char *token, const char *resources, bool visible, bool logging, bool events, bool early,
                                 const uint32_t *intermediate, size_t n, void *environment, Log log, const void *update) {
  say = log;
  if (strcmp(token, "{takt}") != 0 || resources[strlen(resources) - 1] != '/') return 0;
  Instance *x = calloc(1, sizeof *x);
  start(x);
  return x;
}
void fmi3FreeInstance(Unit u) { free(u); }
int fmi3EnterInitializationMode(Unit u, bool td, double tolerance, double t, bool sd, double stop) { ((Instance *)u)->time = t; return 0; }
int fmi3ExitInitializationMode(Unit u) { derive(u); return 0; }
int fmi3Terminate(Unit u) { return 0; }
int fmi3Reset(Unit u) { memset(u, 0, sizeof(Instance)); start(u); return 0; }
/* One value for each reference, but for reference 100: the first three together, as an array. */
int fmi3GetFloat64(Unit u, const uint32_t *vr, size_t n, double *v, size_t m) {
  derive(u);
  size_t k = 0;
  for (size_t i = 0; i < n; i++) {
    if (vr[i] == 100) for (int j = 0; j < 3; j++) v[k++] = ((Instance *)u)->r[j];
    else v[k++] = ((Instance *)u)->r[vr[i]];
  }
  return k == m ? 0 : 3;
}
int fmi3SetFloat64(Unit u, const uint32_t *vr, size_t n, const double *v, size_t m) { for (size_t i = 0; i < n; i++) ((Instance *)u)->r[vr[i]] = v[i]; return n == m ? 0 : 3; }
int fmi3GetInt8(Unit u, const uint32_t *vr, size_t n, int8_t *v, size_t m) { for (size_t i = 0; i < n; i++) v[i] = (int8_t)((Instance *)u)->r[vr[i]]; return 0; }
int fmi3SetInt8(Unit u, const uint32_t *vr, size_t n, const int8_t *v, size_t m) { for (size_t i = 0; i < n; i++) ((Instance *)u)->r[vr[i]] = v[i]; return 0; }
int fmi3GetBoolean(Unit u, const uint32_t *vr, size_t n, bool *v, size_t m) { for (size_t i = 0; i < n; i++) v[i] = ((Instance *)u)->r[vr[i]] != 0; return 0; }
int fmi3SetBoolean(Unit u, const uint32_t *vr, size_t n, const bool *v, size_t m) { for (size_t i = 0; i < n; i++) ((Instance *)u)->r[vr[i]] = v[i]; return 0; }
int fmi3DoStep(Unit u, double t, double h, bool noSet, bool *events, bool *ends, bool *early, double *last) {
  *events = *ends = *early = false;
  int status = step(u, t, h);
  ((Instance *)u)->time = *last = t + h;
  return status;
}
int fmi3GetFMUState(Unit u, void **state) { if (!*state) *state = malloc(sizeof(Instance)); memcpy(*state, u, sizeof(Instance)); return 0; }
int fmi3SetFMUState(Unit u, void *state) { memcpy(u, state, sizeof(Instance)); return 0; }
int fmi3FreeFMUState(Unit u, void **state) { free(*state); *state = 0; return 0; }

/* What the standard asks for and these units do not need: a strict importer looks each of them up. */
#define NOT_NEEDED(name) int fmi3##name() { return 3; }
const char *fmi3GetVersion(void) { return "3.0"; }
int fmi3SetDebugLogging() { return 0; }
NOT_NEEDED(GetFloat32) NOT_NEEDED(SetFloat32) NOT_NEEDED(GetUInt8) NOT_NEEDED(SetUInt8) NOT_NEEDED(GetInt16) NOT_NEEDED(SetInt16)
NOT_NEEDED(GetUInt16) NOT_NEEDED(SetUInt16) NOT_NEEDED(GetInt32) NOT_NEEDED(SetInt32) NOT_NEEDED(GetUInt32) NOT_NEEDED(SetUInt32)
NOT_NEEDED(GetInt64) NOT_NEEDED(SetInt64) NOT_NEEDED(GetUInt64) NOT_NEEDED(SetUInt64) NOT_NEEDED(GetString) NOT_NEEDED(SetString)
NOT_NEEDED(GetBinary) NOT_NEEDED(SetBinary) NOT_NEEDED(GetClock) NOT_NEEDED(SetClock) NOT_NEEDED(EnterEventMode)
NOT_NEEDED(EnterConfigurationMode) NOT_NEEDED(ExitConfigurationMode) NOT_NEEDED(EnterStepMode) NOT_NEEDED(UpdateDiscreteStates)
NOT_NEEDED(EvaluateDiscreteStates) NOT_NEEDED(GetNumberOfVariableDependencies) NOT_NEEDED(GetVariableDependencies)
NOT_NEEDED(SerializedFMUStateSize) NOT_NEEDED(SerializeFMUState) NOT_NEEDED(DeserializeFMUState) NOT_NEEDED(GetDirectionalDerivative)
NOT_NEEDED(GetAdjointDerivative) NOT_NEEDED(GetIntervalDecimal) NOT_NEEDED(GetIntervalFraction) NOT_NEEDED(GetShiftDecimal)
NOT_NEEDED(GetShiftFraction) NOT_NEEDED(SetIntervalDecimal) NOT_NEEDED(SetIntervalFraction) NOT_NEEDED(SetShiftDecimal)
NOT_NEEDED(SetShiftFraction) NOT_NEEDED(GetOutputDerivatives) NOT_NEEDED(ActivateModelPartition)
NOT_NEEDED(CompletedIntegratorStep) NOT_NEEDED(SetTime) NOT_NEEDED(SetContinuousStates) NOT_NEEDED(GetContinuousStateDerivatives)
NOT_NEEDED(GetEventIndicators) NOT_NEEDED(GetContinuousStates) NOT_NEEDED(GetNominalsOfContinuousStates) NOT_NEEDED(GetNumberOfEventIndicators)
NOT_NEEDED(GetNumberOfContinuousStates) NOT_NEEDED(EnterContinuousTimeMode) NOT_NEEDED(InstantiateModelExchange)
NOT_NEEDED(InstantiateScheduledExecution)
