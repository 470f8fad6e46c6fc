/** What `vsmtp rules run` prints: the story of one mail, for people and as JSON. */

import type { CommandRecord, Event, FinalMail, Rehearsal, StageRecord } from "../server/index.ts";

/** The stable shape of `--json`; keys may be added to it, never changed. */
export function rehearsalJson({ accepted, before, commands, mails }: Rehearsal): object {
  return {
    accepted,
    log: before,
    commands: commands.map(({ command, passed, reply, stages }) => ({ command, passed, reply: reply ?? null, stages })),
    mails,
  };
}

export function rehearsalText({ accepted, before, commands, mails }: Rehearsal): string {
  const lines = [
    ...before.map((event) => eventText(event)),
    ...commands.flatMap(commandLines),
    ...mails.flatMap(mailLines),
    accepted ? "The mail would be accepted." : "The mail would be refused.",
  ];
  return `${lines.join("\n")}\n`;
}

function commandLines({ command, reply, stages, passed }: CommandRecord): string[] {
  const isQueue = command.startsWith("queue ");
  const replies = reply ?? (isQueue ? [] : ["(usual)"]);
  const mark = passed ? "<" : "!";
  return [command, ...stages.flatMap(stageLines), ...replies.map((line) => `  ${mark} ${line}`), ""];
}

function stageLines({ stage, rules, events, status }: StageRecord): string[] {
  const whose = rules === undefined || rules === "root" ? "" : ` (${rules})`;
  const lines = events.map((event) => `    ${eventText(event)}`);
  return [`  ${stage}${whose}: ${status ?? "did not end"}`, ...lines];
}

function eventText(event: Event): string {
  switch (event.kind) {
    case "directive":
      return `${event.type} ${JSON.stringify(event.name)}: ${event.status}`;
    case "call": {
      const result = event.error === undefined ? `= ${event.result ?? "()"}` : `failed: ${event.error}`;
      return `${event.plugin}: ${event.function}(${event.arguments.join(", ")}) ${result}`;
    }
    case "log": {
      const { file, line } = event.fields;
      const place = file === undefined ? "" : ` (${file}${line === undefined ? "" : `:${line}`})`;
      return `${event.level} ${event.area}: ${event.text}${place}`;
    }
  }
}

function mailLines({ id, from, recipients, headers, bytes, outcome }: FinalMail): string[] {
  return [
    `mail ${id}: ${outcome}`,
    `  from <${from}>`,
    ...recipients.map(({ address, transport }) => {
      const target = transport.kind === "forward" ? ` to ${JSON.stringify(transport.target)}` : "";
      return `  to <${address}> by ${transport.kind}${target}`;
    }),
    `  ${bytes} bytes`,
    ...headers.flatMap((field) => field.split(/\r?\n/).map((line) => `  | ${line}`)),
    "",
  ];
}
