/** Failures of vSL scripts, found while reading, checking or running them. Part of the catalogue in ../errors.ts. */
export const vslErrors = {
  VSL_UNREADABLE: {
    what: "The script {file} cannot be read: {reason}",
    fix: "Check that it exists and that the host may read it",
  },
  VSL_SYNTAX: { what: "Syntax error: {reason}", fix: "{hint}" },
  VSL_UNKNOWN_VARIABLE: { what: "There is no variable `{name}` here", fix: "{hint}" },
  VSL_UNKNOWN_FUNCTION: { what: "There is no function `{name}`", fix: "{hint}" },
  VSL_UNKNOWN_MODULE: { what: "There is no module `{name}` here", fix: "{hint}" },
  VSL_NOT_IN_MODULE: { what: "The module `{module}` has no `{name}`", fix: "{hint}" },
  VSL_NOT_EXPORTED: {
    what: "`{name}` is declared in {file}, line {line}, but not exported, so that importers cannot see it",
    fix: "Write `export {word} {name} = …` there",
  },
  VSL_ARGUMENT_COUNT: {
    what: "`{name}` takes {expected} arguments, but {found} are given",
    fix: "Give as many as it takes",
  },
  VSL_CONSTANT: {
    what: "`{name}` is a constant and cannot be changed",
    fix: "Declare it with `let` at the top of this script, or change a copy",
  },
  VSL_OUTSIDE_LOOP: {
    what: "`{word}` stands outside of any loop",
    fix: "Remove it, or write `return` to leave the function",
  },
  VSL_THIS: {
    what: "`this` means nothing at the top level of a script",
    fix: "Use it in a function or closure that is called as a method: `value.name()`",
  },
  VSL_ARGUMENT_TYPE: {
    what: "`{name}` takes {expected} for `{parameter}`, but {found} is given",
    fix: "{hint}",
  },
  VSL_UNKNOWN_METHOD: { what: "A value of type {type} has no method `{name}`", fix: "{hint}" },
  VSL_DUPLICATE_FUNCTION: {
    what: "There are two functions `{name}` that take {count} arguments",
    fix: "Rename one, or give it another number of parameters",
  },
  VSL_EVAL: { what: "`eval` is switched off", fix: "Write the code where it is needed, or use closures" },
  VSL_MODULE_NOT_FOUND: {
    what: "There is no module `{specifier}`: neither {file} nor a plugin of that name exists",
    fix: "{hint}",
  },
  VSL_IMPORT_CYCLE: {
    what: "The scripts {cycle} import each other in a circle",
    fix: "Move what they share into a module of its own",
  },
  RULES_NOT_A_MAP: {
    what: "The rules in {file} end with a value of type {type}, not with a map of stages",
    fix: 'End the script with `#{ connect: [ rule "name" || state::next() ], … }`',
  },
  RULES_UNKNOWN_STAGE: { what: "The rules in {file} name a stage `{stage}` that does not exist", fix: "{hint}" },
  RULES_NOT_AN_ARRAY: {
    what: "The stage `{stage}` in {file} is not an array of directives",
    fix: 'Write `{stage}: [ rule "name" || …, ]`',
  },
  RULES_NOT_A_DIRECTIVE: {
    what: "Element {number} of the stage `{stage}` in {file} is no directive",
    fix: 'Begin it with `rule "name"`, `action "name"` or `delegate service "name"`',
  },
  RULES_DUPLICATE: {
    what: "Two directives in {file} are called `{name}`",
    fix: "Rename one: the log names directives",
  },
  RULES_STATUS_MISSING: {
    what: "The rule `{name}` answered with a value of type {type} instead of a status",
    fix: "End each way through it with a status such as `state::next()`; an `action` needs none",
  },
  RULES_DELEGATE_EARLY: {
    what: "The delegation `{name}` in {file} stands at the stage `{stage}`, where there is no mail to hand over",
    fix: "Move it to `postq` or `delivery`",
  },
  RULES_DELEGATION: {
    what: "The delegation `{name}` cannot run: this host has no `smtp` services yet",
    fix: "Remove the directive or use a `rule`; until then the mail waits in the spool",
  },
  RULES_DOMAIN_GONE: {
    what: "The rules of {domain} are to judge this mail, but the configuration handles that domain no longer",
    fix: "Give the domain its directory or its entry in server.virtual back; until then the mail waits in the spool",
  },
  RULES_NO_STATUS: {
    what: "The rule `{name}` can end with {found} instead of a status",
    fix: "{hint}",
  },
  RULES_UNREACHABLE: {
    what: "`{name}` is never reached: `{earlier}`, before it in the stage `{stage}`, always answers with {status}",
    fix: "Remove one of the two, or let `{earlier}` answer `state::next()` where the stage is to go on",
  },
  RULES_TOO_EARLY: {
    what: "`{name}` is available from the stage {from} on, but `{directive}` runs at {stage}",
    fix: "Move the directive to {from} or later, or do without it there",
  },
  RULES_NO_CLIENT: {
    what: "`{name}` needs a client, and there is none at the stage {stage}, where `{directive}` runs",
    fix: "Ask `storage::…` for what is about to happen there; conditions on the client belong to other stages",
  },
  RULES_STORAGE_ONLY: {
    what: "`{name}` is available at the stage storage only, but `{directive}` runs at {stage}",
    fix: "Move the directive to the stage storage, or do without it there",
  },
  RULES_USERS: {
    what: "The root filter has no function `{function}` with one parameter, which app.storage.users names",
    fix: "Write `fn {function}(address) { … }` into filter.vsl: it returns (), or a map of what is known of the owner",
  },
  RULES_STORAGE_STATUS: {
    what: "The rule `{name}` answered with the status {status}, which means nothing at the stage storage",
    fix: "Answer with next, accept, deny or reject there",
  },
  MAIL_FIELD_NAME: {
    what: "{name} cannot be the name of a header field",
    fix: "Use printable ASCII characters without spaces and colons",
  },
  MAIL_FIELD_VALUE: {
    what: "The value for the header field {name} holds a control character",
    fix: "Remove it; line breaks become folds, and tabs may stay",
  },
  API_LATER: {
    what: "`{name}` needs {capability}, which this vSMTP does not have yet",
    fix: "Leave the call out, or go on without it: `try { … } catch (e) { … }`",
  },
  VSL_LIMIT: {
    what: "{reason}",
    fix: "Do less in one run, or raise the limits in config.app.vsl.limits; a script cannot catch this",
  },
  VSL_RUNTIME: {
    what: "{reason}",
    fix: "The script stopped at this place; `try { … } catch (e) { … }` goes on in spite of it",
  },
  VSL_NO_FUNCTION: {
    what: "{file} has no function `{name}` with {count} parameters",
    fix: "Declare it: `fn {name}(…) { … }`",
  },
} as const;
