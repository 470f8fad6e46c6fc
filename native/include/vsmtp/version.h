/*
 * The version of vSMTP that a plugin is built for.
 *
 * A plugin carries this text in its file (see VSMTP_PLUGIN in plugin.h); the host compares it with
 * its own, whole string, before it loads the plugin. It is vSMTP's version; a plugin's own one is
 * its VSMTP_RELEASE.
 */
#ifndef VSMTP_VERSION_H
#define VSMTP_VERSION_H

/** The version as text, "major.minor.patch". Equal to "version" in package.json. */
#ifndef VSMTP_VERSION
#define VSMTP_VERSION "1.0.0"
#endif

#endif
