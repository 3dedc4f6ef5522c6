import Glibc

/// A co-simulation unit of FMI 3.0, by its C interface. Neither event mode nor early return is asked for: the unit handles its events itself.
///
/// - Source: Functional Mock-up Interface 3.0.1, sections 2.2 and 4.2.
@safe final class FMI3Unit: CoSimulation {
  private typealias Unit = UnsafeMutableRawPointer?
  private typealias Text = UnsafePointer<CChar>?
  private typealias Plain = @convention(c) (Unit) -> Int32
  private typealias Log = @convention(c) (UnsafeMutableRawPointer?, Int32, Text, Text) -> Void
  private typealias State = @convention(c) (Unit, UnsafeMutablePointer<UnsafeMutableRawPointer?>?) -> Int32
  fileprivate typealias Access = @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<UInt32>?, Int, UnsafeMutableRawPointer?, Int) -> Int32

  private let load: HostLoad
  private let make:
    @convention(c) (Text, Text, Text, Bool, Bool, Bool, Bool, UnsafePointer<UInt32>?, Int, UnsafeMutableRawPointer?, Log?, UnsafeRawPointer?) -> Unit
  private let free: @convention(c) (Unit) -> Void
  private let enter: @convention(c) (Unit, Bool, Double, Double, Bool, Double) -> Int32
  private let (exit, rewind): (Plain, Plain)
  private let step:
    @convention(c) (
      Unit, Double, Double, Bool, UnsafeMutablePointer<Bool>?, UnsafeMutablePointer<Bool>?, UnsafeMutablePointer<Bool>?,
      UnsafeMutablePointer<Double>?
    ) -> Int32
  private let getState: State?
  private let setState: (@convention(c) (Unit, UnsafeMutableRawPointer?) -> Int32)?
  /// Setters and getters by type; one that is not there is missed when it is called.
  private let setters: [VariableType: Access]
  private let getters: [VariableType: Access]
  private var unit: Unit = nil
  private var states: [UnsafeMutableRawPointer?] = unsafe [nil, nil]

  init(_ load: HostLoad) throws(UnusableLibrary) {
    self.load = load
    let library = try SharedLibrary(load.library)
    unsafe make = try library.function("fmi3InstantiateCoSimulation")
    unsafe free = try library.function("fmi3FreeInstance")
    unsafe enter = try library.function("fmi3EnterInitializationMode")
    unsafe exit = try library.function("fmi3ExitInitializationMode")
    unsafe rewind = try library.function("fmi3Reset")
    unsafe step = try library.function("fmi3DoStep")
    unsafe getState = try? library.function("fmi3GetFMUState", as: State.self)
    unsafe setState = try? library.function("fmi3SetFMUState")
    var (setters, getters): ([VariableType: Access], [VariableType: Access]) = unsafe ([:], [:])
    for (type, name) in Self.names {
      unsafe setters[type] = try? library.function("fmi3Set\(name)", as: Access.self)
      unsafe getters[type] = try? library.function("fmi3Get\(name)", as: Access.self)
    }
    (unsafe self.setters, unsafe self.getters) = unsafe (setters, getters)
  }

  private static let names: [(VariableType, String)] = [
    (.float64, "Float64"), (.float32, "Float32"), (.int8, "Int8"), (.uint8, "UInt8"), (.int16, "Int16"), (.uint16, "UInt16"), (.int32, "Int32"),
    (.uint32, "UInt32"), (.int64, "Int64"), (.uint64, "UInt64"), (.boolean, "Boolean"), (.enumeration, "Int64"),
  ]

  func instantiate() throws(CallFailure) {
    let log: Log = { _, status, _, message in if let message = unsafe message { UnitMessages.add(status, unsafe String(cString: message)) } }
    let resources = load.resources.hasSuffix("/") ? load.resources : load.resources + "/"
    unsafe unit = unsafe make(load.instanceName, load.token, resources, false, false, false, false, nil, 0, nil, log, nil)
    if unsafe unit == nil { throw CallFailure(call: .instantiate, status: .error, reason: "no instance was given") }
  }

  func freeInstance() {
    // The states belong to the instance, and go with it.
    unsafe states = [nil, nil]
    if unsafe unit != nil { unsafe free(unit) }
    unsafe unit = nil
  }

  func setupExperiment(at time: Double, stopTime: Double?, tolerance: Double?) {}

  func enterInitializationMode(at time: Double, stopTime: Double?, tolerance: Double?) throws(CallFailure) {
    try unsafe enter(unit, tolerance != nil, tolerance ?? 0, time, stopTime != nil, stopTime ?? 0).done(.enterInitializationMode)
  }

  func exitInitializationMode() throws(CallFailure) { try unsafe exit(unit).done(.exitInitializationMode) }
  func reset() throws(CallFailure) { try unsafe rewind(unit).done(.reset) }

  func doStep(at time: Double, by h: Double) throws(CallFailure) {
    var (needsEvents, ends, isEarly, reached) = (false, false, false, time + h)
    try unsafe step(unit, time, h, true, &needsEvents, &ends, &isEarly, &reached).done(.doStep)
    if ends { throw CallFailure(call: .doStep, status: .discard, reason: "the unit asks to end the simulation at \(reached)") }
    if isEarly { throw CallFailure(call: .doStep, status: .error, reason: "the unit returned early at \(reached), which it was told not to do") }
  }

  func saveState(_ place: Int) throws(CallFailure) {
    guard let getState = unsafe getState else { throw CallFailure(call: .getFMUState, status: .error, reason: "the library has no such function") }
    try unsafe getState(unit, &states[place]).done(.getFMUState)
  }

  func restoreState(_ place: Int) throws(CallFailure) {
    guard let setState = unsafe setState else { throw CallFailure(call: .setFMUState, status: .error, reason: "the library has no such function") }
    try unsafe setState(unit, states[place]).done(.setFMUState)
  }

  func set(_ group: SlotGroup, _ values: UnsafePointer<Double>) throws(CallFailure) {
    guard let access = unsafe setters[group.type] else { throw missing(.set, group.type) }
    let (unit, count) = unsafe (unit, group.width)
    func put<Value: BitwiseCopyable>(_ convert: (Double) -> Value) -> Int32 {
      var copy = (0..<count).map { convert(unsafe values[$0]) }
      return unsafe access(unit, group.references, group.references.count, &copy, count)
    }
    func whole<Value: FixedWidthInteger & BitwiseCopyable>(_: Value.Type) -> Int32 { put { Value(clamping: Int64(clampedRounding: $0)) } }
    let status =
      switch group.type {
      case .float64: unsafe access(unit, group.references, group.references.count, UnsafeMutableRawPointer(mutating: values), count)
      case .float32: put { Float($0) }
      case .boolean: put { $0 != 0 }
      case .int8: whole(Int8.self)
      case .uint8: whole(UInt8.self)
      case .int16: whole(Int16.self)
      case .uint16: whole(UInt16.self)
      case .int32: whole(Int32.self)
      case .uint32: whole(UInt32.self)
      case .uint64: whole(UInt64.self)
      default: whole(Int64.self)
      }
    try status.done(.set)
  }

  func get(_ group: SlotGroup, _ values: UnsafeMutablePointer<Double>) throws(CallFailure) {
    guard let access = unsafe getters[group.type] else { throw missing(.get, group.type) }
    let (unit, count) = unsafe (unit, group.width)
    func take<Value: BitwiseCopyable>(_ zero: Value, _ convert: (Value) -> Double) -> Int32 {
      var copy = [Value](repeating: zero, count: count)
      let status = unsafe access(unit, group.references, group.references.count, &copy, count)
      for k in 0..<count { unsafe values[k] = convert(copy[k]) }
      return status
    }
    func whole<Value: FixedWidthInteger & BitwiseCopyable>(_: Value.Type) -> Int32 { take(Value(0)) { Double($0) } }
    let status =
      switch group.type {
      case .float64: unsafe access(unit, group.references, group.references.count, values, count)
      case .float32: take(Float(0)) { Double($0) }
      case .boolean: take(false) { $0 ? 1 : 0 }
      case .int8: whole(Int8.self)
      case .uint8: whole(UInt8.self)
      case .int16: whole(Int16.self)
      case .uint16: whole(UInt16.self)
      case .int32: whole(Int32.self)
      case .uint32: whole(UInt32.self)
      case .uint64: whole(UInt64.self)
      default: whole(Int64.self)
      }
    try status.done(.get)
  }

  private func missing(_ call: FMUCall, _ type: VariableType) -> CallFailure {
    CallFailure(call: call, status: .error, reason: "the library has no such function for \(type)")
  }
}

extension Int64 {
  /// The nearest whole number, cut at the ends; 0 for what is not a number.
  fileprivate init(clampedRounding value: Double) {
    self = value.isNaN ? 0 : value >= 9.2e18 ? .max : value <= -9.2e18 ? .min : Int64(value.rounded())
  }
}
