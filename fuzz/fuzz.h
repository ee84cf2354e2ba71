/*
 * What every fuzzer shares. A fuzzer is fuzz/<noun>_fuzz.c with LLVMFuzzerTestOneInput; it includes
 * the .c file that it is about, so that libFuzzer sees its branches. A property that does not hold
 * ends the program by CHECK.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#define CHECK(what) ((what) ? (void)0 : abort())

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

#endif
