/*
 * The call frame of a thread, as the host sees it: has the call failed, with what text; what did it
 * write.
 *
 * A frame belongs to its thread and is made on first use. The host begins a call, calls the plugin,
 * and takes what the call left, all on the same thread. Plugins see of it only vsmtp_fail,
 * vsmtp_failed and the vsmtp_out.
 */
#ifndef VSMTP_CORE_FRAME_H
#define VSMTP_CORE_FRAME_H

#include <stddef.h>

#include <vsmtp/plugin.h>

VSMTP_C_BEGIN

/** Bytes of a failure's text, with its NUL. */
#define VSMTP_FAILURE_SIZE 4096

/** This thread's flag, not 0 after vsmtp_fail. Lives as long as the thread. */
VSMTP_EXPORT int32_t *vsmtp_frame_failed(void);

/** This thread's vsmtp_out. Lives as long as the thread. */
VSMTP_EXPORT vsmtp_out *vsmtp_frame_out(void);

/** Forgets what an earlier call left behind. */
VSMTP_EXPORT void vsmtp_frame_begin(void);

/**
 * The text of vsmtp_fail, or NULL. Forgets the failure, and what was written to the vsmtp_out with
 * it. The text stays until this thread fails again.
 */
VSMTP_EXPORT const char *vsmtp_frame_take_failure(void);

/**
 * The encoded value that was written to the vsmtp_out, NULL for none; it stays until something else
 * is written or vsmtp_frame_forget_result. When it is not one complete value, the call fails (as by
 * vsmtp_fail) with the reason, and NULL is returned.
 */
VSMTP_EXPORT const uint8_t *vsmtp_frame_result(size_t *size);

/** Empties the vsmtp_out. */
VSMTP_EXPORT void vsmtp_frame_forget_result(void);

VSMTP_C_END

#endif
