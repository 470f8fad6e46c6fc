/*
 * The words all other headers are written with: attributes, assertions, compile-time checks,
 * pointer arithmetic.
 *
 * Needs only the compiler. What the macros call at run time (i_panic, memset) comes with lib.h.
 */
#ifndef DOVECOT_MACROS_H
#define DOVECOT_MACROS_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

/* Declarations between these two are what a plugin may call: the libraries are compiled with hidden
   visibility, and what is declared elsewhere stays inside them. */
#define DOVECOT_API_BEGIN _Pragma("GCC visibility push(default)")
#define DOVECOT_API_END _Pragma("GCC visibility pop")

#ifndef FALSE
#define FALSE (!1)
#endif
#ifndef TRUE
#define TRUE (!FALSE)
#endif

#define N_ELEMENTS(arr) (sizeof(arr) / sizeof((arr)[0]))

/* The smaller and the larger of two values; arguments are evaluated twice. */
#define I_MIN(a, b) (((a) < (b)) ? (a) : (b))
#define I_MAX(a, b) (((a) > (b)) ? (a) : (b))

/* ---- Attributes ---------------------------------------------------------------------------- */

#ifdef __has_attribute
#define DOVECOT_HAS_ATTRIBUTE_(name) __has_attribute(name)
#else
#define DOVECOT_HAS_ATTRIBUTE_(name) 0
#endif

#define ATTRS_DEFINED
#define ATTR_FORMAT(format_idx, arg_idx) \
    __attribute__((__format__(__printf__, format_idx, arg_idx)))
#define ATTR_FORMAT_ARG(arg_idx) __attribute__((__format_arg__(arg_idx)))
#define ATTR_SCANF(format_idx, arg_idx) __attribute__((__format__(__scanf__, format_idx, arg_idx)))
#define ATTR_STRFTIME(format_idx) __attribute__((__format__(__strftime__, format_idx, 0)))
#define ATTR_UNUSED __attribute__((__unused__))
#define ATTR_NORETURN __attribute__((__noreturn__))
#define ATTR_CONST __attribute__((__const__))
#define ATTR_PURE __attribute__((__pure__))
#define ATTR_MALLOC __attribute__((__malloc__))
#define ATTR_WARN_UNUSED_RESULT __attribute__((__warn_unused_result__))
#define ATTR_SENTINEL __attribute__((__sentinel__))
#define ATTR_HOT __attribute__((__hot__))
#define ATTR_COLD __attribute__((__cold__))
#define ATTR_RETURNS_NONNULL __attribute__((__returns_nonnull__))
#define ATTR_DEPRECATED(str) __attribute__((__deprecated__(str)))
#define ATTR_NO_SANITIZE(x) __attribute__((__no_sanitize__((x))))

/* For readers only: which arguments may be NULL, which results may be ignored. */
#define ATTR_NULL(...)
#define ATTR_NOWARN_UNUSED_RESULT

/* Arithmetic that wraps on purpose; only clang's integer sanitizer minds. */
#ifdef __clang__
#define ATTR_UNSIGNED_WRAPS __attribute__((__no_sanitize__("integer")))
#else
#define ATTR_UNSIGNED_WRAPS
#endif
#define ATTR_NO_SANITIZE_INTEGER ATTR_UNSIGNED_WRAPS
#define ATTR_NO_SANITIZE_UNDEFINED ATTR_NO_SANITIZE("undefined")
#ifdef __clang__
#define ATTR_NO_SANITIZE_IMPLICIT_CONVERSION ATTR_NO_SANITIZE("implicit-conversion")
#else
#define ATTR_NO_SANITIZE_IMPLICIT_CONVERSION
#endif

#define likely(expr) (__builtin_expect((expr) ? 1 : 0, 1) != 0)
#define unlikely(expr) (__builtin_expect((expr) ? 1 : 0, 0) != 0)

/* ---- Statements and assertions ------------------------------------------------------------- */

/* Wraps several statements into one, for macros. */
#ifndef STMT_START
#define STMT_START do
#endif
#ifndef STMT_END
#define STMT_END while (0)
#endif

