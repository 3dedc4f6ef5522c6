internal import PlantModel
internal import Quantities

/// How a stage is run by randomised pairs: on one machine after the other arm, or on like machines side by side.
enum PairedDesign {
  case switchback(SwitchbackDesign)
  case interleave(InterleaveDesign)

  var calendar: SwitchbackDesign {
    switch self {
    case .switchback(let design): design
    case .interleave(let design): design.calendar
    }
  }

  /// What has to stand before the calendar begins. Machines in turn: what the first period takes, so that no machine is moved that stands as control.
  func targets(beforeFirst change: ChangeRecord) -> [String: Double] {
    guard case .interleave(let design) = self, let first = design.calendar.position(at: .distantPast, since: .distantPast) else {
      return change.targets
    }
    return design.targets(change, at: first)
  }

  func targets(_ change: ChangeRecord, at position: SwitchbackDesign.Position) -> [String: Double] {
    switch self {
    case .switchback: position.arm == .candidate ? change.targets : change.lastKnownGood
    case .interleave(let design): design.targets(change, at: position)
    }
  }

  /// Whether anything of the change is in force in a period.
  func isCarried(inPeriod number: Int) -> Bool {
    switch self {
    case .switchback(let design): design.arm(inPeriod: number) == .candidate
    case .interleave(let design): design.calendar.arm(inPeriod: number) == .candidate || !design.sides(of: number / 2).against.isEmpty
    }
  }

  /// Who carries the move, for the ledger; nil where all of it is in force or none.
  func carrying(at position: SwitchbackDesign.Position) -> [String]? {
    if case .interleave(let design) = self { design.carrying(at: position).move } else { nil }
  }
}
