import Quantities
public import Simulation

/// Another line than the one that stands: some of its figures changed. Written `station.Filler.mtbf=+20%,buffer.B1.capacity=40`.
public struct WhatIf: Sendable, Hashable, Codable {
  /// One figure changed.
  public struct Edit: Sendable, Hashable, Codable {
    /// As the line spells it, e.g. `station.Filler.mtbf`.
    public var path: String
    public var before: Double
    public var after: Double
    public var unit: LineKnob.Unit
  }

  /// As it was written.
  public var text: String
  public var edits: [Edit]

  /// Reads edits, separated by commas, and works out what they come to on `line`. Names are told apart without regard to case.
  ///
  /// An edit is PATH=CHANGE with a change in relation to what stands (`+20%`, `-5%`, `+1`, `-0.2 s`) or a new value (`2.1 s`, `40`, `2 %`);
  /// a sign makes the difference. Counts are rounded to whole numbers.
  /// - Throws: `WhatIfError` that names what there is.
  public init(parsing text: String, for line: LineSpec) throws(WhatIfError) {
    let knobs = line.knobs
    (self.text, edits) = (text, [])
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { $0.trimmingSpaces }
      guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty else { throw .malformed(String(part).trimmingSpaces) }
      let knob = try Self.knob(sides[0], knobs)
      if edits.contains(where: { $0.path == knob.path }) { throw .twice(knob.path) }
      edits.append(Edit(path: knob.path, before: knob.value(in: line), after: try Self.value(sides[1], knob, line), unit: knob.unit))
    }
  }

  /// The line with the edits made.
  ///
  /// - Precondition: it has the figures that the what-if was read for.
  public func applied(to line: LineSpec) -> LineSpec {
    var changed = line
    let knobs = line.knobs
    for edit in edits {
      guard let knob = knobs.first(where: { $0.path == edit.path }) else { preconditionFailure("the line has no \(edit.path)") }
      knob.set(edit.after, in: &changed)
    }
    return changed
  }

  private static func knob(_ path: String, _ knobs: [LineKnob]) throws(WhatIfError) -> LineKnob {
    let folded = path.lowercased()
    if let knob = knobs.first(where: { $0.path.lowercased() == folded }) { return knob }
    let kinds = knobs.map(\.kind).unique
    guard let dot = folded.firstIndex(of: "."), kinds.contains(String(folded[..<dot])) else {
      throw .unknown(path, what: "kind", among: kinds, meant: Spelling.nearest(to: String(folded.prefix { $0 != "." }), among: kinds))
    }
    let kind = String(folded[..<dot])
    let rest = folded[folded.index(after: dot)...]
    let owners = knobs.filter { $0.kind == kind }.map(\.owner).unique
    // Names may hold dots: the longest that fits.
    let owner = owners.filter { rest.hasPrefix($0.lowercased() + ".") || rest == $0.lowercased() }.max { $0.count < $1.count }
    guard let owner else {
      let tried = String(path.dropFirst(kind.count + 1).prefix { $0 != "." })
      throw .unknown(path, what: kind, among: owners, meant: Spelling.nearest(to: tried, among: owners))
    }
    let properties = knobs.filter { $0.kind == kind && $0.owner == owner }.map(\.property)
    let tried = String(rest.dropFirst(owner.count).drop { $0 == "." })
    throw .unknown(path, what: "figure of \(kind) \(owner)", among: properties, meant: Spelling.nearest(to: tried, among: properties))
  }

  private static func value(_ text: String, _ knob: LineKnob, _ line: LineSpec) throws(WhatIfError) -> Double {
    let before = knob.value(in: line)
    let isChange = text.first == "+" || text.first == "-" || text.first == "−"
    let plain = text.replacing("−", with: "-")
    var value: Double
    if plain.hasSuffix("%"), isChange || knob.unit == .share {
      guard let percent = Double(String(plain.dropLast()).trimmingSpaces), percent.isFinite else { throw .noNumber(knob.path, text) }
      if isChange && knob.unit == .count && before >= Double(BufferSpec.unlimited) { throw .unlimited(knob.path) }
      value = isChange ? before * (1 + percent / 100) : percent / 100
      if knob.unit == .count { value = value.rounded() }
    } else {
      let number = try quantity(plain, text, knob)
      value = isChange ? before + number : number
    }
    guard value.isFinite, value >= knob.least, knob.unit != .share || value <= 1 else {
      throw .outOfRange(knob.path, text, before: before, least: knob.least, isShare: knob.unit == .share)
    }
    if knob.unit == .count, value != value.rounded() || value >= 1e15 { throw .notWhole(knob.path, text) }
    return value
  }

  private static func quantity(_ plain: String, _ text: String, _ knob: LineKnob) throws(WhatIfError) -> Double {
    // `2.1s` is easier to type in a shell than `2.1 s`.
    let head = plain.prefix { $0.isASCII && ($0.isNumber || "+-.".contains($0)) }
    let tail = String(plain.dropFirst(head.count)).trimmingSpaces
    do throws(UnitError) {
      let quantity = try Quantity(parsing: tail.isEmpty ? String(head) : "\(head) \(tail)")
      if knob.unit == .seconds {
        if quantity.unit.dimension == .one { throw UnitError.notANumber(text) }
        return try quantity.value(in: EngineeringUnit("s"))
      }
      return try quantity.value(in: .one)
    } catch {
      throw .noNumber(knob.path, text, example: knob.unit == .seconds ? "2.1 s, 6 min, +20%" : knob.unit == .count ? "40, +1, -10%" : "2 %, +10%")
    }
  }
}

/// Why a what-if cannot be read. Retrying with the same text cannot help.
public enum WhatIfError: Error, Sendable, Hashable, CustomStringConvertible {
  case malformed(String)
  case unknown(String, what: String, among: [String], meant: String?)
  case twice(String)
  case noNumber(String, String, example: String = "+20%, 2.1 s, 40")
  case notWhole(String, String)
  case outOfRange(String, String, before: Double, least: Double, isShare: Bool)
  case unlimited(String)

  public var description: String {
    switch self {
    case .malformed(let text): "\(text.isEmpty ? "an empty change" : text): write PATH=CHANGE, e.g. station.Filler.mtbf=+20% or buffer.B1.capacity=40"
    case .unknown(let path, let what, let among, let meant):
      "\(path): there is no such \(what)\(meant.map { "; did you mean \($0)?" } ?? ".") "
        + "There \(among.count == 1 ? "is" : "are") \(among.isEmpty ? "none" : among.joined(separator: ", "))"
    case .twice(let path): "\(path) is changed twice in one variant"
    case .noNumber(let path, let text, let example): "\(path)=\(text): write a change or a value with its unit, e.g. \(example)"
    case .notWhole(let path, let text): "\(path)=\(text): it must come to a whole number"
    case .outOfRange(let path, let text, let before, let least, let isShare):
      "\(path)=\(text): from \(before) that goes out of range (\(least) \(isShare ? "to 1" : "or more"))"
    case .unlimited(let path): "\(path) has no limit, so a change in percent says nothing; write a value, e.g. =40"
    }
  }
}

extension StringProtocol {
  fileprivate var trimmingSpaces: String {
    let head = drop { $0.isWhitespace }
    return String(head.lastIndex { !$0.isWhitespace }.map { head[...$0] } ?? "")
  }
}

extension [String] {
  fileprivate var unique: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
