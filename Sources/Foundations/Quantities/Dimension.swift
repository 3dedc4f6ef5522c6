/// The powers of the seven SI base quantities in a unit, e.g. pressure = mass¹·length⁻¹·time⁻².
///
/// Angles and counts have no dimension, as in the SI. Two units convert into each other only where their dimensions are equal.
public struct Dimension: Hashable, Sendable, Codable {
  public var length = 0
  public var mass = 0
  public var time = 0
  public var current = 0
  public var temperature = 0
  public var amount = 0
  public var luminosity = 0

  public init(length: Int = 0, mass: Int = 0, time: Int = 0, current: Int = 0, temperature: Int = 0, amount: Int = 0, luminosity: Int = 0) {
    (self.length, self.mass, self.time, self.current) = (length, mass, time, current)
    (self.temperature, self.amount, self.luminosity) = (temperature, amount, luminosity)
  }

  /// A plain number.
  public static let one = Dimension()
  public static let time = Dimension(time: 1)
  /// Of a rate: how many a second.
  public static let perTime = Dimension(time: -1)

  public static func * (a: Dimension, b: Dimension) -> Dimension { a.adding(b, times: 1) }
  public static func / (a: Dimension, b: Dimension) -> Dimension { a.adding(b, times: -1) }

  /// The dimension of the unit's power.
  public func raised(to power: Int) -> Dimension { Dimension.one.adding(self, times: power) }

  private func adding(_ b: Dimension, times k: Int) -> Dimension {
    Dimension(
      length: length + k * b.length, mass: mass + k * b.mass, time: time + k * b.time, current: current + k * b.current,
      temperature: temperature + k * b.temperature, amount: amount + k * b.amount, luminosity: luminosity + k * b.luminosity)
  }
}

extension Dimension: CustomStringConvertible {
  /// What a person calls it (`pressure`), or its powers (`m.kg-1`) where it has no common name.
  public var description: String {
    if let name = Self.names.first(where: { $0.0 == self })?.1 { return name }
    let powers = [("m", length), ("kg", mass), ("s", time), ("A", current), ("K", temperature), ("mol", amount), ("cd", luminosity)]
    return powers.filter { $0.1 != 0 }.map { $0.1 == 1 ? $0.0 : "\($0.0)\($0.1)" }.joined(separator: ".")
  }

  private static let names: [(Dimension, String)] = [
    (.one, "plain number"), (.time, "time"), (.perTime, "rate"),
    (Dimension(length: 1), "length"), (Dimension(length: 2), "area"), (Dimension(length: 3), "volume"),
    (Dimension(mass: 1), "mass"), (Dimension(temperature: 1), "temperature"), (Dimension(current: 1), "electric current"),
    (Dimension(length: 1, time: -1), "velocity"), (Dimension(length: 1, time: -2), "acceleration"),
    (Dimension(length: 3, time: -1), "volume flow"), (Dimension(mass: 1, time: -1), "mass flow"),
    (Dimension(length: 1, mass: 1, time: -2), "force"), (Dimension(length: -1, mass: 1, time: -2), "pressure"),
    (Dimension(length: 2, mass: 1, time: -2), "energy or torque"), (Dimension(length: 2, mass: 1, time: -3), "power"),
    (Dimension(length: 2, mass: 1, time: -3, current: -1), "voltage"), (Dimension(amount: 1), "amount of substance"),
    (Dimension(length: -3, mass: 1), "density"), (Dimension(time: -1, temperature: 1), "rate of temperature"),
  ]
}
