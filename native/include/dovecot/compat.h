/*
 * What differs between systems, under one name: bool, uoff_t, nanoseconds of struct stat, groups of
 * errno values, ctype functions that are safe for any char.
 */
#ifndef DOVECOT_COMPAT_H
#define DOVECOT_COMPAT_H

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "config.h"

/** A size of a file or an offset in it. Printed with PRIuUOFF_T. */
typedef uint64_t uoff_t;

/** struct iovec for data that is only read. */
struct const_iovec {
    const void *iov_base;
    size_t iov_len;
};

#ifndef IOV_MAX
#define IOV_MAX UIO_MAXIOV
#endif

/* ---- struct stat --------------------------------------------------------------------------- */

#define CMP_DEV_T(a, b) ((a) == (b))

#define HAVE_ST_NSECS
#define ST_ATIME_NSEC(st) ((unsigned long)(st).st_atim.tv_nsec)
#define ST_MTIME_NSEC(st) ((unsigned long)(st).st_mtim.tv_nsec)
#define ST_CTIME_NSEC(st) ((unsigned long)(st).st_ctim.tv_nsec)
#define ST_NTIMES_EQUAL(ns1, ns2) ((ns1) == (ns2))

#define CMP_ST_MTIME(st1, st2)             \
    ((st1)->st_mtime == (st2)->st_mtime && \
     ST_NTIMES_EQUAL(ST_MTIME_NSEC(*(st1)), ST_MTIME_NSEC(*(st2))))
#define CMP_ST_CTIME(st1, st2)             \
    ((st1)->st_ctime == (st2)->st_ctime && \
     ST_NTIMES_EQUAL(ST_CTIME_NSEC(*(st1)), ST_CTIME_NSEC(*(st2))))

/* ---- ctype for char, signed or not --------------------------------------------------------- */

#define i_toupper(x) ((char)toupper((int)(unsigned char)(x)))
#define i_tolower(x) ((char)tolower((int)(unsigned char)(x)))
#define i_isalnum(x) (isalnum((int)(unsigned char)(x)) != 0)
#define i_isalpha(x) (isalpha((int)(unsigned char)(x)) != 0)
#define i_isascii(x) ((unsigned char)(x) < 0x80)
#define i_isblank(x) (isblank((int)(unsigned char)(x)) != 0)
#define i_iscntrl(x) (iscntrl((int)(unsigned char)(x)) != 0)
#define i_isdigit(x) (isdigit((int)(unsigned char)(x)) != 0)
#define i_isgraph(x) (isgraph((int)(unsigned char)(x)) != 0)
#define i_islower(x) (islower((int)(unsigned char)(x)) != 0)
#define i_isprint(x) (isprint((int)(unsigned char)(x)) != 0)
#define i_ispunct(x) (ispunct((int)(unsigned char)(x)) != 0)
#define i_isspace(x) (isspace((int)(unsigned char)(x)) != 0)
#define i_isupper(x) (isupper((int)(unsigned char)(x)) != 0)
#define i_isxdigit(x) (isxdigit((int)(unsigned char)(x)) != 0)

/* ---- What an errno value means, whatever the file system says it with ---------------------- */

/** No room: the disk's or the user's. */
#define ENOSPACE(errno) ((errno) == ENOSPC || (errno) == EDQUOT)
#define ENOQUOTA(errno) ((errno) == EDQUOT)
#define ENOACCESS(errno) ((errno) == EACCES || (errno) == EROFS || (errno) == EPERM)
#define ENOTFOUND(errno) \
    ((errno) == ENOENT || (errno) == ENOTDIR || (errno) == ELOOP || (errno) == ENAMETOOLONG)
/** A hard link cannot be made here; copying can. */
#define ECANTLINK(errno) ((errno) == EXDEV || (errno) == EMLINK || (errno) == EPERM)
/** unlink() was given a directory. */
#define UNLINK_EISDIR(errno) ((errno) == EPERM || (errno) == EISDIR)
/** rename() or rmdir() found something in the way. */
#define EDESTDIREXISTS(errno) ((errno) == EEXIST || (errno) == ENOTEMPTY || (errno) == EBUSY)
/** fstat() of a file that somebody removed (NFS). */
#define ESTALE_FSTAT(errno) ((errno) == ESTALE || (errno) == ENOENT)

/* Sizes, in bytes, to read and write with. */
#ifndef IO_BLOCK_SIZE
#define IO_BLOCK_SIZE 8192
#endif
#ifndef NET_BLOCK_SIZE
#define NET_BLOCK_SIZE (128 * 1024)
#endif

#endif
