import LineModel
import LinearAlgebra
import LoopStability
import PlantModel
import Quantities
import Testing

@testable import Twin

/// Which set-point loops a calibrated twin certifies.
@Suite struct CertificateTests {
  private static let loop = LoopSpec(
    name: "setpoints", program: "setpoints", arguments: [], moves: ["M1/TempSet", "M2/TempSet", "M3/TempSet", "M1/MachSpeed", "M2/MachSpeed"],
    objective: .valuePerHour, cadence: .minutes(10), deadline: .minutes(10), authority: .closedLoop,
    rollout: RolloutSpec(
      shadow: .minutes(5), steps: [0.5, 1], dwell: .minutes(15), timeout: .minutes(90), keepShare: 0.5, alphaGain: 0.1, alphaHarm: 0.1))

  private static let limits = ["M1", "M2", "M3"].flatMap { name in
    [
      TagLimit(tag: "\(name)/TempSet", unit: "Cel", low: 35, high: 65, maxStep: 2, maxPerHour: 20, hold: .keep),
      TagLimit(tag: "\(name)/MachSpeed", unit: "1/min", low: 9, high: 15, maxStep: 1, maxPerHour: 6, hold: .keep),
    ]
  }

  /// A line whose temperatures have stood at several values, so that their optima can be learnt.
  private static func twin(hours: Double, moving: Bool) -> Twin {
    var line = TestLine(seed: 77)
    for m in line.machines.indices {
      line.machines[m].curvature = 0.0006
      line.machines[m].optimum = 53
    }
    for hour in stride(from: 0.0, to: hours, by: 0.5) {
      if moving { for m in line.machines.indices { line.machines[m].variable = [44, 58, 50][(Int(hour * 2) + m) % 3] } }
      line.run(toHours: hour + 0.5)
    }
    var twin = Twin(plant: line.plant, seed: 1, configuration: .small)
    twin.follow(line.samples)
    return twin
  }

  @Test func anHonestLoopOverACalibratedTwinIsCertified() throws {
    let twin = Self.twin(hours: 4, moving: true)
    let now = Instant(seconds: 1_800_000_000) + .hours(4)
    let certificate = try twin.certificate(for: Self.loop, limits: Self.limits, at: now)
    print("certificate of a calibrated line: worst slope \(certificate.worst)")
    #expect(certificate.worst <= 0.5 && certificate.isLive(at: now) && !certificate.isLive(at: now + .hours(25)))
    // Deterministic: the same twin, the same certificate.
    #expect(try twin.certificate(for: Self.loop, limits: Self.limits, at: now) == certificate)
    // Loops on different stations do not touch; two loops on one tag are no loops but a quarrel.
    var (first, second) = (Self.loop, Self.loop)
    (first.name, first.moves) = ("filler", ["M1/TempSet", "M1/MachSpeed"])
    (second.name, second.moves) = ("capper", ["M2/TempSet"])
    #expect(try twin.coupling(of: [first, second], limits: Self.limits, at: now).worst == 0)
    #expect(throws: CertificateRefusal.self) { try twin.coupling(of: [first, Self.loop], limits: Self.limits, at: now) }
  }

  @Test func aLoopThatMovesTooFastOrOverAnUncalibratedTwinIsRefused() {
    let twin = Self.twin(hours: 1, moving: false)
    let now = Instant(seconds: 1_800_000_000) + .hours(1)
    func refusal(_ body: () throws(CertificateRefusal) -> StabilityCertificate) -> CertificateRefusal? {
      do throws(CertificateRefusal) {
        _ = try body()
        return nil
      } catch { return error }
    }
    if case .tooFast? = refusal({ () throws(CertificateRefusal) in
      try twin.certificate(for: Self.loop, limits: Self.limits, at: now, settling: .hours(1))
    }) {
    } else {
      Issue.record("a loop that moves every 35 minutes was certified for a line that settles in an hour")
    }
    let fresh = Twin(plant: twin.plant, seed: 2, configuration: .small)
    #expect(refusal { () throws(CertificateRefusal) in try fresh.certificate(for: Self.loop, limits: [], at: now) } != nil)
  }

  /// Draws that agree on where the loop goes whatever is seen are certified; draws of which each place shows another optimum are not.
  @Test func theSlopeIsThatOfWhatCalibrationLearnsFromAMove() {
    let plant = TestLine(seed: 1).plant
    func draws(_ optimum: (Int) -> Double, _ base: (Int) -> Double) -> [LineParameters] {
      (0..<40).map { k in
        var draw = LineParameters.design(plant)
        draw.stations[0].scrap = ScrapResponse(
          base: base(k), speedCoefficient: 0, terms: [.init(variable: "M1/Temp", optimum: optimum(k), curvature: 0.001)])
        return draw
      }
    }
    func jacobians(_ draws: [LineParameters]) -> [Matrix?] {
      SetpointIteration(
        plant: plant, draws: draws, moves: ["M1/TempSet"], limits: Self.limits, base: ["M1/TempSet": 50], scrapHours: 6, stopHours: 200
      ).jacobians
    }
    func worst(_ draws: [LineParameters]) -> Double { jacobians(draws).map { $0?.spectralRadius ?? .infinity }.max() ?? .infinity }
    let known = worst(draws({ 50 + 0.5 * Double($0 % 7 - 3) }, { _ in 0.02 }))
    // The base stands where the optimum would: what is seen at one place is read as an optimum elsewhere, and moves with the place.
    let running = worst(draws({ 42 + 0.4 * Double($0) }, { 0.01 + 0.002 * Double($0) }))
    print("slopes: known optimum \(known), running optimum \(running)")
    #expect(known < 0.5 && running > known)
    // An overshoot that jumping to each target in full would turn over for ever comes to rest, and its slope is that of the place of rest.
    let steep = jacobians(draws({ 44 + 0.3 * Double($0) }, { 0.1 - 0.0024 * Double($0) }))
    print("steep: \(steep.compactMap { $0?[0, 0] }.min() ?? .nan), at rest \(steep.count { $0 != nil }) of \(steep.count)")
    #expect(steep.allSatisfy { $0 != nil } && steep.contains { $0![0, 0] < -1 } && steep.allSatisfy { $0![0, 0] < 1 })
  }
}
