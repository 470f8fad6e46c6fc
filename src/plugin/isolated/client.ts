/**
 * A plugin that runs in a process of its own, as a worker sees it: who carries out its calls in place of the addon.
 *
 * The guards are the same as for any plugin; what they have checked and encoded goes over a connection (link.ts). When
 * the process ends, calls that are under way fail, and nothing else does: the next call connects to the process that
 * has taken its place. Objects are gone with the process that made them, which only a worker that starts anew can mend.
 */

import { createConnection } from "node:net";
import type { VsmtpError } from "../../errors.ts";
import type { CallRequest, CallResult, PendingCall } from "../../native/index.ts";
import { marker } from "../../observe/index.ts";
import type { NativeModule } from "../../vsl/index.ts";
import { bindModule } from "../bind.ts";
import type { Caller } from "../caller.ts";
import { Site } from "../guard-site.ts";
import type { LoadedPlugin } from "../load.ts";
import type { Manifest } from "../manifest-types.ts";
import { runningPlugin } from "../running.ts";
import { Link, type LinkEnd, type WaitingCall } from "./link.ts";
import type { Greeting } from "./messages.ts";
import { readProblem } from "./problem.ts";
import { type Shape, shapeOf } from "./shape.ts";

export interface IsolatedOptions {
  readonly manifest: Manifest;
  readonly file: string;
  /** Of the file, in hexadecimal digits: another one is not called. */
  readonly sha256: string;
  /** The path of the socket on which its process serves. */
  readonly socket: string;
  /** Objects that outlive a mail are gone with the process that made them: whoever holds some needs new ones. */
  readonly onObjectsLost: () => void;
}

interface IsolatedFunction {
  readonly index: number;
  readonly site: Site;
  readonly shape: Shape;
}

const STOPPING = "the host is stopping";
/** Milliseconds between attempts to find a process that greets. */
const FIRST_DELAY = 50;
const LAST_DELAY = 1000;

export class IsolatedPlugin implements Caller {
  /** What scripts see of it. */
  readonly module: NativeModule;
  readonly #options: IsolatedOptions;
  readonly #functions: readonly IsolatedFunction[];
  readonly #typeNames: ReadonlyMap<string, string>;
  #link: Link | undefined;
  /** Counts connections: the upper half of every pointer to an object. */
  #epoch = 1n;
  #problem: VsmtpError | undefined;
  #closed = false;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  /** Until the next attempt. */
  #waiting: IsolatedCall[] = [];
  readonly #watchers = new Set<() => void>();

