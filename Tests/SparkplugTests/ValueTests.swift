import Quantities
import Sparkplug
import Testing

@Suite struct ValueTests {
  private let now = Instant(milliseconds: 1_767_592_800_123)

  /// Bytes of one metric, made by hand: field 3 datatype, field 10 int_value or 11 long_value.
  private func decoded(_ type: SparkplugDataType, _ wire: SparkplugWireValue) -> SparkplugValue? { try? wire.value(as: type) }

  @Test func signedIntegersAreReadInBothWidths() {
    #expect(decoded(.int8, .int(128)) == .signed(-128))
    #expect(decoded(.int8, .int(4_294_967_168)) == .signed(-128))
    #expect(decoded(.int8, .long(UInt64(bitPattern: -128))) == .signed(-128))
    #expect(decoded(.int8, .long(4_294_967_168)) == .signed(-128))
    #expect(decoded(.int8, .int(127)) == .signed(127))
    #expect(decoded(.int8, .int(256)) == nil)
    #expect(decoded(.int8, .int(4_294_967_167)) == nil)
    #expect(decoded(.int16, .int(32_768)) == .signed(-32_768))
    #expect(decoded(.int16, .int(4_294_934_528)) == .signed(-32_768))
    #expect(decoded(.int32, .int(2_147_483_648)) == .signed(-2_147_483_648))
    #expect(decoded(.int64, .long(1 << 63)) == .signed(.min))
    #expect(decoded(.uint8, .int(255)) == .unsigned(255))
    #expect(decoded(.uint8, .int(256)) == nil)
    #expect(decoded(.uint64, .long(.max)) == .unsigned(.max))
    #expect(decoded(.int32, .float(1)) == nil)
    #expect(decoded(.boolean, .int(1)) == nil)
    #expect(decoded(.double, .opaque) == nil)
  }

  @Test func everySimpleTypeSurvivesTheWire() throws {
    let cases: [(SparkplugDataType, SparkplugValue)] = [
      (.int8, .signed(-128)), (.int8, .signed(127)), (.int16, .signed(-32_768)), (.int32, .signed(-1)), (.int64, .signed(.min)),
      (.int64, .signed(.max)), (.uint8, .unsigned(255)), (.uint16, .unsigned(65_535)), (.uint32, .unsigned(4_294_967_295)),
      (.uint64, .unsigned(.max)), (.float, .float(4.5)), (.double, .double(-4e-300)), (.boolean, .boolean(true)), (.string, .string("")),
      (.string, .string("Grüße 温度 °C")), (.text, .string("a\nb\t\"")), (.uuid, .string("x")), (.dateTime, .unsigned(1_709_555_415_250)),
      (.bytes, .bytes([0, 255])),
    ]
    let metrics = try cases.enumerated().map { index, pair in
      try SparkplugMetric(name: "m\(index)", alias: UInt64(index), instant: now, datatype: pair.0, value: pair.1)
    }
    let payload = SparkplugPayload(instant: now, sequence: 255, metrics: metrics)
    let back = try SparkplugPayload(decoding: payload.encoded())
    #expect(back == payload)
    for (metric, pair) in zip(back.metrics, cases) { #expect(try metric.value() == pair.1) }
  }

  @Test func valuesThatATypeCannotHoldAreRefused() {
    #expect(throws: SparkplugError.typeMismatch(expected: .int8)) {
      try SparkplugMetric(instant: now, datatype: .int8, value: .signed(128))
    }
    #expect(throws: SparkplugError.typeMismatch(expected: .int32)) {
      try SparkplugMetric(instant: now, datatype: .int32, value: .double(1.5))
    }
    #expect(throws: SparkplugError.typeMismatch(expected: .double)) {
      try SparkplugMetric(instant: now, datatype: .double, value: .string("1"))
    }
  }

  @Test func propertiesNullsAndFlagsSurviveTheWire() throws {
    let properties = SparkplugProperties(quality: 0, engUnit: "degC", engLow: -40, engHigh: 250, readOnly: false)
    let metric = try SparkplugMetric(
      name: "T", alias: 7, instant: now, datatype: .double, value: nil, isHistorical: true, isTransient: true, properties: properties)
    let back = try SparkplugPayload(decoding: SparkplugPayload(instant: nil, metrics: [metric]).encoded())
    #expect(back.metrics == [metric])
    #expect(back.sequence == nil && back.instant == nil)
    #expect(try back.metrics[0].value() == nil)
  }

  @Test func birthDeathSequenceAndRebirthAreFound() throws {
    let birth = SparkplugPayload(instant: now, sequence: 0, metrics: [SparkplugPayload.birthDeathMetric(255, at: now)])
    #expect(try SparkplugPayload(decoding: birth.encoded()).birthDeathSequence == 255)
    let command = try SparkplugPayload(decoding: SparkplugPayload.rebirthCommand(at: now).encoded())
    #expect(command.metrics.first?.name == "Node Control/Rebirth")
    #expect(try command.metrics.first?.value() == .boolean(true))
    #expect(command.birthDeathSequence == nil)
  }

  @Test func instantsBeyondTheRangeDoNotTrap() throws {
    let far = try SparkplugPayload(decoding: [0x08] + [UInt8](repeating: 0xFF, count: 9) + [0x01])
    #expect(far.instant == .latestFromOutside)
  }
}
