/// A call that was not done.
struct CallFailure: Error {
  var call: FMUCall
  var status: FMUStatus
  var reason: String?
}

/// A library that cannot be loaded, or lacks a function that the standard asks for.
struct UnusableLibrary: Error { var reason: String }

/// Slots of one type that are set or read by one call.
struct SlotGroup {
  var type: VariableType
  var references: [UInt32] = []
  /// Values of all of them together.
  var width = 0

  /// Neighbours of one type in one group each.
  static func groups(_ slots: [Slot]) -> [SlotGroup] {
    var groups: [SlotGroup] = []
    for slot in slots {
      if groups.last?.type != slot.type { groups.append(SlotGroup(type: slot.type)) }
      groups[groups.count - 1].references.append(slot.reference)
      groups[groups.count - 1].width += slot.count
    }
    return groups
  }
}

/// One loaded unit of either version of the standard.
protocol CoSimulation: AnyObject {
  /// Makes the instance; there is none yet, or it has been freed.
  func instantiate() throws(CallFailure)
  func freeInstance()
  /// Before the start values are set. FMI 3 has no such call.
  func setupExperiment(at time: Double, stopTime: Double?, tolerance: Double?) throws(CallFailure)
  func enterInitializationMode(at time: Double, stopTime: Double?, tolerance: Double?) throws(CallFailure)
  func exitInitializationMode() throws(CallFailure)
  func doStep(at time: Double, by step: Double) throws(CallFailure)
  func reset() throws(CallFailure)
  /// Saves the whole state in a place, 0 or 1, instead of what was there.
  func saveState(_ place: Int) throws(CallFailure)
  func restoreState(_ place: Int) throws(CallFailure)
  func set(_ group: SlotGroup, _ values: UnsafePointer<Double>) throws(CallFailure)
  func get(_ group: SlotGroup, _ values: UnsafeMutablePointer<Double>) throws(CallFailure)
}

extension Int32 {
  /// Turns a status that is not done into an error.
  func done(_ call: FMUCall) throws(CallFailure) {
    let status = FMUStatus(rawValue: self) ?? .fatal
    if !status.isDone { throw CallFailure(call: call, status: status) }
  }
}
