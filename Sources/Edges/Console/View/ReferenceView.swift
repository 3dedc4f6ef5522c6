public import Quantities

/// One stream of what retraining learns from, held against what it was at commissioning.
public struct ReferenceView: Sendable, Hashable, Codable {
  /// The station's name.
  public var station: String
  /// `scrap`, `cycle` or `microstops`.
  public var quantity: String
  /// Since when the reference stands; nil while it is being commissioned.
  public var since: Instant?
  /// Samples taken.
  public var samples: Int
  /// How many samples commissioning takes.
  public var commissioning: Int
  /// How far the stream is from it of late, in standard deviations of a sample; nil before it stands.
  public var distance: Double?
  /// The cumulative sum as a share of the one that ends trust, 0 … 1; nil before it stands.
  public var strain: Double?
  /// Since when, how far and by what it has drifted, in words; nil: it has not.
  public var drift: String?

  public init(
    station: String, quantity: String, since: Instant?, samples: Int, commissioning: Int, distance: Double?, strain: Double?, drift: String?
  ) {
    (self.station, self.quantity, self.since, self.samples, self.commissioning) = (station, quantity, since, samples, commissioning)
    (self.distance, self.strain, self.drift) = (distance, strain, drift)
  }
}
