/*
 * What modifiers of variables do (var-expand-modifier.h).
 */
#include "format/var-expand-modifier.h"

#include "hex-binary.h"
#include "md5.h"
#include "str.h"
#include "strescape.h"

/** `sub.domain.org` → `sub,dc=domain,dc=org`. */
static const char *ldap_dn(const char *value)
{
    string_t *dest = t_str_new(64);

    for (; *value != '\0'; value++) {
        if (*value == '.')
            str_append(dest, ",dc=");
        else
            str_append_c(dest, *value);
    }
    return str_c(dest);
}

/** `0x1f` style numbers without the prefix; what is no number is 0. */
static const char *hex_number(const char *value)
{
    unsigned long long number = strtoull(value, NULL, 10);

    return t_strdup_printf("%llx", number);
}

static const char *reversed(const char *value)
{
    size_t length = strlen(value);
    char *dest = t_malloc_no0(length + 1);

    for (size_t i = 0; i < length; i++)
        dest[i] = value[length - 1 - i];
    dest[length] = '\0';
    return dest;
}

static const char *trimmed(const char *value)
{
    const char *end;

    while (i_isspace(*value))
        value++;
    end = value + strlen(value);
    while (end > value && i_isspace(end[-1]))
        end--;
    return t_strdup_until(value, end);
}

static const char *md5_hex(const char *value)
{
    unsigned char digest[MD5_RESULTLEN];

    md5_get_digest(value, strlen(value), digest);
    return binary_to_hex(digest, sizeof(digest));
}

static const struct {
    char letter;
    const char *(*apply)(const char *value);
} modifier_table[] = {
    {'L', t_str_lcase}, {'U', t_str_ucase}, {'E', str_escape}, {'X', hex_number},
    {'R', reversed},    {'T', trimmed},     {'D', ldap_dn},    {'M', md5_hex},
};

static bool is_modifier(char letter)
{
    for (unsigned int i = 0; i < N_ELEMENTS(modifier_table); i++) {
        if (modifier_table[i].letter == letter)
            return TRUE;
    }
    return FALSE;
}

static const char *read_number(const char *str, int *number)
{
    bool negative = *str == '-';

    for (str += negative ? 1 : 0; i_isdigit(*str); str++) {
        if (*number < INT_MAX / 10 - 1)
            *number = *number * 10 + (*str - '0');
    }
    if (negative)
        *number = -*number;
    return str;
}

const char *var_modifiers_parse(struct var_modifiers *modifiers, const char *str)
{
    i_zero(modifiers);
    while (modifiers->count < VAR_MODIFIERS_MAX && *str != '\0' && is_modifier(*str))
        modifiers->letters[modifiers->count++] = *str++;
    if (!i_isdigit(*str) && *str != '-')
        return str;
    modifiers->zero_padded = *str == '0';
    str = read_number(str, &modifiers->width);
    if (*str == '.') {
        modifiers->offset = modifiers->width;
        modifiers->width = 0;
        modifiers->zero_padded = str[1] == '0';
        str = read_number(str + 1, &modifiers->width);
    }
    return str;
}

static const char *cut(const struct var_modifiers *modifiers, const char *value)
{
    size_t length = strlen(value), width = (size_t)abs(modifiers->width);
    size_t offset = (size_t)abs(modifiers->offset);

    offset = I_MIN(offset, length);
    value += modifiers->offset < 0 ? length - offset : offset;
    length = strlen(value);
    if (modifiers->width < 0)
        return t_strndup(value, length - I_MIN(width, length));
    if (width == 0)
        return value;
    if (length < width && modifiers->zero_padded)
        return t_strdup_printf("%.*s%s", (int)(width - length),
                               "0000000000000000000000000000000000000000", value);
    return t_strndup(value, width);
}

const char *var_modifiers_apply(const struct var_modifiers *modifiers, const char *value)
{
    for (unsigned int i = 0; i < modifiers->count; i++) {
        unsigned int entry = 0;

        while (modifier_table[entry].letter != modifiers->letters[i])
            entry++;
        value = modifier_table[entry].apply(value);
    }
    return cut(modifiers, value);
}
