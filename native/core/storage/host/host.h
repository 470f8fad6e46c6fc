/*
 * What libvsmtp-storage.so.1 offers to the host beside durable files (../storage.h): the storage
 * thread, on which everything of Dovecot's model lives, and requests to it.
 *
 * A request is an encoded map (wire.h): its `operation`, and what that one takes, see operations.c.
 * It is answered by an encoded value, or by a failure, which is a map of
 *
 *     error     the name of an enum mail_error, without its prefix: "NOQUOTA"
 *     text      a sentence for the user
 *     internal  what the log says of it
 *     mailbox   the mailbox it happened to, when there is one
 *
 * Requests are carried out one after the other, in the order in which they came; between them the
 * timeouts and descriptors of plugins are served. Nothing here throws or ends the process.
 */
#ifndef VSMTP_STORAGE_HOST_H
#define VSMTP_STORAGE_HOST_H

#include "../storage.h"

VSMTP_C_BEGIN

/** One request. Its memory is the host's, and has to stay as it is until the reply. */
typedef struct vsmtp_storage_request {
    const uint8_t *bytes;
    size_t size;
    /** The mail, where the operation takes one. */
    vsmtp_storage_parts parts;
    /** Or a file with it, read from its current place to its end, not closed; -1: none. */
    int fd;
    /** For whom this is done, as the marker (../../marker.h) knows it; 0: nobody in particular. */
    int32_t situation;
    struct vsmtp_storage_request *next; /**< private */
} vsmtp_storage_request;

/** What a question is answered with. */
typedef enum vsmtp_storage_verdict {
    VSMTP_STORAGE_ALLOW,
    VSMTP_STORAGE_REFUSE,  /**< for good */
    VSMTP_STORAGE_TEMPFAIL /**< for now */
} vsmtp_storage_verdict;

/** Who hosts the storage. All are called on the storage thread and must copy what they keep. */
typedef struct vsmtp_storage_host {
    /**
     * A request is over, and its memory the host's again. `done`: the bytes are its result (none:
     * it has none), else its failure.
     */
    void (*reply)(vsmtp_storage_request *request, bool done, const uint8_t *bytes, size_t size);
    /** Something has happened in a mailbox, while events are wanted (operation `events`). */
    void (*event)(const uint8_t *bytes, size_t size);
    /**
     * May this be done? The thread waits for vsmtp_storage_answer() with this number, up to a
     * deadline (operation `begin`).
     */
    void (*ask)(uint64_t number, const uint8_t *bytes, size_t size);
    /** A line for the log. `file` is the shared object that logged it; levels as in plugin.h. */
    void (*log)(const char *file, int level, const char *text);
    /**
     * The thread begins, before anything of the storage does. Signals that tell of faults are not
     * blocked on it, all others are. This one and the next two may be NULL.
     */
    void (*started)(void);
    /** From now on the thread works on this request; until end(), which comes before its reply. */
    void (*begin)(const vsmtp_storage_request *request);
    void (*end)(void);
} vsmtp_storage_host;

/**
 * Starts the storage thread, if it does not run yet; it never ends. `host` must live as long as the
 * process. False with errno when there is no thread to be had.
 */
VSMTP_EXPORT bool vsmtp_storage_start(const vsmtp_storage_host *host);

/** Hands over a request, from any thread. */
VSMTP_EXPORT void vsmtp_storage_submit(vsmtp_storage_request *request);

/** Answers a question, from any thread. `text` (a sentence for the user) is copied; NULL: none. */
VSMTP_EXPORT void vsmtp_storage_answer(uint64_t number, vsmtp_storage_verdict verdict,
                                       const char *text);

VSMTP_C_END

#endif
