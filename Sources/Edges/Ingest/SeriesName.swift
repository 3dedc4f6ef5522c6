/// The name of a series with labels, as the historian keeps it in a tag: `cpu_usage{cpu="0",host="a"}`.
///
/// Labels are sorted by name and a value is quoted as Prometheus quotes it (`\\`, `\"`, `\n`), so one series has one text. A tag of a plant
/// (`Filler/FillPressure`) is a name without labels.
public struct SeriesName: Sendable, Hashable {
  public struct Label: Sendable, Hashable {
    public var name: String
    public var value: String
    public init(name: String, value: String) { (self.name, self.value) = (name, value) }
  }

  public private(set) var metric: String
  /// Sorted by name; each name once, no value empty.
  public private(set) var labels: [Label]

  /// A label given twice keeps the value given last; one without a value is no label.
  public init(metric: String, labels: [Label]) {
    self.metric = metric
    var kept: [Label] = []
    for label in labels {
      if let known = kept.firstIndex(where: { $0.name == label.name }) { kept[known] = label } else { kept.append(label) }
    }
    self.labels = kept.filter { !$0.value.isEmpty }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// Reads a tag back. A tag that has not the form of `text` is taken whole as the metric.
  public init(tag: String) {
    guard let brace = tag.utf8.firstIndex(of: UInt8(ascii: "{")), let labels = Self.labels(tag.utf8[brace...]) else {
      (metric, self.labels) = (tag, [])
      return
    }
    (metric, self.labels) = (String(tag[..<brace]), labels)
  }

  /// The one text of this series.
  public var text: String {
    if labels.isEmpty { return metric }
    return metric + "{" + labels.map { "\($0.name)=\"\(Self.quoted($0.value))\"" }.joined(separator: ",") + "}"
  }

  private static func quoted(_ value: String) -> String {
    guard value.utf8.contains(where: { $0 == .backslash || $0 == .quote || $0 == .newline }) else { return value }
    return value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }

  /// `{name="value",…}` and nothing behind it.
  private static func labels(_ bytes: Substring.UTF8View) -> [Label]? {
    var rest = bytes.dropFirst()
    var labels: [Label] = []
    while true {
      guard let equals = rest.firstIndex(of: .equals), equals > rest.startIndex, let name = String(rest[..<equals]) else { return nil }
      rest = rest[equals...].dropFirst()
      guard rest.first == .quote, let (value, after) = quotedValue(rest.dropFirst()) else { return nil }
      labels.append(Label(name: name, value: value))
      rest = after
      if rest.first == .comma { rest = rest.dropFirst() } else { break }
    }
    return rest.elementsEqual([UInt8(ascii: "}")]) ? labels : nil
  }

  private static func quotedValue(_ bytes: Substring.UTF8View) -> (String, Substring.UTF8View)? {
    var value: [UInt8] = []
    var rest = bytes
    while let byte = rest.popFirst() {
      if byte == .quote { return String(validating: value, as: UTF8.self).map { ($0, rest) } }
      if byte == .backslash {
        guard let escaped = rest.popFirst() else { return nil }
        value.append(escaped == UInt8(ascii: "n") ? .newline : escaped)
      } else {
        value.append(byte)
      }
    }
    return nil
  }
}
