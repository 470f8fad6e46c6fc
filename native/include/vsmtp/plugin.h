/*
 * The one header of a vSMTP plugin: what it is, what it offers to vSL scripts, how it logs and
 * fails.
 *
 *     #include <vsmtp/plugin.h>
 *
 *     VSMTP_PLUGIN("hello", VSMTP_RELEASE("1.0.0") VSMTP_DESCRIPTION("says hello"))
 *
 *     VSMTP_FUNCTION(int64_t, hello_add, (int64_t a, int64_t b), VSMTP_QUICK VSMTP_NAME("add"))
 *     {
 *         return a + b;
 *     }
 *
 *     cc -shared -fPIC -fvisibility=hidden $(vsmtp sdk --cflags) \
 *         -o libvsmtp-plugin-hello-1.0.0.so plugin.c $(vsmtp sdk --libs)
 *
 * and in a script: `import "plugins/vsmtp-plugin-hello" as hello; hello::add(1, 2)`.
 *
 * The macros write what they are told into ELF notes of the plugin's file (section .note.vsmtp).
 * vSMTP reads the notes without loading the file, and decides from them alone whether to load it
 * and what scripts may call. All macros stand at file scope, in any source file of the plugin,
 * WITHOUT a semicolon after them. Options are string literals put side by side, without commas
 * between them.
 *
 * What functions may take: C integers of 8 to 64 bits, bool, double, `const char *` (UTF-8, never
 * NULL), `const vsmtp_value *` (any value, see value.h), `T *` of an object type of this plugin,
 * `vsmtp_transaction *` (transaction.h; scripts do not pass it), and as the last one `vsmtp_out *`
 * (then the function is void and writes its result there). At most 6 integers and pointers together
 * with these two, and 8 doubles. An integer that does not
 * fit the parameter is a script error before the call.
 *
 * What they may return: void (`()`), integers, bool, double; `const char *`, which stays the
 * plugin's and must live until the next call on the same thread (static, thread-local, or part of
 * an object; NULL is `()`); `char *` with VSMTP_GIVEN; `T *`, a new object that the script owns
 * from then on (NULL is `()`).
 *
 * Arguments belong to the host and live until the function returns.
 *
 * Threads: a VSMTP_QUICK function runs on the thread of the mail server itself, which serves all
 * clients: it must never wait for a disk, a network or a lock. Every other function runs on a
 * thread of its own pool, 1 MiB of stack, may wait, and may run beside other calls of the plugin;
 * but calls on one object never run at the same time, and a plugin without VSMTP_THREADSAFE can
 * count on that for each of its objects.
 */
#ifndef VSMTP_PLUGIN_H
#define VSMTP_PLUGIN_H

#include <stdarg.h>

#include "export.h"
#include "value.h"
#include "version.h"

/* ---- The plugin itself --------------------------------------------------------------------- */

/**
 * VSMTP_PLUGIN("name") or VSMTP_PLUGIN("name", options): says that this file is a plugin. Exactly
 * once in a plugin.
 *
 * The name is `[a-z][a-z0-9]*(-[a-z0-9]+)*` and must agree with the file name
 * libvsmtp-plugin-<name>-<version>.so. Options: VSMTP_RELEASE, VSMTP_DESCRIPTION, VSMTP_MODULE,
 * VSMTP_THREADSAFE.
 *
 * It also defines the exported variable vsmtp_plugin_version, which the host reads again once the
 * file is loaded.
 */
#define VSMTP_PLUGIN(...)                                                              \
    VSMTP_PLUGIN_(VSMTP_FIRST_(__VA_ARGS__, 0), VSMTP_SECOND_(__VA_ARGS__, "", "", 0), \
                  VSMTP_THIRD_(__VA_ARGS__, "", "", 0))

/** The plugin's own version, which its author counts. */
#define VSMTP_RELEASE(version) "release=" version "\n"

/** One line on what the plugin does. */
#define VSMTP_DESCRIPTION(text) "description=" text "\n"

/**
 * The name of a vSL module that every script has without an import: `cmd` lets them call
 * `cmd::build(…)`.
 */
#define VSMTP_MODULE(name) "module=" name "\n"

/** Calls on one object may run at the same time: the plugin does its own locking. */
#define VSMTP_THREADSAFE "threadsafe=yes\n"

/**
 * VSMTP_DEPENDS("mysql"): this plugin needs another one; vSMTP refuses it while that one is not
 * there. May be used several times, on lines of their own.
 */
#define VSMTP_DEPENDS(plugin) VSMTP_DEPENDS_(__LINE__, plugin)

