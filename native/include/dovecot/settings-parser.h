/*
 * Descriptions of settings structs, as storage drivers and plugins declare them, and the units in
 * which sizes and times are written. The host reads its own configuration: nothing here parses any.
 */
#ifndef SETTINGS_PARSER_H
#define SETTINGS_PARSER_H

#include "lib.h"

#include "array.h"

#include <netinet/in.h>

/** Between the names of nested settings. */
#define SETTINGS_SEPARATOR '/'
#define SETTINGS_SEPARATOR_S "/"

/** The first character of a SET_STR_VARS value: whether its variables still stand in it. */
#define SETTING_STRVAR_UNEXPANDED "0"
#define SETTING_STRVAR_EXPANDED "1"

enum setting_type {
    SET_BOOL,
    SET_UINT,
    SET_UINT_OCT,
    SET_TIME,
    SET_TIME_MSECS,
    SET_SIZE,
    SET_IN_PORT,
    SET_STR,
    SET_STR_VARS,
    SET_ENUM,
    SET_DEFLIST,
    SET_DEFLIST_UNIQUE,
    SET_STRLIST,
    SET_ALIAS
};

enum setting_flags {
    SET_FLAG_HIDDEN = BIT(0),
};
#define SETTING_TYPE_IS_DEFLIST(type) ((type) == SET_DEFLIST || (type) == SET_DEFLIST_UNIQUE)

/** One member of a settings struct. A list of them ends with SETTING_DEFINE_LIST_END. */
struct setting_define {
    enum setting_type type;
    enum setting_flags flags;
    const char *key;
    size_t offset;
    const struct setting_parser_info *list_info;
};
#define SETTING_DEFINE_LIST_END                        \
    {                                                  \
        SET_BOOL, (enum setting_flags)0, NULL, 0, NULL \
    }

/** A member of a struct, whose C type is checked. */
#define SETTING_DEFINE_STRUCT_TYPE(_enum_type, _flags, _c_type, _key, _name, _struct_name)  \
    {                                                                                       \
        .type = (_enum_type) +                                                              \
                COMPILE_ERROR_IF_TYPES_NOT_COMPATIBLE(((_struct_name *)0)->_name, _c_type), \
        .flags = _flags, .key = _key, .offset = offsetof(_struct_name, _name)               \
    }

#define SETTING_DEFINE_STRUCT_BOOL(key, name, struct_name) \
    SETTING_DEFINE_STRUCT_TYPE(SET_BOOL, 0, bool, key, name, struct_name)
#define SETTING_DEFINE_STRUCT_UINT(key, name, struct_name) \
    SETTING_DEFINE_STRUCT_TYPE(SET_UINT, 0, unsigned int, key, name, struct_name)
#define SETTING_DEFINE_STRUCT_UINT_OCT(key, name, struct_name) \
    SETTING_DEFINE_STRUCT_TYPE(SET_UINT_OCT, 0, unsigned int, key, name, struct_name)
#define SETTING_DEFINE_STRUCT_TIME(key, name, struct_name) \
    SETTING_DEFINE_STRUCT_TYPE(SET_TIME, 0, unsigned int, key, name, struct_name)
#define SETTING_DEFINE_STRUCT_TIME_MSECS(key, name, struct_name) \
    SETTING_DEFINE_STRUCT_TYPE(SET_TIME_MSECS, 0, unsigned int, key, name, struct_name)
#define SETTING_DEFINE_STRUCT_SIZE(key, name, struct_name) \
    SETTING_DEFINE_STRUCT_TYPE(SET_SIZE, 0, uoff_t, key, name, struct_name)
#define SETTING_DEFINE_STRUCT_IN_PORT(key, name, struct_name) \
    SETTING_DEFINE_STRUCT_TYPE(SET_IN_PORT, 0, in_port_t, key, name, struct_name)
#define SETTING_DEFINE_STRUCT_STR(key, name, struct_name) \
    SETTING_DEFINE_STRUCT_TYPE(SET_STR, 0, const char *, key, name, struct_name)
#define SETTING_DEFINE_STRUCT_STR_VARS(key, name, struct_name) \
    SETTING_DEFINE_STRUCT_TYPE(SET_STR_VARS, 0, const char *, key, name, struct_name)
