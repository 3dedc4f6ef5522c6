/// Why nothing was learnt. Retrying with the same data cannot help in any case.
public enum InferenceError: Error, Sendable, Hashable {
  /// What was seen does not fit the line; a sentence says where.
  case unfitData(String)
  /// The line or its parameters make no sense, or lie outside what the method knows; one sentence for each fault.
  case unfitLine([String])
  /// No draw of the parameters can have produced the data: the line, or the priors, are wrong.
  case impossibleData
}
