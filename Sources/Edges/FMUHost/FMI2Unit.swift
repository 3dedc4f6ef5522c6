import Glibc

/// A co-simulation unit of FMI 2.0, by its C interface.
///
/// - Source: Functional Mock-up Interface for Model Exchange and Co-Simulation 2.0.4, sections 2.1 and 4.2.
@safe final class FMI2Unit: CoSimulation {
  private typealias Unit = UnsafeMutableRawPointer?
  private typealias Text = UnsafePointer<CChar>?
  private typealias Plain = @convention(c) (Unit) -> Int32
  private typealias State = @convention(c) (Unit, UnsafeMutablePointer<UnsafeMutableRawPointer?>?) -> Int32

  /// fmi2CallbackFunctions.
  @safe private struct Callbacks {
    var logger: (@convention(c) (UnsafeMutableRawPointer?, Text, Int32, Text, Text, UnsafeRawPointer?) -> Void)?
    var allocateMemory: (@convention(c) (Int, Int) -> UnsafeMutableRawPointer?)?
    var freeMemory: (@convention(c) (UnsafeMutableRawPointer?) -> Void)?
    var stepFinished: (@convention(c) (UnsafeMutableRawPointer?, Int32) -> Void)?
    var environment: UnsafeMutableRawPointer?
  }

  private let load: HostLoad
  private let make: @convention(c) (Text, Int32, Text, Text, UnsafeRawPointer?, Int32, Int32) -> Unit
  private let free: @convention(c) (Unit) -> Void
  private let setup: @convention(c) (Unit, Int32, Double, Double, Int32, Double) -> Int32
  private let (enter, exit, rewind): (Plain, Plain, Plain)
  private let step: @convention(c) (Unit, Double, Double, Int32) -> Int32
  private let setReal: @convention(c) (Unit, UnsafePointer<UInt32>?, Int, UnsafePointer<Double>?) -> Int32
  private let getReal: @convention(c) (Unit, UnsafePointer<UInt32>?, Int, UnsafeMutablePointer<Double>?) -> Int32
  private typealias SetWhole = @convention(c) (Unit, UnsafePointer<UInt32>?, Int, UnsafePointer<Int32>?) -> Int32
  private typealias GetWhole = @convention(c) (Unit, UnsafePointer<UInt32>?, Int, UnsafeMutablePointer<Int32>?) -> Int32
  private let (setInteger, setBoolean): (SetWhole, SetWhole)
  private let (getInteger, getBoolean): (GetWhole, GetWhole)
  private let getState: State?
  private let setState: (@convention(c) (Unit, UnsafeMutableRawPointer?) -> Int32)?
  /// The unit keeps the pointer.
  private let callbacks: UnsafeMutablePointer<Callbacks>
  private var unit: Unit = nil
  private var states: [UnsafeMutableRawPointer?] = unsafe [nil, nil]

  init(_ load: HostLoad) throws(UnusableLibrary) {
    self.load = load
    let library = try SharedLibrary(load.library)
    unsafe make = try library.function("fmi2Instantiate")
    unsafe free = try library.function("fmi2FreeInstance")
    unsafe setup = try library.function("fmi2SetupExperiment")
    unsafe enter = try library.function("fmi2EnterInitializationMode")
    unsafe exit = try library.function("fmi2ExitInitializationMode")
    unsafe rewind = try library.function("fmi2Reset")
    unsafe step = try library.function("fmi2DoStep")
    unsafe setReal = try library.function("fmi2SetReal")
    unsafe getReal = try library.function("fmi2GetReal")
    unsafe setInteger = try library.function("fmi2SetInteger")
    unsafe getInteger = try library.function("fmi2GetInteger")
    unsafe setBoolean = try library.function("fmi2SetBoolean")
    unsafe getBoolean = try library.function("fmi2GetBoolean")
    unsafe getState = try? library.function("fmi2GetFMUstate", as: State.self)
    unsafe setState = try? library.function("fmi2SetFMUstate")
    unsafe callbacks = .allocate(capacity: 1)
    unsafe callbacks.initialize(
      to: Callbacks(
        // The standard's logger takes what printf takes. Of that the one common case is understood: "%s" with the text itself, which the
        // calling conventions of the platforms that we run on pass like a sixth parameter.
        logger: { _, _, status, _, message, first in
          guard let message = unsafe message else { return }
          var text = unsafe String(cString: message)
          if text == "%s", let first = unsafe first { text = unsafe String(cString: first.assumingMemoryBound(to: CChar.self)) }
          UnitMessages.add(status, text)
        },
        allocateMemory: { unsafe calloc($0, $1) }, freeMemory: { unsafe Glibc.free($0) }, stepFinished: nil, environment: nil))
  }

