/* A plugin in C++ from which an exception escapes. */
#include <vsmtp/plugin.h>

#include <stdexcept>

VSMTP_PLUGIN("bad", VSMTP_RELEASE("1.0.0"))

VSMTP_FUNCTION(int64_t, bad_throw, (void))
{
    throw std::runtime_error("nobody catches this");
}
