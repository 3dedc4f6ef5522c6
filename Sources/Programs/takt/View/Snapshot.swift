import Console
import Governance
import PlantModel
import Quantities
import Supervision
import Telemetry
import TemporalLogic
import Twin

/// What the snapshot needs besides the kernel: what only the shell knows.
struct ShellFacts {
  var now: Instant
  var speed: Double?
  var ledger: LedgerView
  var data: DataView
  /// CPU share and memory by process.
  var usage: [Int32: (cpu: Double?, memory: Int)]
  var modeSince: Instant?
  /// Good parts since the forecast was made, by minutes after it.
  var actual: [Double: Double]
  /// As the gateway monitors them.
  var properties: [PropertyState]
}

extension ConsoleSnapshot {
  /// The kernel as people see it.
  init(_ kernel: PlantKernel, _ shell: ShellFacts) {
    let plant = kernel.folder.plant
    self.init(
      plant: plant.name, path: plant.path, revision: kernel.folder.revision, plantTime: shell.now, speed: shell.speed,
      mode: ModeView(kernel.governor.state.mode, since: shell.modeSince), line: LineView(kernel), twin: TwinView(kernel),
      forecast: kernel.forecast.map { ForecastView($0.made, actual: shell.actual) },
      changes: kernel.governor.state.changes.reversed().sorted { $0.status.isOpen && !$1.status.isOpen }.prefix(50).map {
        ChangeView($0, kernel, at: shell.now)
      },
      loops: kernel.loops.map { LoopView($0, kernel, shell.usage, at: shell.now) }, alarms: kernel.alarmViews, ledger: shell.ledger, data: shell.data,
      properties: shell.properties.map { PropertyView($0, kernel.folder.envelope) }, setpoints: kernel.setpointViews)
  }
}

extension PropertyView {
  init(_ state: PropertyState, _ envelope: EnvelopeSpec) {
    let formula = envelope.properties.first { $0.name == state.name }?.formula
    self.init(
      name: state.name, formula: formula.map { "\($0)" } ?? "", verdict: Verdict(rawValue: state.truth.rawValue) ?? .unknown,
      robustness: state.robustness.isFinite ? state.robustness : nil, margin: state.margin, isMet: state.isMet, about: state.about)
  }
}

extension ModeView {
  init(_ mode: GovernorMode, since: Instant?) {
    switch mode {
    case .automatic: self.init(kind: .automatic, since: since)
    case .manual(let person): self.init(kind: .manual, since: since, by: person.name)
    case .halted(let person): self.init(kind: .halted, since: since, by: person.name)
    }
  }
}

extension SampleValue {
  /// As people read it: a whole number as such, any other with three decimals, a text as it is.
  var shown: String {
    switch self {
    case .number(let x): x == x.rounded() && abs(x) < 1e15 ? "\(Int(x))" : fixed(x, 3)
    case .text(let text): text
    }
  }
}

extension QualityView {
  init(_ quality: Quality) {
    self =
      switch quality {
      case .good: .good
      case .uncertain: .uncertain
      case .stale: .stale
      case .bad: .bad
      }
  }
}

extension PlantKernel {
  /// What may be written, with where it stands.
  var setpointViews: [SetpointView] {
    let present = twin.setpoints
    return folder.envelope.limits.map {
      SetpointView(tag: $0.tag, unit: $0.unit, now: present[$0.tag], low: $0.low, high: $0.high, step: $0.maxStep)
    }
  }

  /// Notices that want a person, newest first; a change's notices are acknowledged together.
  var alarmViews: [AlarmView] {
    notices.filter { $0.notice.severity == .alarm }.suffix(50).reversed().map { dated in
      let change = dated.notice.change.flatMap { governor.state.change($0) }
      return AlarmView(
        id: "\(dated.at.nanoseconds)", priority: .medium, message: dated.notice.text, source: dated.notice.change?.name ?? "takt", since: dated.at,
        active: change?.status.isOpen ?? false, acknowledged: change?.acknowledged ?? false)
    }
  }
}
