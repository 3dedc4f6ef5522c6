/// UCUM's unit atoms and prefixes, as far as factories use them.
enum UnitAtoms {
  struct Atom {
    var dimension: Dimension
    var factor: Double
    var offset = 0.0
    /// Whether a prefix may stand before it.
    var metric = false
  }

  static let prefixes: [(String, Double)] = [
    ("Y", 1e24), ("Z", 1e21), ("E", 1e18), ("P", 1e15), ("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3), ("h", 1e2), ("da", 1e1),
    ("d", 1e-1), ("c", 1e-2), ("m", 1e-3), ("u", 1e-6), ("n", 1e-9), ("p", 1e-12), ("f", 1e-15), ("a", 1e-18), ("z", 1e-21), ("y", 1e-24),
    ("Ki", 1024), ("Mi", 1_048_576), ("Gi", 1_073_741_824), ("Ti", 1_099_511_627_776),
  ]

  static let all: [String: Atom] = {
    var atoms: [String: Atom] = [:]
    func metric(_ code: String, _ dimension: Dimension, _ factor: Double = 1, offset: Double = 0) {
      atoms[code] = Atom(dimension: dimension, factor: factor, offset: offset, metric: true)
    }
    func plain(_ code: String, _ dimension: Dimension, _ factor: Double, offset: Double = 0) {
      atoms[code] = Atom(dimension: dimension, factor: factor, offset: offset)
    }
    let length = Dimension(length: 1), mass = Dimension(mass: 1), volume = Dimension(length: 3), current = Dimension(current: 1)
    let temperature = Dimension(temperature: 1), force = Dimension(length: 1, mass: 1, time: -2)
    let pressure = Dimension(length: -1, mass: 1, time: -2), energy = Dimension(length: 2, mass: 1, time: -2), power = energy / .time
    let voltage = power / current, charge = current * .time

    // Base units
    metric("m", length)
    metric("g", mass, 1e-3)
    metric("s", .time)
    metric("A", current)
    metric("K", temperature)
    metric("mol", Dimension(amount: 1))
    metric("cd", Dimension(luminosity: 1))
    metric("rad", .one)
    metric("sr", .one)
    // Derived SI units
    metric("Hz", .perTime)
    metric("N", force)
    metric("Pa", pressure)
    metric("J", energy)
    metric("W", power)
    metric("C", charge)
    metric("V", voltage)
    metric("F", charge / voltage)
    metric("Ohm", voltage / current)
    metric("S", current / voltage)
    metric("Wb", voltage * .time)
    metric("T", voltage * .time / Dimension(length: 2))
    metric("H", voltage * .time / current)
    metric("lm", Dimension(luminosity: 1))
    metric("lx", Dimension(length: -2, luminosity: 1))
    metric("Bq", .perTime)
    metric("kat", Dimension(time: -1, amount: 1))
    metric("Cel", temperature, 1, offset: 273.15)
    // Used with the SI
    metric("L", volume, 1e-3)
    metric("l", volume, 1e-3)
    metric("t", mass, 1e3)
    metric("bar", pressure, 1e5)
    metric("ar", Dimension(length: 2), 100)
    metric("eV", energy, 1.602176634e-19)
    metric("cal", energy, 4.184)
    metric("gf", force, 9.80665e-3)
    metric("m[H2O]", pressure, 9806.65)
    metric("m[Hg]", pressure, 133_322)
    plain("atm", pressure, 101_325)
    plain("att", pressure, 98_066.5)
    plain("min", .time, 60)
    plain("h", .time, 3600)
    plain("d", .time, 86_400)
    plain("wk", .time, 604_800)
    plain("a", .time, 31_557_600)
    plain("mo", .time, 2_629_800)
    plain("deg", .one, .pi / 180)
    plain("'", .one, .pi / 10_800)
    plain("''", .one, .pi / 648_000)
    // Shares
    plain("%", .one, 1e-2)
    plain("[ppth]", .one, 1e-3)
    plain("[ppm]", .one, 1e-6)
    plain("[ppb]", .one, 1e-9)
    plain("10*", .one, 10)
    plain("10^", .one, 10)
    plain("[pi]", .one, .pi)
    metric("[g]", Dimension(length: 1, time: -2), 9.80665)
    // International customary and US units
    plain("[degF]", temperature, 5 / 9, offset: 459.67 * 5 / 9)
    plain("[degR]", temperature, 5 / 9)
    plain("[in_i]", length, 0.0254)
    plain("[ft_i]", length, 0.3048)
    plain("[yd_i]", length, 0.9144)
    plain("[mi_i]", length, 1609.344)
    plain("[lb_av]", mass, 0.45359237)
    plain("[oz_av]", mass, 0.028349523125)
    plain("[lbf_av]", force, 4.4482216152605)
    plain("[psi]", pressure, 6894.757293168361)
    plain("[gal_us]", volume, 3.785411784e-3)
    plain("[foz_us]", volume, 2.95735295625e-5)
    plain("[HP]", power, 745.6998715822702)
    plain("[Btu_IT]", energy, 1055.05585262)
    return atoms
  }()

  /// The atom of this text, with its prefix where it has one. A whole atom wins over a prefix (`min`, `cd`, `Pa`).
  static func find(_ text: String) -> Atom? {
    if let atom = all[text] { return atom }
    for (prefix, factor) in prefixes where text.hasPrefix(prefix) {
      guard var atom = all[String(text.dropFirst(prefix.count))], atom.metric else { continue }
      atom.factor *= factor
      return atom
    }
    return nil
  }

  /// Codes that a misspelling may have meant.
  static let suggestions: [String] =
    all.keys.sorted() + [
      "mbar", "kPa", "MPa", "kN", "kg", "mm", "um", "cm", "km", "ms", "mA", "kV", "kW", "MW", "kJ", "mL", "kHz", "N.m", "mm/s", "1/min", "L/min",
      "kW.h",
    ]
}
