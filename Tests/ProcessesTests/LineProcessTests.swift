import Foundation
import Processes
import Testing

@Suite struct LineProcessTests {
  private func run(_ script: String, during: (LineProcess) -> Void = { _ in }) async throws -> [LineProcess.Event] {
    let (events, continuation) = AsyncStream.makeStream(of: LineProcess.Event.self)
    let process = try LineProcess(executable: "/bin/sh", arguments: ["-c", script], directory: nil) { event in
      continuation.yield(event)
      if case .exited = event { continuation.finish() }
    }
    during(process)
    return await events.reduce(into: []) { $0.append($1) }
  }

  @Test func linesArriveInOrderAndTheEndComesLast() async throws {
    let events = try await run("for i in 1 2 3; do echo line $i; done; echo trouble >&2; exit 3")
    let lines = events.compactMap { if case .line(let bytes) = $0 { String(decoding: bytes, as: UTF8.self) } else { nil } }
    #expect(lines == ["line 1", "line 2", "line 3"])
    #expect(events.contains { if case .errorLine("trouble") = $0 { true } else { false } })
    guard case .exited(let reason)? = events.last else { return #expect(Bool(false), "the end is not the last event") }
    #expect(reason.contains("3"))
  }

  @Test func whatIsSentIsReadByTheChild() async throws {
    let events = try await run("read a; echo got $a") { $0.send(Array("hello".utf8)) }
    #expect(events.contains { if case .line(let bytes) = $0 { String(decoding: bytes, as: UTF8.self) == "got hello" } else { false } })
  }

  @Test func aForcedEndIsReportedAsASignal() async throws {
    let events = try await run("trap '' TERM; while :; do read x || exit; done") { process in
      #expect(ProcessUsage(pid: process.pid) != nil)
      process.terminate(force: true)
    }
    guard case .exited(let reason)? = events.last else { return #expect(Bool(false), "no end") }
    #expect(reason.contains("signal 9"))
  }

  @Test func aChildCanBeAskedToEnd() async throws {
    let events = try await run("while :; do read x || exit; done") { $0.terminate(force: false) }
    guard case .exited(let reason)? = events.last else { return #expect(Bool(false), "no end") }
    #expect(reason.contains("signal 15"))
  }

  @Test func aProgramThatIsNotThereIsAnErrorNotACrash() {
    #expect(throws: LineProcess.StartError.self) {
      _ = try LineProcess(executable: "/nonexistent/loop", arguments: [], directory: nil) { _ in }
    }
  }
}
