import Historian
import Quantities
import Telemetry

/// The plant that the peers were measured with, in Swift: the same kinds of tags in the same shares with the same laws as the C generator of the
/// benchmark (another stream of random numbers). 60 % analog with two decimals, noise, drift and a wave; 20 % setpoints; 10 % counters; 5 %
/// states; 5 % switches. 1 Hz with a triangular jitter of ±20 ms, in whole milliseconds; 0.05 % not good, a share late, 0.01 % twice.
struct GeneratedTelemetry {
  struct Arrived {
    var tag: Int
    var instant: Int64
    var value: Double
    var quality: Quality
  }

  private struct Tag {
    var kind: Kind
    var phase: Int64
    var level = 0.0, amplitude = 0.0, period = 1.0, angle = 0.0, noise = 0.0, walk = 0.0
    var current = 0
    var step = 0.0
  }

  private enum Kind { case analog, setpoint, counter, state, switched }

  static let start: Int64 = 1_767_312_000_000
  private var random: Random
  private var tags: [Tag] = []
  private var second = 0
  private var late: [[Arrived]]
  private let latePerMillion: Int
  private let isRounded: Bool

  /// - Parameters:
  ///   - latest: samples late come 1 to so many seconds after their time.
  ///   - isRounded: false leaves the analog values at full precision.
  init(tags count: Int, seed: UInt64 = 20_260_102, latePerMillion: Int = 1000, latest: Int = 60, isRounded: Bool = true) {
    random = Random(seed)
    late = Array(repeating: [], count: latest + 2)
    (self.latePerMillion, self.isRounded) = (latePerMillion, isRounded)
    for i in 0..<count { tags.append(makeTag(i)) }
  }

  var tagNames: [String] { tags.indices.map { "U\(10 + $0 * 12 / tags.count).LOOP\(1_000_000 + $0).PV" } }

  private mutating func uniform() -> Double { Double(random.next() >> 11) * 0x1p-53 }

  /// The sum of four uniform numbers, scaled to unit variance, as the generator in C has it.
  private mutating func gauss() -> Double { (uniform() + uniform() + uniform() + uniform() - 2) * 1.7320508 }

  private mutating func makeTag(_ i: Int) -> Tag {
    let place = i % 20
    var tag = Tag(kind: place < 12 ? .analog : place < 16 ? .setpoint : place < 18 ? .counter : place < 19 ? .state : .switched, phase: 0)
    tag.phase = Int64(random.below(1000))
    let range = random.pick([100.0, 150, 400, 25, 1500])
    tag.level = range * (0.2 + 0.6 * uniform())
    tag.amplitude = range * 0.08 * uniform()
    tag.period = 600 + 12_000 * uniform()
    tag.angle = 6.2831853 * uniform()
    // Log-uniform from 0.004 to 0.6.
    tag.noise = 0.004 * Self.exponential(uniform() * 5.0106353) * (range / 200 + 0.3)
    tag.walk = range * 2e-5 * (1 + 4 * uniform())
    switch tag.kind {
    case .setpoint: tag.current = Int(range * 2 * (0.2 + 0.6 * uniform())) * 50
    case .counter: (tag.current, tag.step) = (Int(uniform() * 5e6), Double(1 + Int(uniform() * uniform() * 60)))
    case .state: tag.current = random.below(5)
    case .switched: tag.current = random.below(2)
    case .analog: break
    }
    return tag
  }

  /// One second of the plant, in order of arrival.
  mutating func next(_ body: (Arrived) -> Void) {
    for i in tags.indices {
      let bits = random.next()
      let jitter = Int64(bits % 21) + Int64(bits >> 16 % 21) % 21 - 20
      var sample = Arrived(
        tag: i, instant: (Self.start + Int64(second) * 1000 + tags[i].phase + jitter) * 1_000_000, value: value(i), quality: .good)
      let event = Int(bits >> 32) % 1_000_000
      if event < 500 { sample.quality = event < 250 ? .bad : .uncertain }
      if event >= 1000, event < 1000 + latePerMillion {
        late[(second + 1 + random.below(late.count - 2)) % late.count].append(sample)
      } else {
        body(sample)
        if event >= 999_900 { body(sample) }
      }
    }
    for sample in late[second % late.count] { body(sample) }
    late[second % late.count] = []
    second += 1
  }

  private mutating func value(_ i: Int) -> Double {
    let u = uniform()
    switch tags[i].kind {
    case .analog:
      tags[i].level += tags[i].walk * gauss()
      let tag = tags[i]
      let x = tag.level + tag.amplitude * Self.sine(tag.angle + 6.2831853 * Double(second) / tag.period) + tag.noise * gauss()
      return isRounded ? (100 * x).rounded() / 100 : x
    case .setpoint:
      if u < 1.0 / 1800 { tags[i].current += (random.below(9) - 4) * 50 }
      return Double(tags[i].current) / 100
    case .counter:
      tags[i].current = u < 2e-6 ? 0 : tags[i].current + Int(u * tags[i].step * 2 + 0.5)
    case .state: if u < 1.0 / 600 { tags[i].current = random.below(5) }
    case .switched: if u < 1.0 / 300 { tags[i].current ^= 1 }
    }
    return Double(tags[i].current)
  }

  /// eˣ, by halving and squaring: good enough to draw from.
  private static func exponential(_ x: Double) -> Double {
    var y = 1 + x / 1024
    for _ in 0..<10 { y *= y }
    return y
  }

  /// sin x by its series about the nearest multiple of π.
  private static func sine(_ x: Double) -> Double {
    let turns = (x / .pi).rounded()
    let r = x - turns * .pi
    let s = r * (1 - r * r / 6 * (1 - r * r / 20 * (1 - r * r / 42 * (1 - r * r / 72))))
    return Int(turns) % 2 == 0 ? s : -s
  }
}
