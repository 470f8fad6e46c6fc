/*
 * What the host asks of this folder: that a fault which ends the process leaves a record in the
 * region of its marker, which says whose code it was in.
 *
 * The record is lines `key=value` in crash_text, and is written in two phases: what the registers
 * and the stack say at once, then what walking up the stack adds, which may fault itself where the
 * stack is damaged. A key that comes again replaces what was said before. src/observe/crash-text.ts
 * reads it; which function was in flight on the thread, and for which mail, is in the thread's slot.
 *
 * Not seen: _exit(), SIGKILL, and of a plugin's own threads one that uses up its stack (it has none
 * to spare for a handler) or that blocks the signals of faults. Then the marker says what was called.
 */
#ifndef VSMTP_CORE_CRASH_H
#define VSMTP_CORE_CRASH_H

#include <stdbool.h>

#include <vsmtp/export.h>

VSMTP_C_BEGIN

/**
 * Installs the handlers, before those that are there, which keep what happens outside of libraries:
 * in the program, and in code that V8 has made. Once a process, after vsmtp_marker_open. False with
 * errno.
 *
 * `last_words` is called when a plugin calls exit(), on its thread, before the process ends without
 * running what was registered for its end.
 */
VSMTP_EXPORT bool vsmtp_crash_watch(void (*last_words)(void));

/**
 * A stack for the handlers of this thread until it ends; without it, using up the thread's own
 * leaves no record. False with errno.
 */
VSMTP_EXPORT bool vsmtp_crash_cover_thread(void);

/**
 * Says whose a loaded library is; `path` as the dynamic loader knows it. All are copied. False with
 * errno: ENOENT when no such library is loaded, ENOSPC when the table is full.
 */
VSMTP_EXPORT bool vsmtp_crash_note_library(const char *path, const char *plugin, const char *file,
                                           const char *build_id);

VSMTP_C_END

#endif
