extension EngineeringUnit {
  /// The unit that a plant's device means by `spelling`: a UCUM code as it stands, or one of the spellings in common use below.
  ///
  /// For the edges only (Sparkplug's `engUnit`, OPC UA display names). The plant folder holds UCUM codes.
  ///
  /// | spelling | UCUM |
  /// |---|---|
  /// | degC, °C, deg C, celsius | `Cel` |
  /// | degF, °F, deg F, fahrenheit | `[degF]` |
  /// | rpm, RPM, bpm, cpm, parts/min, bottles/min, pcs/min, /min | `1/min` |
  /// | pcs, pieces, parts, count, counts, ea, each, empty | `1` |
  /// | Nm, N·m, N*m, N-m | `N.m` |
  /// | kWh, Wh | `kW.h`, `W.h` |
  /// | sec, secs, hr, hrs, mins, msec | `s`, `h`, `min`, `ms` |
  /// | psi, ppm, lpm, LPM, lbs, lb, ft, in | `[psi]`, `[ppm]`, `L/min`, `[lb_av]`, `[ft_i]`, `[in_i]` |
  /// | µm, μm, ohm, Ω, m³/h, m^3/h, m², pct, percent | `um`, `Ohm`, `m3/h`, `m2`, `%` |
  ///
  /// - Throws: `UnitError.unknownUnit` for what is in neither list, such as gauge pressures (`barg`), which have another zero.
  public static func fromPlantSpelling(_ spelling: String) throws(UnitError) -> EngineeringUnit {
    let trimmed = spelling.drop(while: \.isWhitespace)
    let text = trimmed.lastIndex(where: { !$0.isWhitespace }).map { String(trimmed[...$0]) } ?? ""
    if text.isEmpty { return .one }
    do {
      return try EngineeringUnit(text)
    } catch {
      guard let code = plantSpellings[text] else { throw error }
      return try EngineeringUnit(code)
    }
  }

  private static let plantSpellings: [String: String] = [
    "degC": "Cel", "°C": "Cel", "deg C": "Cel", "celsius": "Cel", "Celsius": "Cel", "℃": "Cel",
    "degF": "[degF]", "°F": "[degF]", "deg F": "[degF]", "fahrenheit": "[degF]", "Fahrenheit": "[degF]",
    "rpm": "1/min", "RPM": "1/min", "bpm": "1/min", "cpm": "1/min", "parts/min": "1/min", "bottles/min": "1/min", "pcs/min": "1/min",
    "pcs": "1", "pieces": "1", "parts": "1", "count": "1", "counts": "1", "ea": "1", "each": "1",
    "Nm": "N.m", "N·m": "N.m", "N*m": "N.m", "N-m": "N.m", "kWh": "kW.h", "Wh": "W.h",
    "sec": "s", "secs": "s", "hr": "h", "hrs": "h", "mins": "min", "msec": "ms",
    "psi": "[psi]", "ppm": "[ppm]", "lpm": "L/min", "LPM": "L/min", "lbs": "[lb_av]", "lb": "[lb_av]", "ft": "[ft_i]", "in": "[in_i]",
    "µm": "um", "μm": "um", "ohm": "Ohm", "Ω": "Ohm", "m³/h": "m3/h", "m^3/h": "m3/h", "m²": "m2", "pct": "%", "percent": "%",
  ]
}
