/*
 * Who is to blame. Best is the place where the thread was. When that is not a plugin's code, a
 * plugin may have called there, and what the stack holds says so; but words of calls that are long
 * over lie on stacks, too. So on a thread that is known to be in no call of a plugin only the latest
 * one is looked at, and a walk up the stack that passes by such a word clears the suspect again.
 */
#include "crash/record.h"

#include <marker.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "crash/libraries.h"
#include "crash/text.h"

/* So near to the stack pointer, an address is one of the stack. */
#define NEAR ((uintptr_t)256 << 10)

static struct {
    uintptr_t pc;
    /** That is in a plugin's library. */
    bool in_place;
    bool is_suspected;
    struct frame suspect;
} found;

static const char *signal_name(int signal)
{
    switch (signal) {
    case SIGSEGV:
        return "SIGSEGV";
    case SIGBUS:
        return "SIGBUS";
    case SIGILL:
        return "SIGILL";
    case SIGFPE:
        return "SIGFPE";
    default:
        return "SIGABRT";
    }
}

/* ---- What is known of the thread ------------------------------------------------------------- */

static int32_t own_tid(void)
{
    return (int32_t)syscall(SYS_gettid);
}

/* NULL: it has none. Not through its own variables, which may not be there yet. */
static const vsmtp_marker_slot *own_slot(void)
{
    const vsmtp_marker *marker = vsmtp_marker_get();
    int32_t tid = own_tid();

    for (size_t i = 0; i < VSMTP_MARKER_SLOTS; i++) {
        if (__atomic_load_n(&marker->slots[i].tid, __ATOMIC_RELAXED) == tid)
            return &marker->slots[i];
    }
    return NULL;
}

/* The storage thread's slot knows no functions: plugins are called there in the middle of things. */
static bool may_be_in_plugin(void)
{
    const vsmtp_marker_slot *slot = own_slot();

    return slot == NULL || slot == &vsmtp_marker_get()->slots[VSMTP_MARKER_STORAGE] ||
           __atomic_load_n(&slot->function, __ATOMIC_RELAXED) != 0;
}

/* ---- Lines ----------------------------------------------------------------------------------- */

static void tell_culprit(uintptr_t place, const char *by)
{
    const struct library *library = library_at(place);
    uintptr_t start;
    const char *function = library_function(library, place, &start);

    text_line("plugin", library->plugin);
    text_line("function", function != NULL ? function : "(static)");
    text_line_number("offset", place - library->base, HEXADECIMAL);
    text_line("file", library->file);
    text_line("build-id", library->build_id);
    text_line("by", by);
}

/* `libc.so.6+0x167ad8`, and for plugins `(function+0xf)`. */
static void tell_frame(uintptr_t place)
{
    const struct library *library = library_at(place);
    const char *path = "", *function;
    uintptr_t base = 0, start;
    bool known = library != NULL || object_at(place, &path, &base);

    text_begin("frame");
    if (library != NULL) {
        path = library->file;
        base = library->base;
    }
    if (known) {
        text_string(file_name(path));
        text_string("+");
    }
    text_number(place - base, HEXADECIMAL);
    function = library != NULL ? library_function(library, place, &start) : NULL;
    if (function != NULL) {
        text_string(" (");
        text_string(function);
        text_string("+");
        text_number(place - start, HEXADECIMAL);
        text_string(")");
    }
    text_end();
}

static void tell_repeats(size_t count)
{
    if (count == 0)
        return;
    text_begin("frame");
    text_string("(again ");
    text_number(count, DECIMAL);
    text_string(count == 1 ? " time)" : " times)");
    text_end();
}

static void tell_frames(void)
{
    size_t count, repeats = 0;
    const struct frame *frames = stack_frames(&count);

    for (size_t i = 0; i < count; i++) {
        if (i > 0 && frames[i].place == frames[i - 1].place) {
            repeats++;
            continue;
        }
        tell_repeats(repeats);
        repeats = 0;
        tell_frame(frames[i].place);
    }
    tell_repeats(repeats);
}

