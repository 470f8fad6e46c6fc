/*
 * The mail that comes with a request, as a stream. Private to host/.
 */
#ifndef STORAGE_HOST_CONTENT_H
#define STORAGE_HOST_CONTENT_H

struct istream;
struct operation;

/** From the request's memory or file. The caller unrefs it, before the request is over. */
struct istream *content_stream(const struct operation *operation);

/** Waits until a stream over a pipe has more. False: the pipe is broken. */
bool content_wait(struct istream *input);

#endif
