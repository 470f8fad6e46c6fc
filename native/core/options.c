/*
 * Reading a map of options, with errors that tell a script's author which option is wrong and how.
 * The first problem is the one that is reported.
 */
#include <stdlib.h>

#include <vsmtp/plugin.h>
#include <vsmtp/value.h>

/* The value under `key`, unless it is absent or `()`. */
static bool find(const vsmtp_value *map, const char *key, vsmtp_value *value)
{
    return vsmtp_map_get(map, key, value) && vsmtp_type(value) != VSMTP_UNIT;
}

static void wrong_type(const char *key, const char *wanted, const vsmtp_value *value)
{
    if (vsmtp_failed())
        return;
    if (vsmtp_type(value) == VSMTP_STRING && wanted[0] == 's')
        vsmtp_fail("option `%s` must not hold a NUL character", key);
    else
        vsmtp_fail("option `%s` must be of type %s, not %s", key, wanted,
                   vsmtp_type_name(vsmtp_type(value)));
}

static void missing(const char *key, const char *wanted)
{
    if (!vsmtp_failed())
        vsmtp_fail("option `%s` is missing: it must be of type %s", key, wanted);
}

const char *vsmtp_map_string(const vsmtp_value *map, const char *key, const char *fallback)
{
    vsmtp_value value;
    const char *text;

    if (!find(map, key, &value))
        return fallback;
    text = vsmtp_as_string(&value, NULL);
    if (text == NULL) {
        wrong_type(key, "string", &value);
        return fallback;
    }
    return text;
}

int64_t vsmtp_map_int(const vsmtp_value *map, const char *key, int64_t fallback)
{
    vsmtp_value value;
    int64_t number = fallback;

    if (find(map, key, &value) && !vsmtp_as_int(&value, &number))
        wrong_type(key, "i64", &value);
    return number;
}

double vsmtp_map_float(const vsmtp_value *map, const char *key, double fallback)
{
    vsmtp_value value;
    double number = fallback;

    if (find(map, key, &value) && !vsmtp_as_float(&value, &number))
        wrong_type(key, "f64", &value);
    return number;
}

bool vsmtp_map_bool(const vsmtp_value *map, const char *key, bool fallback)
{
    vsmtp_value value;
    bool truth = fallback;

    if (find(map, key, &value) && !vsmtp_as_bool(&value, &truth))
        wrong_type(key, "bool", &value);
    return truth;
}

static bool container(const vsmtp_value *map, const char *key, int32_t type, vsmtp_value *inner)
{
    vsmtp_value value;

    if (!find(map, key, &value))
        return false;
    if (vsmtp_type(&value) != type) {
        wrong_type(key, vsmtp_type_name(type), &value);
        return false;
    }
    *inner = value;
    return true;
}

bool vsmtp_map_array(const vsmtp_value *map, const char *key, vsmtp_value *array)
{
    return container(map, key, VSMTP_ARRAY, array);
}

bool vsmtp_map_map(const vsmtp_value *map, const char *key, vsmtp_value *inner)
{
    return container(map, key, VSMTP_MAP, inner);
}

const char *vsmtp_map_required_string(const vsmtp_value *map, const char *key)
{
    vsmtp_value value;

    if (find(map, key, &value))
        return vsmtp_map_string(map, key, NULL);
    missing(key, "string");
    return NULL;
}

bool vsmtp_map_required_int(const vsmtp_value *map, const char *key, int64_t *result)
{
    vsmtp_value value;

    if (!find(map, key, &value)) {
        missing(key, "i64");
        return false;
    }
    if (!vsmtp_as_int(&value, result)) {
        wrong_type(key, "i64", &value);
        return false;
    }
    return true;
}
