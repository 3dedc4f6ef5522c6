/// Why a folder could not be used. Each case says whether trying again can help.
public enum DiskError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Another process works on this data folder; `process` is its id where it is known. Retrying helps once that one has ended.
  case inUse(folder: String, process: Int?)
  /// The folder or file does not exist. Retrying does not help.
  case notFound(path: String)
  /// A file is not UTF-8 text; the first wrong byte is on this line. Retrying does not help.
  case notText(path: String, line: Int)
  /// The system refused; `reason` is its own text. Retrying may help.
  case failed(path: String, reason: String)

  public var description: String {
    switch self {
    case .inUse(let folder, let process):
      let who = process.map { "process \($0)" } ?? "another process"
      return "the data folder \(folder) is in use by \(who); only one `takt up` may write to it. Stop that one, or choose another folder"
    case .notFound(let path): return "\(path) does not exist"
    case .notText(let path, let line): return "\(path):\(line): not UTF-8 text; save the file as UTF-8"
    case .failed(let path, let reason): return "\(path): \(reason)"
    }
  }
}
