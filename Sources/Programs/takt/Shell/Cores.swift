import Dispatch
import Simulation
import Synchronization

/// Spreads independent work over all cores, telling how much is done. The results stand in order, whatever the number of cores.
struct Cores: WorkSpreader {
  var progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }

  func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    let state = Mutex((done: 0, results: [Result?](repeating: nil, count: count)))
    DispatchQueue.concurrentPerform(iterations: count) { index in
      let result = body(index)
      let done = state.withLock { state in
        state.results[index] = result
        state.done += 1
        return state.done
      }
      progress(done, count)
    }
    return state.withLock { $0.results.compactMap { $0 } }
  }
}