static void tell_note(int signal, const siginfo_t *info, const struct registers *registers)
{
    uintptr_t address = (uintptr_t)info->si_addr;
    uintptr_t distance =
        address > registers->sp ? address - registers->sp : registers->sp - address;

    if (info->si_code <= 0 && info->si_pid != getpid()) {
        text_line_number("sender", (uint64_t)info->si_pid, DECIMAL);
        text_begin("note");
        text_string("sent by process ");
        text_number((uint64_t)info->si_pid, DECIMAL);
        text_end();
    } else if (info->si_code > 0 && (signal == SIGSEGV || signal == SIGBUS)) {
        if (address == registers->pc)
            text_line("note", "it went to an address that holds no code");
        else if (distance < NEAR && !memory_readable(address))
            text_line("note", "likely a stack overflow");
    }
}

/* ---- The phases ------------------------------------------------------------------------------ */

static void tell_fault(int signal, const siginfo_t *info, const struct registers *registers)
{
    text_line("kind", "signal");
    text_line("signal", signal_name(signal));
    text_line_number("tid", (uint64_t)own_tid(), DECIMAL);
    /* an address that is none at all the processor does not tell (SI_KERNEL) */
    if ((signal == SIGSEGV || signal == SIGBUS) && info->si_code > 0 && info->si_code != SI_KERNEL)
        text_line_number("address", (uintptr_t)info->si_addr, HEXADECIMAL);
    text_line_number("pc", registers->pc, HEXADECIMAL);
    text_line_number("sp", registers->sp, HEXADECIMAL);
}

void record_fault(int signal, const siginfo_t *info, const struct registers *registers)
{
    tell_fault(signal, info, registers);
    found.pc = registers->pc;
    found.in_place = library_at(registers->pc) != NULL;
    if (found.in_place)
        tell_culprit(registers->pc, "place");
    else if (stack_find_caller(registers, may_be_in_plugin() ? ALL_CALLS : LATEST_CALL,
                               &found.suspect)) {
        found.is_suspected = true;
        tell_culprit(found.suspect.place, "stack");
    }
    tell_note(signal, info, registers);
    __atomic_store_n(&vsmtp_marker_get()->crash_phase, 1, __ATOMIC_RELEASE);
}

/* NULL: none of the frames is a plugin's. */
static const struct frame *plugin_frame(void)
{
    size_t count;
    const struct frame *frames = stack_frames(&count);

    for (size_t i = 0; i < count; i++) {
        if (library_with_code_at(frames[i].place) != NULL)
            return &frames[i];
    }
    return NULL;
}

static bool nothing_walked(void)
{
    size_t count;

    (void)stack_frames(&count);
    return count == 0;
}

/* In place of a walk that could not begin, as at a place without code. */
static void tell_evidence(void)
{
    tell_frame(found.pc);
    if (found.is_suspected)
        tell_frame(found.suspect.place);
}

/* It came further up than the suspicious word, and no frame had left it. */
static bool walk_passed_suspect(void)
{
    size_t count;
    const struct frame *frames = stack_frames(&count);

    for (size_t i = 0; i < count; i++) {
        if (frames[i].stack > found.suspect.stack + sizeof(uintptr_t))
            return true;
    }
    return false;
}

void record_walk(void)
{
    const struct frame *frame = plugin_frame();

    if (!found.in_place && frame != NULL) {
        if (!found.is_suspected || frame->place != found.suspect.place)
            tell_culprit(frame->place, "stack");
    } else if (!found.in_place && found.is_suspected && walk_passed_suspect())
        text_line("plugin", "");
    tell_frames();
    if (nothing_walked())
        tell_evidence();
    __atomic_store_n(&vsmtp_marker_get()->crash_phase, 2, __ATOMIC_RELEASE);
}

bool record_exit(int status)
{
    const struct frame *frame = plugin_frame();
    const vsmtp_marker_slot *slot = own_slot();

    if (frame == NULL && (slot == NULL || __atomic_load_n(&slot->function, __ATOMIC_RELAXED) == 0))
        return false;
    text_line("kind", "exit");
    text_line_number("status", (uint64_t)(status & 0xFF), DECIMAL);
    text_line_number("tid", (uint64_t)own_tid(), DECIMAL);
    if (frame != NULL)
        tell_culprit(frame->place, "stack");
    tell_frames();
    __atomic_store_n(&vsmtp_marker_get()->crash_phase, 2, __ATOMIC_RELEASE);
    return true;
}