  func instantiate() throws(CallFailure) {
    // A URI, by the standard.
    let resources = "file://" + FMI2Unit.percentEncoded(load.resources)
    unsafe unit = unsafe make(load.instanceName, 1, load.token, resources, callbacks, 0, 0)
    if unsafe unit == nil { throw CallFailure(call: .instantiate, status: .error, reason: "no instance was given") }
  }

  func freeInstance() {
    // The states belong to the instance, and go with it.
    unsafe states = [nil, nil]
    if unsafe unit != nil { unsafe free(unit) }
    unsafe unit = nil
  }

  func setupExperiment(at time: Double, stopTime: Double?, tolerance: Double?) throws(CallFailure) {
    try unsafe setup(unit, tolerance == nil ? 0 : 1, tolerance ?? 0, time, stopTime == nil ? 0 : 1, stopTime ?? 0).done(.setupExperiment)
  }

  func enterInitializationMode(at time: Double, stopTime: Double?, tolerance: Double?) throws(CallFailure) {
    try unsafe enter(unit).done(.enterInitializationMode)
  }

  func exitInitializationMode() throws(CallFailure) { try unsafe exit(unit).done(.exitInitializationMode) }
  func doStep(at time: Double, by h: Double) throws(CallFailure) { try unsafe step(unit, time, h, 1).done(.doStep) }
  func reset() throws(CallFailure) { try unsafe rewind(unit).done(.reset) }

  func saveState(_ place: Int) throws(CallFailure) {
    guard let getState = unsafe getState else { throw CallFailure(call: .getFMUState, status: .error, reason: "the library has no such function") }
    try unsafe getState(unit, &states[place]).done(.getFMUState)
  }

  func restoreState(_ place: Int) throws(CallFailure) {
    guard let setState = unsafe setState else { throw CallFailure(call: .setFMUState, status: .error, reason: "the library has no such function") }
    try unsafe setState(unit, states[place]).done(.setFMUState)
  }

  func set(_ group: SlotGroup, _ values: UnsafePointer<Double>) throws(CallFailure) {
    let count = group.references.count
    if group.type == .float64 { return try unsafe setReal(unit, group.references, count, values).done(.set) }
    let whole = (0..<count).map { Int32(max(-2_147_483_648, min(2_147_483_647, unsafe values[$0].rounded()))) }
    try unsafe (group.type == .boolean ? setBoolean : setInteger)(unit, group.references, count, whole).done(.set)
  }

  func get(_ group: SlotGroup, _ values: UnsafeMutablePointer<Double>) throws(CallFailure) {
    let count = group.references.count
    if group.type == .float64 { return try unsafe getReal(unit, group.references, count, values).done(.get) }
    var whole = [Int32](repeating: 0, count: count)
    try unsafe (group.type == .boolean ? getBoolean : getInteger)(unit, group.references, count, &whole).done(.get)
    for k in 0..<count { unsafe values[k] = Double(whole[k]) }
  }

  private static func percentEncoded(_ path: String) -> String {
    let safe = Set("/-._~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in path.utf8 { bytes += safe.contains(byte) ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
