import Foundation
import Quantities
import Sparkplug
import Testing

/// Payloads made by another encoder (pysparkplug), kept beside the repository; absent elsewhere, and then skipped with a line.
@Suite struct VectorTests {
  private struct Vector: Decodable {
    struct Payload: Decodable {
      var timestamp: String?
      var seq: String?
      var metrics: [Metric]?
    }
    struct Metric: Decodable {
      var name, alias, timestamp, long_value, string_value, bytes_value: String?
      var datatype, int_value: UInt32?
      var float_value, double_value: Double?
      var boolean_value, is_null, is_historical, is_transient: Bool?
    }
    var file, topic, message_type: String
    var payload: Payload
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../shared/data/sparkplug/vectors")

  @Test(arguments: ["03", "11"]) func foreignPayloadsReadAsTheirAuthorMeant(set: String) throws {
    guard let json = try? Data(contentsOf: Self.folder.appending(path: "\(set)_expected.json")) else {
      print("skipped: the Sparkplug vectors of set \(set) are not beside the repository")
      return
    }
    for vector in try JSONDecoder().decode([Vector].self, from: json) {
      let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: vector.file)))
      let payload = try SparkplugPayload(decoding: bytes)
      guard case .edge(let type, _, _) = try #require(SparkplugTopic(vector.topic)) else { continue }
      #expect(type.rawValue == vector.message_type)
      #expect(payload.sequence.map(String.init) == vector.payload.seq)
      #expect(payload.instant.map { String($0.milliseconds) } == vector.payload.timestamp)
      let expected = vector.payload.metrics ?? []
      #expect(payload.metrics.count == expected.count)
      for (metric, want) in zip(payload.metrics, expected) {
        #expect(metric.name == want.name)
        #expect(metric.alias.map(String.init) == want.alias)
        #expect(metric.instant.map { String($0.milliseconds) } == want.timestamp)
        #expect(metric.isHistorical == (want.is_historical ?? false))
        #expect(metric.isTransient == (want.is_transient ?? false))
        #expect(metric.isNull == (want.is_null ?? false), "\(vector.file) \(want.name ?? "")")
        #expect(metric.datatypeCode == want.datatype)
        guard !metric.isNull else { continue }
        let value = try #require(try metric.value())
        if let number = want.double_value ?? want.float_value { #expect(value.number == number) }
        if let text = want.string_value { #expect(value.text == text) }
        if let flag = want.boolean_value { #expect(value == .boolean(flag)) }
        let whole = want.int_value.map(UInt64.init) ?? want.long_value.flatMap { UInt64($0) }
        if let whole {
          let meant: Double =
            switch metric.datatype {
            case .int8: Double(Int8(truncatingIfNeeded: whole))
            case .int16: Double(Int16(truncatingIfNeeded: whole))
            case .int32: Double(Int32(truncatingIfNeeded: whole))
            case .int64: Double(Int64(bitPattern: whole))
            default: Double(whole)
            }
          #expect(value.number == meant, "\(vector.file) \(want.name ?? want.alias ?? "")")
        }
      }
    }
  }
}
