import Console
import Quantities

/// A plant in the middle of a shift: one station down, one process variable that cannot be trusted, one change in its canary stage.
enum Sample {
  static let now = Instant(seconds: 1_777_888_800)  // 2026-05-04T10:00:00Z

  static let snapshot = ConsoleSnapshot(
    plant: "bottling-4", path: "acme/lyon/packaging/line1", revision: "9f2c41d07be8a3551d0c", plantTime: now, speed: 60,
    mode: ModeView(kind: .automatic, since: now - .hours(3), by: "engineer", reason: nil),
    line: line, twin: twin, forecast: forecast, changes: changes, loops: loops, alarms: alarms, ledger: ledger, data: data)

  static let line = LineView(
    stations: [
      StationView(
        name: "Filler", inputs: ["Infeed"], output: "B1", state: "execute", stateSince: now - .minutes(23), speedSet: 25.5, speedActual: 25.4,
        speedExpected: 25.5, rejectShareExpected: 0.011, good: 4_812, rejected: 61, rejectShare: 0.0125,
        time: TimeShareView(running: 0.86, waiting: 0.02, held: 0.05, down: 0.07, other: 0),
        processVariables: [
          ProcessVariableView(
            tag: "Filler/FillPressure", name: "FillPressure", unit: "bar", value: 2.46, quality: .good, setpoint: 2.5,
            setpointTag: "Filler/FillPressureSet", low: 2, high: 3),
          ProcessVariableView(tag: "Filler/ProductTemp", name: "ProductTemp", unit: "Cel", value: 8.1, quality: .stale),
        ]),
      StationView(
        name: "Capper", inputs: ["B1"], output: "B2", state: "suspended", stateSince: now - .seconds(74), speedSet: 26, speedActual: 0,
        speedExpected: 26, rejectShareExpected: 0.008, good: 4_720, rejected: 31, rejectShare: 0.006,
        time: TimeShareView(running: 0.78, waiting: 0.18, held: 0.03, down: 0.01, other: 0),
        processVariables: [
          ProcessVariableView(
            tag: "Capper/CapTorque", name: "CapTorque", unit: "N.m", value: 2.11, quality: .good, setpoint: 2.1,
            setpointTag: "Capper/CapTorqueSet", low: 1.6, high: 2.6)
        ]),
      StationView(
        name: "Labeller", inputs: ["B2"], output: "B3", state: "aborted", stateSince: now - .minutes(6.5), speedSet: 27, speedActual: 0,
        speedExpected: 27, rejectShareExpected: 0.016, good: 4_655, rejected: 118, rejectShare: 0.041,
        time: TimeShareView(running: 0.69, waiting: 0.12, held: 0.04, down: 0.15, other: 0),
        processVariables: [
          ProcessVariableView(
            tag: "Labeller/GlueTemp", name: "GlueTemp", unit: "Cel", value: 143.8, quality: .good, setpoint: 150,
            setpointTag: "Labeller/GlueTempSet", low: 135, high: 165)
        ]),
      StationView(
        name: "Packer", inputs: ["B3"], output: nil, state: nil, stateSince: nil, stateQuality: .stale, speedSet: 28, speedActual: nil,
        speedExpected: 28, rejectShareExpected: nil, good: 4_590, rejected: 24, rejectShare: nil, time: nil, processVariables: []),
    ],
    buffers: [
      BufferView(name: "Infeed", level: 118, capacity: 200, measured: true), BufferView(name: "B1", level: 37, capacity: 40, measured: true),
      BufferView(name: "B2", level: 29.6, capacity: 30, measured: false), BufferView(name: "B3", level: nil, capacity: 60, measured: false),
    ],
    sources: [SourceView(name: "Bottles", into: "Infeed")], product: "PET-0.5", order: "4711",
    kpis: LineKPIView(
      goodPerHour: 913.4, scrapShare: 0.048, workInProgress: 71, oee: 0.716, valuePerHour: nil, currency: "EUR", bottleneck: "Filler",
      reason: "value per hour: prices are missing in plant.yaml"))

