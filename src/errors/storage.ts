/** Failures of mail users, their mailboxes and the storage plugins that take part. Part of the catalogue in ../errors.ts. */
export const storageErrors = {
  STORAGE_PLUGIN: {
    what: "The storage plugin {name} is to take part, but {reason}",
    fix: "{hint}; correct app.storage.plugins, or put the plugin into the plugin directory",
  },
  STORAGE_PLUGIN_FILE: {
    what: "{file} is no storage plugin: {reason}",
    fix: "Name a file that is one; `vsmtp plugin check` tells what a file is",
  },
  STORAGE_PLUGIN_DEPENDENCY: {
    what: "The storage plugin {name} needs {dependency}, which does not take part",
    fix: "Name {dependency} in app.storage.plugins too, or set it to () so that all storage plugins take part",
  },
  STORAGE_OPERATION: {
    what: "{operation} in {mailbox} of {user} failed: {reason}",
    fix: "{hint}",
  },
  STORAGE_UNAVAILABLE: {
    what: "No mailbox can be used: {reason}",
    fix: "{hint}",
  },
  STORAGE_OPEN: {
    what: "The storage of this process is open already",
    fix: "Close it first: a process has one storage thread, and plugins that are begun once",
  },
  WIRE_REFUSED: {
    what: "A request to the storage cannot be written: {path} {reason}",
    fix: "Ask for less at a time",
  },
} as const;
