/*
 * The data stack: memory that is given back all at once, when the frame it was taken in ends.
 *
 *     T_BEGIN {
 *         const char *text = t_strdup_printf("%d mails", n);
 *         …
 *     } T_END;
 *
 * What a t_ function returns lives until the T_END of the innermost frame that was open when it was
 * called. The core opens a frame around every hook and around most methods. Never leave a frame by
 * return, break or goto: the next T_END panics. Allocations never fail and never touch errno. Part
 * of lib.h.
 */
#ifndef DOVECOT_DATA_STACK_H
#define DOVECOT_DATA_STACK_H

#include "macros.h"

DOVECOT_API_BEGIN

/** Names one frame. No two frames of a process have the same number (up to 2^32 of them). */
typedef unsigned int data_stack_frame_t;

/** The innermost open frame; 0 if there is none. */
extern unsigned int data_stack_frame_id;

/* ---- Frames -------------------------------------------------------------------------------- */

/** Opens a frame. `marker` names it in panics; the pointer is kept. Prefer T_BEGIN. */
data_stack_frame_t t_push(const char *marker) ATTR_HOT;
/** The same with a name made by printf. */
data_stack_frame_t t_push_named(const char *format, ...) ATTR_HOT ATTR_FORMAT(1, 2);
/** Ends frame `*id` and sets it to 0. FALSE if it was not the innermost one: the caller panics. */
bool t_pop(data_stack_frame_t *id) ATTR_HOT;
/** The same; if `*str` lies in the frame it is moved to the one around it. `str` may be NULL. */
bool t_pop_pass_str(data_stack_frame_t *id, const char **str);
/** Ends the innermost frame, whichever it is. For tests of panics. */
void t_pop_last_unsafe(void);

#define T_STRING(x) #x
#define T_XSTRING(x) T_STRING(x)

/* Frames in frames are the normal case: the inner variable is meant to hide the outer one. */
#define T_BEGIN                                                                               \
    STMT_START                                                                                \
    {                                                                                         \
        _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wshadow\"")         \
            data_stack_frame_t _data_stack_cur_id = t_push(__FILE__ ":" T_XSTRING(__LINE__)); \
        _Pragma("GCC diagnostic pop")
#define T_END                                         \
    if (unlikely(!t_pop(&_data_stack_cur_id)))        \
        i_panic("data stack: a frame was left open"); \
    }                                                 \
    STMT_END

/* T_END for code that made a string for the caller: `str` (const char **) is moved out of the
   frame. */
#define T_END_PASS_STR_IF(pass_condition, str)                                           \
    if (unlikely(!t_pop_pass_str(&_data_stack_cur_id, (pass_condition) ? (str) : NULL))) \
        i_panic("data stack: a frame was left open");                                    \
    }                                                                                    \
    STMT_END
#define T_END_PASS_STR(str) T_END_PASS_STR_IF(TRUE, str)

/* ---- Memory -------------------------------------------------------------------------------- */

/** `size` bytes, which must not be 0, aligned for any type; not zeroed, or zeroed. */
void *t_malloc_no0(size_t size) ATTR_MALLOC ATTR_RETURNS_NONNULL;
void *t_malloc0(size_t size) ATTR_MALLOC ATTR_RETURNS_NONNULL;

/** `count` zeroed elements of a type, as `type *`. */
#define t_new(type, count) ((type *)t_malloc0(MALLOC_MULTIPLY(sizeof(type), (count))))

/** Changes the size of the last allocation of the innermost frame in place. FALSE, and nothing
 *  changed, if `mem` is not it or there is no room behind it. New bytes are not zeroed. */
bool t_try_realloc(void *mem, size_t size);

/** How many bytes fit without new memory from the system. */
size_t t_get_bytes_available(void);

/** `size` bytes to write into before it is known how many are needed; the next allocation or frame
 *  takes them away again, unless t_buffer_alloc() came before it. */
void *t_buffer_get(size_t size) ATTR_RETURNS_NONNULL;
/** A larger such place with the contents of `buffer`, the last one. */
void *t_buffer_reget(void *buffer, size_t size) ATTR_RETURNS_NONNULL;
/** Keeps the first `size` bytes (or all) of what t_buffer_get() returned last. */
void t_buffer_alloc(size_t size);
void t_buffer_alloc_last_full(void);

/** Whether `ptr` was allocated in frame `*id`, which must be the innermost one. */
bool data_stack_frame_contains(data_stack_frame_t *id, const void *ptr);

/* ---- The stack as a whole ------------------------------------------------------------------ */

/** Bytes taken from the system, and how many of them are in use. */
size_t data_stack_get_alloc_size(void);
size_t data_stack_get_used_size(void);
/** Gives memory that no frame uses back to the system. */
void data_stack_free_unused(void);

/** lib_init() and lib_deinit() call these. */
void data_stack_init(void);
void data_stack_deinit(void);

DOVECOT_API_END

#endif
