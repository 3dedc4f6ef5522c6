import Glibc

/// Which call is running, written to a page that the parent can read when this process can no longer speak.
///
/// Layout: the number of calls so far (8 bytes), the communication point (8), the call (1).
@safe struct CallNote {
  private let page: UnsafeMutableRawPointer
  private var calls: UInt64 = 0

  /// Maps the file, which must have at least `CallRecord.size` bytes; a page of its own where that fails, for a unit runs without it too.
  init(path: String) {
    let file = unsafe open(path, O_RDWR | O_CLOEXEC)
    let mapped = unsafe mmap(nil, CallRecord.size, PROT_READ | PROT_WRITE, file < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED, file, 0)
    if file >= 0 { close(file) }
    unsafe page =
      mapped == MAP_FAILED ? .allocate(byteCount: CallRecord.size, alignment: 8) : mapped ?? .allocate(byteCount: CallRecord.size, alignment: 8)
  }

  /// A call begins.
  mutating func begin(_ call: FMUCall, at time: Double) {
    calls += 1
    unsafe page.storeBytes(of: call.rawValue, toByteOffset: 16, as: UInt8.self)
    unsafe page.storeBytes(of: time, toByteOffset: 8, as: Double.self)
    unsafe page.storeBytes(of: calls, as: UInt64.self)
  }
}

/// The page as its reader sees it.
public struct CallRecord: Sendable, Hashable {
  /// Bytes of the page that are used.
  public static let size = 24

  /// How many calls have begun: where it stands still, the call hangs.
  public var calls: UInt64
  /// The communication point of the call.
  public var time: Double
  /// That runs, or ran last.
  public var call: FMUCall

  /// - Parameter bytes: the page's first `size` bytes.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count >= 17, let call = FMUCall(rawValue: bytes[16]) else { return nil }
    func word(_ range: Range<Int>) -> UInt64 { bytes[range].reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    (calls, time, self.call) = (word(0..<8), Double(bitPattern: word(8..<16)), call)
  }
}
