/* Numbers: strict reading of text, bits, byte order. */
#include "lib.h"
#include "tap.h"

static void test_unsigned(void)
{
    static const char *const bad[] = {"",    " 1",  "1 ",         "-1",        "+1",
                                      "0x1", "1.0", "4294967296", "9999999999"};
    unsigned int num = 77;
    uint64_t big;
    const char *end;

    ok(str_to_uint("0", &num) == 0 && num == 0, "0 is a number");
    ok(str_to_uint("4294967295", &num) == 0 && num == UINT_MAX, "so is the largest one");
    ok(str_to_uint("0000000000000000000000007", &num) == 0 && num == 7,
       "leading zeros do not count");
    for (unsigned int i = 0; i < N_ELEMENTS(bad); i++)
        is_int(str_to_uint(bad[i], &num), -1, "'%s' is not one", bad[i]);
    is_int(num, 7, "what is refused leaves the number alone");
    ok(str_to_uint64("18446744073709551615", &big) == 0 && big == UINT64_MAX, "64 bits are read");
    is_int(str_to_uint64("18446744073709551616", &big), -1, "65 are not");
    ok(str_parse_uint("12abc", &num, &end) == 0 && num == 12, "digits are read from a text");
    is_str(end, "abc", "up to what follows them");
    ok(str_to_uint_hex("fF", &num) == 0 && num == 255, "hex digits have either case");
    is_int(str_to_uint_hex("fg", &num), -1, "up to f");
    ok(str_to_uint_oct("777", &num) == 0 && num == 0777, "octal digits are read");
    is_int(str_to_uint_oct("8", &num), -1, "up to 7");
    ok(str_uint_equals("12", 12) && !str_uint_equals("12x", 12) && !str_uint_equals("13", 12),
       "a text is compared with a number");
}

static void test_signed(void)
{
    int num;
    int64_t big;
    time_t when;
    uid_t uid;
    uoff_t size;

    ok(str_to_int("-2147483648", &num) == 0 && num == INT_MIN, "the smallest number is read");
    ok(str_to_int("2147483647", &num) == 0 && num == INT_MAX, "the largest is");
    ok(str_to_int("2147483648", &num) < 0 && str_to_int("-2147483649", &num) < 0, "others are not");
    ok(str_to_int("-", &num) < 0 && str_to_int("--1", &num) < 0, "nor signs alone");
    ok(str_to_int64("-9223372036854775808", &big) == 0 && big == INT64_MIN, "64 bits too");
    ok(str_to_time("1700000000", &when) == 0 && when == 1700000000, "a time");
    ok(str_to_uid("65534", &uid) == 0 && uid == 65534, "a uid");
    ok(str_to_uoff("4294967296", &size) == 0 && size == (uoff_t)1 << 32, "a file's size");
}

static void test_forms(void)
{
    ok(str_is_numeric("12", '\0') && !str_is_numeric("", '\0') && !str_is_numeric("1a", '\0'),
       "digits make a number");
    ok(str_is_numeric("12:x", ':') && !str_is_numeric("12x:", ':'), "up to a character");
    ok(str_is_float("1.5", '\0') && str_is_float("15", '\0'), "one dot may be in it");
    ok(!str_is_float("1.", '\0') && !str_is_float(".5", '\0') && !str_is_float("1.5.1", '\0'),
       "between digits");
    is_str(str_num_error("x"), "Not a valid number", "errors are told");
    is_str(str_num_error("99999999999999999999"), "Number too large", "by their kind");
    is_str(dec2str(0), "0", "0 is written");
    is_str(dec2str(UINTMAX_MAX), "18446744073709551615", "and the largest number");
}

static void test_bits(void)
{
    is_int((intmax_t)nearest_power(0), 1, "the first power of two is 1");
    is_int((intmax_t)nearest_power(64), 64, "a power of two is its own");
    is_int((intmax_t)nearest_power(65), 128, "other numbers go up");
    is_int(bits_required32(0), 0, "0 needs no bits");
    is_int(bits_required32(255), 8, "255 needs 8");
    is_int(bits_required64((uint64_t)1 << 63), 64, "the largest power 64");
    ok(bits_is_power_of_two(8) && !bits_is_power_of_two(9) && !bits_is_power_of_two(0),
       "powers of two are found");
    ok(bits_rotl32(0x80000001u, 1) == 3 && bits_rotr32(3, 1) == 0x80000001u, "bits are rotated");
    ok(bits_rotl64(1, 64) == 1 && bits_rotl64(1, 0) == 1, "by any count");
    ok(HAS_ALL_BITS(7u, 5u) && HAS_ANY_BITS(4u, 6u) && HAS_NO_BITS(1u, 6u), "bits are asked for");
}

static void test_byte_order(void)
{
    const unsigned char bytes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    unsigned char out[8];

    ok(be32_to_cpu_unaligned(bytes + 1) == 0x01020304, "big endian is read");
    ok(le32_to_cpu_unaligned(bytes + 1) == 0x04030201, "little endian is read");
    ok(be64_to_cpu_unaligned(bytes + 1) == 0x0102030405060708, "with 64 bits");
    cpu16_to_be_unaligned(0x0102, out);
    ok(out[0] == 1 && out[1] == 2, "big endian is written");
    cpu16_to_le_unaligned(0x0102, out);
    ok(out[0] == 2 && out[1] == 1, "little endian is written");
    ok(be32_to_cpu(cpu32_to_be(0x01020304)) == 0x01020304, "there and back again");
    ok(i_bswap_32(0x01020304) == 0x04030201, "bytes are swapped");
}

static void too_large(void)
{
    volatile size_t num = SIZE_MAX;

    (void)nearest_power(num);
    (void)write(dev_null_fd, "", nearest_power(num));
}

int main(void)
{
    lib_init();
    test_unsigned();
    test_signed();
    test_forms();
    test_bits();
    test_byte_order();
    ok(panics(too_large), "there is no power of two above the largest");
    lib_deinit();
    return done();
}
