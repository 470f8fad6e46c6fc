export type { Body, Ending, NativeUse, ScriptAnalysis, Types } from "./analysis.ts";
export { didYouMean, nearest } from "./check/nearest.ts";
export { definitions } from "./definitions.ts";
export { type Analysis, Engine, type EngineOptions, ScriptProblems } from "./engine.ts";
export { evaluate } from "./evaluate.ts";
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
export { print } from "./print.ts";
export { defaultLimits, type Limits, Run } from "./run.ts";
export { equal } from "./runtime/compare.ts";
export { share } from "./runtime/containers.ts";
export { debug, show, typeName } from "./runtime/text.ts";
export { Script } from "./script.ts";
export { LimitExceeded, ScriptError } from "./script-error.ts";
export { keptScripts, RecordedScripts, type ScriptFiles, scriptsOnDisk } from "./script-files.ts";
export { Session } from "./session.ts";
export type * as syntax from "./syntax/ast.ts";
export type { Assign, Expression, MapEntry, Tree } from "./syntax/ast.ts";
export { parse } from "./syntax/parser.ts";
export { Source } from "./syntax/source.ts";
export { isUnfinished } from "./unfinished.ts";
export { Blob, Cell, Char, Float, Range, Timestamp, type Value, VslArray, VslMap } from "./value.ts";
