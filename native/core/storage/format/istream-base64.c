/*
 * Base64 as a stream.
 */
#include "istream-base64.h"

#include "base64.h"
#include "format/istream-decode.h"

struct base64_state {
    struct base64_decoder decoder;
    buffer_t *out;
};

static struct base64_state *state_new(buffer_t *out, const struct base64_scheme *scheme)
{
    struct base64_state *state = i_new(struct base64_state, 1);

    base64_decode_init(&state->decoder, scheme, 0);
    state->out = out;
    return state;
}

static void *mime_init(buffer_t *out)
{
    return state_new(out, &base64_scheme);
}

static void *url_init(buffer_t *out)
{
    return state_new(out, &base64url_scheme);
}

static void base64_deinit(void *state)
{
    i_free(state);
}

static int base64_more(void *_state, const unsigned char *data, size_t size)
{
    struct base64_state *state = _state;
    size_t pos;
    int ret = base64_decode_more(&state->decoder, data, size, &pos, state->out);

    /* Behind padding there may be nothing but white space. */
    if (ret == 0) {
        while (pos < size && i_isspace(data[pos]))
            pos++;
        ret = pos < size ? -1 : 1;
    }
    return ret;
}

static int base64_finish(void *_state)
{
    struct base64_state *state = _state;

    return base64_decode_finish(&state->decoder);
}

struct istream *i_stream_create_base64_decoder(struct istream *input)
{
    static const struct istream_decoder decoder = {mime_init, base64_deinit, base64_more,
                                                   base64_finish, "base64"};

    return i_stream_create_decoder(input, &decoder);
}

struct istream *i_stream_create_base64url_decoder(struct istream *input)
{
    static const struct istream_decoder decoder = {url_init, base64_deinit, base64_more,
                                                   base64_finish, "base64url"};

    return i_stream_create_decoder(input, &decoder);
}
