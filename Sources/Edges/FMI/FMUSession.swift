import FMUHost
import Foundation
import Processes
import Synchronization

/// A unit that can be run: its code is loaded in a process of its own, one for each session.
///
/// What goes wrong in the unit stays there. A crash, a call that hangs and a refused call come back as an `FMIError` that names the unit and the call;
/// after the first two the process is gone, and the next run starts another. A process that has grown by `growthLimit` is replaced between two runs.
public final class FMUSession: Sendable {
  /// The unit that runs.
  public let fmu: FMU
  /// Seconds that one call of the unit may take.
  public let patience: Double
  /// Bytes by which the process may grow before it is replaced.
  public let growthLimit: Int
  private let program: String
  private let unpacked: UnpackedFMU
  private let state = Mutex(State())

  private struct State {
    var process: FramedProcess?
    var starts = 0
    var runs = 0
    var residentAtStart = 0
  }

  /// Unpacks the unit and loads it.
  ///
  /// - Parameters:
  ///   - host: the path of the program `takt-fmu-host`.
  ///   - patience: seconds that one call of the unit may take.
  /// - Throws: what opening can meet: `archive`, `unsupported`, `host`, `refused`, `ended`, `late`.
  public init(_ fmu: FMU, host: String, patience: Double = 30, growthLimit: Int = 1 << 30) throws(FMIError) {
    (self.fmu, program, self.patience, self.growthLimit) = (fmu, host, patience, growthLimit)
    unpacked = try fmu.unpacked()
    let failure = state.withLock { state in Result { () throws(FMIError) in _ = try process(&state) } }
    try failure.get()
  }

  /// How many processes have been started for this session.
  public var starts: Int { state.withLock { $0.starts } }

  /// Runs the unit.
  ///
  /// - Returns: for each communication point the records' values, in their order.
  /// - Throws: `variable`, `request`, `refused`, `ended`, `late`, `host`.
  public func run(_ run: FMURun) throws(FMIError) -> [[Double]] {
    let request = try run.request(fmu.path)
    let rows = try state.withLock { state in
      Result { () throws(FMIError) in
        replaceWhereNeeded(&state, request)
        let reply = try exchange(.run(request), try process(&state), &state)
        guard case .rows(let rows) = reply else { throw failure(reply, &state) }
        return rows
      }
    }.get()
    let width = request.records.width
    return run.points.indices.map { Array(rows[$0 * width..<($0 + 1) * width]) }
  }

  /// Where the communication is during a run on another thread; nil where nothing runs.
  public var currentTime: Double? { unpacked.call().flatMap { $0.call == .none ? nil : $0.time } }

  /// The process, started and with the unit loaded where there is none.
  private func process(_ state: inout State) throws(FMIError) -> FramedProcess {
    if let process = state.process { return process }
    let process: FramedProcess
    do throws(FramedProcess.StartError) { process = try FramedProcess(executable: program, arguments: [unpacked.note.path]) } catch {
      throw .host(problem: error.description)
    }
    state.process = process
    state.starts += 1
    let load = HostLoad(
      major: fmu.description.major, library: unpacked.library, resources: unpacked.resources, token: fmu.description.token,
      instanceName: fmu.description.modelName.isEmpty ? "unit" : fmu.description.modelName)
    let reply = try exchange(.load(load), process, &state)
    guard case .loaded = reply else { throw failure(reply, &state) }
    state.residentAtStart = ProcessUsage(pid: process.pid)?.residentBytes ?? 0
    return process
  }

  private func exchange(_ request: HostRequest, _ process: FramedProcess, _ state: inout State) throws(FMIError) -> HostReply {
    do throws(FramedProcess.Failure) {
      let bytes = try process.exchange(Frame.encoded(request), patience: patience) { [unpacked] in unpacked.call()?.calls ?? 0 }
      if let reply = Frame.reply(bytes) { return reply }
      state.process = nil
      throw FramedProcess.Failure.garbled
    } catch {
      state.process = nil
      let record = unpacked.call()
      let (call, time) = ((record?.call ?? .none).name(fmu.description.major), record?.time ?? 0)
      switch error {
      case .ended(let reason, let printed): throw .ended(file: fmu.path, call: call, time: time, reason: reason, printed: printed)
      case .late(let printed): throw .late(file: fmu.path, call: call, time: time, seconds: patience, printed: printed)
      case .garbled: throw .host(problem: "\(fmu.path): the answer cannot be read; is \(program) of another version?")
      }
    }
  }

  private func failure(_ reply: HostReply, _ state: inout State) -> FMIError {
    switch reply {
    case .failed(let call, let status, let time, let messages):
      // After a fatal error the standard allows no call at all.
      if status == .fatal { state.process = nil }
      return .refused(file: fmu.path, call: call.name(fmu.description.major), status: status, time: time, messages: messages)
    case .unusable(let reason):
      state.process = nil
      return .unsupported(file: fmu.path, problem: "its library cannot be used: \(reason)", remedy: "export it again for this machine")
    default:
      state.process = nil
      return .host(problem: "\(fmu.path): an answer to another question")
    }
  }

  /// A unit that leaks gets a new process; so does one that may be instantiated once a process.
  private func replaceWhereNeeded(_ state: inout State, _ request: HostRun) {
    state.runs += 1
    guard let process = state.process else { return }
    let isOnce = fmu.description.coSimulation?.isOncePerProcess ?? false
    if isOnce, request.rewinding == .newInstance, state.runs > 1 { state.process = nil }
    guard state.runs.isMultiple(of: 32), let usage = ProcessUsage(pid: process.pid) else { return }
    if usage.residentBytes - state.residentAtStart > growthLimit { state.process = nil }
  }
}
