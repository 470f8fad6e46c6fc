/** Failures of the configuration, the SMTP listeners, the spool and deliveries. Part of the catalogue in ../errors.ts. */
export const serverErrors = {
  CONFIG_NOT_FOUND: { what: "The configuration {file} cannot be read: {reason}", fix: "Name another file with -c" },
  CONFIG_NO_ON_CONFIG: {
    what: "{file} defines no function `{function}` with one parameter",
    fix: "Write `fn {function}(config) { config }`; it is given the default configuration and returns the wanted one",
  },
  CONFIG_NOT_A_MAP: {
    what: "`{function}` of {file} returned a value of type {type}, not a map",
    fix: "End the function with `config`, the map that it was given",
  },
  CONFIG_NOT_DATA: {
    what: "The map that `{function}` of {file} returned holds something else than data: {reason}",
    fix: "Use strings, numbers, booleans, arrays and maps only",
  },
  CONFIG_UNKNOWN_KEY: {
    what: "Unknown key {path} in the configuration {file}",
    fix: "{hint}",
  },
  CONFIG_INVALID: { what: "{path} in the configuration {file} is {got}", fix: "Expected {expected}" },
  CONFIG_DOMAIN_DIR: {
    what: "The directory {directory} of app.vsl.domain_dir cannot be read: {reason}",
    fix: "Make it, correct its permissions, or set app.vsl.domain_dir to the directory of your domains",
  },
  CONFIG_DOMAIN_NAME: {
    what: "The directory {directory} stands for a domain, but {name} cannot be the name of one",
    fix: "Rename it to the domain whose scripts it holds, or move it elsewhere",
  },
  ENV_FILE: { what: "The environment file {file} cannot be read: {reason}", fix: "Name another file with -e" },
  DEFINITIONS_WRITE: {
    what: "The definitions cannot be written to {directory}: {reason}",
    fix: "Name a directory that this user may write to",
  },
  LOG_FILE: {
    what: "The log file {file} cannot be opened: {reason}",
    fix: "Make its directory writable for this user, or set server.logs.filename or app.logs.filename to another path, or to () for stdout",
  },
  STORAGE_WRITE: {
    what: "The mail cannot be delivered: {file}: {reason}",
    fix: "Make room or correct the permissions there; the mail waits in the spool and is tried again",
  },
  MBOX_LOCKED: {
    what: "The mailbox {file} has been locked for too long",
    fix: "See who holds {lock}; the mail waits in the spool and is tried again",
  },
  MBOX_USER: {
    what: "There is no local user {user} who could have an mbox file",
    fix: "Add the user, or choose another transport for the address; the mail waits in the spool and is tried again",
  },
  MBOX_OWNER: {
    what: "The mailbox {file} belongs to the user with the number {uid}, not to {user}",
    fix: "Give it to {user}, or remove it; the mail waits in the spool and is tried again",
  },
  MAILBOX_UNKNOWN: {
    what: "{address} has no mailbox here",
    fix: "Add the user to what app.storage.users names, or choose another transport; a mail in the spool is tried again",
  },
  USERS_FILE: {
    what: "The users of {file} cannot be told: {reason}",
    fix: "Correct the file of app.storage.users; until then clients are told to come back",
  },
  USERS_SYSTEM: {
    what: "The system cannot tell whether its {database} has {key}: {reason}",
    fix: "See what `getent {database} {key}` says; until then clients are told to come back",
  },
  USERS_FUNCTION: {
    what: "The function {function} of app.storage.users cannot tell who {address} is: {reason}",
    fix: 'Let it return () for an address without a mailbox, or a map such as #{ home: "/home/john" }',
  },
  USERS_HOME: {
    what: "The location of the mailboxes of {user} has {variable}, which cannot be told: the home is {home}",
    fix: "Give the user a home without a colon in it, or set app.storage.location to one without %h",
  },
  USERS_UID: {
    what: "Mailboxes cannot belong to {uid}: {reason}",
    fix: "{hint}",
  },
  LMTP_TRANSPORT: {
    what: "The mail for {address} came by LMTP, but rules want the transport {transport}",
    fix: "Let rules choose maildir or mbox for it: LMTP delivers into mailboxes of this host and nowhere else",
  },
  SPOOL_DIRECTORY: {
    what: "The directory {directory} cannot be made: {reason}",
    fix: "Let this user write there, or set server.queues.dirpath and app.dirpath to other directories",
  },
  SPOOL_FULL: {
    what: "No room for a mail in {directory}: {reason}",
    fix: "Make room; until then clients are told to come back",
  },
  SPOOL_WRITE: {
    what: "A mail cannot be written to {directory}: {reason}",
    fix: "Correct the permissions or the disk; until then clients are told to come back",
  },
  SPOOL_READ: {
    what: "The spool entry {file} cannot be read: {reason}",
    fix: "Correct the permissions or the disk; the mail is tried again",
  },
  SPOOL_DAMAGED: {
    what: "The spool entry {file} is damaged: {reason}",
    fix: "It was set aside; the mail begins after the first line of the file",
  },
  LISTEN: {
    what: "The address {address} of server.interfaces cannot be listened on: {reason}",
    fix: "Stop the program that has it, choose another port, or start as a user who may open this one",
  },
} as const;
