/* Digests, checksums and GUIDs. */
#include "crc32.h"
#include "guid.h"
#include "hex-binary.h"
#include "md5.h"
#include "safe-memset.h"
#include "sha1.h"
#include "tap.h"

static const char *digest(const char *method, const char *text)
{
    const buffer_t *result = t_hash_str(hash_method_lookup(method), text);

    return binary_to_hex(result->data, result->used);
}

static void test_digests(void)
{
    char *million = i_malloc(1000001);
    unsigned char pieces[SHA1_RESULTLEN], whole[SHA1_RESULTLEN];
    bool same = TRUE;

    memset(million, 'a', 1000000);
    is_str(digest("sha1", ""), "da39a3ee5e6b4b0d3255bfef95601890afd80709", "SHA-1 of nothing");
    is_str(digest("sha1", "abc"), "a9993e364706816aba3e25717850c26c9cd0d89d", "SHA-1 of abc");
    is_str(digest("sha1", million), "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
           "SHA-1 of a million letters");
    is_str(digest("md5", ""), "d41d8cd98f00b204e9800998ecf8427e", "MD5 of nothing");
    is_str(digest("md5", "message digest"), "f96b697d7cb7938d525a2f31aaf161d0", "MD5 of a text");
    is_str(digest("md5", million), "7707d6ae4e027c70eea2a935c2296f21", "MD5 of a million letters");
    ok(hash_method_lookup("none") == NULL, "a method that is not there is not found");

    for (size_t size = 0; size < 300; size++) {
        struct sha1_ctxt ctxt;

        sha1_init(&ctxt);
        for (size_t pos = 0; pos < size; pos += 7)
            sha1_loop(&ctxt, million + pos, I_MIN(7, size - pos));
        sha1_result(&ctxt, pieces);
        sha1_get_digest(million, size, whole);
        same = same && memcmp(pieces, whole, sizeof(whole)) == 0;
    }
    ok(same, "a digest in pieces is the same as at once");
    is_int(crc32_str("123456789"), 0xcbf43926, "CRC-32 of the digits");
    is_int(crc32_data_more(crc32_str("12345"), "6789", 4), 0xcbf43926, "in two parts");
    safe_memset(million, 0, 10);
    ok(million[9] == 0 && million[10] == 'a', "secrets are overwritten");
    i_free(million);
}

static void test_guids(void)
{
    guid_128_t guid, other, parsed;
    const char *text;

    guid_128_generate(guid);
    guid_128_generate(other);
    ok(!guid_128_equals(guid, other), "no two GUIDs are equal");
    ok(!guid_128_is_empty(guid), "nor empty");
    text = guid_128_to_string(guid);
    ok(guid_128_from_string(text, parsed) == 0 && guid_128_equals(guid, parsed),
       "a GUID is read from its text");
    ok(guid_128_from_string("abc", parsed) < 0, "not from another");
    for (int format = FORMAT_RECORD; format <= FORMAT_MICROSOFT; format++) {
        text = guid_128_to_uuid_string(guid, (enum uuid_format)format);
        guid_128_empty(parsed);
        ok(guid_128_from_uuid_string(text, parsed) == 0 && guid_128_equals(guid, parsed),
           "%s is read too", text);
    }
    ok(guid_128_from_uuid_string("01234567-0123-0123-0123-0123456789a", parsed) < 0 &&
           guid_128_from_uuid_string("012345670-123-0123-0123-0123456789ab", parsed) < 0,
       "dashes have their places");
    ok(guid_128_hash(guid) == guid_128_hash(guid) && guid_128_cmp(guid, guid) == 0,
       "GUIDs can be keys");
    ok(strcmp(guid_generate(), guid_generate()) != 0, "texts are not equal either");
}

int main(void)
{
    lib_init();
    T_BEGIN
    {
        test_digests();
        test_guids();
    }
    T_END;
    lib_deinit();
    return done();
}