  constructor(options: IsolatedOptions) {
    const { name, functions, objects } = options.manifest;
    this.#options = options;
    this.#typeNames = new Map(objects.map((object) => [object.cType, object.name]));
    const nameOf = (cType: string): string => this.#typeNames.get(cType) ?? cType;
    this.#functions = functions.map((fn, index) => ({
      index,
      site: new Site(options.manifest, fn, nameOf),
      shape: shapeOf(fn.signature),
    }));
    const symbols = [...functions.map(({ symbol }) => symbol), ...objects.map(({ destroy }) => destroy)];
    // addresses are places in the manifest, counted from 1
    const addresses = new Map(symbols.map((symbol, index) => [symbol, BigInt(index + 1)]));
    const loaded: LoadedPlugin = { name, file: options.file, symbols: addresses, caller: this };
    this.module = bindModule(options.manifest, loaded);
  }

  /**
   * Looks for the plugin's process until it has greeted, at most that long. Returns why the plugin cannot be called
   * there; undefined: it can, or nobody knows yet.
   */
  async open(milliseconds: number): Promise<VsmtpError | undefined> {
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      this.#watchers.add(end);
      if (this.#retry === undefined) this.#connected();
    });
    return this.#problem;
  }

  /** Calls that are under way fail. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#link?.end(STOPPING);
    for (const call of this.#waiting.splice(0)) call.fail(STOPPING);
  }

  call(request: CallRequest): PendingCall {
    // addresses are ours: guards only hand them back
    const fn = this.#functions[Number(request.fn) - 1] as IsolatedFunction;
    if (this.#closed) return failed(fn.site.error("PLUGIN_ISOLATED_ENDED", { reason: STOPPING }));
    const ints = request.ints.slice();
    const lost = fn.shape.objects.find(({ slot }) => (ints[slot] as bigint) >> 32n !== this.#epoch);
    if (lost) return failed(this.#objectLost(fn.site, lost.cType));
    for (const { slot } of fn.shape.objects) ints[slot] = BigInt.asUintN(32, ints[slot] as bigint);
    const call = new IsolatedCall(request, ints, fn);
    if (this.#problem) return failed(this.#problem);
    this.#send(call);
    return { result: call.promise, abandon: () => this.#abandon(call) };
  }

  destroy(_fn: bigint, pointer: bigint): void {
    if (pointer >> 32n === this.#epoch) this.#link?.destroy(BigInt.asUintN(32, pointer));
  }

  #send(call: IsolatedCall): void {
    if (this.#retry !== undefined) {
      this.#waiting.push(call);
      return;
    }
    const link = this.#connected();
    call.link = link;
    call.epoch = this.#epoch;
    link.send(call);
  }

  #abandon(call: IsolatedCall): "waiting" | "running" | "over" {
    const at = this.#waiting.indexOf(call);
    if (at === -1) return call.link?.abandon(call) ?? "over";
    this.#waiting.splice(at, 1);
    return "waiting";
  }

  #connected(): Link {
    if (this.#link) return this.#link;
    const link = new Link(createConnection(this.#options.socket), {
      onGreeting: (greeting) => this.#greeted(link, greeting),
      onEnd: (end) => this.#ended(link, end),
    });
    this.#link = link;
    return link;
  }

  #greeted(link: Link, { sha256, problem }: Greeting): string | undefined {
    if (sha256 !== this.#options.sha256) return "another file of the plugin is in service there";
    const told = problem === "" ? undefined : readProblem(problem);
    if (problem !== "" && !told) return "it sent what is no message";
    if (told) for (const call of link.withdraw() as readonly IsolatedCall[]) call.reject(told);
    this.#problem = told;
    this.#failures = 0;
    for (const tell of [...this.#watchers]) tell();
    return undefined;
  }

  #ended(link: Link, { reason, tryAgain, unsent }: LinkEnd): void {
    this.#link = undefined;
    this.#epoch++;
    this.#problem = undefined;
    if (link.holdsLasting && !this.#closed) this.#options.onObjectsLost();
    const again: IsolatedCall[] = [];
    for (const call of unsent as readonly IsolatedCall[]) {
      if (tryAgain && !this.#closed && !call.usesObjects) again.push(call);
      else call.fail(reason);
    }
    this.#waiting.push(...again);
    if (this.#waiting.length + this.#watchers.size > 0 && !this.#closed) this.#tryAgain();
  }

  #tryAgain(): void {
    const delay = Math.min(LAST_DELAY, FIRST_DELAY * 2 ** this.#failures++);
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#connected();
      for (const call of this.#waiting.splice(0)) this.#send(call);
    }, delay);
  }

  #objectLost(site: Site, cType: string): VsmtpError {
    this.#options.onObjectsLost();
    return site.error("PLUGIN_ISOLATED_OBJECT", { type: this.#typeNames.get(cType) ?? cType });
  }
}

/** A call on its way to the plugin's process and back. */
class IsolatedCall implements WaitingCall {
  readonly message: WaitingCall["message"];
  readonly result: WaitingCall["result"];
  readonly lasting: boolean;
  readonly usesObjects: boolean;
  readonly promise: Promise<CallResult>;
  link: Link | undefined;
  epoch = 0n;
  readonly #site: Site;
  #settle: { resolve(result: CallResult): void; reject(error: VsmtpError): void };

  constructor(request: CallRequest, ints: BigInt64Array, { index, site, shape }: IsolatedFunction) {
    const { doubles, block, transaction, marked } = request;
    const situation = marked?.situation ?? 0;
    this.message = {
      function: index,
      ints,
      doubles,
      block,
      situation: situation === 0 ? "" : marker().situation(situation),
      facts: transaction,
      data: transaction?.data,
    };
    this.result = shape.result;
    // what is made while nothing is known of a mail is made for services, which stay
    this.lasting = situation === 0;
    this.usesObjects = shape.objects.length > 0;
    this.#site = site;
    const { promise, ...settle } = withResolvers();
    this.promise = promise;
    this.#settle = settle;
  }

  resolve(result: CallResult): void {
    const { value } = result;
    const isObject = this.result === "pointer" && typeof value === "bigint" && value !== 0n;
    this.#settle.resolve(isObject ? { ...result, value: (this.epoch << 32n) | value } : result);
  }

  fail(reason: string): void {
    runningPlugin(this.#site.plugin).function(this.#site.name).errors++;
    this.reject(this.#site.error("PLUGIN_ISOLATED_ENDED", { reason }));
  }

  reject(error: VsmtpError): void {
    this.#settle.reject(error);
  }
}

function withResolvers() {
  let resolve: (result: CallResult) => void = () => undefined;
  let reject: (error: VsmtpError) => void = () => undefined;
  const promise = new Promise<CallResult>((onResult, onError) => {
    resolve = onResult;
    reject = onError;
  });
  return { promise, resolve, reject };
}

function failed(error: VsmtpError): PendingCall {
  return { result: Promise.reject(error), abandon: () => "over" };
}
