/// The layers of a ziggurat: a decreasing density covered by 256 horizontal slices of equal area.
///
/// `edge(i)` is the right end of layer i (edge 0 stands for the base layer with its tail), `height(i)` the unnormalised density there.
@safe
public struct Ziggurat: Sendable {
  // Written once while the static constant is made, then only read.
  @usableFromInline nonisolated(unsafe) let storage: UnsafeMutablePointer<Double>

  @inlinable @inline(__always) func edge(_ i: Int) -> Double { unsafe storage[i] }
  @inlinable @inline(__always) func height(_ i: Int) -> Double { unsafe storage[257 &+ i] }

  /// - Parameters: tail: where the tail begins; area: that of each slice; density and its inverse, unnormalised.
  init(tail: Double, area: Double, density: (Double) -> Double, inverse: (Double) -> Double) {
    unsafe storage = .allocate(capacity: 514)
    unsafe storage.initialize(repeating: 0, count: 514)
    unsafe storage[0] = area / density(tail)
    unsafe storage[1] = tail
    for i in 2..<256 { unsafe storage[i] = inverse(area / storage[i - 1] + density(storage[i - 1])) }
    for i in 0..<257 { unsafe storage[257 + i] = density(storage[i]) }
  }

  /// For exponential draws of mean 1.
  public static let exponential = Ziggurat(
    tail: 7.69711747013104971, area: 0.00394965982258155720, density: { Portable.exp(-$0) }, inverse: { -Portable.log($0) })

  /// For standard normal draws; its layers cover one half.
  public static let normal = Ziggurat(
    tail: 3.65415288536100877, area: 0.00492867323397465535, density: { Portable.exp(-0.5 * $0 * $0) },
    inverse: { (-2 * Portable.log($0)).squareRoot() })
}
