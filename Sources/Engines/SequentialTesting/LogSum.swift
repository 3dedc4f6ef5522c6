import Determinism

/// log Σ exp xᵢ without overflow.
enum LogSum {
  static func of(_ logs: [Double]) -> Double {
    guard let largest = logs.max(), largest > -.infinity else { return -.infinity }
    return largest + Portable.log(logs.reduce(0) { $0 + Portable.exp($1 - largest) })
  }
}
