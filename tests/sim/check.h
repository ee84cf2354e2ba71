/*
 * cmocka with the headers that it wants before it.
 */
#ifndef SIM_CHECK_H
#define SIM_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
