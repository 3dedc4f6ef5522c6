import Governance
import PlantModel
import Quantities
import Telemetry
import TemporalLogic
import Testing

/// A door with every kind of limit, for the tests.
struct Door: ~Copyable {
  static let speed = "Filler/MachSpeed"
  static let other = "Capper/MachSpeed"
  static let temperature = "Filler/TempSet"
  static let pressure = "Filler/Pressure"
  static let state = "Filler/StateCurrent"
  static let start = Instant(seconds: 1_000_000)

  static func formula(_ text: String) -> Formula<Predicate> {
    do { return try Formula(parsing: text) } catch { preconditionFailure("\(error)") }
  }

  static let envelope = EnvelopeSpec(
    limits: [
      TagLimit(tag: speed, unit: "1/min", low: 40, high: 80, maxStep: 5, maxPerHour: 12, hold: .keep, maxDrift: 8),
      TagLimit(tag: other, unit: "1/min", low: 40, high: 90, maxStep: 5, maxPerHour: 30, hold: .fixed(50)),
      TagLimit(tag: temperature, unit: "Cel", low: -20, high: 90, maxStep: 2, maxPerHour: 8, hold: .local),
    ],
    interlocks: [Interlock(name: "hot", forbids: [speed], condition: formula("Filler/Pressure > 4 or Filler/StateCurrent = 9"))],
    permissives: [Permissive(name: "runs", permits: [speed], condition: formula("Filler/StateCurrent = 6 and Filler/Pressure > 1"))],
    coupledLimits: [
      CoupledLimit(name: "capperLeads", terms: [LinearTerm(speed, 1), LinearTerm(other, -1)], atMost: 0, unit: "1/min")
    ],
    properties: [
      SafetyProperty(
        name: "calm", formula: formula("historically[0, 60 s] Filler/Pressure < 3.5"), margin: 0.2, forbids: [speed], allowsRestore: true)
    ],
    authorityCeiling: .closedLoop, maxChangesPerHour: 2)

  let outbox: Outbox
  var gateway: Gateway
  var now = Door.start
  var values: [String: Double] = [Door.speed: 60, Door.other: 70, Door.temperature: 20, Door.pressure: 2.5, Door.state: 6]

  /// Open, with every property satisfied.
  init(edit: (inout EnvelopeSpec) -> Void = { _ in }) {
    var envelope = Door.envelope
    edit(&envelope)
    outbox = Outbox(tags: [Door.speed, Door.other, Door.temperature])
    gateway = Gateway(taking: ActuatorBay([outbox]), check: EnvelopeCheck(envelope: envelope, rules: GovernorRules()), fence: FenceState())
    _ = gateway.unseal(stored: gateway.fence)
    publish()
    for _ in 0..<13 { pass(.seconds(5)) }
  }

  mutating func publish(_ quality: Quality = .good, except tag: String? = nil) {
    for (name, value) in values.sorted(by: { $0.key < $1.key }) where name != tag {
      _ = gateway.observe(Reading(value: value, quality: quality, instant: now), of: name, at: now)
    }
  }

  /// Time passes; everything is read again and the governor lives.
  mutating func pass(_ span: Duration) {
    now += span
    gateway.stayAlive(until: now)
    publish()
    _ = gateway.tick(at: now)
  }

  mutating func attempt(
    _ value: Double, to tag: String = Door.speed, sequence: UInt64? = nil, unit: String? = "1/min", purpose: WriteIntent.Purpose = .advance
  ) -> WriteRefusal.Reason? {
    let token = WriteToken(epoch: gateway.epoch, sequence: sequence ?? gateway.fence.sequence + 1)
    let intent = WriteIntent(
      token: token, change: ChangeID("x"), tag: tag, from: values[tag] ?? 0, value: value, purpose: purpose, expires: now + .minutes(2), unit: unit)
    switch gateway.prepare(intent, at: now) {
    case .refused(let refusal): return refusal.reason
    case .ready(let prepared):
      if let report = gateway.send(prepared, at: now) { Issue.record("\(report)") }
      return nil
    }
  }

  /// What the plant was given, taken over by it at once and read back.
  mutating func settle() {
    for write in outbox.take() { values[write.tag] = write.value }
    pass(.seconds(1))
  }
}

