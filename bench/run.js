/**
 * `npm run bench`: the ratios that this project promises, all measured in one run. Exit status 0 when all are met.
 * `npm run bench -- call mails` runs only those named.
 */

import { benchAdmission } from "./admission.js";
import { benchCall } from "./call.js";
import { benchCrashes } from "./crashes.js";
import { benchLmtp } from "./lmtp.js";
import { benchMailbox } from "./mailbox.js";
import { benchMails } from "./mails.js";
import { benchStorage } from "./storage.js";
import { benchVsl } from "./vsl.js";

const benches = {
  vsl: benchVsl,
  call: benchCall,
  admission: benchAdmission,
  storage: benchStorage,
  mailbox: benchMailbox,
  lmtp: benchLmtp,
  mails: benchMails,
  crashes: benchCrashes,
};
const wanted = process.argv.slice(2);

let failed = 0;
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const { what, figures, target, met } of await bench()) {
    console.log(`${met ? "met   " : "MISSED"} ${what}\n       ${figures} (target: ${target})`);
    if (!met) failed += 1;
  }
}
process.exitCode = failed === 0 ? 0 : 1;
