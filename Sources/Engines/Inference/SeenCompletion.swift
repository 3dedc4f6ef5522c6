/// How long a station took for some parts, as counts tell it: from one count to the next, while there was work and room throughout.
public struct SeenCompletion: Sendable, Hashable {
  /// Seconds, stops included.
  public var seconds: Double
  /// Parts that the next count rose by.
  public var parts: Int
  /// Speed / rated.
  public var speed: Double
  /// It is not done yet: all that is known is that it takes longer.
  public var isOpen: Bool
  public init(seconds: Double, parts: Int, speed: Double = 1, isOpen: Bool = false) {
    (self.seconds, self.parts, self.speed, self.isOpen) = (seconds, parts, speed, isOpen)
  }
}
