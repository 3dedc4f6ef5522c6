import Determinism

/// base ^ exponent for a positive base.
func power(_ base: Double, _ exponent: Double) -> Double { Portable.pow(base, exponent) }
