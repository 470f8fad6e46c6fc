export { didYouMean, nearest } from "./check/nearest.ts";
export { Engine, type EngineOptions, ScriptProblems } from "./engine.ts";
export { FnPtr } from "./function-pointer.ts";
export {
  HostObject,
  type HostType,
  type NativeFunction,
  NativeModule,
  type NativeParameter,
  Unavailable,
} from "./host.ts";
export type { ResolveImport } from "./linker.ts";
export { type NativeOptions, native, typeTest } from "./native.ts";
export { fromPlain, toPlain } from "./plain.ts";
export { defaultLimits, type Limits, Run } from "./run.ts";
export { equal } from "./runtime/compare.ts";
export { share } from "./runtime/containers.ts";
export { debug, show, typeName } from "./runtime/text.ts";
export { Script } from "./script.ts";
export { LimitExceeded, ScriptError } from "./script-error.ts";
export { Blob, Cell, Char, Float, Range, Timestamp, type Value, VslArray, VslMap } from "./value.ts";