/* Panics, naming the place and the condition, unless `expr` holds. */
#ifdef DISABLE_ASSERTS
#define i_assert(expr) ((void)0)
#else
#define i_assert(expr)                                                                             \
    STMT_START                                                                                     \
    {                                                                                              \
        if (unlikely(!(expr)))                                                                     \
            i_panic("file %s: line %d (%s): assertion failed: (%s)", __FILE__, __LINE__, __func__, \
                    #expr);                                                                        \
    }                                                                                              \
    STMT_END
#endif

/* ---- Checks while compiling ---------------------------------------------------------------- */

/* 0, or an array of negative size, which does not compile. */
#define COMPILE_ERROR_IF_TRUE(condition) ((int)(0 * sizeof(char[1 - 2 * ((condition) ? 1 : 0)])))

/* 0 if both expressions have the same type, outer qualifiers aside; else it does not compile.
   */
#define COMPILE_ERROR_IF_TYPES_NOT_COMPATIBLE(_a, _b) \
    COMPILE_ERROR_IF_TRUE(!__builtin_types_compatible_p(__typeof__(_a), __typeof__(_b)))

/* The same, where `_b` may have the type of either of two expressions. */
#define COMPILE_ERROR_IF_TYPES2_NOT_COMPATIBLE(_a1, _a2, _b)                                \
    COMPILE_ERROR_IF_TRUE(!__builtin_types_compatible_p(__typeof__(_a1), __typeof__(_b)) && \
                          !__builtin_types_compatible_p(__typeof__(_a2), __typeof__(_b)))

/* For functions that take a callback with a context of any type: does not compile unless `callback`
   is a function of the type `type` points to, which names the real context type:

       #define safe_run(callback, context)                                                   \
           safe_run((safe_callback_t *)(callback),                                           \
                    (1 ? (context) : CALLBACK_TYPECHECK(callback, void (*)(typeof(context)))))
 */
#define CALLBACK_TYPECHECK(callback, type) \
    (COMPILE_ERROR_IF_TRUE(!__builtin_types_compatible_p(__typeof__(&callback), type)) ? 1 : 0)

/* `func`, with checks that are compiled and never run; the result has the type of `func`. */
#define TYPE_CHECKS(return_type, checks, func) ((void)(FALSE ? (checks) : FALSE), (func))

/* ---- Pointers and sizes -------------------------------------------------------------------- */

/* Rounds a size up to what every allocation is aligned to. */
#define MEM_ALIGN(size) (((size) + MEM_ALIGN_SIZE - 1) & ~((size_t)MEM_ALIGN_SIZE - 1))

#define PTR_OFFSET(ptr, offset) ((void *)((uintptr_t)(ptr) + (size_t)(offset)))
#define CONST_PTR_OFFSET(ptr, offset) ((const void *)((uintptr_t)(ptr) + (size_t)(offset)))

/* Takes `const` away from a pointer, without a warning. */
#define CONST_CAST(ptr) ((void *)(uintptr_t)(ptr))

/* The struct of type `type` that `ptr` points into, at member `name`; the types must agree. */
#define container_of(ptr, type, name)              \
    ((type *)((char *)(ptr)-offsetof(type, name) + \
              COMPILE_ERROR_IF_TYPES_NOT_COMPATIBLE(ptr, &((type *)0)->name)))

/* Small numbers kept where a pointer is expected. */
#define POINTER_CAST(i) ((void *)((uintptr_t)NULL + (i)))
#define POINTER_CAST_TO(p, type) ((type)(uintptr_t)(p))

/* A member by its byte offset. */
#define STRUCT_MEMBER_P(struct_p, struct_offset) \
    ((void *)((char *)(struct_p) + (long)(struct_offset)))
#define CONST_STRUCT_MEMBER_P(struct_p, struct_offset) \
    ((const void *)((const char *)(struct_p) + (long)(struct_offset)))

#ifndef VA_COPY
#define VA_COPY va_copy
#endif

/* Zeroes what a pointer points to: `char arr[5]; i_zero(&arr);`. Given the array itself, which
   would zero one element, it does not compile. */
#define i_zero(p) memset((p), MACROS_POINTER_CHECK_(p), sizeof(*(p)))
/* The same for secrets: not optimized away. */
#define i_zero_safe(p) safe_memset((p), MACROS_POINTER_CHECK_(p), sizeof(*(p)))
#define MACROS_POINTER_CHECK_(p) COMPILE_ERROR_IF_TYPES_NOT_COMPATIBLE(p, &(p)[0])

/* All bits but those of one enum value, as an unsigned number. */
#define ENUM_NEGATE(x)    \
    ((unsigned int)~(x) + \
     COMPILE_ERROR_IF_TRUE(sizeof(x) > sizeof(int) || (x) < 0 || (x) > INT_MAX))

/* Whether two `struct stat` show different contents of one path. */
#define ST_CHANGED(st_a, st_b)                                                           \
    ((st_a).st_mtime != (st_b).st_mtime || ST_MTIME_NSEC(st_a) != ST_MTIME_NSEC(st_b) || \
     (st_a).st_size != (st_b).st_size || (st_a).st_ino != (st_b).st_ino)

#endif