/* ---- Functions ----------------------------------------------------------------------------- */

/**
 * VSMTP_FUNCTION(result, name, (parameters)) { body }
 * VSMTP_FUNCTION(result, name, (parameters), options) { body }
 *
 * Defines a C function, exports it, and offers it to scripts. One declaration serves all three, so
 * the signature that scripts are checked against is the one that was compiled. Name the parameters:
 * scripts' errors and `vsmtp plugin inspect` show them. In C a function without parameters is
 * written (void).
 *
 * Options: VSMTP_NAME, VSMTP_METHOD, VSMTP_QUICK, VSMTP_GIVEN, VSMTP_DOC.
 */
#define VSMTP_FUNCTION(RESULT, NAME, ...)                       \
    VSMTP_FUNCTION_(RESULT, NAME, VSMTP_FIRST_(__VA_ARGS__, 0), \
                    VSMTP_SECOND_(__VA_ARGS__, "", "", 0), VSMTP_THIRD_(__VA_ARGS__, "", "", 0))

/**
 * The name in vSL; without it, the C name. Several functions may share one name if they take
 * different numbers of arguments.
 */
#define VSMTP_NAME(name) "name=" name "\n"

/**
 * A method of the object type with this vSL name, which must be the type of the first parameter:
 * `echo.run()`.
 */
#define VSMTP_METHOD(type) "method=" type "\n"

/**
 * Returns within microseconds, so it may run on the server's own thread. The default is a thread
 * of a pool.
 */
#define VSMTP_QUICK "call=quick\n"

/**
 * The `char *` result was made by malloc (strdup, asprintf …) and is the host's: it copies it and
 * calls free.
 */
#define VSMTP_GIVEN "result=given\n"

/**
 * One line of documentation; may be repeated for more lines. All texts of one macro together:
 * below 4000 bytes.
 */
#define VSMTP_DOC(line) "doc=" line "\n"

/* ---- Objects ------------------------------------------------------------------------------- */

/**
 * VSMTP_OBJECT(type, "name", destroy) or VSMTP_OBJECT(type, "name", destroy, options): a C type
 * whose pointers scripts may hold, opaque to them. `type` is the name of a typedef, "name" what
 * `type_of` says in vSL.
 *
 * It declares and exports `void destroy(type *self)`, which the plugin defines. The host calls it
 * exactly once for every object that a function returned, when no script holds the object any more;
 * on the server's own thread, never while a call on the object runs. Objects that are left when the
 * process ends are not destroyed.
 *
 * A function returns each pointer once: to hand out the same thing twice, return two objects that
 * share it. Options: VSMTP_DOC.
 */
#define VSMTP_OBJECT(TYPE, NAME, ...)                                                              \
    VSMTP_OBJECT_(TYPE, NAME, VSMTP_FIRST_(__VA_ARGS__, 0), VSMTP_SECOND_(__VA_ARGS__, "", "", 0), \
                  VSMTP_THIRD_(__VA_ARGS__, "", "", 0))

/* ---- Begin and end ------------------------------------------------------------------------- */

/**
 * VSMTP_INIT() { return 0; } runs once, before any other function, on the server's own thread.
 * Anything but 0 means that the plugin cannot work: it is refused with the text of vsmtp_fail.
 */
#define VSMTP_INIT() int32_t vsmtp_plugin_init(void)

/** VSMTP_FINI() { } runs once when the process ends in order, after the last call. */
#define VSMTP_FINI() void vsmtp_plugin_fini(void)

VSMTP_C_BEGIN

VSMTP_EXPORT extern const char vsmtp_plugin_version[]; /**< defined by VSMTP_PLUGIN */
VSMTP_EXPORT int32_t vsmtp_plugin_init(void);          /**< defined by VSMTP_INIT */
VSMTP_EXPORT void vsmtp_plugin_fini(void);             /**< defined by VSMTP_FINI */

/* ---- Logging and failing ------------------------------------------------------------------- */

/** Levels of log lines. */
enum {
    VSMTP_LOG_TRACE = 10,
    VSMTP_LOG_DEBUG = 20,
    VSMTP_LOG_INFO = 30,
    VSMTP_LOG_WARN = 40,
    VSMTP_LOG_ERROR = 50
};

/**
 * What vsmtp_log calls; `where` is any address in the plugin, `arguments` are those of the format.
 */
VSMTP_EXPORT void vsmtp_log_from(const void *where, int32_t level, const char *format,
                                 va_list arguments) VSMTP_PRINTF(3, 0);