  static let twin = TwinView(
    valid: true, score: 0.81, threshold: 0.6, reason: "all stations agree with the forecast within 2 sigma, Labeller at 2.4",
    validUntil: now + .hours(1.6), calibratedAt: now - .minutes(42), calibrating: false,
    estimates: [
      EstimateView(station: "Filler", parameter: "cycle", unit: "s", mean: 2.37, low: 2.34, high: 2.40, design: 2.4),
      EstimateView(station: "Filler", parameter: "mtbf", unit: "s", mean: 5_400, low: 3_100, high: 9_800, design: 7_200),
      EstimateView(station: "Filler", parameter: "scrap", unit: "1", mean: 0.0118, low: 0.0094, high: 0.0145, design: 0.01),
      EstimateView(station: "Capper", parameter: "cycle", unit: "s", mean: 2.31, low: 2.28, high: 2.35, design: 2.3),
      EstimateView(station: "Labeller", parameter: "cycle", unit: "s", mean: 2.22, low: 2.19, high: 2.25, design: 2.2),
      EstimateView(station: "Labeller", parameter: "mttr", unit: "s", mean: 402, low: 300, high: 540, design: 300),
      EstimateView(station: "Labeller", parameter: "optimum of Labeller/GlueTemp", unit: "Cel", mean: 151.6, low: 149.9, high: 153.4, design: nil),
      EstimateView(station: "Packer", parameter: "mttr", unit: "s", mean: 505, low: 410, high: 640, design: 250),
    ],
    residuals: [
      ResidualView(station: "Filler", quantity: "parts/h", observed: 1_010, expected: 1_024, z: -0.6, recent: [0.2, -0.3, 0.5, 0.1, -0.8, -0.6]),
      ResidualView(station: "Capper", quantity: "parts/h", observed: 994, expected: 1_008, z: -0.7, recent: [0.9, 0.3, -0.2, 0.4, -0.1, -0.7]),
      ResidualView(station: "Labeller", quantity: "parts/h", observed: 921, expected: 988, z: -2.4, recent: [0.1, -0.4, -0.9, -1.3, -2.0, -2.4]),
      ResidualView(station: "Packer", quantity: "parts/h", observed: 913, expected: 930, z: -0.9, recent: []),
    ])

  static let forecast = ForecastView(
    at: now - .minutes(90), quantity: "good parts", coverage: 0.9,
    points: (0...24).map { k in
      let minutes = Double(k) * 10
      let median = 15.6 * minutes
      let spread = 14 * minutes.squareRoot()
      return ForecastPoint(
        minutes: minutes, low: max(0, median - spread), median: median, high: median + 0.8 * spread,
        actual: minutes <= 90 ? max(0, 15.1 * minutes - (minutes > 60 ? 1.6 * (minutes - 60) : 0)) : nil)
    })

  static let changes = [
    ChangeView(
      id: "C-17", loop: "speeds", state: .canary, open: true,
      moves: [
        MoveView(tag: "Filler/MachSpeed", unit: "1/min", from: 24, to: 27, now: 25.5),
        MoveView(tag: "Labeller/GlueTempSet", unit: "Cel", from: 145, to: 150, now: 150),
      ],
      claim: IntervalView(low: 38, mean: 71, high: 104), claimUnit: "parts/h", horizon: .hours(4),
      realised: IntervalView(low: -12, mean: 46, high: 96),
      stage: StageView(names: ["proof", "shadow", "canary 50 %", "full"], index: 2, progress: 0.63, judgedAfter: now + .minutes(11)),
      undoneBy: [
        "realised gain proven below zero (evidence level 0.05)", "the twin loses validity", "an interlock or limit of the envelope",
        "no verdict by 12:30 UTC",
      ],
      reason: "evidence so far favours the change but is not yet enough", proposedAt: now - .minutes(64), updatedAt: now - .minutes(19),
      decidedBy: "A. Martin",
      pair: PairView(
        number: 3, of: 30, carrying: ["Filler"], control: ["Labeller"], settling: true, until: now + .minutes(9), ends: now + .hours(34)),
      evidence: EvidenceView(
        count: 2, isPaired: true, estimate: 46, low: -12, high: 96, needed: 17.75,
        tests: [
          EvidenceTestView(.gain, logE: 1.0986, level: 2.9957), EvidenceTestView(.harm, logE: -1.2, level: 2.9957),
          EvidenceTestView(.shortfall, logE: -6, level: 2.3026),
        ], reason: "not decided yet", until: now - .minutes(21))),
    ChangeView(
      id: "C-18", loop: "torque", state: .awaitingApproval, open: true,
      moves: [MoveView(tag: "Capper/CapTorqueSet", unit: "N.m", from: 2.1, to: 2.16, now: 2.1)],
      claim: IntervalView(low: 2, mean: 9, high: 17), claimUnit: "parts/h", horizon: .hours(4),
      stage: StageView(names: ["proof", "approval", "shadow", "canary 50 %", "full"], index: 1, progress: 0),
      undoneBy: ["a person's undo"], reason: "loop torque is supervised: each change needs approval", proposedAt: now - .minutes(3),
      updatedAt: now - .minutes(3)),
    ChangeView(
      id: "C-16", loop: "speeds", state: .settled, open: false,
      moves: [MoveView(tag: "Packer/MachSpeed", unit: "1/min", from: 26, to: 28, now: 28)],
      claim: IntervalView(low: 11, mean: 24, high: 37), claimUnit: "parts/h", realised: IntervalView(low: 8, mean: 21, high: 33),
      reason: "kept: realised gain proven above half the claim", proposedAt: now - .hours(5), updatedAt: now - .hours(2),
      endedAt: now - .hours(2)),
    ChangeView(
      id: "C-15", loop: "speeds", state: .quarantined, open: false,
      moves: [MoveView(tag: "Capper/MachSpeed", unit: "1/min", from: 26, to: 30, now: 26)],
      claim: IntervalView(low: 4, mean: 30, high: 55), claimUnit: "parts/h", realised: IntervalView(low: -61, mean: -38, high: -9),
      reason: "undone: harm proven after 14 min; its like is not tried again until 18:00 UTC", proposedAt: now - .hours(7),
      updatedAt: now - .hours(6), endedAt: now - .hours(6)),
  ]

