/* A plugin in C++ whose exception leaves its function. Compiled by the tests beside it. */
#include <stdexcept>

#include <vsmtp/plugin.h>

VSMTP_PLUGIN("thrower", VSMTP_RELEASE("6.6.6") VSMTP_DESCRIPTION("Throws what nobody catches"))

VSMTP_FUNCTION(int32_t, thrower_quick, (const char *name), VSMTP_QUICK VSMTP_NAME("quick"))
{
    throw std::runtime_error(name);
}

VSMTP_FUNCTION(int32_t, thrower_blocking, (const char *name), VSMTP_NAME("blocking"))
{
    throw std::runtime_error(name);
}
