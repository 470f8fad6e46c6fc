/*
 * What the platform has, under the names Dovecot's configure gives it, for plugins that ask.
 *
 * lib.h includes it. A plugin's own config.h may come before or after it: nothing here is defined
 * twice, and PACKAGE, VERSION and their kin are left to the plugin.
 */
#ifndef DOVECOT_CONFIG_H
#define DOVECOT_CONFIG_H

#include "dovecot-version.h"

/* Alignment of everything allocators return: enough for any C type. */
#define MEM_ALIGN_SIZE 16

/* For `char buf[STATIC_ARRAY n]` parameters and for the last member of a struct. */
#ifndef STATIC_ARRAY
#define STATIC_ARRAY static
#endif
#ifndef FLEXIBLE_ARRAY_MEMBER
#define FLEXIBLE_ARRAY_MEMBER
#endif

/* File sizes and offsets are 64 bits wide. */
#define PRIuUOFF_T PRIu64
#define UOFF_T_MAX UINT64_MAX
#define OFF_T_MAX INT64_MAX
#define SSIZE_T_MAX LONG_MAX
#define PRIdTIME_T "ld"
#define PRIxTIME_T "lx"
#define TIME_T_MAX_BITS 40
#define TIME_T_SIGNED

#ifndef MODULE_SUFFIX
#define MODULE_SUFFIX ".so"
#endif
#define DEV_URANDOM_PATH "/dev/urandom"
#ifndef ICONV_CONST
#define ICONV_CONST
#endif

/* The checks of array.h, hash.h and module-context.h are always on. */
#ifndef HAVE_TYPEOF
#define HAVE_TYPEOF 1
#endif
#ifndef HAVE_TYPE_CHECKS
#define HAVE_TYPE_CHECKS 1
#endif
#ifndef HAVE__BOOL
#define HAVE__BOOL 1
#endif

#ifndef HAVE_CLOCK_GETTIME
#define HAVE_CLOCK_GETTIME 1
#endif
#ifndef HAVE_DIRENT_D_TYPE
#define HAVE_DIRENT_D_TYPE 1
#endif
#ifndef HAVE_DIRENT_H
#define HAVE_DIRENT_H 1
#endif
#ifndef HAVE_DLFCN_H
#define HAVE_DLFCN_H 1
#endif
#ifndef HAVE_FDATASYNC
#define HAVE_FDATASYNC 1
#endif
#ifndef HAVE_FLOCK
#define HAVE_FLOCK 1
#endif
#ifndef HAVE_ICONV
#define HAVE_ICONV 1
#endif
#ifndef HAVE_INTTYPES_H
#define HAVE_INTTYPES_H 1
#endif
#ifndef HAVE_IPV6
#define HAVE_IPV6 1
#endif
#ifndef HAVE_LIBGEN_H
#define HAVE_LIBGEN_H 1
#endif
#ifndef HAVE_MODULES
#define HAVE_MODULES 1
#endif
#ifndef HAVE_SOCKLEN_T
#define HAVE_SOCKLEN_T 1
#endif
#ifndef HAVE_STAT_XTIM
#define HAVE_STAT_XTIM 1
#endif
#ifndef HAVE_STDINT_H
#define HAVE_STDINT_H 1
#endif
#ifndef HAVE_STRCASECMP
#define HAVE_STRCASECMP 1
#endif
#ifndef HAVE_STRINGS_H
#define HAVE_STRINGS_H 1
#endif
#ifndef HAVE_STRUCT_IOVEC
#define HAVE_STRUCT_IOVEC 1
#endif
#ifndef HAVE_SYS_TIME_H
#define HAVE_SYS_TIME_H 1
#endif
#ifndef HAVE_SYS_UIO_H
#define HAVE_SYS_UIO_H 1
#endif
#ifndef HAVE_UNISTD_H
#define HAVE_UNISTD_H 1
#endif

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ && !defined(WORDS_BIGENDIAN)
#define WORDS_BIGENDIAN 1
#endif

#endif
