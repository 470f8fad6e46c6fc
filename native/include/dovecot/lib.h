/*
 * The first include of every storage plugin: the basics all other headers count on.
 *
 * It also writes, once in each object file, an ELF note (section .note.vsmtp) that says which vSMTP
 * the file was compiled for; the host reads it before it loads the plugin. The core itself, which
 * is compiled with VSMTP_STORAGE_CORE, carries none.
 */
#ifndef DOVECOT_LIB_H
#define DOVECOT_LIB_H

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>

#include "compat.h"
#include "macros.h"

typedef struct buffer buffer_t;
typedef struct buffer string_t;
struct istream;
struct ostream;

#include "failures.h"

#include "malloc-overflow.h"

#include "data-stack.h"
#include "mempool.h"

#include "byteorder.h"
#include "fd-util.h"
#include "imem.h"

#include "array-decl.h"
#include "bits.h"
#include "hash-decl.h"
#include "strfuncs.h"
#include "strnum.h"

#include "event-log.h"

DOVECOT_API_BEGIN

/** /dev/null, open for writing from lib_init() on; -1 before. */
extern int dev_null_fd;

/** Must be called before anything else of the library, once; a plugin never does. */
void lib_init(void);
void lib_deinit(void);
bool lib_is_initialized(void);

/* ---- Calls at the end of the process ------------------------------------------------------- */

#define LIB_ATEXIT_PRIORITY_HIGH (-10)
#define LIB_ATEXIT_PRIORITY_DEFAULT 0
#define LIB_ATEXIT_PRIORITY_LOW 10

typedef void lib_atexit_callback_t(void);

/** Calls `callback` when lib_deinit() begins, when memory and logging still work. A callback that
 *  was given already is not added again. */
void lib_atexit(lib_atexit_callback_t *callback);
/** The same; callbacks with lower numbers run first. */
void lib_atexit_priority(lib_atexit_callback_t *callback, int priority);
/** Runs the callbacks now, and forgets them. */
void lib_atexit_run(void);

/* ---- Removing files ------------------------------------------------------------------------ */

/** unlink(). Returns 0, or -1 after logging an error that names the caller's file and line. */
int i_unlink(const char *path, const char *source_fname, unsigned int source_linenum);
#define i_unlink(path) i_unlink(path, __FILE__, __LINE__)
/** The same, where the file need not exist. Returns 1 if it was removed, 0 if it was not there. */
int i_unlink_if_exists(const char *path, const char *source_fname, unsigned int source_linenum);
#define i_unlink_if_exists(path) i_unlink_if_exists(path, __FILE__, __LINE__)

/* ---- Random numbers, from the system's generator ------------------------------------------- */

uint32_t i_rand(void);
/** A number below `upper_bound`, which must not be 0; all are equally likely. */
uint32_t i_rand_limit(uint32_t upper_bound);

DOVECOT_API_END

static inline unsigned short i_rand_ushort(void)
{
    return (unsigned short)i_rand_limit((uint32_t)USHRT_MAX + 1);
}

static inline unsigned char i_rand_uchar(void)
{
    return (unsigned char)i_rand_limit((uint32_t)UCHAR_MAX + 1);
}

/** A number from `min_val` to `max_val`, both included. */
static inline uint32_t i_rand_minmax(uint32_t min_val, uint32_t max_val)
{
    i_assert(min_val <= max_val);
    if (max_val - min_val == UINT32_MAX)
        return i_rand();
    return min_val + i_rand_limit(max_val - min_val + 1);
}

/* The note: kind 5, "storage unit". How notes look is told at the end of vsmtp/plugin.h. */
#ifndef VSMTP_STORAGE_CORE
#if DOVECOT_HAS_ATTRIBUTE_(__retain__)
#define DOVECOT_RETAIN_ , __retain__
#else
#define DOVECOT_RETAIN_
#endif
#define DOVECOT_NOTE_TEXT_ "vsmtp=" VSMTP_VERSION "\n"
static const struct {
    uint32_t owner_size, text_size, kind;
    char owner[8], text[(sizeof(DOVECOT_NOTE_TEXT_) + 3) & ~(size_t)3];
} vsmtp_note_storage_unit
    __attribute__((__section__(".note.vsmtp"), __aligned__(4), __used__ DOVECOT_RETAIN_)) = {
        6, (uint32_t)sizeof(DOVECOT_NOTE_TEXT_), 5, "vSMTP", DOVECOT_NOTE_TEXT_};
#endif

#endif
