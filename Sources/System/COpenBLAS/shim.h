#ifndef TAKT_COPENBLAS_H
#define TAKT_COPENBLAS_H
// Debian's OpenBLAS carries no LAPACKE; it comes from liblapacke. Complex types are declared as plain structs so that Swift can import the header.
typedef struct { float real, imag; } takt_complex_float;
typedef struct { double real, imag; } takt_complex_double;
#define lapack_complex_float takt_complex_float
#define lapack_complex_double takt_complex_double
#include <cblas.h>
#include <lapacke.h>
#endif
