/// What was seen of a line from the moment at which it began to work, empty, at time 0.
public struct LineObservation: Sendable, Hashable {
  public enum Sight: Sendable, Hashable {
    /// When each part left a station, in order; the last station's parts leave the line.
    case stamps(station: Int, [Double])
    /// Parts finished by a station in each interval of `step` seconds, from 0.
    case counts(station: Int, step: Double, [Int])
    /// Parts in a buffer every `step` seconds, first at `step`.
    case levels(buffer: Int, step: Double, [Int])
  }
  public var sights: [Sight]
  /// Seconds that the record covers.
  public var span: Double
  public init(_ sights: [Sight], span: Double) { (self.sights, self.span) = (sights, span) }

  /// - Throws: `InferenceError.unfitData` with the first thing that does not fit a line of so many stations and buffers.
  func check(stations: Int, buffers: Int) throws(InferenceError) {
    guard span > 0 && span.isFinite && !sights.isEmpty else { throw .unfitData("nothing is seen in \(span) s") }
    for sight in sights {
      switch sight {
      case .stamps(let s, let times):
        guard (0..<stations).contains(s) else { throw .unfitData("there is no station \(s)") }
        if times.contains(where: { !($0 > 0 && $0 <= span) }) || zip(times, times.dropFirst()).contains(where: { !($0 <= $1) }) {
          throw .unfitData("the stamps of station \(s) do not rise from 0 to \(span) s")
        }
      case .counts(let s, let step, let counts):
        guard (0..<stations).contains(s) else { throw .unfitData("there is no station \(s)") }
        guard step > 0, !counts.isEmpty, Double(counts.count) * step <= span * (1 + 1e-9), !counts.contains(where: { $0 < 0 }) else {
          throw .unfitData("\(counts.count) counts of station \(s) every \(step) s do not fit into \(span) s")
        }
      case .levels(let b, let step, let levels):
        guard (0..<buffers).contains(b) else { throw .unfitData("there is no buffer \(b)") }
        guard step > 0, !levels.isEmpty, Double(levels.count) * step <= span * (1 + 1e-9), !levels.contains(where: { $0 < 0 }) else {
          throw .unfitData("\(levels.count) levels of buffer \(b) every \(step) s do not fit into \(span) s")
        }
      }
    }
  }
}
