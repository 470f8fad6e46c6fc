/*
 * Search keys and what builds them (mail-search-register.h). The keys of IMAP and those for people
 * are in files of their own.
 */
#include "mail-search-register.h"

#include "lib.h"

#include "array.h"
#include "search/registers.h"

struct mail_search_register {
    ARRAY(struct mail_search_register_arg) args;
    mail_search_register_fallback_t *fallback;
    bool sorted;
};

static struct mail_search_register *imap_register, *human_register;

struct mail_search_register *mail_search_register_init(void)
{
    struct mail_search_register *reg = i_new(struct mail_search_register, 1);

    i_array_init(&reg->args, 64);
    return reg;
}

void mail_search_register_deinit(struct mail_search_register **_reg)
{
    struct mail_search_register *reg = *_reg;

    *_reg = NULL;
    if (reg == imap_register)
        imap_register = NULL;
    else if (reg == human_register)
        human_register = NULL;
    array_free(&reg->args);
    i_free(reg);
}

void mail_search_register_add(struct mail_search_register *reg,
                              const struct mail_search_register_arg *arg, unsigned int count)
{
    array_append(&reg->args, arg, count);
    reg->sorted = FALSE;
}

void mail_search_register_fallback(struct mail_search_register *reg,
                                   mail_search_register_fallback_t *fallback)
{
    reg->fallback = fallback;
}

static int arg_cmp(const struct mail_search_register_arg *arg1,
                   const struct mail_search_register_arg *arg2)
{
    return strcmp(arg1->key, arg2->key);
}

const struct mail_search_register_arg *mail_search_register_get(struct mail_search_register *reg,
                                                                unsigned int *count_r)
{
    if (!reg->sorted)
        array_sort(&reg->args, arg_cmp);
    reg->sorted = TRUE;
    return array_get(&reg->args, count_r);
}

const struct mail_search_register_arg *mail_search_register_find(struct mail_search_register *reg,
                                                                 const char *key)
{
    unsigned int low = 0, high;
    const struct mail_search_register_arg *args = mail_search_register_get(reg, &high);

    while (low < high) {
        unsigned int middle = (low + high) / 2;
        int cmp = strcmp(key, args[middle].key);

        if (cmp == 0)
            return &args[middle];
        if (cmp < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool mail_search_register_get_fallback(struct mail_search_register *reg,
                                       mail_search_register_fallback_t **fallback_r)
{
    *fallback_r = reg->fallback;
    return *fallback_r != NULL;
}

static void free_registers(void)
{
    if (imap_register != NULL)
        mail_search_register_deinit(&imap_register);
    if (human_register != NULL)
        mail_search_register_deinit(&human_register);
}

struct mail_search_register *mail_search_register_get_imap(void)
{
    if (imap_register == NULL) {
        imap_register = mail_search_register_init();
        search_register_add_imap(imap_register);
        lib_atexit(free_registers);
    }
    return imap_register;
}

struct mail_search_register *mail_search_register_get_human(void)
{
    if (human_register == NULL) {
        human_register = mail_search_register_init();
        search_register_add_human(human_register);
        lib_atexit(free_registers);
    }
    return human_register;
}
