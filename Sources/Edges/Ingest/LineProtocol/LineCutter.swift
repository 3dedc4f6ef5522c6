/// Cuts a body of line protocol into the lines that carry data, numbered from 1: no blanks, no comments.
///
/// A line end inside a quoted field belongs to the line, unless the quote is never closed: then it ends the line, so that one bad line does
/// not take all the others with it. One pass, and one step back at most.
public struct LineCutter: Sendable {
  /// A line's bytes in the body, without its line end and the spaces before it.
  struct Line {
    var number: Int
    var range: Range<Int>
  }

  /// Where the next line begins, and its number.
  var position = 0
  var number = 1
  /// False once a quote was found that is never closed: from there on no quote spans lines.
  private var spansLines = true

  init() {}

  /// All lines of a body with their numbers.
  public static func lines(of body: [UInt8]) -> [(Int, ArraySlice<UInt8>)] {
    let found = body.withView { view in
      var cutter = LineCutter()
      var lines: [Line] = []
      while let line = cutter.next(view) { lines.append(line) }
      return lines
    }
    return found.map { ($0.number, body[$0.range]) }
  }

  /// The next line that carries data; nil at the end of the body.
  mutating func next(_ body: ByteView) -> Line? {
    while position < body.count { if let line = cut(body) { return line } }
    return nil
  }

  /// Takes the line at `position`, whatever it is; nil for a blank or a comment.
  mutating func cut(_ body: ByteView) -> Line? {
    let first = number
    var start = position
    var end = findEnd(body)
    position = end + 1
    number += 1
    if end > start, body[end - 1] == .carriageReturn { end -= 1 }
    while start < end, body[start] == .space { start += 1 }
    guard start < end, body[start] != .hash else { return nil }
    return Line(number: first, range: start..<end)
  }

  /// The line end that closes the line at `position`, or the end of the body; counts the line ends within.
  private mutating func findEnd(_ body: ByteView) -> Int {
    var index = position
    var (isBlank, isComment) = (true, false)
    /// Behind the first space after the measurement, where fields stand and quotes mean something.
    var isInFields = false
    var isQuoted = false
    /// The first line end inside the open quote.
    var firstBreak: (index: Int, number: Int)?
    while index < body.count {
      let byte = body[index]
      if byte == .newline {
        guard isQuoted && spansLines else { return index }
        if firstBreak == nil { firstBreak = (index, number) }
        number += 1
      } else {
        if isBlank, byte != .space { (isBlank, isComment) = (false, byte == .hash) }
        if !isComment, !isBlank {
          if byte == .backslash, index + 1 < body.count, body[index + 1] != .newline {
            index += 1
          } else if byte == .space {
            isInFields = true
          } else if byte == .quote, isQuoted || (isInFields && body[index - 1] == .equals) {
            isQuoted.toggle()
            firstBreak = nil
          }
        }
      }
      index += 1
    }
    if isQuoted, let firstBreak {
      (number, spansLines) = (firstBreak.number, false)
      return firstBreak.index
    }
    return body.count
  }
}
