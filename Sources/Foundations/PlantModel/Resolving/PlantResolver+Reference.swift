import Quantities

extension PlantResolver {
  /// How the plant's reference is to be commissioned; nil where the folder says nothing.
  ///
  /// - Parameter stations: of the plant, for how many streams are held to it.
  mutating func reference(_ stations: [Station]) -> ReferenceSpec? {
    guard let object = root.object("reference") else { return nil }
    var spec = ReferenceSpec(commissioning: object.whole("commissioning") ?? 32)
    guard object.has("sample") else { return spec }
    let place = object.place(of: "sample"), path = "reference.sample"
    let minutes = object.number("sample") / 60
    guard minutes.isFinite else { return spec }
    guard minutes >= 10, minutes <= 7 * 24 * 60, minutes == minutes.rounded() else {
      issues.error(
        place, path, "`\(path)` is not a whole number of minutes from 10 min to 7 d",
        "write e.g. `12 h`: a shorter one is mostly luck, a longer one takes most of a year to commission")
      return spec
    }
    spec.sample = .minutes(minutes)
    let streams = stations.reduce(0) { $0 + Self.streams(of: $1) }
    // The mean run length of the two-sided sum (½, 5) on standard normal residuals is 465 samples.
    let days = 465 * minutes / 1440 / Double(max(streams, 1))
    if days < 30 {
      let least = (30 * 24 * Double(streams) / 465).rounded(.up)
      issues.warning(
        place, path,
        "with \(streams) streams of so short a sample a plant that does not change is quarantined about once in \(Int(days.rounded())) days",
        "write `\(Int(least)) h` or more for once in thirty days, or leave it out")
    }
    return spec
  }

  /// What of a station is held to the reference: its work on a part, its rejects where it counts them, its short stops where it has any.
  private static func streams(of station: Station) -> Int {
    guard station.tags.state != nil, station.tags.processed != nil else { return 0 }
    return 1 + (station.tags.defective == nil ? 0 : 1) + (station.microstop == nil ? 0 : 1)
  }
}
