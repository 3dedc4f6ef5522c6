// The shapes of distributions.
extension Shapes {
  static let law = distribution("law", "The distribution of a duration; a duration alone is a constant.", unit: "s") { "\($0) s" }
  static let plainLaw = distribution("plain_law", "The distribution of a plain number; a number alone is a constant.", unit: "1") { $0 }

  /// - Parameter write: an example of a value in the law's unit.
  private static func distribution(_ name: String, _ meaning: String, unit: String, _ write: (String) -> String) -> Shape {
    let prefix = unit == "1" ? "plain_" : ""
    let positive = FieldKind.quantity(unit, .positive)
    let mean = Field("mean", positive, .required, example: write("2.5"), "Mean.")
    let cv = Field(
      "cv", .quantity("1", Bounds(low: 0, high: 10, isLowOpen: true)), .required, example: "0.1", "Standard deviation / mean.")
    let shape = Field(
      "shape", .quantity("1", Bounds(low: 0.1, high: 20)), .required, example: "1.3", "Shape k: the hazard grows with age for k > 1.")
    let low = Field("low", .quantity(unit, .notNegative), .required, example: write("2"), "Smallest value.")
    let mode = Field("mode", positive, .required, example: write("2.4"), "Most probable value.")
    let high = Field("high", positive, .required, example: write("4"), "Largest value.")
    let meanAndCV = Shape(name: "\(prefix)mean_and_cv", meaning: "By mean and coefficient of variation.", fields: [mean, cv])
    let meanAndShape = Shape(name: "\(prefix)mean_and_shape", meaning: "By mean and shape.", fields: [mean, shape])
    let lowAndHigh = Shape(name: "\(prefix)low_and_high", meaning: "By its ends.", fields: [low, high])
    let lowModeHigh = Shape(name: "\(prefix)low_mode_high", meaning: "By its ends and its peak.", fields: [low, mode, high])
    return Shape(
      name: name, meaning: meaning,
      fields: [
        Field("constant", positive, .optional("-"), example: write("2.5"), "Always this."),
        Field("exponential", positive, .optional("-"), example: unit == "s" ? "3 h" : "3", "Without memory, by its mean."),
        Field("gamma", .object(meanAndCV), .optional("-"), example: "{mean: \(write("2.5")), cv: 0.1}", "Gamma."),
        Field("lognormal", .object(meanAndCV), .optional("-"), example: unit == "s" ? "{mean: 5 min, cv: 0.8}" : "{mean: 5, cv: 0.8}", "Log-normal."),
        Field(
          "weibull", .object(meanAndShape), .optional("-"), example: unit == "s" ? "{mean: 4 h, shape: 1.3}" : "{mean: 4, shape: 1.3}", "Weibull."),
        Field("uniform", .object(lowAndHigh), .optional("-"), example: "{low: \(write("2")), high: \(write("3"))}", "Equally probable between two."),
        Field(
          "triangular", .object(lowModeHigh), .optional("-"), example: "{low: \(write("2")), mode: \(write("2.4")), high: \(write("4"))}", "Triangle."
        ),
        Field(
          "empirical", .list(positive), .optional("-"), example: "[\(write("2.4")), \(write("2.5")), \(write("2.7"))]", "One of the observed values."),
      ],
      oneOf: ["constant", "exponential", "gamma", "lognormal", "weibull", "uniform", "triangular", "empirical"])
  }
}
