/*
 * What a thread that calls plugins has for the time when one of them faults: a slot of the marker,
 * and a stack for the handlers.
 */
#pragma once

#include <crash/crash.h>
#include <marker.h>

namespace vsmtp {

/**
 * Before a thread calls plugins; again: nothing. The thread has both until it has ended, also while
 * it runs the destructors of its variables, as it does in exit(). Without a marker, or a free slot,
 * or memory: without.
 */
inline void cover_thread()
{
    thread_local bool is_covered = false;

    if (is_covered)
        return;
    is_covered = true;
    (void)vsmtp_marker_claim();
    (void)vsmtp_crash_cover_thread();
}

} // namespace vsmtp
