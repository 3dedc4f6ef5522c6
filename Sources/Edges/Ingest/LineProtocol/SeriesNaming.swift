/// Which tag of the historian a field of a line is.
public enum SeriesNaming: Sendable, Hashable {
  /// `measurement_field{key="value",…}` with all the line's tags: what Prometheus and VictoriaMetrics make of line protocol.
  case labels
  /// The value of this tag key, a slash and the measurement (the measurement alone where the key is absent); a field other than `value`
  /// behind another slash: `Filler/Pressure`. What `LineProtocolSpec` of the plant folder says.
  case station(key: String)

  /// The tag of `field` of a line with this measurement and these tags.
  public func tag(_ line: LineProtocolLine, field: String) -> String {
    switch self {
    case .labels:
      return SeriesName(metric: "\(line.measurement)_\(field)", labels: line.tags.map { SeriesName.Label(name: $0.key, value: $0.value) }).text
    case .station(let key):
      let station = line.tags.first { $0.key == key }?.value
      let path = station.map { "\($0)/\(line.measurement)" } ?? line.measurement
      return field == "value" ? path : "\(path)/\(field)"
    }
  }
}
