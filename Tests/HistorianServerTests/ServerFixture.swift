import Disk
import Foundation
import Historian
import HistorianServer
import Quantities

let wall = Instant(milliseconds: 1_767_592_800_000)

/// A server on a folder of its own, which goes when the test ends.
struct ServerFixture {
  let folder = FileManager.default.temporaryDirectory.appending(path: "historian-server-\(UUID().uuidString)").path
  var configuration = HistorianServerConfiguration()

  init() { configuration.port = 0 }

  func serve<T>(_ body: (HistorianServer) async throws -> T) async throws -> T {
    let storage = try FileStorage(folder: folder)
    let server = try await HistorianServer(
      configuration, historian: try Historian(on: storage), storage: storage, seed: 1, clock: { wall })
    do {
      let result = try await body(server)
      await server.close()
      return result
    } catch {
      await server.close()
      throw error
    }
  }

  /// What a later process finds on the disk.
  func found() throws -> any HistorianReader { try Historian.reader(of: try FileStorage(folder: folder)) }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }
}
