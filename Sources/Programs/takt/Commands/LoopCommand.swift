import ArgumentParser
import Foundation
import Optimization
import PlantModel
import Quantities
import Supervision
import Synchronization

/// `takt loop setpoints`: the built-in optimiser as the process that a plant's loop runs. Speaks docs/loop-protocol.md on standard input and output.
struct LoopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "loop", abstract: "Run a built-in loop; started by takt itself.",
    discussion: "Reads and writes the loop protocol, one JSON object a line.\nExample: takt loop setpoints < observations.jsonl", shouldDisplay: false
  )

  @Argument(help: "The loop to run: setpoints.") var name: String

  func run() throws {
    guard name == LoopSpec.builtIn else { throw ValidationError("there is no built-in loop \"\(name)\"; there is: \(LoopSpec.builtIn)") }
    let out = LineOutput()
    out.send(.ready(version: 1))
    let heart = DispatchSource.makeTimerSource()
    heart.schedule(deadline: .now() + 2, repeating: 2)
    heart.setEventHandler { out.send(.heartbeat) }
    heart.resume()
    defer { heart.cancel() }

    let lines = LineInput()
    var hello: LoopHello?
    while true {
      switch try MessageToLoop(line: lines.next()) {
      case .hello(let greeting): hello = greeting
      case .observe(let observation):
        guard let hello else { throw ValidationError("\"observe\" came before \"hello\"") }
        out.send(answer(observation, hello))
      case .stop: return
      }
    }
  }

  private func answer(_ observation: LoopObservation, _ hello: LoopHello) -> MessageFromLoop {
    let problem = SetpointProblem(
      plant: hello.plant, setpoints: observation.setpoints, draws: observation.draws, limits: hello.limits, objective: hello.objective,
      openShare: observation.openShare, takenBack: observation.takenBack, tolerance: hello.proof.map(LossTolerance.init(planningFor:)),
      seed: observation.seed, modifiers: observation.modifiers ?? [])
    switch SetpointOptimizer().advise(problem) {
    case .stay(let reason): return .stay(request: observation.request, reason: reason)
    case .move(let target, let gain, let reason):
      return .proposal(LoopProposal(request: observation.request, moves: target, gain: gain, horizon: .hours(4), reason: reason))
    }
  }
}

/// Standard input, read by a thread of its own: when it ends, takt is gone, and so is this process, whatever it is computing.
private final class LineInput: Sendable {
  private let lines = Mutex<[[UInt8]]>([])
  private let arrived = DispatchSemaphore(value: 0)

  init() {
    Thread.detachNewThread { [self] in
      while let line = readLine(strippingNewline: true) {
        lines.withLock { $0.append(Array(line.utf8)) }
        arrived.signal()
      }
      exit(0)
    }
  }

  /// The next line; waits for it.
  func next() -> [UInt8] {
    arrived.wait()
    return lines.withLock { $0.removeFirst() }
  }
}

/// Standard output, a line at a time, from any thread.
private final class LineOutput: Sendable {
  private let lock = Mutex(())
  func send(_ message: MessageFromLoop) {
    lock.withLock { _ in FileHandle.standardOutput.write(Data(message.line() + [UInt8(ascii: "\n")])) }
  }
}