#define SETTING_DEFINE_STRUCT_ENUM(key, name, struct_name) \
    SETTING_DEFINE_STRUCT_TYPE(SET_ENUM, 0, const char *, key, name, struct_name)
#define SETTING_DEFINE_STRUCT_BOOL_HIDDEN(key, name, struct_name) \
    SETTING_DEFINE_STRUCT_TYPE(SET_BOOL, SET_FLAG_HIDDEN, bool, key, name, struct_name)
#define SETTING_DEFINE_STRUCT_UINT_HIDDEN(key, name, struct_name) \
    SETTING_DEFINE_STRUCT_TYPE(SET_UINT, SET_FLAG_HIDDEN, unsigned int, key, name, struct_name)
#define SETTING_DEFINE_STRUCT_UINT_OCT_HIDDEN(key, name, struct_name) \
    SETTING_DEFINE_STRUCT_TYPE(SET_UINT_OCT, SET_FLAG_HIDDEN, unsigned int, key, name, struct_name)
#define SETTING_DEFINE_STRUCT_TIME_HIDDEN(key, name, struct_name) \
    SETTING_DEFINE_STRUCT_TYPE(SET_TIME, SET_FLAG_HIDDEN, unsigned int, key, name, struct_name)
#define SETTING_DEFINE_STRUCT_TIME_MSECS_HIDDEN(key, name, struct_name)                  \
    SETTING_DEFINE_STRUCT_TYPE(SET_TIME_MSECS, SET_FLAG_HIDDEN, unsigned int, key, name, \
                               struct_name)
#define SETTING_DEFINE_STRUCT_SIZE_HIDDEN(key, name, struct_name) \
    SETTING_DEFINE_STRUCT_TYPE(SET_SIZE, SET_FLAG_HIDDEN, uoff_t, key, name, struct_name)
#define SETTING_DEFINE_STRUCT_IN_PORT_HIDDEN(key, name, struct_name) \
    SETTING_DEFINE_STRUCT_TYPE(SET_IN_PORT, SET_FLAG_HIDDEN, in_port_t, key, name, struct_name)
#define SETTING_DEFINE_STRUCT_STR_HIDDEN(key, name, struct_name) \
    SETTING_DEFINE_STRUCT_TYPE(SET_STR, SET_FLAG_HIDDEN, const char *, key, name, struct_name)
#define SETTING_DEFINE_STRUCT_STR_VARS_HIDDEN(key, name, struct_name) \
    SETTING_DEFINE_STRUCT_TYPE(SET_STR_VARS, SET_FLAG_HIDDEN, const char *, key, name, struct_name)
#define SETTING_DEFINE_STRUCT_ENUM_HIDDEN(key, name, struct_name) \
    SETTING_DEFINE_STRUCT_TYPE(SET_ENUM, SET_FLAG_HIDDEN, const char *, key, name, struct_name)

/** A settings struct as a whole. */
struct setting_parser_info {
    const char *module_name;
    const struct setting_define *defines;
    const void *defaults;

    size_t type_offset; /**< of the member that names an element; (size_t)-1: it has none */
    size_t struct_size;

    size_t parent_offset; /**< of the pointer to the parent's struct; (size_t)-1: none */
    const struct setting_parser_info *parent;

    bool (*check_func)(void *set, pool_t pool, const char **error_r);
    bool (*expand_check_func)(void *set, pool_t pool, const char **error_r);
    const struct setting_parser_info *const *dependencies;
    struct dynamic_settings_parser *dynamic_parsers;
};
ARRAY_DEFINE_TYPE(setting_parser_info, struct setting_parser_info);

struct dynamic_settings_parser {
    const char *name;
    const struct setting_parser_info *info;
    size_t struct_offset;
};
ARRAY_DEFINE_TYPE(dynamic_settings_parser, struct dynamic_settings_parser);

DOVECOT_API_BEGIN

/** 0, or -1 and an error. Units: `5 mins`, `1w`, `100 ms`; sizes: `512`, `10M`, `1 GB`. */
int settings_get_time(const char *str, unsigned int *secs_r, const char **error_r);
int settings_get_time_msecs(const char *str, unsigned int *msecs_r, const char **error_r);
int settings_get_size(const char *str, uoff_t *bytes_r, const char **error_r);

DOVECOT_API_END

#endif
