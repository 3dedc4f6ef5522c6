import Console
import Governance
import PlantModel
import Quantities
import Supervision

extension LoopView {
  init(_ supervisor: LoopSupervisor, _ kernel: PlantKernel, _ usage: [Int32: (cpu: Double?, memory: Int)], at now: Instant) {
    let record = kernel.governor.state.loop(supervisor.loop.name)
    let scored = record?.scored ?? []
    self.init(
      name: supervisor.loop.name, pid: supervisor.pid.map(Int.init), status: Status(supervisor.status),
      authority: Authority(record == nil ? supervisor.loop.authority : kernel.governor.authority(of: supervisor.loop.name, at: now)),
      ceiling: Authority(kernel.folder.envelope.authorityCeiling),
      cadence: supervisor.loop.cadence, deadlineMisses: supervisor.missedDeadlines, restarts: supervisor.restarts,
      cpu: supervisor.pid.flatMap { usage[$0]?.cpu }, memory: supervisor.pid.flatMap { usage[$0]?.memory },
      lastProposal: supervisor.lastAnswerAt, lastAnswer: supervisor.lastAnswer,
      record: TrackRecordView(hits: scored.count { $0.clean }, total: scored.count),
      certificate: CertificateView(kernel.governor.certificate(of: supervisor.loop.name, at: now)),
      earned: Authority(record?.authority ?? supervisor.loop.authority))
  }
}

extension CertificateView {
  init(_ standing: CertificateStanding) {
    switch standing {
    case .none(let reason): self.init(isLive: false, reason: reason)
    case .live(let certificate):
      self.init(
        isLive: true, gainLow: certificate.gainLow, gainHigh: certificate.gainHigh, share: certificate.worst / certificate.bound,
        period: certificate.period, issued: certificate.issued, expires: certificate.expires, hash: certificate.hash,
        source: certificate.source)
    }
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
