/** Failures of finding, judging, loading and calling plugins. Part of the catalogue in ../errors.ts. */
export const pluginErrors = {
  ELF_NOT_ELF: { what: "{file} is not an ELF file: {reason}", fix: "Put a compiled plugin there, or remove the file" },
  ELF_OTHER_MACHINE: {
    what: "{file} is built for {built}, but this machine is {host}",
    fix: "Install the plugin's package for this architecture, or compile the plugin on a machine like this one",
  },
  ELF_NOT_A_LIBRARY: {
    what: "{file} is {kind}, not a shared library",
    fix: "Link the plugin with -shared, and compile it with -fPIC",
  },
  ELF_TRUNCATED: {
    what: "{file} is cut off: {part} ends at byte {needed}, but the file has only {size} bytes",
    fix: "Copy, download or build the file again; loading it as it is would kill the server",
  },
  ELF_DAMAGED: {
    what: "{file} is damaged: {part}: {reason}",
    fix: "Copy, download or build the file again; loading it as it is could kill the server",
  },
  PLUGIN_UNREADABLE: { what: "{file} cannot be read: {reason}", fix: "{hint}" },
  PLUGIN_NOT_A_FILE: {
    what: "{file} is {kind}, not a file",
    fix: "Remove it, or put a plugin or a link to one there: only regular files are loaded",
  },
  PLUGIN_TOO_LARGE: {
    what: "{file} has {size} bytes; files of more than {limit} are not judged",
    fix: "Strip it of debug information (strip --strip-debug), or remove it if it is no plugin",
  },
  PLUGIN_DANGLING_LINK: {
    what: "{file} is a link that leads to {target}, where nothing is",
    fix: "Is the package that brings {target} installed, in this version? Install it, or remove the link",
  },
  PLUGIN_LINK_LOOP: {
    what: "{file} is a link that leads in a circle",
    fix: "Replace it by a link to the plugin's file: `readlink` shows where each link leads",
  },
  PLUGIN_MANIFEST: {
    what: "The manifest in {file} cannot be used: {record}: {reason}",
    fix: "Correct the macros of vsmtp/plugin.h in the plugin's source and build it again",
  },
  PLUGIN_SIGNATURE: {
    what: "{file}: the function {function} cannot be called from vSL: {reason} (`{prototype}`)",
    fix: "Change the declaration and build the plugin again; vsmtp/plugin.h lists what functions may take and return",
  },
  PLUGIN_VERSION: {
    what: "{file} is built for vSMTP {found}, which is {relation} this vSMTP, {host}",
    fix: "{hint}",
  },
  PLUGIN_NO_VERSION: {
    what: "{file} does not say for which vSMTP it is built: {reason}",
    fix: "Build it with VSMTP_PLUGIN of vsmtp/plugin.h, and do not hide the symbol vsmtp_plugin_version from the linker",
  },
  PLUGIN_VERSION_CONTRADICTION: {
    what: "{file} contradicts itself: its manifest is of vSMTP {manifest}, its symbol {variable} of {symbol}",
    fix: "Build the whole plugin again: it is linked from parts that were compiled for different versions",
  },
  PLUGIN_FILE_NAME: {
    what: "{file} is by its name {claimed}, but by its manifest {found}",
    fix: "Rename the file after what it is, or put the plugin there that its name promises",
  },
  PLUGIN_NOT_A_FUNCTION: {
    what: "{file} exports {symbol} as data, but it has to be a function",
    fix: "Give the variable another name, or declare it static, and build the plugin again",
  },
  PLUGIN_LIBRARY_MISSING: {
    what: "{file} needs the library {library}{through}, but {reason}",
    fix: "{hint}",
  },
  PLUGIN_LIBRARY_VERSION: {
    what: "{file} needs {version} of {library}, but {path} {has}",
    fix: "{hint}",
  },
  PLUGIN_UNDEFINED: {
    what: "{file} uses {symbols}, which no library that it needs and nothing in this server defines",
    fix: "{hint}",
  },
  PLUGIN_STATIC_CORE: {
    what: "{file} contains a copy of vSMTP's own library: it defines {symbols}",
    fix: "Link it with the shared libvsmtp.so.1 (`vsmtp sdk --libs`) instead of the library's sources or a static archive",
  },
  PLUGIN_NAME_TWICE: {
    what: "{file} is the plugin {name}, but so is {other}, and only one of them can be loaded",
    fix: "Keep the one that is wanted and remove the other",
  },
  PLUGIN_MODULE_TAKEN: {
    what: "{file} offers its functions as the module {module}, but that name belongs to {owner}",
    fix: "Remove one of the two, or give VSMTP_MODULE another name and build the plugin again",
  },
  PLUGIN_FOR_DOVECOT: {
    what: "{file} is a plugin that was compiled for Dovecot itself ({found}), whose structures are not those of vSMTP",
    fix: "Compile its source, which can stay as it is, with vSMTP's headers: `cc -shared -fPIC $(vsmtp sdk --dovecot-cflags) …`",
  },
  PLUGIN_VERSION_MIXED: {
    what: "{file} is linked from parts that were compiled for different versions of vSMTP: {versions}",
    fix: "Build the whole plugin again, with the headers of vSMTP {host}",
  },
  PLUGIN_STORAGE_SYMBOL: {
    what: "{file} is a storage plugin, but its {symbol} {reason}",
    fix: "Define `{declaration}`, neither static nor hidden, and build the plugin again",
  },
  PLUGIN_BINARY: {
    what: "{file} is meant for {binaries} only, as its {symbol} says, and vSMTP takes the part of vsmtp, imap and lmtp",
    fix: "Remove the file, or let {symbol} name one of these too and build the plugin again",
  },
  PLUGIN_ORDER: {
    what: "{file} depends on the plugin {dependency}, but would be loaded before it: {other} comes later in the order of file names",
    fix: "Rename one of the two: those with lower numbers are loaded first, such as 10_{first}.so and 20_{second}.so",
  },
  PLUGIN_CLASH: {
    what: "{file} exports {symbols}, but so does {other}, whose functions all storage plugins see because {dependent} depends on it",
    fix: "Declare them static in one of the two, or give them other names, and build that plugin again",
  },
  PLUGIN_NOT_STORAGE: {
    what: "{file} is a plugin for rules only: it takes no part in storing mails",
    fix: "Import it in a rule script, or name another plugin; `vsmtp plugin list` shows of which kind each is",
  },
  PLUGIN_NO_FUNCTIONS: {
    what: "{file} is a storage plugin: it has no functions for rules",
    fix: "Remove the import; storage plugins take part in storing mails without any, see app.storage.plugins",
  },
  PLUGIN_DEPENDENCY: {
    what: "{file} depends on the plugin {dependency}, but {reason}",
    fix: "Put the plugin {dependency} beside it; `vsmtp plugin list` shows what is there and why it is refused",
  },
  PLUGIN_OWNER: {
    what: "{file} is not loaded, because {path} belongs to another user (uid {uid}), who could exchange what is loaded",
    fix: "Look at what it is, then give it to root, as root: `{command}`",
  },
  PLUGIN_WRITABLE: {
    what: "{file} is not loaded, because {who} can write to {path} (mode {mode}) and so exchange what is loaded",
    fix: "Look at what it is, then take that right away: `{command}`",
  },
  PLUGIN_GROUP_WRITABLE: {
    what: "{who} can write to {path} (mode {mode}), and so exchange plugins that are loaded",
    fix: "Take that right away: `{command}`. As root, vSMTP would not load them",
  },
  PLUGIN_ORIGIN: {
    what: "{file} needs the library {library}, which is found only beside it, through $ORIGIN: {path}. Plugins are loaded from a private copy, beside which nothing lies",
    fix: "{hint}",
  },
  PLUGIN_NEIGHBOUR: {
    what: "{file} is linked with {library}, which is the plugin {plugin}, in a way that would load that plugin twice",
    fix: "Name {plugin} among its dependencies (VSMTP_DEPENDS, or `<name>_dependencies` of a storage plugin), and link that plugin with -Wl,-soname,{library}; or do not link them with each other",
  },
  PLUGIN_COPY: { what: "{file} has no private copy to be loaded from: {reason}", fix: "{hint}" },
  PLUGIN_LOCK: {
    what: "There is no record of a good start to compare with: {file}: {reason}",
    fix: "The host writes it when it has started; `vsmtp plugin lock` writes one of the plugins that are there now",
  },
  PLUGIN_LOCK_UNWRITTEN: {
    what: "The record of the plugins that are in service cannot be written to {file}: {reason}",
    fix: "Let the user that runs this write there; the directory `state` of the queues belongs to who starts the host",
  },
  PLUGIN_UNKNOWN: {
    what: "There is no plugin {name} here, neither in {directory} nor with vSMTP",
    fix: "{hint}",
  },
  PLUGIN_NOT_ADMITTED: {
    what: "{file} is not a plugin: {reason}",
    fix: "Import a plugin that `vsmtp plugin list` shows as admitted",
  },
  NATIVE_NOT_LOADED: {
    what: "The native addon {file} cannot be loaded: {reason}",
    fix: "Build it with `npm run build:native`, with the Node.js that runs vSMTP",
  },
  PLUGIN_NOT_LOADABLE: {
    what: "The plugin {file} cannot be loaded: {reason}",
    fix: "Check with `ldd {file}` that the libraries it needs are there, then start again",
  },
  PLUGIN_SYMBOL_MISSING: {
    what: "The plugin {file} does not export {symbol}, which its manifest names",
    fix: "Rebuild it with VSMTP_FUNCTION and VSMTP_OBJECT in the same file that defines the functions",
  },
  PLUGIN_INIT_FAILED: {
    what: "The plugin {plugin} could not begin: {reason}",
    fix: "Remove the cause and start again: the plugin's vsmtp_plugin_init runs once a process",
  },
  PLUGIN_NOT_CALLABLE: {
    what: "{function} of plugin {plugin} was called, but the plugin is described only, not loaded",
    fix: "Import the plugin in a script that the server runs: `vsmtp check` loads none",
  },
  PLUGIN_CALL_FAILED: {
    what: "{function} of plugin {plugin}: {reason}",
    fix: "See what the plugin's documentation says, or catch the error: `try { … } catch (e) { … }`",
  },
  PLUGIN_ARGUMENT_COUNT: {
    what: "{function} of plugin {plugin} takes {expected} arguments, but was called with {found}",
    fix: "Call it as {call}",
  },
  PLUGIN_ARGUMENT_TYPE: {
    what: "{function} of plugin {plugin}: the argument {parameter} must be {expected}, not {found}",
    fix: "Call it as {call}",
  },
  PLUGIN_ARGUMENT_RANGE: {
    what: "{function} of plugin {plugin}: the argument {parameter} is {found}, but must be {lowest} to {highest}",
    fix: "Check the number before the call: the plugin takes it as {type}",
  },
  PLUGIN_ARGUMENT_NUL: {
    what: "{function} of plugin {plugin}: the argument {parameter} holds a NUL character at position {position}, where C would cut it off",
    fix: "Check the text before the call, or take the NUL out of it",
  },
  PLUGIN_ARGUMENT_CLOSED: {
    what: "{function} of plugin {plugin}: the argument {parameter} is a {type} that is closed",
    fix: "Make a new one",
  },
  PLUGIN_ARGUMENT_VALUE: {
    what: "{function} of plugin {plugin}: the argument {parameter} cannot be handed over: {reason}",
    fix: "Hand over numbers, strings, booleans, characters, blobs, and arrays and maps of these",
  },
  PLUGIN_DEADLINE: {
    what: "{function} of plugin {plugin} {what} within {milliseconds} ms",
    fix: "See what it waits for, or give it more time in app.plugins.named: `deadline`, or `deadlines` for one function",
  },
  PLUGIN_OBJECT_LOST: {
    what: "{function} of plugin {plugin} was called with a {type} that a call which did not come back still uses",
    fix: "Make a new one; services are made anew when vSMTP is reloaded",
  },
  PLUGIN_QUARANTINED: {
    what: "The plugin {plugin} is out of service: {reason}",
    fix: "`vsmtp plugin explain {plugin}` shows what happened, `vsmtp plugin release {plugin}` takes it into service again",
  },
  PLUGIN_NO_TRANSACTION: {
    what: "{function} of plugin {plugin} takes the transaction, and there is none here",
    fix: "Call it in a directive: while services, configurations and scripts are built, and at the stage storage, there is no client",
  },
  PLUGIN_TRANSACTION: {
    what: "{function} of plugin {plugin}: the transaction cannot be handed over: {reason}",
    fix: "Refuse such a mail in an earlier rule, or catch the error: `try { … } catch (e) { … }`",
  },
  PLUGIN_RESULT_RANGE: {
    what: "{function} of plugin {plugin} returned {found}, which is more than an i64 holds",
    fix: "Report it to the plugin's author: numbers above 9223372036854775807 have no form in vSL",
  },
  PLUGIN_RESULT_DAMAGED: {
    what: "{source} returned a damaged value: {reason} (at byte {offset})",
    fix: "Report it to the plugin's author: the plugin wrote over memory that is not its own",
  },
  PLUGIN_RESULT_TWICE: {
    what: "{function} of plugin {plugin} returned a {type} that it had returned before",
    fix: "Report it to the plugin's author: every object is returned once, and destroyed once",
  },
  PLUGIN_ISOLATED_ENDED: {
    what: "{function} of plugin {plugin} got no answer from the process that the plugin has of its own: {reason}",
    fix: "The process is replaced by itself; `vsmtp plugin explain {plugin}` shows why it ended",
  },
  PLUGIN_ISOLATED_OBJECT: {
    what: "{function} of plugin {plugin} was called with a {type} that is gone: the process that made it has ended",
    fix: "Make a new one; services are made anew by themselves, in the process that takes the place of this one",
  },
  PLUGIN_ISOLATE_STORAGE: {
    what: "The plugin {plugin} is to be isolated, but is a storage plugin: {file}",
    fix: "Take `isolate` out of app.plugins.named for {plugin}: storage plugins run in the storage processes",
  },
} as const;
