/*
 * What every vSMTP header needs of the compiler: visibility, C linkage, checked format strings.
 *
 * Compile plugins with -fvisibility=hidden: then a plugin exports what the macros of plugin.h
 * declare and nothing else, and its other functions cannot be mixed up with those of another
 * plugin.
 */
#ifndef VSMTP_EXPORT_H
#define VSMTP_EXPORT_H

/** Marks a function or variable that is visible outside its shared library. */
#define VSMTP_EXPORT __attribute__((__visibility__("default")))

/**
 * Lets the compiler check the printf format in argument number `at` against the arguments from
 * number `first` on.
 */
#define VSMTP_PRINTF(at, first) __attribute__((__format__(__printf__, at, first)))

/**
 * VSMTP_C_BEGIN … VSMTP_C_END: C linkage around declarations; VSMTP_C: before a single one.
 * Nothing in C.
 */
#ifdef __cplusplus
#define VSMTP_C_BEGIN extern "C" {
#define VSMTP_C_END }
#define VSMTP_C extern "C"
#else
#define VSMTP_C_BEGIN
#define VSMTP_C_END
#define VSMTP_C
#endif

#endif
