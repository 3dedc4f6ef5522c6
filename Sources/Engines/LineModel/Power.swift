#if canImport(Glibc)
import Glibc
#endif

/// base ^ exponent for a positive base.
func power(_ base: Double, _ exponent: Double) -> Double { exponent == 0 ? 1 : pow(base, exponent) }
