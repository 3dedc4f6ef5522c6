import Foundation

/// The repository as its tests see it.
enum Repository {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Every Swift source below `folder`, generated code left out.
  static func swiftFiles(_ folder: String) -> [SourceFile] {
    let base = root.appending(path: folder)
    guard let walk = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil) else { return [] }
    return walk.compactMap { $0 as? URL }
      .filter { $0.pathExtension == "swift" && !$0.path.contains("/Generated/") }
      .sorted { $0.path < $1.path }
      .compactMap { url in
        (try? String(contentsOf: url, encoding: .utf8)).map {
          SourceFile(path: String(url.path.dropFirst(root.path.count + 1)), lines: $0.components(separatedBy: "\n"))
        }
      }
  }
}

struct SourceFile {
  let path: String
  let lines: [String]

  /// The floor in `Sources/<Floor>/<Module>/…`.
  var floor: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

  /// Whether the file imports `module`, in whole or in part, at whatever access level.
  func imports(_ module: String) -> Bool {
    code.contains { line in
      let words = line.split(whereSeparator: { $0 == " " || $0 == "." })
      guard let at = words.firstIndex(of: "import") else { return false }
      return words[(at + 1)...].prefix(2).contains(Substring(module))
    }
  }

  /// Lines with comments and string literals blanked, so that prose is not taken for code.
  var code: [String] {
    lines.map { line in
      var kept = line
      if let comment = kept.range(of: "//") { kept.removeSubrange(comment.lowerBound...) }
      return kept.replacing(#/"(?:[^"\\]|\\.)*"/#, with: "\"\"")
    }
  }
}
