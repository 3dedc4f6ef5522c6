internal import CMosquitto

/// The handle of one libmosquitto client; it goes with the last reference, of the client or of the network thread.
///
/// `@unchecked Sendable`: `mosquitto_threaded_set` makes publish, subscribe and disconnect safe from any thread; connect and the loop are
/// called by `NetworkLoop`'s thread alone.
@safe final class Mosquitto: @unchecked Sendable {
  private let handle: OpaquePointer

  private static let library: Int32 = mosquitto_lib_init()

  /// - Parameter owner: handed to the callbacks; the caller keeps it alive while `loop` may be called.
  init(_ options: MQTTOptions, owner: NetworkLoop) throws(MQTTError) {
    _ = Self.library
    let context = unsafe Unmanaged.passUnretained(owner).toOpaque()
    guard let handle = unsafe mosquitto_new(options.clientID, true, context) else {
      throw .refused(call: "mosquitto_new", reason: "client id \(options.clientID)")
    }
    unsafe self.handle = handle
    try check("mosquitto_threaded_set", unsafe mosquitto_threaded_set(handle, true))
    // A command is one small packet: held back until the last one is acknowledged, it would leave up to 40 ms late.
    try check("tcp_nodelay", unsafe mosquitto_int_option(handle, MOSQ_OPT_TCP_NODELAY, 1))
    try check("mosquitto_max_inflight", unsafe mosquitto_max_inflight_messages_set(handle, UInt32(clamping: options.maxInflight)))
    if let name = options.username {
      try check("mosquitto_username_pw_set", unsafe mosquitto_username_pw_set(handle, name, options.password))
    }
    if let tls = options.tls {
      try check(
        "mosquitto_tls_set",
        unsafe mosquitto_tls_set(handle, tls.authorityFile, tls.authorityDirectory, tls.certificateFile, tls.keyFile, nil))
      try check("mosquitto_tls_insecure_set", unsafe mosquitto_tls_insecure_set(handle, !tls.verifiesHostName))
    }
    unsafe mosquitto_connect_callback_set(handle, onConnect)
    unsafe mosquitto_disconnect_callback_set(handle, onDisconnect)
    unsafe mosquitto_message_callback_set(handle, onMessage)
    unsafe mosquitto_publish_callback_set(handle, onPublish)
  }

  deinit { unsafe mosquitto_destroy(handle) }

  /// Opens the socket and sends CONNECT with this will; returns libmosquitto's code.
  func connect(_ options: MQTTOptions, will: MQTTMessage?) -> Int32 {
    unsafe mosquitto_will_clear(handle)
    if let will {
      let code = unsafe mosquitto_will_set(handle, will.topic, Int32(will.payload.count), will.payload, will.qos.rawValue, will.retain)
      if code != 0 { return code }
    }
    return unsafe mosquitto_connect(handle, options.host, Int32(options.port), Int32(options.keepAliveSeconds))
  }

  /// Reads, writes and keeps alive once, waiting at most so long for something to do.
  func loop(milliseconds: Int32) -> Int32 { unsafe mosquitto_loop(handle, milliseconds, 1) }

  func disconnect() { unsafe _ = mosquitto_disconnect(handle) }

  func subscribe(_ filter: String, _ qos: MQTTQualityOfService) throws(MQTTError) {
    try check("subscribe \(filter)", unsafe mosquitto_subscribe(handle, nil, filter, qos.rawValue))
  }

  func publish(_ message: MQTTMessage) throws(MQTTError) -> Int32 {
    var id: Int32 = 0
    try check(
      "publish \(message.topic)",
      unsafe mosquitto_publish(
        handle, &id, message.topic, Int32(message.payload.count), message.payload, message.qos.rawValue, message.retain))
    return id
  }

  /// libmosquitto's text for a code.
  static func text(_ code: Int32) -> String { unsafe String(cString: mosquitto_strerror(code)) }
  static func refusal(_ code: Int32) -> String { unsafe String(cString: mosquitto_connack_string(code)) }

  private func check(_ call: String, _ code: Int32) throws(MQTTError) {
    if code == MOSQ_ERR_NO_CONN.rawValue { throw .notConnected }
    if code != 0 { throw .refused(call: call, reason: Self.text(code)) }
  }
}

// Named functions rather than closures: a closure at a call site may inherit an actor's isolation and trap on libmosquitto's thread.

private func loop(of context: UnsafeMutableRawPointer?) -> NetworkLoop? {
  unsafe context.map { unsafe Unmanaged<NetworkLoop>.fromOpaque($0).takeUnretainedValue() }
}

private func onConnect(_: OpaquePointer?, context: UnsafeMutableRawPointer?, code: Int32) {
  unsafe loop(of: context)?.didConnect(code)
}

private func onDisconnect(_: OpaquePointer?, context: UnsafeMutableRawPointer?, code: Int32) {
  unsafe loop(of: context)?.didDisconnect(code)
}

private func onPublish(_: OpaquePointer?, context: UnsafeMutableRawPointer?, id: Int32) {
  unsafe loop(of: context)?.didPublish(id)
}

private func onMessage(_: OpaquePointer?, context: UnsafeMutableRawPointer?, message: UnsafePointer<mosquitto_message>?) {
  guard let message = unsafe message?.pointee, let topic = unsafe message.topic else { return }
  let payload = unsafe UnsafeRawBufferPointer(start: message.payload, count: Int(message.payloadlen))
  let copy = unsafe MQTTMessage(
    topic: String(cString: topic), payload: [UInt8](payload), qos: message.qos == 0 ? .atMostOnce : .atLeastOnce, retain: message.retain)
  unsafe loop(of: context)?.didReceive(copy)
}
