/// A system with finitely many states, each packed into one word, whose every step can be listed.
///
/// What packs is up to the system; two words are the same state if and only if they are equal. `UInt64.max` stands for no state.
public protocol TransitionSystem {
  /// Where the system starts; a state that keeps every invariant.
  var initial: UInt64 { get }

  /// Names of the invariants; `StepBuffer.add(…, breaking:)` takes 1 + the index of one.
  var invariants: [String] { get }

  /// Adds every step that can be taken from `state`. Steps that change nothing need not be added.
  func steps(from state: UInt64, into steps: inout StepBuffer)

  /// What a step is called, for a person.
  func name(ofAction action: UInt8) -> String

  /// A state in one line, for a person.
  func text(of state: UInt64) -> String

  /// Bits that say what has been reached in this state (up to 64 landmarks); the explorer counts the states that carry each.
  func landmarks(of state: UInt64) -> UInt64
}

extension TransitionSystem {
  /// None.
  public func landmarks(of state: UInt64) -> UInt64 { 0 }
}

/// The steps from one state, filled by the system and emptied by whoever walks.
///
/// Fixed room, because the walk fills it millions of times.
@safe public struct StepBuffer: ~Copyable {
  private let states: UnsafeMutablePointer<UInt64>
  private let labels: UnsafeMutablePointer<UInt16>
  private let room: Int
  /// How many steps there are; the indices below run from 0 to it.
  public private(set) var count = 0

  /// Empty.
  ///
  /// - Parameter room: the most steps that one state has, at least one.
  public init(room: Int = 128) {
    precondition(room > 0, "a step buffer of \(room) steps")
    self.room = room
    unsafe states = .allocate(capacity: room)
    unsafe labels = .allocate(capacity: room)
    unsafe states.initialize(repeating: 0, count: room)
    unsafe labels.initialize(repeating: 0, count: room)
  }

  deinit {
    unsafe states.deallocate()
    unsafe labels.deallocate()
  }

  /// Adds a step.
  ///
  /// - Parameters:
  ///   - next: the state that it leads to.
  ///   - action: its label, 0…255.
  ///   - invariant: 1 + the index of the first invariant that the step or its end breaks, 0…255; 0 where none is broken.
  /// - Precondition: there is room, and `action` is a label. (Both are words of 16 bits because a debug build converts between widths at a price.)
  public mutating func add(_ next: UInt64, action: UInt16, breaking invariant: UInt16 = 0) {
    precondition(count < room, "a state has more than \(room) steps")
    precondition(action <= 0xFF, "\(action) is no action's label")
    unsafe states[count] = next
    unsafe labels[count] = action | invariant &<< 8
    count += 1
  }

  /// Makes it empty for the next state.
  public mutating func removeAll() { count = 0 }

  /// The state that the step leads to.
  public func state(_ index: Int) -> UInt64 {
    precondition(index >= 0 && index < count, "step \(index) of \(count)")
    return unsafe states[index]
  }

  /// The step's label.
  public func action(_ index: Int) -> UInt8 {
    precondition(index >= 0 && index < count, "step \(index) of \(count)")
    return UInt8(truncatingIfNeeded: unsafe labels[index])
  }

  /// 1 + the index of the invariant that the step breaks, or 0.
  public func broken(_ index: Int) -> Int {
    precondition(index >= 0 && index < count, "step \(index) of \(count)")
    return Int(unsafe labels[index] &>> 8)
  }

  /// Without the check of bounds, for the walk itself, which counts for itself.
  func word(_ index: Int) -> UInt64 { unsafe states[index] }
  func label(_ index: Int) -> UInt16 { unsafe labels[index] }
}
