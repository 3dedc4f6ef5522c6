import Determinism
import Testing

@testable import Continuous

@Suite struct ArithmeticTests {
  @Test func eliminationChoosesItsPivots() {
    var exchange = DenseLU(count: 2)
    exchange.a = [0, 2, 3, 1]
    let isExchangeRegular = exchange.factor()
    #expect(isExchangeRegular)
    var b = [9.0, 4, 7]
    exchange.solve(&b, from: 1)
    #expect(b == [9, 5.0 / 3, 2])

    // Without pivoting the tiny leading entry would swallow all digits.
    var graded = DenseLU(count: 2)
    graded.a = [1e-20, 1, 1, 1]
    let isGradedRegular = graded.factor()
    #expect(isGradedRegular)
    var c = [1.0, 2]
    graded.solve(&c, from: 0)
    #expect(c == [1, 1])

    var singular = DenseLU(count: 2)
    singular.a = [1, 2, 2, 4]
    let isSingularRegular = singular.factor()
    #expect(!isSingularRegular)
  }

  @Test func solvingUndoesMultiplying() {
    var stream = RandomStream(seed: 4, "matrix")
    for n in 1...12 {
      var matrix = DenseLU(count: n)
      for i in matrix.a.indices { matrix.a[i] = stream.normal() }
      let a = matrix.a
      let x = (0..<n).map { _ in stream.normal() }
      var b = (0..<n).map { i in (0..<n).reduce(0) { $0 + a[i * n + $1] * x[$1] } }
      let isMatrixRegular = matrix.factor()
      #expect(isMatrixRegular)
      matrix.solve(&b, from: 0)
      for i in 0..<n { #expect(abs(b[i] - x[i]) < 1e-9) }
    }
  }

  /// Within two units in the last place of the larger of the two, for arguments up to 10⁶, multiples of π/2 among them.
  @Test func sineAndCosineAgreeWithTheSystems() {
    var stream = RandomStream(seed: 4, "angle")
    var worst = 0.0
    for k in 0..<20_000 {
      let x = k % 4 == 0 ? (Double(k) * 0.5 * .pi).nextUp : stream.uniform(-1, 1) * Portable.pow(10, stream.uniform(-8, 6))
      let (s, c) = Angle.sineAndCosine(x)
      worst = max(worst, abs(s - sine(x)) / max(sine(x).magnitude.ulp, 0x1p-60), abs(c - cosine(x)) / max(cosine(x).magnitude.ulp, 0x1p-60))
    }
    #expect(worst <= 2)
    #expect(Angle.sineAndCosine(.infinity).0.isNaN)
  }
}
