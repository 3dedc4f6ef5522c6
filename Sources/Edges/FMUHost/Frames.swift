/// A frame is the length of its body, four bytes, little-endian, and the body. In it numbers are little-endian, a text or list has its count first.
public enum Frame {
  /// A longer frame is an error, not data.
  public static let limit = 1 << 31

  /// The frame of a request.
  public static func encoded(_ request: HostRequest) -> [UInt8] {
    var out = ByteWriter()
    switch request {
    case .load(let load):
      out.byte(0)
      out.byte(UInt8(load.major))
      for text in [load.library, load.resources, load.token, load.instanceName] { out.text(text) }
    case .run(let run):
      out.byte(1)
      out.byte(run.rewinding.rawValue)
      out.slots(run.start)
      out.numbers(run.startValues)
      out.optional(run.stopTime)
      out.optional(run.tolerance)
      out.numbers(run.points)
      out.slots(run.inputs)
      out.numbers(run.inputValues)
      out.slots(run.records)
      out.byte(run.readsAfterInputs ? 1 : 0)
      out.optional(run.repeatsFrom.map(Double.init))
    }
    return out.bytes
  }

  /// Nil where the bytes are no request.
  public static func request(_ bytes: [UInt8]) -> HostRequest? {
    var input = ByteReader(bytes)
    switch input.byte() {
    case 0:
      guard let major = input.byte(), let library = input.text(), let resources = input.text(), let token = input.text(), let name = input.text()
      else { return nil }
      return .load(HostLoad(major: Int(major), library: library, resources: resources, token: token, instanceName: name))
    case 1:
      guard let rewinding = input.byte().flatMap(Rewinding.init) else { return nil }
      var run = HostRun(rewinding: rewinding)
      guard let start = input.slots(), let values = input.numbers(), let stop = input.optional(), let tolerance = input.optional(),
        let points = input.numbers(), let inputs = input.slots(), let inputValues = input.numbers(), let records = input.slots(),
        let after = input.byte(), let repeats = input.optional()
      else { return nil }
      (run.start, run.startValues, run.stopTime, run.tolerance, run.points) = (start, values, stop.value, tolerance.value, points)
      (run.inputs, run.inputValues, run.records, run.readsAfterInputs) = (inputs, inputValues, records, after == 1)
      run.repeatsFrom = repeats.value.map { Int($0) }
      return .run(run)
    default: return nil
    }
  }

  /// The frame of a reply.
  public static func encoded(_ reply: HostReply) -> [UInt8] {
    var out = ByteWriter()
    switch reply {
    case .loaded: out.byte(0)
    case .rows(let values):
      out.byte(1)
      out.numbers(values)
    case .failed(let call, let status, let time, let messages):
      out.byte(2)
      out.byte(call.rawValue)
      out.byte(UInt8(status.rawValue))
      out.number(time)
      out.count(messages.count)
      messages.forEach { out.text($0) }
    case .unusable(let reason):
      out.byte(3)
      out.text(reason)
    }
    return out.bytes
  }

  /// Nil where the bytes are no reply.
  public static func reply(_ bytes: [UInt8]) -> HostReply? {
    var input = ByteReader(bytes)
    switch input.byte() {
    case 0: return .loaded
    case 1: return input.numbers().map(HostReply.rows)
    case 2:
      guard let call = input.byte().flatMap(FMUCall.init), let status = input.byte().flatMap({ FMUStatus(rawValue: Int32($0)) }),
        let time = input.number(), let count = input.count()
      else { return nil }
      var messages: [String] = []
      for _ in 0..<count {
        guard let text = input.text() else { return nil }
        messages.append(text)
      }
      return .failed(call: call, status: status, time: time, messages: messages)
    case 3: return input.text().map(HostReply.unusable)
    default: return nil
    }
  }
}

private struct ByteWriter {
  var bytes: [UInt8] = []

  mutating func byte(_ value: UInt8) { bytes.append(value) }
  mutating func count(_ value: Int) { unsafe withUnsafeBytes(of: UInt32(value).littleEndian) { unsafe bytes.append(contentsOf: $0) } }
  mutating func number(_ value: Double) {
    unsafe withUnsafeBytes(of: value.bitPattern.littleEndian) { unsafe bytes.append(contentsOf: $0) }
  }
  mutating func numbers(_ values: [Double]) {
    count(values.count)
    bytes.reserveCapacity(bytes.count + 8 * values.count)
    // The machines that it runs on are little-endian: the values as they lie in memory.
    unsafe values.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
  }
  mutating func text(_ value: String) {
    count(value.utf8.count)
    bytes.append(contentsOf: value.utf8)
  }
  mutating func optional(_ value: Double?) {
    byte(value == nil ? 0 : 1)
    number(value ?? 0)
  }
  mutating func slots(_ slots: [Slot]) {
    count(slots.count)
    for slot in slots {
      byte(slot.type.rawValue)
      count(Int(slot.reference))
      count(slot.count)
    }
  }
}

private struct ByteReader {
  /// A number that may be absent.
  struct Optional { var value: Double? }

  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  private mutating func take(_ count: Int) -> Range<Int>? {
    guard count >= 0, place + count <= bytes.count else { return nil }
    defer { place += count }
    return place..<place + count
  }
  mutating func byte() -> UInt8? { take(1).map { bytes[$0.lowerBound] } }
  mutating func count() -> Int? {
    take(4).map { range in Int(bytes[range].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }) }
  }
  mutating func number() -> Double? {
    take(8).map { range in Double(bitPattern: bytes[range].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }) }
  }
  mutating func numbers() -> [Double]? {
    guard let count = count(), let range = take(8 * count) else { return nil }
    return unsafe [Double](unsafeUninitializedCapacity: count) { buffer, filled in
      unsafe bytes.withUnsafeBytes { unsafe UnsafeMutableRawBufferPointer(buffer).copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[range])) }
      filled = count
    }
  }
  mutating func text() -> String? {
    guard let count = count(), let range = take(count) else { return nil }
    return String(decoding: bytes[range], as: UTF8.self)
  }
  mutating func optional() -> Optional? {
    guard let flag = byte(), let value = number() else { return nil }
    return Optional(value: flag == 1 ? value : nil)
  }
  mutating func slots() -> [Slot]? {
    guard let count = count() else { return nil }
    var slots: [Slot] = []
    for _ in 0..<count {
      guard let type = byte().flatMap(VariableType.init), let reference = self.count(), let size = self.count() else { return nil }
      slots.append(Slot(type: type, reference: UInt32(reference), count: size))
    }
    return slots
  }
}
