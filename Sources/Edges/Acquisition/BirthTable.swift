internal import PlantModel
internal import Quantities
internal import Sparkplug
internal import Telemetry

/// What one birth (of a node or of a device) declared: the only meaning that an alias has.
struct BirthTable: Sendable {
  struct Entry: Sendable {
    var name: String
    var alias: UInt64?
    /// Nil for the protocol's own metrics.
    var path: String?
    var datatype: SparkplugDataType?
    var properties: SparkplugProperties
    /// No value of the metric may be better than this.
    var ceiling: Quality
  }
  private(set) var entries: [Entry] = []
  private var byAlias: [UInt64: Int] = [:]
  private var byName: [String: Int] = [:]

  init() {}

  /// Reads a birth; notes wrong units and types.
  init(
    _ payload: SparkplugPayload, device: String?, map: TagMap, check: SampleCheck, at now: Instant, report: inout AcquisitionReport
  ) {
    for metric in payload.metrics {
      guard let name = metric.name else {
        report.unknownMetrics += 1
        continue
      }
      let path = map.path(device: device, metric: name)
      var ceiling = Quality.good
      if let path, let tag = check.tag(path) {
        report.settle(.missing, of: path)
        switch UnitAgreement(declared: metric.properties.engUnit, of: tag) {
        case .same:
          report.settle(.wrongUnit, of: path)
          report.settle(.unknownUnit, of: path)
        case .different(let detail):
          ceiling = .bad
          report.note(.wrongUnit, of: path, at: now, detail)
        case .unknown(let detail):
          ceiling = .uncertain
          report.note(.unknownUnit, of: path, at: now, detail)
        }
        if let type = metric.datatype, tag.kind == .text ? !type.isText : !type.isNumeric {
          ceiling = .bad
          report.note(.wrongType, of: path, at: now, "the birth declares \(type) for a tag of kind \(tag.kind)")
        }
      }
      let entry = Entry(
        name: name, alias: metric.alias, path: path, datatype: metric.datatype, properties: metric.properties, ceiling: ceiling)
      // A name or an alias given twice means nothing: neither is kept, so that no value lands under the wrong tag.
      let index = entries.count
      entries.append(entry)
      byName[name] = byName[name] == nil ? index : Self.ambiguous
      if let alias = metric.alias { byAlias[alias] = byAlias[alias] == nil ? index : Self.ambiguous }
    }
  }

  private static let ambiguous = -1

  /// The metric that data speak of; nil where the birth gave no such alias or name, or where the two disagree.
  func entry(of metric: SparkplugMetric) -> Entry? {
    let byItsName = metric.name.map { byName[$0] ?? Self.ambiguous }
    let byItsAlias = metric.alias.map { byAlias[$0] ?? Self.ambiguous }
    guard let index = byItsAlias ?? byItsName, index != Self.ambiguous else { return nil }
    if let byItsName, byItsName != index { return nil }
    return entries[index]
  }

  func entry(named name: String) -> Entry? {
    guard let index = byName[name], index != Self.ambiguous else { return nil }
    return entries[index]
  }

  /// Tag paths, in the order of the birth.
  var paths: [String] { entries.compactMap(\.path) }
}
