/// The earliest of a fixed number of times.
///
/// It is sought among all of them: a line has a few dozen, histories are copied often, and a time is set several times for each that comes first.
struct Agenda: Sendable, Equatable {
  private var times: [Double]

  init(count: Int) { times = Array(repeating: .infinity, count: max(count, 1)) }

  subscript(i: Int) -> Double {
    get { times[i] }
    set { times[i] = newValue }
  }

  /// Of equal times the lower index: kinds of events stand in the order in which they happen.
  var first: (index: Int, time: Double) {
    var (index, time) = (0, times[0])
    for i in 1..<times.count where times[i] < time { (index, time) = (i, times[i]) }
    return (index, time)
  }
}
