import Quantities
import Testing

@Suite struct UnitTests {
  @Test func conversionsAgreeWithPublishedValues() throws {
    // Values by definition (SI brochure; NIST SP 811, appendix B).
    let cases: [(Double, String, Double, String)] = [
      (1, "bar", 100_000, "Pa"), (2200, "mbar", 2.2, "bar"), (1, "atm", 1.01325, "bar"), (1, "[psi]", 6894.757293168361, "Pa"),
      (1, "kPa", 10, "mbar"), (0, "Cel", 273.15, "K"), (100, "Cel", 212, "[degF]"), (-40, "[degF]", -40, "Cel"), (491.67, "[degR]", 0, "Cel"),
      (24, "1/min", 0.4, "Hz"), (24, "/min", 0.4, "s-1"), (1, "h", 3600, "s"), (1, "d", 1440, "min"), (1, "wk", 7, "d"),
      (60, "L/min", 1, "L/s"), (3.6, "m3/h", 1, "L/s"), (1, "kW.h", 3.6, "MJ"), (1, "N.m", 1, "J"), (1, "kW", 1, "kJ/s"),
      (1000, "mm/s", 1, "m/s"), (36, "km/h", 10, "m/s"), (9.80665, "m/s2", 1, "[g]"), (1, "[in_i]", 25.4, "mm"), (1, "[lb_av]", 453.59237, "g"),
      (1, "%", 0.01, "1"), (1, "[ppm]", 1e-6, "1"), (5, "{parts}", 5, "1"), (5, "{parts}/min", 5, "1/min"), (1, "10*3/s", 1, "kHz"),
      (1, "kg.m/s2", 1, "N"), (1, "N/m2", 1, "Pa"), (1, "J/(kg.K)", 1, "m2.s-2.K-1"), (180, "deg", Double.pi, "rad"), (1, "t", 1, "Mg"),
      (1, "V.A", 1, "W"), (1, "V/A", 1, "Ohm"), (1, "m[H2O]", 9806.65, "Pa"), (760, "mm[Hg]", 101_324.72, "Pa"), (1, "2.m", 2, "m"),
      (1, "um", 1e-3, "mm"), (1, "mol/L", 1000, "mol/m3"), (1, "Cel", 274.15, "K"),
    ]
    for (value, from, expected, to) in cases {
      let converted = try Quantity(value, EngineeringUnit(from)).value(in: EngineeringUnit(to))
      #expect(abs(converted - expected) <= 1e-9 * max(1, abs(expected)), "\(value) \(from) in \(to) gave \(converted)")
      let back = try EngineeringUnit(to).convert(converted, to: EngineeringUnit(from))
      #expect(abs(back - value) <= 1e-9 * max(1, abs(value)), "\(from) there and back")
    }
  }

  @Test func everyAtomAndPrefixReads() throws {
    let codes = [
      "m", "g", "s", "A", "K", "mol", "cd", "rad", "sr", "Hz", "N", "Pa", "J", "W", "C", "V", "F", "Ohm", "S", "Wb", "T", "H", "lm", "lx", "Bq",
      "kat",
      "Cel", "L", "l", "t", "bar", "ar", "eV", "cal", "gf", "min", "h", "d", "wk", "a", "mo", "deg", "'", "''", "%", "[ppth]", "[ppb]", "[pi]",
      "[degF]", "[ft_i]", "[yd_i]", "[mi_i]", "[oz_av]", "[lbf_av]", "[gal_us]", "[foz_us]", "[HP]", "[Btu_IT]", "att",
    ]
    for code in codes {
      let unit = try EngineeringUnit(code)
      #expect(unit.code == code && unit.factor > 0)
    }
    for (prefix, factor) in [("Y", 1e24), ("k", 1e3), ("da", 10), ("d", 0.1), ("c", 0.01), ("m", 1e-3), ("u", 1e-6), ("n", 1e-9), ("y", 1e-24)] {
      #expect(try EngineeringUnit(prefix + "m").factor == factor)
    }
    // A whole atom wins over a prefix.
    #expect(try EngineeringUnit("min").dimension == .time)
    #expect(try EngineeringUnit("cd").dimension == Dimension(luminosity: 1))
    #expect(try EngineeringUnit("Pa").dimension == EngineeringUnit("bar").dimension)
  }

