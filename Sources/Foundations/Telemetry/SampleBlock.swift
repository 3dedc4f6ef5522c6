public import Quantities

/// Many samples of one tag, column by column, in order of arrival. The unit in which telemetry travels.
///
/// All columns have the same count. A block holds numbers or texts, never both.
public struct SampleBlock: Sendable, Hashable {
  public enum Values: Sendable, Hashable {
    case numbers([Double])
    case texts([String])
  }

  /// The tag's path in the plant, as `Station/Metric` (`Filler/StateCurrent`) or, for a tag that the plant folder does not
  /// know, the path under which the source named it.
  public var tag: String
  public var instants: [Instant]
  public var arrivals: [Instant]
  public var values: Values
  public var qualities: [Quality]

  public init(tag: String, instants: [Instant], arrivals: [Instant], values: Values, qualities: [Quality]) {
    (self.tag, self.instants, self.arrivals, self.values, self.qualities) = (tag, instants, arrivals, values, qualities)
    precondition(arrivals.count == count && qualities.count == count && valueCount == count, "columns of \(tag) differ in length")
  }

  /// A block of one sample.
  public init(tag: String, _ sample: Sample) {
    let values: Values =
      switch sample.value {
      case .number(let x): .numbers([x])
      case .text(let s): .texts([s])
      }
    self.init(tag: tag, instants: [sample.instant], arrivals: [sample.arrival], values: values, qualities: [sample.quality])
  }

  public var count: Int { instants.count }

  private var valueCount: Int {
    switch values {
    case .numbers(let n): n.count
    case .texts(let t): t.count
    }
  }

  public subscript(index: Int) -> Sample {
    let value: SampleValue =
      switch values {
      case .numbers(let n): .number(n[index])
      case .texts(let t): .text(t[index])
      }
    return Sample(instant: instants[index], arrival: arrivals[index], value: value, quality: qualities[index])
  }
}
