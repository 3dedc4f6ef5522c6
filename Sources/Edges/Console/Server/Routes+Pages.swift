import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The pages, read into memory at the start: a few small files, served with an entity tag so that a browser asks and rarely loads.
struct PageRoutes {
  private struct Page: Sendable {
    var type: String
    var tag: String
    var content: ByteBuffer
  }
  private let pages: [String: Page]

  /// - Throws: when the module's resources cannot be read; trying again cannot help.
  init() throws {
    let root = Bundle.module.bundleURL.appendingPathComponent("Pages", isDirectory: true).standardizedFileURL
    var pages: [String: Page] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: root.path) {
      guard let dot = name.lastIndex(of: "."), let type = Self.types[String(name[name.index(after: dot)...])] else { continue }
      let data = try Data(contentsOf: root.appendingPathComponent(name))
      pages["/" + name] = Page(type: type, tag: Self.tag(of: data), content: ByteBuffer(bytes: data))
    }
    pages["/"] = pages["/index.html"]
    pages["/replay"] = pages["/replay.html"]
    self.pages = pages
  }

  func add(to router: Router<ConsoleContext>) {
    for path in pages.keys.sorted() {
      let page = pages[path]!
      for method in [HTTPRequest.Method.get, .head] {
        router.on(RouterPath(path), method: method) { request, _ in
          var headers: HTTPFields = [.eTag: page.tag, .cacheControl: "no-cache"]
          if request.headers[.ifNoneMatch] == page.tag { return Response(status: .notModified, headers: headers) }
          headers[.contentType] = page.type
          if method == .head {
            headers[.contentLength] = "\(page.content.readableBytes)"
            return Response(status: .ok, headers: headers)
          }
          return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: page.content))
        }
      }
    }
  }

  private static let types = [
    "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
  ]

  /// FNV-1a over the content: tells versions of a file apart, guards nothing.
  private static func tag(of data: Data) -> String {
    let hash = data.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return "\"\(String(hash, radix: 16))\""
  }
}
