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
  STATE_READ: {
    what: "What the host remembers in {file} cannot be read: {reason}",
    fix: "A host that starts sets it aside as {file}.damaged and begins anew; look there for what it knew",
  },
  STATE_WRITE: {
    what: "What the host has to remember cannot be written to {file}: {reason}",
    fix: "Make room or correct the permissions; until then the host knows it, but not beyond its own end",
  },
  RELEASE_NOTHING: {
    what: "There is nothing to release of the plugin {plugin}: it is not quarantined, and no mail is held because of it",
    fix: "See `vsmtp plugin list` for what became of each plugin, and `vsmtp plugin crashes` for why",
  },
  RELEASE_MAILS: {
    what: "The plugin {plugin} is not quarantined; held because of it: {mails}",
    fix: "Run `vsmtp plugin release {plugin} --mails` to put them back into the spool",
  },
  MAIL_HELD: {
    what: "The held mail {file} cannot be put back: {reason}",
    fix: "Correct that and release it again; until then it stays where it is",
  },
  RELOAD_CHANGED: {
    what: "{key} was {before} when the host started and cannot become {after} while it runs",
    fix: "Stop the host and start it again, or set {key} back and reload",
  },
  PROCESS_START: {
    what: "The process {process} cannot be started: {reason}",
    fix: "See what the machine is short of: memory, processes (ulimit -u) or open files (ulimit -n); it is tried again",
  },
  RELOAD_DIED: {
    what: "The new process {process} ended {how} before it was ready; the host goes on as it was",
    fix: "The log and `vsmtp plugin crashes` say why; take back what was changed, or correct it and reload again",
  },
  RELOAD_STOPPING: {
    what: "The host is about to stop",
    fix: "Start it again once it has stopped",
  },
  HOST_RUNNING: {
    what: "Another vSMTP, with the process {pid}, works on the spool {directory}",
    fix: "Stop that one first, reload it with `vsmtp reload`, or set server.queues.dirpath to another directory",
  },
  LISTEN: {
    what: "The address {address} of {key} cannot be listened on: {reason}",
    fix: "Stop the program that has it, choose another port, or start as a user who may open this one",
  },
  LISTEN_INHERITED: {
    what: "The service manager has opened {socket}, which cannot be served: {reason}",
    fix: "Let the ListenStream lines of its socket unit and the addresses of server.interfaces be the same, [::]:25 for a port alone",
  },
  RUNTIME_SOCKET: {
    what: "The socket {file} for the processes of the host cannot be opened: {reason}",
    fix: "Correct that, or set server.runtime.dirpath to a directory of this host alone, whose path is short",
  },
  RUNTIME_UNSAFE: {
    what: "{path} {fault}, so somebody else could put a socket of theirs in the place of {file}",
    fix: "Run `{command}`, or set server.runtime.dirpath to a directory that nobody else can change",
  },
  DIRECTORY_UNSAFE: {
    what: "{path} {fault}, so somebody else could make this host, which is root's, write to another file than {file}",
    fix: "Run `{command}`: the processes of the host need to write to the files and directories in it, not to itself",
  },
  DIRECTORY_OWNER: {
    what: "The directory {directory} belongs to the user with the number {uid}, and the processes that need it run as {user}",
    fix: "Run `{command}`",
  },
  PRIVILEGES_USER: {
    what: "{key} names the user {user}, whom this system does not have",
    fix: "Add the user, or name another",
  },
  PRIVILEGES_ROOT: {
    what: "Clients are served and plugins are run with the rights of root, because this system has no user {user} that they could run as",
    fix: "Add one, `useradd --system --user-group --no-create-home --shell /usr/sbin/nologin vsmtp`, or name another in server.system.user, and start again",
  },
  PRIVILEGES_DROP: {
    what: "This process cannot become the user {user}: {reason}",
    fix: "Start with all of root's capabilities, or as an ordinary user",
  },
  HOST_NOT_RUNNING: {
    what: "No vSMTP of the configuration {config} runs: nobody answers at {file}",
    fix: "Start it, `vsmtp -c {config}`; if it runs, name the configuration that it was started with",
  },
  CONTROL_DENIED: {
    what: "The vSMTP that runs cannot be asked at {file}: {reason}",
    fix: "Run this as the user that started it, which is often root",
  },
  CONTROL_BROKEN: {
    what: "The vSMTP that runs gave no answer at {file}: {reason}",
    fix: "Look into its log for why it ended or was too busy, then try again",
  },
  CONTROL_REQUEST: {
    what: "A request to the running vSMTP is not understood: {reason}",
    fix: "Use commands of the version that runs",
  },
} as const;
