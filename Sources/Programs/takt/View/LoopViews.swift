import Console
import Governance
import PlantModel
import Supervision

extension LoopView {
  init(_ supervisor: LoopSupervisor, _ kernel: PlantKernel, _ usage: [Int32: (cpu: Double?, memory: Int)]) {
    let record = kernel.governor.state.loop(supervisor.loop.name)
    let scored = record?.scored ?? []
    self.init(
      name: supervisor.loop.name, pid: supervisor.pid.map(Int.init), status: Status(supervisor.status),
      authority: Authority(record?.authority ?? supervisor.loop.authority), ceiling: Authority(kernel.folder.envelope.authorityCeiling),
      cadence: supervisor.loop.cadence, deadlineMisses: supervisor.missedDeadlines, restarts: supervisor.restarts,
      cpu: supervisor.pid.flatMap { usage[$0]?.cpu }, memory: supervisor.pid.flatMap { usage[$0]?.memory },
      lastProposal: supervisor.lastAnswerAt, lastAnswer: supervisor.lastAnswer,
      record: TrackRecordView(hits: scored.count { $0.clean }, total: scored.count))
  }
}

extension LoopView.Status {
  init(_ status: LoopSupervisor.Status) {
    self =
      switch status {
      case .starting: .starting
      case .running: .running
      case .pausing: .backingOff
      case .stopped(.person): .killed
      case .stopped(.halt): .stopped
      case .gaveUp: .failed
      }
  }
}

extension LoopView.Authority {
  init(_ authority: PlantModel.Authority) {
    self =
      switch authority {
      case .shadow: .shadow
      case .advisory: .advisory
      case .supervised: .supervised
      case .closedLoop: .closedLoop
      }
  }
}
