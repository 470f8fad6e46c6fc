/*
 * What a process is doing inside plugins, written where somebody else can still read it when the
 * process is gone: one region of shared memory a process, which the supervisor made and maps too.
 *
 * Writers use plain stores and never wait; readers look at a process that runs, hangs or is dead,
 * and take what they find with a grain of salt. src/observe/marker.ts writes and reads the same
 * region: offsets and sizes stand in both files, and a test holds them against each other.
 *
 * Every thread that calls plugins has a slot, slot 0 being the JavaScript thread's and slot 1 the
 * storage thread's. A slot says which function is in flight (an index into the table of names; 0:
 * none) and in which situation (an index into the table of situations; 0: none): for whose mail,
 * for which directive.
 */
#ifndef VSMTP_CORE_MARKER_H
#define VSMTP_CORE_MARKER_H

#include <stddef.h>
#include <stdint.h>

#include <vsmtp/export.h>

VSMTP_C_BEGIN

enum {
    VSMTP_MARKER_MAGIC = 0x76534d50,
    VSMTP_MARKER_LAYOUT = 1,
    VSMTP_MARKER_SLOTS = 64,
    VSMTP_MARKER_FUNCTIONS = 2048,
    VSMTP_MARKER_SITUATIONS = 256,
    VSMTP_MARKER_CRASH_TEXT = 32760,
    /** Slots with a meaning; the others are claimed by call threads. */
    VSMTP_MARKER_JAVASCRIPT = 0,
    VSMTP_MARKER_STORAGE = 1,
};

typedef struct vsmtp_marker_slot {
    int32_t function;
    int32_t situation;
    /** The clock when the function, or the operation of the storage, began. */
    int32_t began;
    /** Of gettid; 0: nobody has the slot. */
    int32_t tid;
    int32_t reserved[12];
} vsmtp_marker_slot;

typedef struct vsmtp_marker {
    int32_t magic;
    int32_t layout;
    int32_t pid;
    /** Counted up by the event loop while it turns. */
    int32_t beat;
    /** Names in use; ids begin with 1. */
    int32_t functions;
    /** Counted up with every call, by all threads, without a lock. */
    int32_t clock;
    int32_t reserved[10];
    vsmtp_marker_slot slots[VSMTP_MARKER_SLOTS];
    /** The clock when each function was called last; 0: never. */
    int32_t last[VSMTP_MARKER_FUNCTIONS];
    /** "plugin function", NUL-terminated. */
    char names[VSMTP_MARKER_FUNCTIONS][128];
    /** Lines of text, see SituationFacts in src/observe/situation.ts; an empty one is free. */
    char situations[VSMTP_MARKER_SITUATIONS][512];
    /** 0: none; 1: what is known at once; 2: with a backtrace. Written by the crash handler. */
    int32_t crash_phase;
    int32_t crash_size;
    /** Lines `key=value`, see src/observe/crash-record.ts. */
    char crash_text[VSMTP_MARKER_CRASH_TEXT];
} vsmtp_marker;

/**
 * Takes a region for this process: an inherited descriptor of sizeof(vsmtp_marker) bytes, or -1 for
 * memory of its own that nobody shares. Once a process, before any plugin is called; again: the same
 * region. NULL with errno.
 */
VSMTP_EXPORT vsmtp_marker *vsmtp_marker_open(int fd);

/** The region of this process; NULL before vsmtp_marker_open. Async-signal-safe. */
VSMTP_EXPORT vsmtp_marker *vsmtp_marker_get(void);

/**
 * This thread takes a free slot, kept until it ends or releases it. -1: none is free. A thread that
 * is ended amid a call ends the process, by SIGABRT.
 */
VSMTP_EXPORT int32_t vsmtp_marker_claim(void);
/** This thread takes slot 0 or 1. */
VSMTP_EXPORT void vsmtp_marker_claim_slot(int32_t slot);
VSMTP_EXPORT void vsmtp_marker_release(void);

/** Around a call, on the thread that makes it. Without a slot, or region: nothing. */
VSMTP_EXPORT void vsmtp_marker_begin(int32_t function, int32_t situation);
VSMTP_EXPORT void vsmtp_marker_end(void);

VSMTP_C_END

#endif
