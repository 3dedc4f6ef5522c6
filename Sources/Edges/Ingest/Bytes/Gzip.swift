internal import CZlib

/// Undoes gzip and zlib compression of request bodies.
public enum Gzip {
  /// Why a body was not expanded. A retry does not help.
  public enum Failure: Error, Sendable, Hashable {
    /// Not gzip or zlib, damaged, or cut short.
    case malformed
    /// It would grow beyond the limit.
    case tooLarge(limit: Int)
  }

  /// The bytes that were compressed; several members behind one another are joined, as the format says.
  ///
  /// - Parameter limit: the most bytes that may come out, so that a small body cannot fill the memory.
  /// - Source: RFC 1952.
  public static func expand(_ bytes: UnsafeRawBufferPointer, limit: Int) throws(Failure) -> [UInt8] {
    var stream = unsafe z_stream()
    // 15 bits of window, and 32 to recognise gzip and zlib alike.
    guard unsafe inflateInit2_(&stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { throw .malformed }
    defer { unsafe inflateEnd(&stream) }
    unsafe stream.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
    unsafe stream.avail_in = UInt32(clamping: bytes.count)
    var out: [UInt8] = []
    var capacity = min(limit + 1, max(4096, bytes.count * 4))
    while true {
      let step = capacity
      var status = Z_OK
      let part = unsafe [UInt8](unsafeUninitializedCapacity: step) { buffer, filled in
        unsafe stream.next_out = buffer.baseAddress
        unsafe stream.avail_out = UInt32(clamping: step)
        status = unsafe inflate(&stream, Z_NO_FLUSH)
        filled = unsafe step - Int(stream.avail_out)
      }
      if out.isEmpty { out = part } else { out += part }
      guard out.count <= limit else { throw .tooLarge(limit: limit) }
      switch status {
      case Z_STREAM_END:
        if unsafe stream.avail_in == 0 { return out }
        guard unsafe inflateReset(&stream) == Z_OK else { throw .malformed }
      case Z_OK: if unsafe part.isEmpty && stream.avail_in == 0 { throw .malformed }
      default: throw .malformed
      }
      capacity = min(max(limit + 1 - out.count, 1), max(4096, out.count))
    }
  }
}
