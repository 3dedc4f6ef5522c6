/// Quantiles of the observations of one long run, with intervals, in bounded memory.
///
/// The run is cut into sections, each a `Histogram`. When `capacity` sections are full, neighbours are merged and sections get twice as long,
/// so between capacity/2 and capacity equally long sections are kept. The interval is that of `Quantile.sectioned`; the histogram's error
/// comes on top. Leave the warm-up out by not adding it.
///
/// Sections must be long against the run's correlation: with few observations the interval is too narrow.
public struct RunQuantiles: Sendable, Hashable, Codable {
  public let capacity: Int
  public let precisionBits: Int
  /// Observations in one section.
  public private(set) var sectionLength: Int
  private var sections: [Histogram] = []
  private var current: Histogram

  /// - Parameter capacity: even, at least 8.
  /// - Parameter sectionLength: how long sections are at first, at least 1.
  public init(capacity: Int = 32, sectionLength: Int = 64, precisionBits: Int = 7) {
    precondition(capacity >= 8 && capacity.isMultiple(of: 2) && sectionLength >= 1, "\(capacity) sections of \(sectionLength)")
    (self.capacity, self.sectionLength, self.precisionBits) = (capacity, sectionLength, precisionBits)
    current = Histogram(precisionBits: precisionBits)
  }

  /// How many observations have come.
  public var count: Int { sections.count * sectionLength + current.count }

  /// - Precondition: the value is finite.
  public mutating func add(_ value: Double) {
    if current.count == sectionLength {
      sections.append(current)
      current = Histogram(precisionBits: precisionBits)
      if sections.count == capacity { join() }
    }
    current.add(value)
  }

  /// All observations in one histogram.
  public var histogram: Histogram {
    var all = current
    for section in sections { all.merge(section) }
    return all
  }

  /// The p-quantile with its interval; without bounds while fewer than eight sections are full.
  ///
  /// - Precondition: something was added; 0 < p < 1; 0 < confidence < 1.
  public func interval(at p: Double, confidence: Double = 0.95) -> ConfidenceInterval {
    let whole = histogram.quantile(p)
    let parts = (current.count == sectionLength ? sections + [current] : sections).map { $0.quantile(p) }
    if parts.count < 8 { return ConfidenceInterval(estimate: whole, low: -.infinity, high: .infinity, confidence: confidence) }
    return Quantile.sectioned(whole, parts, confidence)
  }

  private mutating func join() {
    for i in 0..<capacity / 2 {
      sections[i] = sections[2 * i]
      sections[i].merge(sections[2 * i + 1])
    }
    sections.removeLast(capacity / 2)
    sectionLength *= 2
  }
}