@Suite struct EnvelopeCheckTests {
  @Test func invariant01_eachKindOfLimitRefusesByItselfAndNothingElseDoes() {
    func after(_ edit: (inout Door) -> Void) -> WriteRefusal.Reason? {
      var door = Door()
      edit(&door)
      let reason = door.attempt(62)
      #expect(door.outbox.take().count == (reason == nil ? 1 : 0))
      return reason
    }
    func set(_ tag: String, _ value: Double) -> (inout Door) -> Void {
      { door in
        door.values[tag] = value
        door.pass(.seconds(1))
      }
    }
    #expect(after { _ in } == nil)
    #expect(after(set(Door.pressure, 4.1)) == .interlock)
    #expect(after(set(Door.state, 9)) == .interlock)
    #expect(after(set(Door.state, 5)) == .permissive)
    #expect(after(set(Door.pressure, 0.5)) == .permissive)
    #expect(after(set(Door.pressure, 3.4)) == .property, "inside the property, but nearer to it than its margin")
    #expect(after(set(Door.pressure, 3.6)) == .property)
    #expect(after(set(Door.other, 61)) == .coupledLimit)
    #expect(after { $0.gateway.takeOver() } == .manual)
    var door = Door()
    #expect(door.attempt(62, unit: nil) == .wrongUnit && door.attempt(62, unit: "1/s") == .wrongUnit && door.attempt(62, unit: "bar") == .wrongUnit)
    #expect(door.attempt(62, unit: "min-1") == nil, "another spelling of the same unit")
  }

  @Test func invariant15_whatIsNotKnownOfAConditionASumOrAPropertyNeverPasses() {
    let bad: [(Door.Spoil, String)] = Door.Spoil.all
    for tag in [Door.pressure, Door.state, Door.other, Door.speed] {
      for (spoil, words) in bad {
        var door = Door()
        #expect(door.spoil(tag, spoil) != nil, "\(tag) \(words)")
        #expect(door.outbox.take().isEmpty)
      }
    }
    // A disjunction that is true of what is known is true; an interlock of it holds, a permissive of it lets pass.
    var door = Door { $0.permissives[0].condition = Door.formula("Filler/StateCurrent = 6 or Filler/Pressure > 1") }
    door.values[Door.pressure] = nil
    #expect(door.attempt(62) == nil)
  }

  @Test func aPropertyStopsForwardWritesAndLetsARestorePassWhereTheEnvelopeSaysSo() {
    for allows in [true, false] {
      var door = Door { $0.properties[0].allowsRestore = allows }
      door.values[Door.pressure] = 3.6
      door.pass(.seconds(1))
      #expect(door.gateway.properties.map(\.truth) == [.violated])
      #expect(abs((door.gateway.properties.first?.robustness ?? 0) + 0.1) < 1e-12)
      #expect(door.attempt(62) == .property)
      #expect(door.attempt(58, purpose: .restore) == (allows ? nil : .property))
      #expect(door.attempt(21, to: Door.temperature, unit: "Cel") == nil, "a tag that the property does not forbid")
    }
    // Violated for as long as the window holds it, then free again.
    var door = Door()
    door.values[Door.pressure] = 3.6
    door.pass(.seconds(1))
    door.values[Door.pressure] = 2.5
    for _ in 0..<11 {
      door.pass(.seconds(5))
      #expect(door.attempt(62) == .property)
    }
    for _ in 0..<2 { door.pass(.seconds(5)) }
    #expect(door.attempt(62) == nil)
  }

  @Test func aRestartKnowsNothingOfThePastAndWaitsUntilTheWindowIsFull() {
    let outbox = Outbox(tags: [Door.speed])
    var gateway = Gateway(
      taking: ActuatorBay([outbox]), check: EnvelopeCheck(envelope: Door.envelope, rules: GovernorRules()), fence: FenceState())
    _ = gateway.unseal(stored: gateway.fence)
    _ = gateway.observe(Reading(value: 2.5, quality: .good, instant: Door.start), of: Door.pressure, at: Door.start)
    #expect(gateway.tick(at: Door.start + .seconds(59)).isEmpty && gateway.properties.first?.truth == .unknown)
    #expect(gateway.properties.first?.isMet == false && gateway.properties.first?.robustness == -.infinity)
    #expect(gateway.tick(at: Door.start + .seconds(60)).isEmpty && gateway.properties.first?.isMet == true)
  }

  @Test func aCoupledLimitCountsWritesThatAreOnTheirWayAndLetsAnImprovementPass() {
    var door = Door()
    door.values[Door.other] = 63
    door.pass(.seconds(1))
    // The capper is on its way down to 61: the filler may not go to 62 although the capper still reads 63.
    #expect(door.attempt(61, to: Door.other) == nil)
    #expect(door.attempt(62) == .coupledLimit)
    door.settle()
    #expect(door.attempt(61) == nil)
    door.settle()
    // Somebody slows the capper by hand: the sum is too high, and only what brings it down may go.
    door.values[Door.other] = 58
    door.pass(.seconds(1))
    #expect(door.attempt(61.5) == .coupledLimit && door.attempt(60, sequence: 9) == nil)
  }

