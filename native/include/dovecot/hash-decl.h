/*
 * Declaring hash tables, which any header may do; hash.h has what can be done with them. Part of
 * lib.h.
 *
 *     HASH_TABLE(const char *, struct foo *) foos;
 *
 * Keys and values are pointers. Only `_table` ever holds something; the other members carry types.
 */
#ifndef DOVECOT_HASH_DECL_H
#define DOVECOT_HASH_DECL_H

struct hash_table;

#define HASH_TABLE_UNION(key_type, value_type) \
    {                                          \
        struct hash_table *_table;             \
        key_type _key;                         \
        key_type *_keyp;                       \
        value_type _value;                     \
        value_type *_valuep;                   \
    }

#define HASH_TABLE_DEFINE_TYPE(name, key_type, value_type) \
    union hash__##name HASH_TABLE_UNION(key_type, value_type)
#define HASH_TABLE(key_type, value_type) union HASH_TABLE_UNION(key_type, value_type)
#define HASH_TABLE_TYPE(name) union hash__##name

#endif
