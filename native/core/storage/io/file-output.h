/*
 * The output stream to a descriptor: its struct and methods. ostream-file.c writes and buffers,
 * ostream-file-create.c makes such streams and waits for their descriptors.
 */
#ifndef STORAGE_IO_FILE_OUTPUT_H
#define STORAGE_IO_FILE_OUTPUT_H

#include "lib.h"

#include "ostream-private.h"

struct file_ostream {
    struct ostream_private ostream;
    bool is_file; /* has offsets */
    bool autoclose;

    char *path; /* still to be opened, as the next two say */
    mode_t create_mode;
    enum ostream_create_file_flags create_flags;

    uoff_t fd_offset;    /* where the descriptor stands */
    uoff_t write_offset; /* where the first byte of the buffer belongs */

    unsigned char *buffer;
    size_t buffer_size;
    size_t head, used; /* what waits */

    struct io *io;
    bool flush_pending;
};

#define file_output_of(stream) container_of(stream, struct file_ostream, ostream)

ssize_t file_output_sendv(struct ostream_private *stream, const struct const_iovec *iov,
                          unsigned int iov_count);
int file_output_flush(struct ostream_private *stream);
int file_output_seek(struct ostream_private *stream, uoff_t offset);
int file_output_write_at(struct ostream_private *stream, const void *data, size_t size,
                         uoff_t offset);
void file_output_close(struct iostream_private *stream, bool close_parent);

/** Waits for the descriptor if something waits for it. */
void file_output_wait(struct file_ostream *stream);

#endif
