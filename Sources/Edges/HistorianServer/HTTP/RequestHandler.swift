internal import Historian
internal import Ingest
internal import NIOCore
internal import NIOHTTP1

/// One connection: gathers a request, has it decoded or answered, and writes the answer when it is due.
///
/// Requests of a connection are served one after another (the pipeline holds back the next until this one is answered, which is what makes
/// a sender that is too fast wait). What all connections hold together is bounded by the server's budget of bytes.
final class RequestHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let server: ServerState
  private let worker: IngestWorker
  private let queries: QueryDesk
  private var question: HTTPQuestion?
  private var keepAlive = true
  private var body = ByteBuffer()
  /// The dialect of a write; nil for any other request.
  private var dialect: WriteDialect?
  /// Set when the request will be answered so, whatever else its body holds.
  private var refusal: HTTPAnswer?
  private var taken = 0
  /// Whether the committer was told of this write and has not heard of its end.
  private var isUnderWay = false

  init(_ server: ServerState, worker: IngestWorker, queries: QueryDesk) {
    (self.server, self.worker, self.queries) = (server, worker, queries)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): begin(head, context)
    case .body(var part): gather(&part)
    case .end: finish(context)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    forget()
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  // MARK: - One request

  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let question = HTTPQuestion(head)
    (self.question, keepAlive, refusal) = (question, head.isKeepAlive, nil)
    body.clear(minimumCapacity: 0)
    dialect = head.method == .POST ? WriteRoutes.dialect(of: question.path) : nil
    if !queries.isOpen(question.path), let token = server.configuration.token, question.token.map({ isEqual($0, token) }) != true {
      server.metrics.note(.unauthorised)
      refusal = (dialect ?? .version2).error(.unauthorized, code: "unauthorized", "unauthorized access")
    }
    if dialect != nil, refusal == nil {
      server.committer.begin()
      isUnderWay = true
    }
    if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }), refusal == nil, claim(length) {
      body.reserveCapacity(length)
    }
    if head.headers.first(name: "expect")?.lowercased() == "100-continue", refusal == nil {
      context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
    }
  }

  /// Takes so many bytes from the budget; sets the refusal where they are too many.
  private func claim(_ count: Int) -> Bool {
    let dialect = dialect ?? .version2
    guard taken + count <= server.configuration.bodyBytes else {
      refusal = dialect.error(.payloadTooLarge, code: "request too large", "the body is larger than \(server.configuration.bodyBytes) bytes")
      return false
    }
    guard server.budget.take(count) else {
      server.metrics.note(.tooBusy)
      refusal = dialect.error(.tooManyRequests, code: "too many requests", "the historian has as much in hand as it may; come again")
        .retryAfter(seconds: 1)
      return false
    }
    taken += count
    return true
  }

  private func gather(_ part: inout ByteBuffer) {
    guard refusal == nil else { return }
    let missing = body.readableBytes + part.readableBytes - taken
    guard missing <= 0 || claim(missing) else {
      body.clear(minimumCapacity: 0)
      return
    }
    body.writeBuffer(&part)
  }

  private func finish(_ context: ChannelHandlerContext) {
    guard var question else { return }
    self.question = nil
    if let refusal {
      forget()
      answer(refusal, context)
      return
    }
    guard let dialect else {
      if question.method == .POST, question.headers.first(name: "content-type")?.hasPrefix("application/x-www-form-urlencoded") == true {
        question.parameters += HTTPQuestion.form(body.readableBytesView)
      }
      forget()
      let (handler, loop) = (NIOLoopBound((self, context), eventLoop: context.eventLoop), context.eventLoop)
      queries.answer(question) { answer in loop.execute { handler.value.0.answer(answer, handler.value.1) } }
      return
    }
    switch worker.decode(body, question, dialect) {
    case .answer(let early):
      forget()
      answer(early, context)
    case .samples(let samples): take(samples, dialect, context)
    }
  }

  private func take(_ samples: DecodedSamples, _ dialect: WriteDialect, _ context: ChannelHandlerContext) {
    body.clear(minimumCapacity: 0)
    server.metrics.note(.refusedLines, samples.errorCount)
    guard samples.count > 0 else {
      forget()
      answer(dialect.refusal(of: samples) ?? .noContent, context)
      return
    }
    append(samples, dialect, context, until: .now() + .seconds(Int64(server.configuration.waitSeconds)))
  }

  /// Appends, and waits until that is durable. Where the head is full the sender waits, unread, until sealing has made room.
  private func append(_ samples: DecodedSamples, _ dialect: WriteDialect, _ context: ChannelHandlerContext, until deadline: NIODeadline) {
    guard context.channel.isActive else { return forget() }
    let sequence: UInt64
    do throws(HistorianError) {
      sequence = try server.store.append(samples)
    } catch {
      if isUnderWay { server.committer.abandon() }
      isUnderWay = false
      server.maintainer.wake()
      if case .headFull = error, .now() < deadline {
        let handler = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(3)) {
          let (this, context) = handler.value
          this.append(samples, dialect, context, until: deadline)
        }
        return
      }
      forget()
      server.metrics.note(.failedWrites)
      answer(dialect.failure(error), context)
      return
    }
    if !isUnderWay { server.committer.begin() }
    isUnderWay = false
    let (handler, loop, count, refusal) = (
      NIOLoopBound((self, context), eventLoop: context.eventLoop), context.eventLoop, samples.count, dialect.refusal(of: samples)
    )
    server.committer.wait(for: sequence) { [server] outcome in
      loop.execute {
        let (this, context) = handler.value
        this.forget()
        switch outcome {
        case .success:
          server.metrics.note(.samples, count)
          this.answer(refusal ?? .noContent, context)
        case .failure(let error):
          server.metrics.note(.failedWrites)
          this.answer(dialect.failure(error), context)
        }
      }
    }
  }

  /// Gives back what the request held.
  private func forget() {
    if taken > 0 { server.budget.give(taken) }
    taken = 0
    if isUnderWay { server.committer.abandon() }
    isUnderWay = false
    // A large body's memory goes; a usual one's is kept for the next.
    if body.capacity > 1 << 20 { body = ByteBuffer() } else { body.clear(minimumCapacity: 0) }
  }

  private func answer(_ answer: HTTPAnswer, _ context: ChannelHandlerContext) {
    guard context.channel.isActive else { return }
    var headers = HTTPHeaders()
    if answer.status != .noContent { headers.add(name: "Content-Length", value: "\(answer.body.count)") }
    if let type = answer.contentType { headers.add(name: "Content-Type", value: type) }
    for (name, value) in answer.headers { headers.add(name: name, value: value) }
    if !keepAlive { headers.add(name: "Connection", value: "close") }
    context.write(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers))), promise: nil)
    if !answer.body.isEmpty { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil) }
    let sent = context.writeAndFlush(wrapOutboundOut(.end(nil)))
    if !keepAlive {
      let channel = context.channel
      sent.whenComplete { _ in channel.close(promise: nil) }
    }
  }

  /// Compares in a time that does not depend on where the texts differ.
  private func isEqual(_ a: String, _ b: String) -> Bool {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