  static let loops = [
    LoopView(
      name: "speeds", pid: 4_127, status: .running, authority: .closedLoop, ceiling: .closedLoop, cadence: .minutes(15), deadlineMisses: 0,
      restarts: 0, cpu: 0.34, memory: 48_200_000, lastProposal: now - .minutes(64), lastAnswer: "raise Filler/MachSpeed to 27 1/min",
      record: TrackRecordView(hits: 5, total: 6)),
    LoopView(
      name: "torque", pid: nil, status: .backingOff, reason: "ended with status 1; restart in 40 s", authority: .supervised, ceiling: .closedLoop,
      cadence: .minutes(30), deadlineMisses: 2, restarts: 3, cpu: nil, memory: nil, lastProposal: nil, lastAnswer: nil,
      record: TrackRecordView(hits: 0, total: 0)),
  ]

  static let alarms = [
    AlarmView(
      id: "A-31", priority: .high, message: "Labeller aborted for more than 5 min", source: "Labeller", since: now - .minutes(1.5), active: true,
      acknowledged: false),
    AlarmView(
      id: "A-30", priority: .low, message: "ProductTemp has not changed for 20 min", source: "Filler/ProductTemp", since: now - .minutes(12),
      active: true, acknowledged: true),
  ]

  static let ledger = LedgerView(
    count: 412, head: "4be1c09a77d25f1e",
    tail: [
      FactView(
        seq: 408, instant: now - .minutes(31), kind: "ProposalReceived", summary: "speeds proposes C-17", hash: "a41f99c02b7d8e10", change: "C-17"),
      FactView(
        seq: 409, instant: now - .minutes(30), kind: "VerdictReached", summary: "C-17 proven on the twin: +71 parts/h", hash: "0c55e1f2a9b3d477",
        change: "C-17"),
      FactView(
        seq: 410, instant: now - .minutes(20), kind: "SetpointIntended", summary: "Filler/MachSpeed 24 → 25.5 1/min", hash: "77ab10cd9e2f6358",
        change: "C-17"),
      FactView(
        seq: 411, instant: now - .minutes(19), kind: "SetpointWritten", summary: "Filler/MachSpeed reads 25.5 1/min", hash: "e90b44a1c6d7f203",
        change: "C-17"),
      FactView(
        seq: 412, instant: now - .minutes(3), kind: "ProposalReceived", summary: "torque proposes C-18 <b>now</b>", hash: "4be1c09a77d25f1e",
        change: "C-18"),
    ])

  static let data = DataView(
    tags: [
      TagHealthView(
        tag: "Filler/StateCurrent", unit: "1", perMinute: 2.1, value: "6", quality: .good, lastAt: now - .seconds(12), lateness: .milliseconds(250)),
      TagHealthView(
        tag: "Filler/FillPressure", unit: "bar", perMinute: 11.8, value: "2.46", quality: .good, lastAt: now - .seconds(5),
        lateness: .milliseconds(240)),
      TagHealthView(
        tag: "Filler/ProductTemp", unit: "Cel", perMinute: 0, value: "8.1", quality: .stale, lastAt: now - .minutes(12), lateness: .milliseconds(260),
        reason: "silent for 12 min, limit 2 min"),
      TagHealthView(
        tag: "Capper/StateCurrent", unit: "1", perMinute: 3.4, value: "5", quality: .good, lastAt: now - .seconds(74), lateness: .seconds(31),
        reason: "late: 31 s on average"),
      TagHealthView(tag: "Packer/StateCurrent", unit: "1", perMinute: nil, value: nil, quality: .bad, lastAt: nil, reason: "never seen"),
      TagHealthView(
        tag: "Buffer/B1", unit: "1", perMinute: 14, value: "37", quality: .good, lastAt: now - .seconds(4), lateness: .milliseconds(230)),
    ],
    counters: [
      CounterView(name: "samples accepted", count: 181_233), CounterView(name: "payloads malformed", count: 2, isFault: true),
      CounterView(name: "samples out of order", count: 41), CounterView(name: "sequence gaps", count: 0, isFault: true),
    ])
}