  @Test func whatIsNoUnitIsRefusedForItsReason() {
    func failure(_ code: String) -> UnitError? {
      do throws(UnitError) {
        _ = try EngineeringUnit(code)
        return nil
      } catch { return error }
    }
    #expect(failure("baar") == .unknownUnit("baar", meant: "bar"))
    #expect(failure("degC") == .unknownUnit("degC", meant: "deg"))
    #expect(failure("Bar") == .unknownUnit("Bar", meant: "bar"))
    #expect(failure("kmin") == .unknownUnit("kmin", meant: "min"))
    for code in ["", "m//s", "m/", "(m", "m)", ".", "m s", "{parts", "m+", "m0", "m100", "0.m", "1 /min", "°C", "m^2"] {
      #expect(failure(code) != nil, "`\(code)`")
    }
    for code in ["Cel/min", "J/Cel", "Cel2", "mCel", "[degF].s", "/Cel"] { #expect(failure(code) == .offsetUnitInTerm(code)) }
  }

  @Test func differentDimensionsNeverConvert() throws {
    let units = try ["m", "s", "kg", "bar", "Cel", "1/min", "N.m", "L/min", "1", "V", "W"].map { code throws(UnitError) in try EngineeringUnit(code) }
    for a in units {
      for b in units where a != b {
        #expect(throws: UnitError.differentDimensions(from: a, to: b)) { try a.convert(1, to: b) }
        #expect(throws: UnitError.differentDimensions(from: a, to: b)) { try a.convertDifference(1, to: b) }
      }
    }
  }

  @Test func aDifferenceLeavesTheOffsetOut() throws {
    let celsius = try EngineeringUnit("Cel"), kelvin = try EngineeringUnit("K"), fahrenheit = try EngineeringUnit("[degF]")
    #expect(try kelvin.convertDifference(5, to: celsius) == 5)
    #expect(try abs(celsius.convertDifference(5, to: fahrenheit) - 9) < 1e-12)
  }

  @Test func dimensionsAreCalledByTheirNames() throws {
    for (code, name) in [
      ("bar", "pressure"), ("N.m", "energy or torque"), ("1/min", "rate"), ("mm/s", "velocity"), ("L/min", "volume flow"), ("%", "plain number"),
      ("kg.K", "kg.K"), ("m-4", "m-4"),
    ] {
      #expect(try EngineeringUnit(code).dimension.description == name)
    }
  }
}

@Suite struct PlantSpellingTests {
  @Test func aliasesAreKnownAtTheEdgeOnly() throws {
    let aliases = [
      "degC": "Cel", "°C": "Cel", "bar": "bar", "kPa": "kPa", "kN": "kN", "N.m": "N.m", "Nm": "N.m", "mm/s": "mm/s", "W": "W", "L/min": "L/min",
      "1/min": "1/min",
      "rpm": "1/min", "1": "1", "": "1", "pcs": "1", " degF ": "[degF]", "kWh": "kW.h", "m³/h": "m3/h", "µm": "um", "psi": "[psi]",
    ]
    for (spelling, code) in aliases {
      let unit = try EngineeringUnit.fromPlantSpelling(spelling), meant = try EngineeringUnit(code)
      #expect(unit.dimension == meant.dimension && unit.factor == meant.factor && unit.offset == meant.offset, "`\(spelling)`")
    }
    #expect(throws: UnitError.self) { try EngineeringUnit("degC") }
    // A gauge pressure has another zero: it is not silently taken for an absolute one.
    #expect(throws: UnitError.self) { try EngineeringUnit.fromPlantSpelling("barg") }
  }
}

@Suite struct QuantityTests {
  @Test func numbersWithUnitsAreRead() throws {
    for (text, value, code) in [
      ("24 1/min", 24.0, "1/min"), ("6 min", 6, "min"), ("2.2 bar", 2.2, "bar"), ("  -40   Cel ", -40, "Cel"), ("1e3 Pa", 1000, "Pa"),
      (".5 h", 0.5, "h"), ("9000", 9000, "1"), ("1 %", 1, "%"), ("12 {parts}", 12, "{parts}"), ("+3 K", 3, "K"),
    ] {
      #expect(try Quantity(parsing: text) == Quantity(value, EngineeringUnit(code)), "\(text)")
    }
    #expect(try Quantity(parsing: "2.20 bar").description == "2.2 bar")
    #expect(try Quantity(parsing: "9000").description == "9000")
  }

  @Test func whatIsNoFiniteNumberWithAUnitIsRefused() {
    func failure(_ text: String) -> UnitError? {
      do throws(UnitError) {
        _ = try Quantity(parsing: text)
        return nil
      } catch { return error }
    }
    for text in ["nan bar", ".nan", "inf s", "-.inf", "1e999 s", "Infinity"] { #expect(failure(text) == .notFinite(text)) }
    for text in ["", "bar", "fast", "--1 s", "+ 1"] { #expect(failure(text) == .notANumber(text), "\(text)") }
    // 21/min might be 21 per minute, or 2 and 1/min.
    for text in ["21/min", "5min", "2,5 s", "0x10 s", "1_000"] { #expect(failure(text) == .noSpaceBeforeUnit(text), "\(text)") }
    #expect(failure("5 minn") == .unknownUnit("minn", meant: "min"))
  }
}
