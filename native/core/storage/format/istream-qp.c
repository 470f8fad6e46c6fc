/*
 * Quoted-printable as a stream.
 */
#include "istream-qp.h"

#include "format/istream-decode.h"
#include "qp-decoder.h"

static void *qp_init(buffer_t *out)
{
    return qp_decoder_init(out);
}

static void qp_deinit(void *state)
{
    struct qp_decoder *qp = state;

    qp_decoder_deinit(&qp);
}

static int qp_more(void *state, const unsigned char *data, size_t size)
{
    size_t invalid_pos;
    const char *error;

    return qp_decoder_more(state, data, size, &invalid_pos, &error) < 0 ? -1 : 1;
}

static int qp_finish(void *state)
{
    const char *error;

    return qp_decoder_finish(state, &error);
}

struct istream *i_stream_create_qp_decoder(struct istream *input)
{
    static const struct istream_decoder decoder = {qp_init, qp_deinit, qp_more, qp_finish,
                                                   "quoted-printable"};

    return i_stream_create_decoder(input, &decoder);
}
