import Testing

/// A safeguard that can be left out. The first eight are the list of the reference.
enum Removal: String, CaseIterable, CustomTestStringConvertible {
  /// A command is sent before its intent is in the ledger.
  case intentFirst = "no intent first"
  /// DONE is recorded when the command was sent, not when the plant reads it back.
  case readBack = "no read-back"
  /// A new leader does not raise the gateway's epoch before it acts.
  case seal = "no seal"
  /// A takeover is recorded in the ledger and not enforced in the gateway.
  case gatewayTakeover = "takeover in the ledger alone"
  /// The gateway does not shut when its leader has gone silent.
  case watchdog = "no watchdog"
  /// The gateway compares epochs and not commands.
  case commandFence = "fence by epoch alone"
  /// The gateway compares nothing.
  case fence = "no fence"
  /// The whole move goes out at once.
  case stages = "stage skipped"
  /// The fence is stored after the write has left.
  case fenceBeforeWrite = "fence stored after the write"
  /// A restarted gateway forgets that a write may be on its way.
  case pendingAcrossRestart = "write on its way forgotten"
  /// A takeover between the check of a write and its leaving is not seen.
  case secondLook = "takeover looked for once"
  /// A new leader believes a reading while an earlier write is on its way.
  case patientReadBack = "read back too early"
  /// A restarted gateway believes a reading while the write of its earlier life is on its way.
  case patientSettling = "earlier write settled too early"
  /// A rollback is done as soon as the plant reads the good value, without a write that fences the earlier ones.
  case rollbackWrite = "rollback without a write"

  var testDescription: String { rawValue }
}

/// `Removal` as plain flags, true where the safeguard is missing: the search asks them millions of times.
struct Safeguards {
  let intentFirst, readBack, seal, gatewayTakeover, watchdog, commandFence, fence, stages: Bool
  let fenceBeforeWrite, pendingAcrossRestart, secondLook, patientReadBack, patientSettling, rollbackWrite: Bool

  init(_ removal: Removal?) {
    intentFirst = removal == .intentFirst
    readBack = removal == .readBack
    seal = removal == .seal
    gatewayTakeover = removal == .gatewayTakeover
    watchdog = removal == .watchdog
    commandFence = removal == .commandFence
    fence = removal == .fence
    stages = removal == .stages
    fenceBeforeWrite = removal == .fenceBeforeWrite
    pendingAcrossRestart = removal == .pendingAcrossRestart
    secondLook = removal == .secondLook
    patientReadBack = removal == .patientReadBack
    patientSettling = removal == .patientSettling
    rollbackWrite = removal == .rollbackWrite
  }
}
