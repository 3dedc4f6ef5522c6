public import PlantModel
public import Quantities
internal import Sparkplug
public import Telemetry

/// What may pass as good: the one place where a value of any source is judged against its tag.
///
/// A value keeps the form of its tag's kind (NaN or empty text where it has none), so a column never changes its type.
public struct SampleCheck: Sendable {
  /// A value as a source gave it.
  public enum Raw: Sendable, Hashable {
    case number(Double)
    case text(String)
    case absent
  }

  /// One value to judge.
  public struct Observation: Sendable {
    public var raw: Raw
    /// When the source says that it was measured.
    public var source: Instant
    public var quality: Quality
    /// Old on purpose (a birth, a stored sample): being late is no fault then.
    public var mayBeOld: Bool
    /// No better than this, for a reason that was reported already (a wrong unit in the birth).
    public var ceiling: Quality
    public init(raw: Raw, source: Instant, quality: Quality = .good, mayBeOld: Bool = false, ceiling: Quality = .good) {
      (self.raw, self.source, self.quality, self.mayBeOld, self.ceiling) = (raw, source, quality, mayBeOld, ceiling)
    }
  }

  /// A source instant so far ahead of plant time makes a sample uncertain; beyond `futureLimit` it is bad, and stands at its arrival.
  public var futureTolerance: Duration
  public var futureLimit: Duration
  private let tags: [String: Tag]

  public init(plant: Plant, futureTolerance: Duration = .minutes(2), futureLimit: Duration = .hours(1)) {
    tags = Dictionary(plant.tags.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    (self.futureTolerance, self.futureLimit) = (futureTolerance, futureLimit)
  }

  public func tag(_ path: String) -> Tag? { tags[path] }

  /// The sample to keep, and what was found wrong.
  public func sample(_ observation: Observation, of path: String, at now: Instant, report: inout AcquisitionReport) -> Sample {
    let tag = tags[path]
    if tag == nil { report.note(.unknownTag, of: path, at: now, "not in the plant folder") }
    var quality = min(observation.quality, observation.ceiling)
    func lower(to limit: Quality, _ kind: TagIssue.Kind, _ detail: @autoclosure () -> String) {
      quality = min(quality, limit)
      report.note(kind, of: path, at: now, detail())
    }

    if observation.raw == .absent || observation.quality == .bad { lower(to: .bad, .sourceSaysBad, "null or of bad quality") }
    let value: SampleValue
    switch (tag?.kind, observation.raw) {
    case (.text, .number(let x)):
      value = .text("\(x)")
      lower(to: .bad, .wrongType, "a number where text is expected")
    case (.text, .absent): value = .text("")
    case (nil, .text(let s)), (.text, .text(let s)): value = .text(s)
    case (_, .text):
      value = .number(.nan)
      lower(to: .bad, .wrongType, "text where a number is expected")
    case (_, .absent): value = .number(.nan)
    case (_, .number(let x)):
      value = .number(x)
      if !x.isFinite {
        lower(to: .bad, .notFinite, "\(x)")
      } else if let tag {
        if let fault = Self.kindFault(x, tag.kind) { lower(to: .bad, .notAllowed, fault) }
        if let low = tag.low, x < low { lower(to: .bad, .outOfRange, "\(x) below \(low)") }
        if let high = tag.high, x > high { lower(to: .bad, .outOfRange, "\(x) above \(high)") }
      }
    }

    var instant = min(max(observation.source, Self.earliest), .latestFromOutside)
    let ahead = instant - now
    if ahead > futureLimit {
      lower(to: .bad, .inFuture, "\(ahead.seconds) s ahead")
      instant = now
    } else if ahead > futureTolerance {
      lower(to: .uncertain, .inFuture, "\(ahead.seconds) s ahead")
    } else if let tag, !observation.mayBeOld, -ahead > tag.staleAfter {
      lower(to: .uncertain, .late, "\((-ahead).seconds) s late")
    }
    return Sample(instant: instant, arrival: now, value: value, quality: quality)
  }

  private static let earliest = Instant(nanoseconds: 0)

  private static func kindFault(_ x: Double, _ kind: Tag.Kind) -> String? {
    switch kind {
    case .number, .text: nil
    case .count: x == x.rounded() ? nil : "\(x) is no whole number"
    case .state: MachineState(x) == nil ? "\(x) is no PackML state" : nil
    case .boolean: x == 0 || x == 1 ? nil : "\(x) is neither 0 nor 1"
    }
  }
}

/// How a unit that a source declares stands to the one of the plant folder.
enum UnitAgreement: Sendable, Hashable {
  case same
  case different(String)
  case unknown(String)

  /// By dimension, factor and offset. Text, states and booleans have no unit; a source that says none is taken at the plant folder's word.
  init(declared: String?, of tag: Tag) {
    guard let declared, !declared.isEmpty, tag.kind == .number || tag.kind == .count else {
      self = .same
      return
    }
    guard let theirs = try? EngineeringUnit.fromPlantSpelling(declared), let ours = try? EngineeringUnit(tag.unit) else {
      self = declared == tag.unit ? .same : .unknown("source says \(declared), the plant folder \(tag.unit)")
      return
    }
    let agrees =
      theirs.dimension == ours.dimension && abs(theirs.factor - ours.factor) <= 1e-9 * abs(ours.factor)
      && abs(theirs.offset - ours.offset) <= 1e-9 * max(1, abs(ours.offset))
    self = agrees ? .same : .different("source says \(declared), the plant folder \(tag.unit)")
  }
}