  @Test func scenario13_improperNumbersAreRefusedByTheirOwnReasonAndNothingIsWritten() {
    for value in [Double.nan, .infinity, -.infinity, .signalingNaN, -0.0, .leastNonzeroMagnitude, -.leastNormalMagnitude / 2, 1e308, -1e308] {
      var door = Door()
      let reason = door.attempt(value, to: Door.temperature, unit: "Cel")
      let expected: WriteRefusal.Reason = !value.isFinite ? .notFinite : abs(value) > 1 ? .outsideLimits : .improperNumber
      #expect(reason == expected, "\(value)")
      #expect(door.outbox.take().isEmpty)
      // Others go on.
      #expect(door.attempt(62) == nil)
      // The same as a reading of the tag itself.
      var second = Door()
      second.values[Door.temperature] = value
      second.pass(.seconds(1))
      #expect(second.attempt(21, to: Door.temperature, unit: "Cel") != nil && second.outbox.take().isEmpty, "a reading of \(value)")
    }
  }

  @Test func scenario13_aLimitThatIsNoNumberLetsNothingPass() {
    let spoilt: [(String, (inout EnvelopeSpec) -> Void)] = [
      ("low", { $0.limits[0].low = .nan }), ("high", { $0.limits[0].high = .nan }), ("max_step", { $0.limits[0].maxStep = .nan }),
      ("max_per_hour", { $0.limits[0].maxPerHour = .nan }), ("margin", { $0.properties[0].margin = .nan }),
      ("coupled", { $0.coupledLimits[0].atMost = .nan }), ("weight", { $0.coupledLimits[0].terms[0].coefficient = .nan }),
      ("interlock", { $0.interlocks[0].condition = .atom(Predicate(Door.pressure, .above, .nan)) }),
      ("permissive", { $0.permissives[0].condition = .atom(Predicate(Door.pressure, .above, .infinity)) }),
      ("property", { $0.properties[0].formula = .atom(Predicate([LinearTerm(Door.pressure, .nan)], .below, 4)) }),
    ]
    for (name, edit) in spoilt {
      var door = Door(edit: edit)
      #expect(door.attempt(62) != nil, "\(name)")
      #expect(door.outbox.take().isEmpty)
    }
    let check = EnvelopeCheck(envelope: Door.envelope, rules: GovernorRules())
    #expect(check.driftRefusal(of: [Door.speed: 61], from: [Door.speed: .nan]) != nil)
  }

  @Test func invariant18_manySmallChangesDoNotAddUpToALargeOne() {
    let check = EnvelopeCheck(envelope: Door.envelope, rules: GovernorRules())
    let baseline = [Door.speed: 60.0, Door.other: 70]
    #expect(check.driftRefusal(of: [Door.speed: 68, Door.other: 41], from: baseline) == nil)
    #expect(check.driftRefusal(of: [Door.speed: 68.1], from: baseline)?.reason == .driftExceeded)
    #expect(check.driftRefusal(of: [Door.speed: 51.9], from: baseline)?.reason == .driftExceeded)
    #expect(check.driftRefusal(of: [Door.speed: .nan], from: baseline)?.reason == .driftExceeded)
    #expect(check.driftRefusal(of: ["Filler/Unknown": 1], from: baseline)?.reason == .noLimit)
    let now = Door.start
    #expect(check.hasteRefusal(changes: [now - .minutes(61), now - .minutes(10)], at: now) == nil)
    #expect(check.hasteRefusal(changes: [now - .minutes(59), now - .minutes(10)], at: now)?.reason == .tooManyChanges)
    // A clock that was set back frees nothing.
    #expect(check.hasteRefusal(changes: [now + .minutes(59), now - .minutes(10)], at: now)?.reason == .tooManyChanges)
    // In steps of half a unit, each far inside the step limit, it goes as far as the drift and no farther.
    var value = 60.0
    for _ in 0..<100 where check.driftRefusal(of: [Door.speed: value + 0.5], from: baseline) == nil { value += 0.5 }
    #expect(value == 68)
  }
}

extension Door {
  enum Spoil {
    case quality(Quality), value(Double), future, past, remark(SourceRemark), silent
    static let all: [(Spoil, String)] = [
      (.quality(.bad), "bad"), (.quality(.stale), "stale"), (.quality(.uncertain), "uncertain"), (.value(.nan), "NaN"), (.value(.infinity), "Inf"),
      (.value(.leastNonzeroMagnitude), "subnormal"), (.future, "from the future"), (.past, "old"), (.remark(.localOverride), "overridden"),
      (.remark(.clamped), "clamped"),
      (.silent, "silent"),
    ]
  }

  /// Spoils one tag's reading, all others staying good, and tries to write.
  mutating func spoil(_ tag: String, _ spoil: Spoil) -> WriteRefusal.Reason? {
    now += .seconds(1)
    var reading = Reading(value: values[tag] ?? 0, quality: .good, instant: now)
    switch spoil {
    case .quality(let quality): reading.quality = quality
    case .value(let value): reading.value = value
    case .future: reading.instant = now + .minutes(3)
    case .past, .silent: now += .minutes(6)
    case .remark(let remark): reading.remark = remark
    }
    gateway.stayAlive(until: now)
    publish(except: tag)
    if case .silent = spoil {} else { _ = gateway.observe(reading, of: tag, at: now) }
    return attempt(62)
  }
}
