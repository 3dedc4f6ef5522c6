import Synchronization

/// What the unit said through its logger since it was last asked; the last twenty lines.
enum UnitMessages {
  private static let lines = Mutex<[String]>([])

  static func add(_ status: Int32, _ text: String) {
    guard status != FMUStatus.ok.rawValue else { return }
    lines.withLock { lines in
      lines.append(String(text.prefix(400)))
      if lines.count > 20 { lines.removeFirst() }
    }
  }

  static func take() -> [String] {
    lines.withLock { lines in
      defer { lines = [] }
      return lines
    }
  }
}