/**
 * Writes a line to vSMTP's log, under the plugin's name. May be called at any time on any thread,
 * and does not wait: the line is copied to a queue. A thread that logs faster than lines can be
 * written loses lines, and a line says how many. UTF-8, without a line end.
 */
VSMTP_PRINTF(2, 3)
static inline void vsmtp_log(int32_t level, const char *format, ...)
{
    static const char here = 0;
    va_list arguments;

    va_start(arguments, format);
    vsmtp_log_from(&here, level, format, arguments);
    va_end(arguments);
}

/**
 * Makes the current call fail: when the plugin's function returns, the host ignores its result and
 * the script gets an error with this text, which it can catch. Write a sentence for the person who
 * wrote the script. Called twice, the last text stays. At most 4095 bytes, the rest is cut off.
 *
 * Only for the thread that the host called: a thread that a plugin made itself has no current call.
 */
VSMTP_EXPORT void vsmtp_fail(const char *format, ...) VSMTP_PRINTF(1, 2);

/**
 * True when vsmtp_fail was called since the current call began, by the plugin or by a function of
 * value.h.
 */
VSMTP_EXPORT bool vsmtp_failed(void);

VSMTP_C_END

/* ---- How it is done: not for use in plugins ---------------------------------------------------
 *
 * An ELF note is a header of three words (sizes of owner and text, kind), the owner "vSMTP" padded
 * to 8 bytes, and the text padded to 4. Kinds: 1 plugin, 2 function, 3 object type, 4 dependency.
 * The text is lines `key=value`; a function without `name` is called by its `symbol`, one without
 * `call` is blocking.
 */

#ifdef __has_attribute
#if __has_attribute(__retain__)
#define VSMTP_RETAIN_ , __retain__
#endif
#endif
#ifndef VSMTP_RETAIN_
#define VSMTP_RETAIN_
#endif

#ifdef __cplusplus
#define VSMTP_ASSERT_(condition, text) static_assert(condition, text);
#else
#define VSMTP_ASSERT_(condition, text) _Static_assert(condition, text);
#endif

#define VSMTP_FIRST_(first, ...) first
#define VSMTP_SECOND_(first, second, ...) second
#define VSMTP_THIRD_(first, second, third, ...) third
#define VSMTP_PASTE_(a, b) a##b
#define VSMTP_TEXT_(...) #__VA_ARGS__

#define VSMTP_NOTE_(ID, KIND, TEXT, EXTRA)                                                       \
    VSMTP_ASSERT_(sizeof(EXTRA) == 1,                                                            \
                  "options of a VSMTP_ macro stand side by side, without commas between them")   \
    static const struct {                                                                        \
        uint32_t owner_size, text_size, kind;                                                    \
        char owner[8], text[(sizeof(TEXT) + 3) & ~(size_t)3];                                    \
    } ID __attribute__((__section__(".note.vsmtp"), __aligned__(4), __used__ VSMTP_RETAIN_)) = { \
        6, (uint32_t)sizeof(TEXT), KIND, "vSMTP", TEXT};

#define VSMTP_PLUGIN_(NAME, OPTIONS, EXTRA)            \
    const char vsmtp_plugin_version[] = VSMTP_VERSION; \
    VSMTP_NOTE_(vsmtp_note_plugin, 1, "name=" NAME "\nvsmtp=" VSMTP_VERSION "\n" OPTIONS, EXTRA)

#define VSMTP_FUNCTION_(RESULT, NAME, PARAMETERS, OPTIONS, EXTRA)                                  \
    VSMTP_C VSMTP_EXPORT RESULT NAME PARAMETERS;                                                   \
    VSMTP_NOTE_(vsmtp_note_function_##NAME, 2,                                                     \
                "symbol=" #NAME                                                                    \
                "\nprototype=" VSMTP_TEXT_(RESULT) " " #NAME VSMTP_TEXT_(PARAMETERS) "\n" OPTIONS, \
                EXTRA)                                                                             \
    RESULT NAME PARAMETERS

#define VSMTP_OBJECT_(TYPE, NAME, DESTROY, OPTIONS, EXTRA)                                    \
    VSMTP_C VSMTP_EXPORT void DESTROY(TYPE *self);                                            \
    VSMTP_NOTE_(vsmtp_note_object_##TYPE, 3,                                                  \
                "ctype=" #TYPE "\nname=" NAME "\ndestroy=" VSMTP_TEXT_(DESTROY) "\n" OPTIONS, \
                EXTRA)

#define VSMTP_DEPENDS_(LINE, PLUGIN) \
    VSMTP_NOTE_(VSMTP_PASTE_(vsmtp_note_depends_, LINE), 4, "plugin=" PLUGIN "\n", "")

#endif
